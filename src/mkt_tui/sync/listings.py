"""What channels offer, read with its stock into the cache (M13)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mkt_tui.adapters.base import Adapter, ListsListings, Page
from mkt_tui.cache import channels, stock
from mkt_tui.cache.database import Database
from mkt_tui.cache.streams import Stream
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.listings import Listing
from mkt_tui.sync.ahead import read_ahead

LISTINGS: Final = channels.OFFERS


@dataclass(frozen=True, slots=True)
class Listings:
    """Reads the listings of one channel after another."""

    database: Database
    clock: Callable[[], datetime]

    async def read(self, channel: Channel, adapter: Adapter) -> int:
        """Read what is offered, or what of it changed; return how many came.

        Raises:
            ChannelError: The read broke off; what came before is kept.
        """
        if not isinstance(adapter, ListsListings):
            return 0
        done, known = 0, channels.stream_status(self.database, channel.id).get(LISTINGS)

        def take(page: Page[Listing]) -> None:
            nonlocal done
            stream = Stream(channel.id, LISTINGS, page.cursor, complete=page.complete)
            stock.write(self.database, stream, page.items, self.clock())
            done += len(page.items)

        await read_ahead(adapter.listings(known.cursor if known else None), take)
        return done
