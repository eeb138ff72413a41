"""A publisher's two lists at scale, beside the same rows read by bare SQLite and a bare list.

python -m bench.publisher --titles 100000 --tickets 300000
"""

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final, TypeVar

from bench import homes, programs
from bench.orders import of_floor
from bench.queue import Seen, look
from bench.report import Budget, Line, command_line, percentile, publish
from bench.session import Session
from mkt_tui.cache import channels, ticket_upserts, titles
from mkt_tui.cache.database import Database
from mkt_tui.cache.streams import Stream
from mkt_tui.config import Settings, agent_name, rule_book
from mkt_tui.desk import publisher_lists
from mkt_tui.desk.desk import Desk, utc_now
from mkt_tui.desk.publisher_lists import Found, Rows
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.deadlines.clocks import Clocks
from mkt_tui.domain.publishing import (
    Complaint,
    Defect,
    ShopDelivery,
    ShopState,
    Source,
    Stage,
    TitleSnapshot,
)
from mkt_tui.domain.tickets import MessageSnapshot, Role, TicketSnapshot
from mkt_tui.domain.title_filters import TitleFilter, parse
from mkt_tui.home import find_home, prepare

Item = TypeVar("Item")
Row = TypeVar("Row")
_PAGE: Final = 1_000
_OPEN: Final = 0.1
_SHOPS: Final = ("Amazon Kindle", "Apple Books", "Google Play Livros", "Kobo", "Storytel", "Skeelo")
_WORDS: Final = [
    "casa",
    "inverno",
    "cartas",
    "mapa",
    "relógio",
    "estação",
    "memórias",
    "jardim",
    "ponte",
    "noites",
    "farol",
    "serra",
    "vidro",
    "rio",
    "silêncio",
    "verão",
    "porto",
    "ilha",
    "espelho",
    "montanha",
]
_NAMES: Final = ("Lúcia Prates", "Heitor Menezes", "Iracema Tavares", "Otávio Sampaio")


def seeded(count: int, complaints: int) -> Path:
    """Return a home with so many titles and tickets, one in ten of them open."""
    folder = homes.KEPT / f"publisher-{count}-{complaints}"
    done = folder / "seeded"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        home = find_home(folder)
        prepare(home, None)
        with closing(Database(home.cache_file, durable=False)) as database:
            _fill(database, count, complaints, utc_now())
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        done.touch()
    return folder


def _fill(database: Database, count: int, complaints: int, now: datetime) -> None:
    channel = Channel(
        0, "Bookwire", "bookwire", "BR", "http://127.0.0.1:9", "env:MKT_TUI_BENCH",
        "America/Sao_Paulo",
    )  # fmt: skip
    channels.add_channel(database, channel, now, agent_name())
    (kept,) = channels.all_channels(database)
    clocks, dice = Clocks(rule_book(Settings()), kept), Random(1)
    for page in _pages(count):
        stream = Stream(kept.id, "titles", str(page.stop), complete=True)
        titles.write_titles(database, stream, [_title(each, now, dice) for each in page])
    for page in _pages(complaints):
        stream = Stream(kept.id, "tickets", str(page.stop), complete=True)
        found = [_ticket(each, count, now, dice) for each in page]
        ticket_upserts.write_tickets(database, stream, found, None, clocks)


def _pages(total: int) -> Iterator[range]:
    for start in range(0, total, _PAGE):
        yield range(start, min(start + _PAGE, total))


def _isbn(number: int) -> str:
    body = f"97865{number:07}"
    return body + str(-sum(int(each) * (3 if at % 2 else 1) for at, each in enumerate(body)) % 10)


def _title(number: int, now: datetime, dice: Random) -> TitleSnapshot:
    sold = now + timedelta(days=dice.randrange(-900, 45))
    shops = tuple(ShopDelivery(each, ShopState.ACCEPTED, None, now) for each in _SHOPS[:3])
    name = " ".join(dice.choices(_WORDS, k=3)).capitalize()
    return TitleSnapshot(
        _isbn(number), name, now, dice.choice(_NAMES), "Prado", None, sold, None, (), shops
    )


def _ticket(number: int, count: int, now: datetime, dice: Random) -> TicketSnapshot:
    is_open = dice.random() < _OPEN
    at = now - timedelta(minutes=dice.randrange(9, 60 * 24 * (90 if is_open else 900)))
    told = MessageSnapshot(
        f"m{number}", Role.CUSTOMER, "Kobo", (), "Os links do sumário não abrem.", at
    )
    stage = dice.choice((Stage.OPEN, Stage.MANAGER, Stage.CORRECTED)) if is_open else Stage.CLOSED
    complaint = Complaint(
        _isbn(dice.randrange(count)), dice.choice(_SHOPS), dice.choice(list(Defect)), stage,
        Source.SHOP, "2026-03",
    )  # fmt: skip
    waits = at if stage is Stage.OPEN else None
    return TicketSnapshot(
        code=f"bw-{number}", order_number=None, customer=complaint.shop,
        subject="Sumário com links que não funcionam", waiting_since=waits,
        waiting=Role.CUSTOMER if waits else None, created_at=at, updated_at=at,
        participants=(Role.CUSTOMER,), messages=(told,), complaint=complaint,
    )  # fmt: skip


def timed(work: Callable[[], object], count: int) -> float:
    """Return the ms of half the calls."""
    spent = []
    for _time in range(count):
        began = time.perf_counter()
        work()
        spent.append((time.perf_counter() - began) * 1000)
    return percentile(spent, 50)


def paging(rows: Rows[Item, Row]) -> Callable[[], None]:
    """Return what reads a screen of rows at any place of a list."""
    dice = Random(0)

    def page() -> None:
        rows.forget()
        first = dice.randrange(max(rows.total - 64, 1))
        for number in range(first, first + 38):
            rows.row(number)

    return page


_BARE: Final = {
    "open tickets": (
        "SELECT ticket_id FROM complaint JOIN ticket ON ticket.id = ticket_id"
        " WHERE stage <> 'closed' ORDER BY registered_at, ticket_id"
    ),
    "all tickets": (
        "SELECT ticket_id FROM complaint JOIN ticket ON ticket.id = ticket_id"
        " ORDER BY registered_at, ticket_id"
    ),
    "titles": "SELECT id FROM title ORDER BY words, isbn",
}


def in_process(home: Path, count: int) -> tuple[list[Line], tuple[int, int, int]]:
    """Measure finding and reading the lists, beside plain sorted ids from the same file.

    Returns:
        The figures, and how long the lists are: not closed, all, titles.
    """
    place = find_home(home)
    with (
        closing(Database(place.cache_file)) as database,
        closing(sqlite3.connect(place.cache_file)) as bare,
    ):
        desk = Desk(database, Settings(), place, agent_name())

        def tickets(line: str, *, folded: bool = False) -> Found:
            return publisher_lists.find_tickets(desk, parse(line), folded=folded)

        def raw(name: str) -> float:
            return timed(lambda: [row[0] for row in bare.execute(_BARE[name])], count)

        whole = publisher_lists.ticket_rows(desk, tickets("all"))
        every = publisher_lists.title_rows(desk, publisher_lists.find_titles(desk, TitleFilter()))
        bare_open, bare_all = raw("open tickets"), raw("all tickets")
        lists = (
            ("open tickets", lambda: tickets(""), bare_open),
            ("those of one kind and shop", lambda: tickets("kind:toc shop:kobo"), bare_open),
            ("those of two words of the title", lambda: tickets("farol serra"), bare_open),
            ("those folded by title", lambda: tickets("", folded=True), bare_open),
            ("all tickets", lambda: tickets("all"), bare_all),
            ("all titles", lambda: publisher_lists.find_titles(desk, TitleFilter()), raw("titles")),
        )
        found = [
            Line(f"{name} found", "ms", timed(find, count), None, floor)
            for name, find, floor in lists
        ]
        pages = [
            Line("a page of tickets read", "ms", timed(paging(whole), 20)),
            Line("a page of titles read", "ms", timed(paging(every), 20)),
        ]
        return found + pages, (tickets("").total, whole.total, every.total)


def on_screen(home: Path, counts: tuple[int, int, int], count: int, seconds: float) -> list[Line]:
    """Measure the keys of the queue of all tickets, and how its lists open and change.

    Args:
        counts: How many tickets are not closed, how many there are, how many titles.
    """
    with Session(programs.desk(home)) as session:
        session.wait_for(programs.FIRST_ROW)
        session.settle(1.5)
        opened = _opening(session, "b", f"Publisher queue   {counts[0]}")
        session.settle(1)
        narrowed = _opening(session, "p", "[presale]")
        session.press("0")
        session.settle(1)
        titled = _opening(session, "t", f"Titles   {counts[2]}")
        session.settle(1)
        session.press("t")
        session.settle(1)
        for key in ("/", *"all", "enter"):
            session.press(key)
        session.wait_for(f"{counts[1]}   [all]")
        ours = look(session, count, seconds)
    floor = of_floor(counts[1], count, seconds)
    return [
        Line("queue opened: key to its count", "ms", opened),
        Line("narrowed to pre-sales", "ms", narrowed),
        Line("titles opened: key to their count", "ms", titled),
        *_keys(f"queue of {counts[1]:,}", ours, floor),
    ]


def _opening(session: Session, key: str, told: str) -> float:
    began = time.perf_counter()
    session.press(key)
    session.wait_for(told)
    return (time.perf_counter() - began) * 1000


def _keys(name: str, ours: Seen, floor: Seen) -> list[Line]:
    return [
        Line(f"{name}: Down, p50", "ms", ours.down.median, None, floor.down.median),
        Line(f"{name}: Down, p95", "ms", ours.down.slow, Budget(6), floor.down.slow),
        Line(f"{name}: Page Down, p95", "ms", ours.page.slow, Budget(10), floor.page.slow),
        Line(f"{name}: last row, p95", "ms", ours.end.slow, Budget(30), floor.end.slow),
        Line(f"{name}: Page Down held, lag", "ms", ours.held.lag, Budget(10), floor.held.lag),
        Line(f"{name}: idle", "% core", ours.cpu, Budget(0.3), floor.cpu),
        Line(f"{name}: memory (PSS)", "MB", ours.memory, Budget(75), floor.memory),
    ]


def main() -> None:
    """Read the command line and measure."""
    cli = command_line("Measure a publisher's lists.")
    cli.add_argument("--titles", type=int, default=100_000)
    cli.add_argument("--tickets", type=int, default=300_000)
    cli.add_argument("--count", type=int, default=30, help="presses of each key (30)")
    cli.add_argument("--seconds", type=float, default=5.0, help="of holding and idleness (5)")
    args = cli.parse_args()
    home = seeded(args.titles, args.tickets)
    found, counts = in_process(home, max(args.count // 5, 3))
    found += on_screen(home, counts, args.count, args.seconds)
    publish(found, args.json)


if __name__ == "__main__":
    main()
