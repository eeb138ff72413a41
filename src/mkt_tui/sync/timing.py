"""When each list of a channel is read: as often as the house wants, no more often than allowed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from mkt_tui.adapters.base import Adapter, least_every
from mkt_tui.cache import channels
from mkt_tui.cache.channels import StreamStatus
from mkt_tui.cache.database import Database
from mkt_tui.config import Settings
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import UserError
from mkt_tui.sync.erp import ERP
from mkt_tui.sync.listings import LISTINGS
from mkt_tui.sync.pull import ORDERS, SALES, TICKETS, TITLES
from mkt_tui.sync.returns import RETURNS
from mkt_tui.sync.tracking import TRACKING

# Portals tell sales once a day.
_SALES_EVERY: Final = 3600.0
# Mirakl (OF21) gives all of them each time.
_LISTINGS_EVERY: Final = 3600.0
# Mirakl (RT11) recommends it so.
_RETURNS_EVERY: Final = 900.0
_RETRY: Final = 15.0
_LONGEST_RETRY: Final = 600.0
_FURTHEST: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Timing:
    """Knows when a list is due.

    How often comes from the settings, or from the channel's own option `NAME_every`; the adapter's
    EVERY stands above both, after failures and after acts too.
    """

    database: Database
    settings: Settings
    clock: Callable[[], datetime]

    def period(self, channel: Channel, stream: str, adapter: Adapter) -> timedelta:
        """Return how long after a look the next one is due."""
        every = {
            TICKETS: self.settings.tickets_every,
            ORDERS: self.settings.orders_every,
            RETURNS: _RETURNS_EVERY,
            TRACKING: self.settings.tracking_every,
            TITLES: self.settings.tickets_every,
            SALES: _SALES_EVERY,
            ERP: self.settings.erp_every,
            LISTINGS: _LISTINGS_EVERY,
        }
        wanted = timedelta(seconds=channel.every(stream) or every[stream])
        return max(wanted, least_every(adapter, stream))

    def is_due(self, channel: Channel, stream: str, adapter: Adapter) -> bool:
        """Tell whether the list is to be read now."""
        known, now = self._status(channel, stream), self.clock()
        if known and known.last_try_at:
            # An act makes orders due at once; how often they may be asked for stands above that.
            since = now - known.last_try_at
            if timedelta(0) <= since < least_every(adapter, stream):
                return False
        if known is None or known.next_try_at is None or known.next_try_at <= now:
            return True
        # Nothing is put off that far: the clock has been set back since.
        return known.next_try_at > now + _FURTHEST + self.period(channel, stream, adapter)

    def note_failure(
        self, channel: Channel, stream: str, error: UserError, adapter: Adapter | None = None
    ) -> None:
        """Note that the list could not be read, and when it is tried again: later each time."""
        known = self._status(channel, stream)
        streak = known.error_streak if known else 0
        wait = getattr(error, "retry_after", None) or min(_RETRY * 2**streak, _LONGEST_RETRY)
        again = min(timedelta(seconds=wait), _FURTHEST)
        again = max(again, least_every(adapter, stream))
        if stream == LISTINGS:
            again = max(again, timedelta(seconds=_LISTINGS_EVERY))
        now = self.clock()
        channels.mark_failure(self.database, channel.id, stream, now, now + again, error)

    def _status(self, channel: Channel, stream: str) -> StreamStatus | None:
        return channels.stream_status(self.database, channel.id).get(stream)
