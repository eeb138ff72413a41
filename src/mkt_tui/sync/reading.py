"""What is read of a channel, stream by stream, and what is noted of every read."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from mkt_tui.adapters.base import (
    Adapter,
    ListsListings,
    ListsReturns,
    ListsSales,
    ListsTitles,
    TellsExpiry,
)
from mkt_tui.cache import audit, channels, handing, titles
from mkt_tui.cache.agents import everybody
from mkt_tui.cache.audit import Act
from mkt_tui.cache.database import Database
from mkt_tui.config import Settings, rule_book
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.deadlines.rules import RuleBook
from mkt_tui.domain.errors import AccessRefused, Refused, SecretMissing, UserError
from mkt_tui.sync.erp import ERP, Erp
from mkt_tui.sync.listings import LISTINGS, Listings
from mkt_tui.sync.pull import ORDERS, SALES, TICKETS, TITLES, Progress, Pull
from mkt_tui.sync.returns import RETURNS, Returns
from mkt_tui.sync.timing import Timing
from mkt_tui.sync.tracking import TRACKING, Tracking

_DEALER: Final = "mkt-tui"
# While a file is on its way to the shops, somebody waits for their word.
_MOVING_EVERY: Final = 10.0


class Reading:
    """Reads the streams of channels, each when the engine asks for it.

    Args:
        timing: Learns of what failed, and says when a stream is to be read again.
        tell: Hears of every page read.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        clock: Callable[[], datetime],
        timing: Timing,
        tell: Callable[[Progress], None],
    ) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._timing = timing
        self._news: set[int] = set()
        self._pull = Pull(database, clock, rule_book(settings), tell)
        self._streams: dict[str, Callable[[Channel, Adapter], Awaitable[int]]] = {
            TICKETS: self._pull.tickets,
            ORDERS: self._pull.orders,
            TITLES: self._pull.titles,
            SALES: self._pull.sales,
        }
        if settings.carriers:
            tracking = Tracking(database, settings.carriers, clock)
            self._streams[TRACKING] = tracking.parcels
        self._streams[LISTINGS] = Listings(database, clock).read
        self._streams[RETURNS] = Returns(database).read
        if settings.erps:
            self._streams[ERP] = Erp(database, settings.erps, clock).orders

    @property
    def book(self) -> RuleBook:
        """The deadline rules in force."""
        return self._pull.book

    def note_news(self, channel: Channel) -> None:
        """Have the tickets read at once, and once more where a read of them is going on."""
        self._news.add(channel.id)
        channels.make_stream_due(self._database, channel.id, TICKETS)

    def streams_of(self, adapter: Adapter) -> list[str]:
        """Return what is read of the adapter's channel, tickets first; only publishers have titles."""
        absent = set()
        if not isinstance(adapter, ListsTitles):
            absent.add(TITLES)
        if not isinstance(adapter, ListsSales):
            absent.add(SALES)
        if not isinstance(adapter, ListsListings):
            absent.add(LISTINGS)
        if not isinstance(adapter, ListsReturns):
            absent.add(RETURNS)
        return [stream for stream in self._streams if stream not in absent]

    async def read(self, channel: Channel, adapter: Adapter, stream: str) -> int:
        """Read one stream to its end and return how much came.

        Raises:
            UserError: It could not be read; the timing knows.
        """
        if stream == TICKETS:
            self._news.discard(channel.id)
        try:
            count = await self._streams[stream](channel, adapter)
        except (AccessRefused, Refused) as error:
            self._timing.note_failure(channel, stream, error, adapter)
            # A key that may not read offers is no trouble for tickets: the channel's health tells it.
            if stream == LISTINGS:
                return 0
            raise
        except UserError as error:
            self._timing.note_failure(channel, stream, error, adapter)
            raise
        self._note_key(channel, adapter)
        now = self._clock()
        if stream == TICKETS and channel.name in self._settings.deal_channels:
            self._deal(channel, now)
        again = self._timing.period(channel, stream, adapter)
        if stream == TITLES and titles.is_moving(self._database, channel.id):
            again = min(again, timedelta(seconds=_MOVING_EVERY))
        if stream == TICKETS and channel.id in self._news:
            # Told of while this read went on, which may have been past its place already.
            again = timedelta(0)
        channels.mark_success(self._database, channel.id, stream, now, now + again)
        return count

    def _note_key(self, channel: Channel, adapter: Adapter) -> None:
        """Let the status tell when the token ends; what is wrong with it the next read says."""
        if isinstance(adapter, TellsExpiry):
            with suppress(SecretMissing):
                channels.note_key(self._database, channel.id, adapter.key_expires_at())

    def _deal(self, channel: Channel, now: datetime) -> None:
        """Give the channel's tickets that nobody has to the agents present, by load."""
        agents = everybody(self._database, now)
        there = [each for each in agents if each.present and not each.away]
        nobodys = handing.unassigned(self._database, channel.id)
        at_most = self._settings.deal_at_most
        given = handing.deal(self._database, nobodys, there, _DEALER, now, at_most)
        if given:
            act = Act("tickets.dealt", channel.name, detail=f"tickets={len(given)}")
            audit.record(self._database, act, _DEALER, now)
