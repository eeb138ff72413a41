"""Returns, read into the cache as they change."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from mkt_tui.adapters.base import Adapter, ListsReturns, Page
from mkt_tui.cache import channels, returns
from mkt_tui.cache.database import Database
from mkt_tui.cache.streams import Stream
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import AccessRefused, Refused
from mkt_tui.domain.returns import ReturnSnapshot
from mkt_tui.sync.ahead import read_ahead

RETURNS: Final = "returns"


@dataclass(frozen=True, slots=True)
class Returns:
    """Reads the returns of one channel after another."""

    database: Database

    async def read(self, channel: Channel, adapter: Adapter) -> int:
        """Read the returns that changed; return how many came.

        A key that may not read them, or an operator that has them switched off, is no trouble for
        the channel's tickets: nothing is known then.

        Raises:
            ChannelError: The read broke off; what came before is kept.
        """
        if not isinstance(adapter, ListsReturns):
            return 0
        done, known = 0, channels.stream_status(self.database, channel.id).get(RETURNS)

        def take(page: Page[ReturnSnapshot]) -> None:
            nonlocal done
            stream = Stream(channel.id, RETURNS, page.cursor, complete=page.complete)
            returns.write(self.database, stream, page.items)
            done += len(page.items)

        with suppress(AccessRefused, Refused):
            await read_ahead(adapter.returns(known.cursor if known else None), take)
        return done
