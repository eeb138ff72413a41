"""The kit that third parties test their adapters with finds what it is there to find."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from mkt_tui.adapters import testing
from mkt_tui.adapters.base import Adapter, Page
from mkt_tui.adapters.mirakl import MiraklAdapter
from mkt_tui.adapters.mirakl.threads import read_thread
from mkt_tui.domain.operations import Delivery, Reply
from mkt_tui.domain.tickets import Audience, TicketSnapshot
from tests.adapters.marketplace import thread

OURS: type[Adapter] = MiraklAdapter
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
SHELF = tuple(read_thread(thread(id=f"t-{number}")) for number in range(6))


@dataclass
class Shelf:
    """An adapter that reads two tickets a page; its faults can be switched on."""

    tickets_held: tuple[TicketSnapshot, ...] = SHELF
    skips: int = 0
    never_complete: bool = False
    restless: bool = False

    async def tickets(self, cursor: str | None) -> AsyncIterator[Page[TicketSnapshot]]:
        start = int(cursor or 0)
        if start >= len(self.tickets_held):
            items = self.tickets_held[-1:]
            if self.restless:
                items = tuple(replace(each, subject="changed") for each in items)
            yield Page(items, str(start), complete=True)
            return
        while start < len(self.tickets_held):
            items = self.tickets_held[start : start + 2]
            start += 2
            complete = start >= len(self.tickets_held) and not self.never_complete
            yield Page(items, str(start + self.skips), complete=complete)


async def test_a_sound_adapter_passes() -> None:
    await testing.check_incremental_read(Shelf())
    await testing.check_incremental_read(object())


@pytest.mark.parametrize(
    ("shelf", "promise"),
    [
        (Shelf(skips=1), "misses nothing"),
        (Shelf(never_complete=True), "says that it is complete"),
        (Shelf(restless=True), "no item has changed"),
        (Shelf((replace(SHELF[0], subject="\x1b[31m"),)), "as it came in"),
        (Shelf((replace(SHELF[0], customer="a\rb"),)), "as it came in"),
    ],
)
async def test_an_adapter_that_breaks_a_promise_is_told_which(shelf: Shelf, promise: str) -> None:
    with pytest.raises(AssertionError, match=promise):
        await testing.check_incremental_read(shelf)


class Forgetful:
    """Takes replies and finds none again."""

    async def reply(self, reply: Reply) -> Delivery:
        return Delivery(f"{reply.operation}-1")

    async def find_sent(self, reply: Reply) -> Delivery | None:
        return None


async def test_a_reply_must_be_found_again() -> None:
    reply = Reply("op-1", "t-1", "Olá!", Audience.CUSTOMER, NOON)
    with pytest.raises(AssertionError, match="found again"):
        await testing.check_replying(Forgetful(), reply)
    with pytest.raises(AssertionError, match="can reply"):
        await testing.check_replying(Shelf(), reply)
