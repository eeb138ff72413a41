"""The kit that third parties test their adapters with finds what it is there to find."""

import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest

from mkt_tui.adapters import testing
from mkt_tui.adapters.base import Adapter, Page
from mkt_tui.adapters.mirakl import MiraklAdapter
from mkt_tui.adapters.mirakl.threads import read_thread
from mkt_tui.adapters.testing import Practice
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import BadAnswer, Doubtful, UserError
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.orders import OrderSnapshot, OrderStatus
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import Audience, TicketSnapshot
from mkt_tui.sandbox.world import identities
from tests.adapters.marketplace import thread
from tests.adapters.test_mirakl_conforms import MiraklPractice

OURS: type[Adapter] = MiraklAdapter
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


def code_of(ticket: TicketSnapshot) -> str:
    return ticket.code


async def test_a_sound_list_passes() -> None:
    assert len(await testing.check_list(Shelf().tickets, code_of)) == 6


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
async def test_a_list_that_breaks_a_promise_is_told_which(shelf: Shelf, promise: str) -> None:
    with pytest.raises(AssertionError, match=promise):
        await testing.check_list(shelf.tickets, code_of)


class Talkative(MiraklAdapter):
    """Tells the marketplace everything, whatever was chosen."""

    async def reply(self, reply: Reply) -> Delivery:
        return await super().reply(replace(reply, audience=Audience.BOTH))

    async def find_sent(self, reply: Reply) -> Delivery | None:
        return await super().find_sent(replace(reply, audience=Audience.BOTH))


class Forgetful(MiraklAdapter):
    """Takes replies and finds none again."""

    async def find_sent(self, reply: Reply) -> Delivery | None:
        return None


class Eager(MiraklAdapter):
    """Sends again at once what it had no answer to."""

    async def reply(self, reply: Reply) -> Delivery:
        try:
            return await super().reply(reply)
        except Doubtful:
            return await super().reply(reply)


class Gossip(MiraklAdapter):
    """Writes down what it knows."""

    async def check(self) -> None:
        logging.getLogger("gossip").info("asking with %s", KEY)
        await super().check()


class Hasty(MiraklAdapter):
    """Asks as fast as it can."""

    def __init__(self, where: Channel, secret: Callable[[], str], **rest: Any) -> None:
        fast = {**where.options, "requests_per_second": "500"}
        super().__init__(replace(where, options=fast), secret, **rest)


class Pushing(MiraklAdapter):
    """Looks for orders twice a minute."""

    EVERY: ClassVar = {"orders": 30.0}


class Strict(MiraklAdapter):
    """Takes no word that it does not know."""

    async def orders(self, cursor: str | None) -> AsyncIterator[Page[OrderSnapshot]]:
        async for page in super().orders(cursor):
            if any(each.status is OrderStatus.OTHER for each in page.items):
                raise BadAnswer(channel="Carrefour", detail="a new word")
            yield page


KEY = identities(3)[0].api_key


@pytest.mark.parametrize(
    ("adapter", "test", "promise"),
    [
        (Talkative, "test_a_reply_reaches_exactly_its_audience", "nobody else"),
        (Forgetful, "test_a_reply_reaches_exactly_its_audience", "found again"),
        (Forgetful, "test_a_reply_whose_answer_is_lost_is_settled", "is found"),
        (Eager, "test_a_reply_whose_answer_is_lost_is_settled", "sent once"),
        (Gossip, "test_its_check_is_one_harmless_request", "log line holds a secret"),
        (Hasty, "test_the_rates_are_kept", "too fast|fewer requests"),
        (Pushing, "test_lists_are_asked_for_as_often_as_allowed", "TaskGroup"),
        (Strict, "test_unknown_words_are_kept", "a new word"),
    ],
)
def test_an_adapter_that_breaks_a_promise_is_told_which(
    adapter: type[MiraklAdapter], test: str, promise: str
) -> None:
    class Broken(MiraklPractice):
        kind = adapter

    class Tried(testing.Conformance):
        def practice(self, tickets: int) -> Practice:
            return Broken(tickets)

    with pytest.raises((AssertionError, UserError, ExceptionGroup), match=promise):
        getattr(Tried(), test)()
