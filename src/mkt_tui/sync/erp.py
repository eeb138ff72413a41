"""From the seller's own system into the cache, where a bridge stands before it (M2, M8, M10).

Its list of orders is that of our own contract: `id` is the order's number there, `channel_order_id`
the marketplace's, `status` its word. What changed since the last look is read, per channel.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from mkt_tui.adapters import registry
from mkt_tui.adapters.base import Adapter, ListsOrders
from mkt_tui.cache import channels, erp, streams
from mkt_tui.cache.database import Database
from mkt_tui.cache.erp import ErpOrder
from mkt_tui.cache.streams import Stream
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.erp import stage_of
from mkt_tui.domain.orders import OrderSnapshot
from mkt_tui.secret_references import read_secret

ERP: Final = "erp"
_READER: Final = "bridge"


@dataclass(frozen=True, slots=True)
class Erp:
    """Reads the systems of the settings for one channel after another."""

    database: Database
    systems: tuple[Channel, ...]
    clock: Callable[[], datetime]

    async def orders(self, channel: Channel, _adapter: Adapter) -> int:
        """Read what changed in the system that holds the channel's orders; return how many came.

        Raises:
            ChannelError: The read broke off; what came before is kept.
        """
        done = 0
        for each in self.systems:
            if channel.name.casefold() in _channels(each):
                done += await self._read(channel, each)
        return done

    async def _read(self, channel: Channel, system: Channel) -> int:
        done = 0
        known = channels.stream_status(self.database, channel.id).get(ERP)
        kind = registry.load(system.adapter)
        async with kind(system, partial(read_secret, system.secret, system.name)) as adapter:
            if not isinstance(adapter, ListsOrders):
                return 0
            # What is approved while the list is read may not be in it yet.
            began = self.clock()
            async for page in adapter.orders(known.cursor if known else None):
                rows = [_row(each) for each in page.items]
                read = (system.name.casefold(), _READER) if page.complete else None
                with self.database.transaction():
                    erp.renew(self.database, channel.id, rows, read, began)
                    stream = Stream(channel.id, ERP, page.cursor, complete=page.complete)
                    streams.advance(self.database, stream)
                done += len(rows)
        return done


def _channels(system: Channel) -> set[str]:
    return {each.strip().casefold() for each in system.options.get("channels", "").split(",")}


def _row(order: OrderSnapshot) -> ErpOrder:
    # A bridge whose two numbers are one tells it once.
    marketplace = order.site_number or order.number
    word = order.marketplace_status
    return ErpOrder(order.number, marketplace, word, stage_of(word))
