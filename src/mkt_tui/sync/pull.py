"""From a marketplace into the cache: one incremental read of one stream."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from mkt_tui.adapters.base import (
    Adapter,
    ListsOrders,
    ListsSales,
    ListsTickets,
    ListsTitles,
    Page,
    ReadsNamedOrders,
    ReadsOrder,
    ReadsTitle,
)
from mkt_tui.cache import complaints, dues, monitor, order_upserts, ticket_upserts, titles
from mkt_tui.cache.channels import stream_status
from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.streams import Stream
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.deadlines.clocks import Clocks
from mkt_tui.domain.deadlines.rules import RuleBook
from mkt_tui.domain.errors import BadAnswer, Refused
from mkt_tui.domain.orders import OrderSnapshot
from mkt_tui.domain.publishing import Sale, TitleSnapshot
from mkt_tui.domain.tickets import TicketSnapshot
from mkt_tui.sync import corrections
from mkt_tui.sync.ahead import read_ahead

TICKETS: Final = "tickets"
ORDERS: Final = "orders"
TITLES: Final = "titles"
SALES: Final = "sales"
# So many requests a read may cost beside its pages.
_ASK_AGAIN: Final = 10
_ASK_FOR: Final = timedelta(days=1)

Snapshot = TypeVar("Snapshot")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a read has come; `total` is None where the marketplace does not say."""

    channel: Channel
    stream: str
    done: int
    total: int | None
    complete: bool


@dataclass(frozen=True, slots=True)
class Pull:
    """What a read needs: where to write, whose time, which rules, whom to tell."""

    database: Database
    clock: Callable[[], datetime]
    book: RuleBook
    tell: Callable[[Progress], None]

    async def tickets(self, channel: Channel, adapter: Adapter) -> int:
        """Read the tickets that changed; return how many came.

        Raises:
            ChannelError: The read broke off; what came before is kept and the next one goes on
                from there.
        """
        if not isinstance(adapter, ListsTickets):
            return 0
        known = stream_status(self.database, channel.id).get(TICKETS)
        # On a first read the tickets were pending before this cache existed: their days count
        # from the marketplace's receipt, or rebuilding a cache would make a backlog look new.
        first = known is None or not known.complete
        orders_come = isinstance(adapter, ListsOrders)
        clocks = Clocks(self.book, channel)
        dues.renew(self.database, clocks)

        def write(page: Page[TicketSnapshot]) -> None:
            stream = Stream(channel.id, TICKETS, page.cursor, page.complete)
            registered = None if first else self.clock()
            ticket_upserts.write_tickets(
                self.database, stream, page.items, registered, clocks, orders_come=orders_come
            )

        return await self._read(
            channel, TICKETS, adapter.tickets(known.cursor if known else None), write
        )

    async def orders(self, channel: Channel, adapter: Adapter) -> int:
        """Read the orders that changed since the channel's start (C4); return how many came.

        See `tickets`. An order from before the start is asked for when a ticket names it.
        """
        if not isinstance(adapter, ListsOrders):
            return 0
        known = stream_status(self.database, channel.id).get(ORDERS)
        clocks = Clocks(self.book, channel)
        dues.renew(self.database, clocks)
        since = channel.orders_since

        def write(page: Page[OrderSnapshot]) -> None:
            stream = Stream(channel.id, ORDERS, page.cursor, page.complete)
            wanted = [each for each in page.items if since is None or each.updated_at >= since]
            order_upserts.write_orders(
                self.database, stream, wanted, page.unreadable, self.clock(), clocks
            )

        done = await self._read(
            channel, ORDERS, adapter.orders(known.cursor if known else None), write
        )
        return done + await self._missing(channel, adapter)

    async def titles(self, channel: Channel, adapter: Adapter) -> int:
        """Read the titles that changed, and end the tickets whose correction came through (P12)."""
        if not isinstance(adapter, ListsTitles):
            return 0
        known = stream_status(self.database, channel.id).get(TITLES)

        def write(page: Page[TitleSnapshot]) -> None:
            stream = Stream(channel.id, TITLES, page.cursor, page.complete)
            titles.write_titles(self.database, stream, page.items)

        pages = adapter.titles(known.cursor if known else None)
        done = await self._read(channel, TITLES, pages, write)
        await self._awaited(channel, adapter)
        corrections.end_accepted(self.database, channel, adapter, self.clock())
        return done

    async def _awaited(self, channel: Channel, adapter: Adapter) -> None:
        """Ask where the shops stand with corrections: no portal promises to list that as a change."""
        if not isinstance(adapter, ReadsTitle):
            return
        for isbn in complaints.isbns_awaited(self.database, channel.id)[:_ASK_AGAIN]:
            title = await adapter.title(isbn)
            if title:
                with self.database.transaction():
                    titles.enter_titles(self.database, channel.id, [title])

    async def sales(self, channel: Channel, adapter: Adapter) -> int:
        """Read the sales (P14)."""
        if not isinstance(adapter, ListsSales):
            return 0
        known = stream_status(self.database, channel.id).get(SALES)

        def write(page: Page[Sale]) -> None:
            stream = Stream(channel.id, SALES, page.cursor, page.complete)
            titles.write_sales(self.database, stream, page.items)

        return await self._read(
            channel, SALES, adapter.sales(known.cursor if known else None), write
        )

    async def _missing(self, channel: Channel, adapter: Adapter) -> int:
        """Ask by number for orders that ought to be here; what stays away is in report 1 (M1)."""
        if not isinstance(adapter, ReadsOrder):
            return 0
        since = to_cache(self.clock() - _ASK_FOR)
        numbers = monitor.missing(self.database, channel.id, since, _ASK_AGAIN)
        for number in numbers:
            monitor.note_try(self.database, channel.id, number, to_cache(self.clock()))
        found = await _by_number(adapter, numbers)
        for order in found:
            clocks = Clocks(self.book, channel)
            order_upserts.write_order(self.database, channel.id, order, clocks)
        return len(found)

    async def _read(
        self,
        channel: Channel,
        stream: str,
        pages: AsyncIterator[Page[Snapshot]],
        write: Callable[[Page[Snapshot]], None],
    ) -> int:
        done = 0

        def take(page: Page[Snapshot]) -> None:
            nonlocal done
            write(page)
            done += len(page.items)
            self.tell(Progress(channel, stream, done, page.total, page.complete))

        await read_ahead(pages, take)
        return done


async def _by_number(adapter: ReadsOrder, numbers: Sequence[str]) -> list[OrderSnapshot]:
    """Return those of these orders that can be had: in one request where the marketplace can."""
    if isinstance(adapter, ReadsNamedOrders):
        with suppress(BadAnswer, Refused):
            return list(await adapter.orders_named(numbers)) if numbers else []
        return []
    found = []
    for number in numbers:
        with suppress(BadAnswer, Refused):
            found.append(await adapter.order(number))
    return [each for each in found if each]
