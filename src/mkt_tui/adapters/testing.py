"""The conformance kit: what every adapter's tests should run against a practice marketplace.

Each check raises AssertionError with a sentence. The kit needs no test framework.
"""

import unicodedata
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import TypeVar

from mkt_tui.adapters.base import FindsSent, ListsOrders, ListsTickets, Page, ReadsThread, Replies
from mkt_tui.domain.operations import Delivery, Reply
from mkt_tui.domain.orders import OrderSnapshot
from mkt_tui.domain.text import clean

Snapshot = TypeVar("Snapshot")
Read = Callable[[str | None], AsyncIterator[Page[Snapshot]]]


async def check_incremental_read(adapter: object) -> None:
    """Check every list the adapter has: complete, clean, resumable, and quiet afterwards."""
    if isinstance(adapter, ListsTickets):
        await check_list(adapter.tickets, lambda ticket: ticket.code)
    if isinstance(adapter, ListsOrders):
        await check_list(adapter.orders, _order_number)


async def check_list(read: Read[Snapshot], key: Callable[[Snapshot], str]) -> None:
    """Check one list; `key` names what tells its items apart."""
    pages = [page async for page in read(None)]
    _hold(bool(pages), "A read yields at least one page.")
    _hold(pages[-1].complete, "The last page of a read says that it is complete.")
    _hold(not any(page.complete for page in pages[:-1]), "Only the last page is complete.")
    everything = {key(item): item for page in pages for item in page.items}
    for item in everything.values():
        check_texts(item)
    await _check_resuming(read, key, everything)
    await _check_quiet(read, key, everything, pages[-1].cursor)


async def check_replying(adapter: object, reply: Reply) -> Delivery:
    """Check that `reply` (of a text the thread has not yet) arrives once and is found again."""
    _hold(isinstance(adapter, Replies), "The adapter can reply.")
    assert isinstance(adapter, Replies)
    if isinstance(adapter, FindsSent):
        _hold(await adapter.find_sent(reply) is None, "What was not sent is not found.")
    delivery = await adapter.reply(reply)
    if isinstance(adapter, FindsSent):
        _hold(await adapter.find_sent(reply) == delivery, "What was sent is found again.")
    if isinstance(adapter, ReadsThread):
        ticket = await adapter.thread(reply.ticket_code)
        check_texts(ticket)
        copies = [each for each in ticket.messages if each.code == delivery.remote_code]
        _hold(len(copies) == 1, "The thread holds the reply once, under the number it was given.")
        _hold(set(reply.audience.roles) <= set(copies[0].recipients), "It went to its audience.")
    return delivery


def check_texts(snapshot: object) -> None:
    """Check that no text in `snapshot` could command a terminal."""
    for text in texts_of(snapshot):
        _hold(clean(text) == text, f"A text went out as it came in: {text!a}")
        controls = [c for c in text if unicodedata.category(c) == "Cc" and c not in "\n\t"]
        _hold(not controls, f"A text holds control characters: {text!a}")


def texts_of(value: object) -> Iterator[str]:
    """Yield every text inside a snapshot."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            yield from texts_of(getattr(value, each.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from texts_of(item)


async def _check_resuming(
    read: Read[Snapshot], key: Callable[[Snapshot], str], everything: dict[str, Snapshot]
) -> None:
    """Break off after every page and go on from its cursor with a new read."""
    seen: set[str] = set()
    cursor: str | None = None
    for _try in range(len(everything) + 2):
        page = await _first(read(cursor))
        seen |= {key(item) for item in page.items}
        cursor = page.cursor
        if page.complete:
            break
    _hold(seen >= everything.keys(), "A read that breaks off and goes on misses nothing.")


async def _check_quiet(
    read: Read[Snapshot],
    key: Callable[[Snapshot], str],
    everything: dict[str, Snapshot],
    cursor: str,
) -> None:
    pages = [page async for page in read(cursor)]
    _hold(len(pages) == 1 and pages[0].complete, "With nothing new, one page ends the read.")
    for item in pages[0].items:
        _hold(everything.get(key(item)) == item, "With nothing new, no item has changed.")


async def _first(pages: AsyncIterator[Page[Snapshot]]) -> Page[Snapshot]:
    try:
        return await anext(pages)
    finally:
        if hasattr(pages, "aclose"):
            await pages.aclose()


def _order_number(order: OrderSnapshot) -> str:
    return order.number


def _hold(condition: bool, promise: str) -> None:
    if not condition:
        raise AssertionError(promise)
