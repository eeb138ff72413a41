"""What an adapter promises of reading."""

from collections.abc import Awaitable, Callable
from dataclasses import fields, is_dataclass
from functools import partial
from operator import methodcaller
from typing import Any
from unittest import SkipTest

from mkt_tui.adapters.base import Adapter, ReadsThread
from mkt_tui.adapters.testing import wire
from mkt_tui.adapters.testing.checks import check_list, check_texts, hold
from mkt_tui.adapters.testing.player import Player
from mkt_tui.adapters.testing.stage import LISTS, Stage
from mkt_tui.domain.errors import (
    AccessRefused,
    BadAnswer,
    RateLimited,
    Refused,
    Unavailable,
    Unreachable,
)
from mkt_tui.domain.orders import OrderSnapshot
from mkt_tui.domain.tickets import TicketSnapshot

_NEW_WORD = "brand-new-word"
# Their empty text says "not told".
_NOT_TOLD = frozenset({"marketplace_status", "subject", "shop"})
_HOSTILE = "\x1b]52;c;QQ==\x07\u202e\x9b31m"


class Reading(Player):
    """Lists, cursors, odd values, failures."""

    def test_a_shop_without_tickets_is_read(self) -> None:
        """Nothing is a complete answer."""
        self.play(0, _reads_everything)

    def test_a_single_ticket_is_read(self) -> None:
        """One ticket arrives, also after a crash, and once only."""
        self.play(1, _reads_everything)

    def test_a_full_page_is_read(self) -> None:
        """A last page that is full leaves nothing out and asks for nothing twice."""
        self.play(_page_size(self), _reads_everything)

    def test_one_more_than_a_page_is_read(self) -> None:
        """The one behind the page arrives."""
        self.play(_page_size(self) + 1, _reads_everything)

    def test_pages_of_orders_are_read_to_the_end(self) -> None:
        """One order behind a page, and a full page of them: each arrives, and nothing else does."""

        async def story(stage: Stage) -> None:
            if not stage.practice.orders():
                return
            size = stage.practice.order_page_size or stage.practice.page_size
            for count in (size + 1, size):
                if not stage.practice.hold_orders(count):
                    raise SkipTest("its orders cannot be counted out")
                found = await check_list(stage.orders, lambda order: order.number)
                hold(found.keys() == set(stage.practice.orders()), "Every order arrives.")
                hold(len(found) == count, "No other order arrives.")

        self.play(_page_size(self) + 1, story)

    def test_only_what_happened_is_new(self) -> None:
        """A customer writes: the next read brings it, whatever else it brings again."""

        async def story(stage: Stage) -> None:
            pages = [page async for page in stage.tickets(None)]
            known = {each.code for page in pages for each in page.items}
            for code in sorted(known)[:2]:
                stage.practice.customer_writes(code, f"Alguém aí? {code}")
            read = [page async for page in stage.tickets(pages[-1].cursor)]
            found = {each.code: each for page in read for each in page.items}
            for code in sorted(known)[:2]:
                hold(code in found, "A ticket in which a customer wrote is read again.")
                last = found[code].messages[-1]
                hold(
                    last.body == f"Alguém aí? {code}", "The new message is the last of its thread."
                )
                hold(found[code].waiting is not None, "Somebody waits for an answer now.")

        self.play(5, story)

    def test_unknown_words_are_kept(self) -> None:
        """A word the adapter does not know hides no ticket and no order, and is shown."""

        async def story(stage: Stage) -> None:
            tickets, orders = await stage.all_tickets(), await stage.all_orders()
            for key in stage.practice.enumerations:
                stage.wire.reads = wire.with_values(_new_word(key))
                hold((await stage.all_tickets()).keys() == tickets.keys(), _hides(key, "ticket"))
                after = await stage.all_orders()
                hold(after.keys() == orders.keys(), _hides(key, "order"))
                for number, order in after.items():
                    kept = (orders[number].marketplace_status, _NEW_WORD)
                    hold(order.marketplace_status in kept, "An order's own status word is kept.")

        self.play(3, story)

    def test_null_wipes_nothing(self) -> None:
        """Where null stands for a value, the snapshot says "not told": never empty, never 0."""

        async def story(stage: Stage) -> None:
            keys = _Keys()
            stage.wire.reads = wire.with_values(keys.note)
            known = await _snapshots(stage)
            for key in sorted(keys.leaves):
                stage.wire.reads = wire.with_values(_null(key))
                try:
                    found = await _snapshots(stage)
                except (BadAnswer, Refused):
                    continue
                for number in known.keys() & found.keys():
                    _check_not_wiped(key, known[number], found[number])

        self.play(2, story)

    def test_hostile_text_is_made_safe(self) -> None:
        """Whichever text is hostile, none that goes out could command a terminal."""

        async def story(stage: Stage) -> None:
            keys = _Keys()
            stage.wire.reads = wire.with_values(keys.note)
            await stage.all_tickets()
            await stage.all_orders()
            for key in sorted(keys.leaves):
                stage.wire.reads = wire.with_values(_hostile(key))
                try:
                    found = [*(await stage.all_tickets()).values()]
                    sold = [*(await stage.all_orders()).values()]
                except (BadAnswer, Refused):
                    # An identifier or a date that is none; a path that leads nowhere.
                    continue
                for each in (*found, *sold):
                    check_texts(each)

        self.play(2, story)

    def test_failures_of_reads_are_told(self) -> None:
        """Each status becomes the error that says what it means; nothing else comes out."""
        told = {
            400: Refused,
            401: AccessRefused,
            403: AccessRefused,
            404: Refused,
            409: Refused,
            422: Refused,
            429: RateLimited,
            500: Unavailable,
            502: Unavailable,
            503: Unavailable,
            302: BadAnswer,
        }

        async def story(stage: Stage) -> None:
            acts = await _ways_to_read(stage)
            for name, act in acts.items():
                for status, kind in told.items():
                    stage.refuse(read=status)
                    error = await stage.failure(act)
                    hold(
                        isinstance(error, kind),
                        f"{name}: {status} is {kind.__name__}, not {error!r}.",
                    )
                stage.wire.reads = wire.lost_before
                error = await stage.failure(act)
                hold(isinstance(error, Unreachable), f"{name}: no connection is Unreachable.")

        self.play(1, story)


def _page_size(player: Player) -> int:
    sizes: list[int] = []

    async def look(stage: Stage) -> None:
        sizes.append(stage.practice.page_size)

    player.play(0, look)
    return sizes[0]


async def _reads_everything(stage: Stage) -> None:
    tickets = await check_list(stage.tickets, lambda ticket: ticket.code)
    hold(tickets.keys() == set(stage.practice.tickets()), "Every ticket arrives, and no other.")
    if await stage.all_orders() or stage.practice.orders():
        orders = await check_list(stage.orders, lambda order: order.number)
        hold(orders.keys() == set(stage.practice.orders()), "Every order arrives, and no other.")


async def _ways_to_read(stage: Stage) -> dict[str, Callable[[Any], Awaitable[object]]]:
    """Return what the adapter reads by, each as it is first asked."""
    ways: dict[str, Callable[[Any], Awaitable[object]]] = {"check": methodcaller("check")}
    codes = sorted(await stage.all_tickets())
    async with stage.adapter() as adapter:
        for name, protocol in LISTS.items():
            if isinstance(adapter, protocol) and (name != "tickets" or codes):
                ways[name] = partial(_first_page, name)
        if isinstance(adapter, ReadsThread) and codes:
            ways["thread"] = methodcaller("thread", codes[0])
    return ways


async def _first_page(name: str, adapter: Adapter) -> object:
    return await anext(getattr(adapter, name)(None))


async def _snapshots(stage: Stage) -> dict[str, TicketSnapshot | OrderSnapshot]:
    tickets, orders = await stage.all_tickets(), await stage.all_orders()
    return {f"t {code}": each for code, each in tickets.items()} | {
        f"o {number}": each for number, each in orders.items()
    }


class _Keys:
    """The JSON keys that hold a plain value."""

    def __init__(self) -> None:
        self.leaves: set[str] = set()

    def note(self, key: str, value: Any) -> Any:
        if not isinstance(value, dict | list):
            self.leaves.add(key)
        return value


def _new_word(wanted: str) -> wire.Change:
    return lambda key, value: _NEW_WORD if key == wanted and isinstance(value, str) else value


def _null(wanted: str) -> wire.Change:
    return lambda key, value: None if key == wanted else value


def _hostile(wanted: str) -> wire.Change:
    return lambda key, value: (
        f"{value}{_HOSTILE}" if key == wanted and isinstance(value, str) else value
    )


def _hides(key: str, what: str) -> str:
    return f"A new word under {key} hides no {what}."


def _check_not_wiped(key: str, before: object, after: object) -> None:
    if is_dataclass(before) and is_dataclass(after):
        for each in fields(before):
            if each.name in _NOT_TOLD:
                continue
            _check_not_wiped(key, getattr(before, each.name), getattr(after, each.name))
        return
    if after == before or after is None or after == ():
        return
    hold(after not in ("", 0), f"Null under {key} is not told as {after!r} instead of {before!r}.")
