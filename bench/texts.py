"""Hostile customer texts through the cache and onto the lines that a terminal gets.

    python -m bench.texts --count 1000000

Each text is cleaned as every adapter does, written by the product's own upserts, read back as pages
of the queue and as threads, and drawn: by the table as its row, by Textual's compositor's filter as
its message. Then real desks on a terminal are paged through from end to end (`bench.shown`). A line
that is not as wide as its table, or a byte that commands a terminal, ends it.
"""

import argparse
import random
import tempfile
import time
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

from bench import shown
from mkt_tui.cache import channels, queries, ticket_upserts
from mkt_tui.cache.database import Database
from mkt_tui.cache.queries import QueueFilter, QueueRow
from mkt_tui.cache.streams import Stream
from mkt_tui.config import Settings, rule_book
from mkt_tui.desk import conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.deadlines.clocks import Clocks
from mkt_tui.domain.text import clean, clean_line
from mkt_tui.domain.tickets import MessageSnapshot, Role, TicketSnapshot
from mkt_tui.home import find_home, prepare
from mkt_tui.screens.queue_columns import USUAL, QueueCells
from mkt_tui.screens.thread import thread
from mkt_tui.widgets.columns import Layout
from mkt_tui.widgets.literal import Literal

NOW: Final = datetime(2026, 3, 10, 15, tzinfo=UTC)
WIDTHS: Final = (40, 80, 119, 200)
_PAGE: Final = 500
PIECES: Final = (
    "\x1b]52;c;cm0gLXJmIH4=\x07", "\x1b[2J\x1b[6n", "\x9b31m", "\x9d0;t\x9c", "\x00\x08\x7f", "\r\n",
    "\u202efdp", "\u2066", "\u200b\ufeff", "\U000e0041", "\ud83d", "[/x][bold]", "[@click=app.quit]",
    "%s{0}", "'; --", "漢字", "안녕", "ｱｲｳ", "👨‍👩‍👧‍👦", "🇧🇷", "👍🏽", "☎️", "e\u0301\u0323\u0489", "नमस्ते", "مرحبا",
    "João não recebeu ", "Pedido 58000112-A ", "\t", "\u2028", "\ufdfd", "𒐫", "\u1160", "\u0e33",
)  # fmt: skip


def texts(count: int, seed: int) -> Iterator[str]:
    """Yield that many texts; the same seed gives the same ones."""
    dice = random.Random(seed)
    for _ in range(count):
        pieces = [_piece(dice) for _ in range(dice.randrange(1, 9))]
        yield "".join(pieces)


def _piece(dice: random.Random) -> str:
    if dice.random() < 0.7:
        return dice.choice(PIECES)
    limit = dice.choice((0x80, 0x100, 0x3000, 0x10000, 0x110000))
    return "".join(chr(dice.randrange(limit)) for _ in range(dice.randrange(12)))


def run(folder: Path, count: int, seed: int) -> int:
    """Put the texts through and return how many were drawn.

    Raises:
        AssertionError: A line is out of its columns, or holds what commands a terminal.
    """
    with opened(folder) as desk:
        source = texts(count, seed)
        return sum(through(desk, start, source) for start in range(0, count, _PAGE))


@contextmanager
def opened(folder: Path) -> Iterator[Desk]:
    """Yield a desk with one channel and no ticket, on a cache of its own."""
    home = find_home(folder)
    prepare(home, None)
    database = Database(home.cache_file, durable=False)
    try:
        channels.add_channel(database, _channel(), NOW, "ana")
        yield Desk(database, Settings(), home, "ana", lambda: NOW)
    finally:
        database.close()


def show(count: int, seed: int) -> int:
    """Page through desks that show the texts, and return how many were seen.

    Raises:
        AssertionError: See `bench.shown.run`.
    """
    source = texts(count, seed)
    done = 0
    for start in range(0, count, shown.AT_ONCE):
        made = [
            _ticket(start + number, text)
            for number, text in zip(range(shown.AT_ONCE), source, strict=False)
        ]
        done += shown.run(_channel(), made)
    return done


def _channel() -> Channel:
    return Channel(
        id=0, name="Carrefour", adapter="mirakl", country="BR", base_url="http://127.0.0.1:9",
        secret="env:NONE", zone="America/Sao_Paulo",
    )  # fmt: skip


def through(desk: Desk, start: int, source: Iterable[str]) -> int:
    """Put a page of texts through cache and screen, and return how many; see `run`."""
    (shop,) = desk.channels()
    made = [
        _ticket(start + number, text) for number, text in zip(range(_PAGE), source, strict=False)
    ]
    stream = Stream(shop, "tickets", str(start), complete=True)
    clocks = Clocks(rule_book(Settings()), desk.channels()[shop])
    ticket_upserts.write_tickets(desk.database, stream, made, None, clocks)
    rows = queries.page(desk.database, QueueFilter(), None, 0, _PAGE)
    assert len(rows) == len(made)
    cells = QueueCells(desk, desk.channels(), set())
    for width in WIDTHS:
        layout = Layout(cells.chosen(USUAL), width)
        for row in rows:
            _check_row(layout, row, width)
    for row in rows:
        _check_thread(desk, row)
    # The next page starts with an empty queue, so that each is read once.
    desk.database.execute("DELETE FROM ticket")
    return len(rows)


def _ticket(number: int, text: str) -> TicketSnapshot:
    at = NOW - timedelta(seconds=number % _PAGE)
    said = MessageSnapshot(
        code=f"m{number}", author=Role.CUSTOMER, author_name=clean_line(text, 60),
        recipients=(Role.SHOP,), body=clean(text), sent_at=at,
    )  # fmt: skip
    return TicketSnapshot(
        code=f"t{number}", order_number=clean_line(text, 30), customer=clean_line(text, 80),
        subject=clean_line(text, 120), waiting_since=at, waiting=Role.CUSTOMER, created_at=at,
        updated_at=at, participants=(Role.CUSTOMER, Role.OPERATOR), messages=(said,),
    )  # fmt: skip


def _check_row(layout: Layout[QueueRow], row: QueueRow, width: int) -> None:
    line = _drawn("".join(layout.texts(row)))
    assert cell_len(line) == width, (cell_len(line), width, line)


def _check_thread(desk: Desk, row: QueueRow) -> None:
    shown = thread(conversation.load(desk, row.id), NOW, desk.settings.zone)
    for line in shown.plain.split("\n"):
        _drawn(line.expandtabs())  # as the widget does that shows it


def _drawn(text: str) -> str:
    (segment,) = Literal().apply([Segment(text)], Color(0, 0, 0))
    bad = [char for char in segment.text if unicodedata.category(char) in ("Cc", "Cs")]
    assert not bad, (bad, text)
    return segment.text


def main() -> None:
    """Read the command line and put the texts through."""
    cli = argparse.ArgumentParser(description="Put hostile texts through cache and screen.")
    cli.add_argument("--count", type=int, default=1_000_000)
    cli.add_argument("--seed", type=int, default=1)
    cli.add_argument("--shown", type=int, help="how many on a terminal; default: as many")
    args = cli.parse_args()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        done = run(Path(folder), args.count, args.seed)
    took = time.perf_counter() - began
    told = "nothing out of its columns, no control byte"
    print(f"{done:,} texts in {len(WIDTHS)} widths: {told}; {took:.0f} s", flush=True)
    began = time.perf_counter()
    seen = show(args.count if args.shown is None else args.shown, args.seed)
    print(f"{seen:,} texts on a terminal: {told}; {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
