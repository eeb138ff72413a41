"""Hostile texts on a terminal: real desks paged through from their first ticket to their last.

Part of `python -m bench.texts`. Every ticket must be seen, its code in one column whatever stands
before it, and what the terminal gets must hold no command but those that draw. Only the columns of
signs that Unicode has not assigned are let pass: terminals disagree about how wide these are.
"""

import re
import tempfile
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from bench.programs import desk
from bench.session import Session
from mkt_tui.cache import channels, ticket_upserts
from mkt_tui.cache.database import Database
from mkt_tui.cache.streams import Stream
from mkt_tui.config import Settings, rule_book
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.deadlines.clocks import Clocks
from mkt_tui.domain.tickets import TicketSnapshot
from mkt_tui.home import find_home, prepare

AT_ONCE: Final = 20_000
_PAGE: Final = 500
_ROWS: Final = 400
_PATIENCE: Final = 30.0
_PAUSE: Final = 0.5
# One ticket of so many is opened, for its thread.
_OPENED: Final = 1_000
_CODE: Final = "q{:08}"
# Moves, colours, cursor, one frame at a time, and the pointer's shape as a ticket opens.
_OURS: Final = re.compile(rb"\x1b\[[0-9;]*[Hm]|\x1b\[\?(?:25|2026)[hl]|\x1b\]22;default\x07")
_BIDI: Final = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class _Heard(Session):
    """A session that keeps what came."""

    heard = b""

    def _read(self) -> bytes:
        data = super()._read()
        self.heard += data
        return data


def run(shop: Channel, tickets: Sequence[TicketSnapshot]) -> int:
    """Show these tickets in a desk of their own, and open one now and then; return how many were.

    Raises:
        AssertionError: One was never seen, or is out of its column, or the terminal got a command.
    """
    coded = [replace(each, code=_CODE.format(place)) for place, each in enumerate(tickets)]
    with tempfile.TemporaryDirectory() as folder:
        home = _fill(Path(folder) / "home", replace(shop, enabled=False), coded)
        with _Heard(desk(home), rows=_ROWS) as session:
            session.wait_for(_CODE.format(len(coded) - 1))
            session.settle(0.5)
            return _page_through(session, [_is_assigned(each) for each in coded])


def _fill(folder: Path, shop: Channel, tickets: Sequence[TicketSnapshot]) -> Path:
    home = find_home(folder)
    prepare(home, None)
    database = Database(home.cache_file, durable=False)
    try:
        channels.add_channel(database, shop, tickets[0].created_at, "ana")
        (channel,) = channels.all_channels(database)
        clocks = Clocks(rule_book(Settings()), channel)
        for start in range(0, len(tickets), _PAGE):
            stream = Stream(channel.id, "tickets", str(start), complete=True)
            page = tickets[start : start + _PAGE]
            ticket_upserts.write_tickets(database, stream, page, None, clocks)
    finally:
        database.close()
    return folder


def _is_assigned(ticket: TicketSnapshot) -> bool:
    shown = f"{ticket.subject}{ticket.customer}"
    return not any(unicodedata.category(each) in ("Cn", "Co") for each in shown)


def _page_through(session: _Heard, assigned: Sequence[bool]) -> int:
    seen: set[int] = set()
    columns: set[int] = set()
    session.heard = b""
    while _look(session, assigned, seen, columns) and len(seen) < len(assigned):
        opened = ("enter", "escape") if len(seen) % _OPENED < _ROWS else ()
        for key in (*opened, "pagedown"):
            session.press(key)
            # A terminal tells Esc from the beginning of another key by the pause behind it.
            session.pump_for(_PAUSE if opened else 0)
    assert len(seen) == len(assigned), f"{len(assigned) - len(seen)} were never seen"
    return len(seen)


def _look(session: _Heard, assigned: Sequence[bool], seen: set[int], columns: set[int]) -> bool:
    """Wait for tickets not seen before, and look at all there are; False when none come."""
    before, until = len(seen), time.monotonic() + _PATIENCE
    while len(seen) == before and time.monotonic() < until:
        session.pump(0.3)
        session.settle(0.03)
        session.feed()
        for cells in session.lines():
            if found := _code(cells):
                number, column = found
                seen.add(number)
                columns |= {column} if assigned[number] else set()
    assert len(columns) < 2, f"codes in several columns: {columns}"
    _listen(session)
    return len(seen) > before


def _code(cells: Sequence[str]) -> tuple[int, int] | None:
    """Return the number of the ticket that a row is of, and the cell where its code begins."""
    # The line below the list tells the code again, from its beginning.
    for x in range(4, len(cells) - 9):
        if cells[x] == "q" and all(each.isdecimal() for each in cells[x + 1 : x + 9]):
            return int("".join(cells[x + 1 : x + 9])), x
    return None


def _listen(session: _Heard) -> None:
    drawn = _OURS.sub(b"", session.heard).decode()
    session.heard = b""
    bad = {each for each in drawn if unicodedata.category(each) in ("Cc", "Cs") or each in _BIDI}
    assert not bad - set("\r\n"), bad
