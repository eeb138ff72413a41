"""The sync engine: every enabled channel read when it is due, its replies delivered at once.

The same engine serves `sync --once`, the sync service and the open desk. A channel is read by
whoever holds its lease; replies are claimed one by one, so any number of engines may run.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from mkt_tui.adapters import registry
from mkt_tui.adapters.base import (
    Adapter,
    HearsNews,
    ListsListings,
    ListsReturns,
    ListsSales,
    ListsTitles,
    TellsExpiry,
)
from mkt_tui.cache import audit, channels, dues, handing, marking, titles, waking
from mkt_tui.cache.agents import everybody
from mkt_tui.cache.audit import Act
from mkt_tui.cache.database import Database
from mkt_tui.config import Settings, rule_book
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.deadlines.clocks import Clocks
from mkt_tui.domain.errors import AccessRefused, NotAllowed, Refused, SecretMissing, UserError
from mkt_tui.secret_references import read_secret
from mkt_tui.sync.ahead import seldom_collected
from mkt_tui.sync.erp import ERP, Erp
from mkt_tui.sync.lease import LENGTH, Leases
from mkt_tui.sync.listings import LISTINGS, Listings
from mkt_tui.sync.outbox import Outbox
from mkt_tui.sync.pull import ORDERS, SALES, TICKETS, TITLES, Progress, Pull
from mkt_tui.sync.returns import RETURNS, Returns
from mkt_tui.sync.timing import Timing
from mkt_tui.sync.tracking import TRACKING, Tracking

_DEALER: Final = "mkt-tui"
_TICK: Final = 0.1
_LOOK_EVERY: Final = 1.0
_RETRY: Final = 15.0
# Much to read, or seldom allowed: not with every pass.
_SELDOM: Final = (LISTINGS, RETURNS)
# While a file is on its way to the shops, somebody waits for their word.
_MOVING_EVERY: Final = 10.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ChannelResult:
    """What one pass over a channel did; `error` is the first thing that went wrong."""

    channel: str
    tickets: int = 0
    orders: int = 0
    sent: int = 0
    error: UserError | None = None


def _silent(_progress: Progress) -> None:
    """Tell nobody."""


class Engine:
    """Reads and delivers within one event loop.

    Args:
        tell: Hears of every page read.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        clock: Callable[[], datetime],
        tell: Callable[[Progress], None] = _silent,
    ) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._leases = Leases(database, clock)
        self._timing = Timing(database, settings, clock)
        self._outbox = Outbox(database, clock, self._leases.holder)
        self._tell = tell
        self._news: set[int] = set()
        self._pull = Pull(database, clock, rule_book(settings), self._page_read)
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

    async def once(self, names: Collection[str] | None = None) -> list[ChannelResult]:
        """Read every enabled channel (or those named) now and deliver what is due.

        A channel that fails leaves the others alone; its error is in its result.
        """
        chosen = [
            each
            for each in channels.all_channels(self._database)
            if _is_read(each) and (names is None or each.name in names)
        ]
        self._keep_by_hand()
        with seldom_collected():
            return list(await asyncio.gather(*(self._pass(each) for each in chosen)))

    async def deliver_now(self, channel: Channel) -> int:
        """Deliver the replies of `channel` that are due; return how many were taken.

        Raises:
            UserError: Its adapter or secret cannot be used; the replies stay in the outbox.
        """
        async with self._open(channel) as adapter:
            return await self._outbox.deliver(channel, adapter)

    async def keep_going(self, stop: asyncio.Event) -> None:
        """Read and deliver until `stop` is set; channels may come, change and go meanwhile."""
        running: dict[int, tuple[Channel, asyncio.Task[None]]] = {}
        waker = asyncio.create_task(self._keep_waking())
        try:
            version = -1
            with seldom_collected():
                while not stop.is_set():
                    if version != (version := self._database.version()):
                        await self._follow(running)
                    await _pause(stop, _TICK)
        finally:
            await _cancel([waker, *(task for _channel, task in running.values())])

    def _keep_by_hand(self) -> None:
        """Do for channels that people read what goes with a read: deadlines by the rules of today."""
        for each in channels.all_channels(self._database):
            if each.by_hand:
                dues.renew(self._database, Clocks(self._pull.book, each))
        self._bring_back()

    def _bring_back(self) -> None:
        """Bring back what was put off, or was to be reminded of, until now."""
        waking.in_time(self._database, self._clock())
        marking.remind(self._database, self._clock())

    def _page_read(self, progress: Progress) -> None:
        self._leases.keep(progress.channel.id)
        self._tell(progress)

    async def _follow(self, running: dict[int, tuple[Channel, asyncio.Task[None]]]) -> None:
        self._keep_by_hand()
        wanted = {each.id: each for each in channels.all_channels(self._database) if _is_read(each)}
        changed = [key for key, (channel, _task) in running.items() if wanted.get(key) != channel]
        await _cancel([running.pop(key)[1] for key in changed])
        for key in wanted.keys() - running.keys():
            running[key] = wanted[key], asyncio.create_task(self._keep(wanted[key]))

    async def _pass(self, channel: Channel) -> ChannelResult:
        sent = tickets = orders = 0
        try:
            async with self._open(channel) as adapter:
                sent = await self._outbox.deliver(channel, adapter)
                await self._wait_for_lease(channel)
                try:
                    tickets = await self._read(channel, adapter, TICKETS)
                    orders = await self._read(channel, adapter, ORDERS)
                    for stream in self._streams_of(adapter)[2:]:
                        if stream not in _SELDOM or self._timing.is_due(channel, stream, adapter):
                            await self._read(channel, adapter, stream)
                finally:
                    self._leases.release(channel.id)
        except UserError as error:
            return ChannelResult(channel.name, tickets, orders, sent, error)
        return ChannelResult(channel.name, tickets, orders, sent)

    async def _wait_for_lease(self, channel: Channel) -> None:
        until = asyncio.get_running_loop().time() + LENGTH.total_seconds()
        while not self._leases.take(channel.id):
            if asyncio.get_running_loop().time() > until:
                return
            await asyncio.sleep(_TICK)

    async def _keep(self, channel: Channel) -> None:
        while True:
            try:
                async with self._open(channel) as adapter, asyncio.TaskGroup() as group:
                    group.create_task(self._keep_delivering(channel, adapter))
                    group.create_task(self._keep_reading(channel, adapter))
                    group.create_task(self._keep_listening(channel, adapter))
            except* UserError as errors:
                _log.warning("channel %s stopped: %s", channel.id, _kinds(errors))
            except* Exception as errors:  # noqa: BLE001 - one channel's bug must not stop the rest
                _log.error("channel %s stopped: %s", channel.id, _kinds(errors))
            if _is_stopping():
                return
            await asyncio.sleep(_RETRY)

    async def _keep_delivering(self, channel: Channel, adapter: Adapter) -> None:
        clock = asyncio.get_running_loop().time
        seen, look_at = -1, 0.0
        while True:
            # Somebody's new reply shows as a new version; what waits for its next try does not.
            version = self._database.version()
            if version != seen or clock() >= look_at:
                seen, look_at = version, clock() + _LOOK_EVERY
                await self._outbox.deliver(channel, adapter)
            await asyncio.sleep(_TICK)

    async def _keep_reading(self, channel: Channel, adapter: Adapter) -> None:
        """Read each stream for itself: orders that may be asked for twice a minute hold up no ticket."""
        try:
            async with asyncio.TaskGroup() as group:
                for stream in self._streams_of(adapter):
                    group.create_task(self._keep_reading_stream(channel, adapter, stream))
        finally:
            self._leases.release(channel.id)

    def _streams_of(self, adapter: Adapter) -> list[str]:
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

    async def _keep_listening(self, channel: Channel, adapter: Adapter) -> None:
        """Read at once what the marketplace tells of; where it does not, the clock decides."""
        if not isinstance(adapter, HearsNews):
            return
        while True:
            try:
                await adapter.news()
            except NotAllowed:
                return
            except UserError as error:
                _log.info("channel %s news: %s", channel.id, type(error).__name__)
                if _is_stopping():
                    raise
                await asyncio.sleep(_RETRY)
            else:
                self._news.add(channel.id)
                channels.make_stream_due(self._database, channel.id, TICKETS)

    async def _keep_reading_stream(self, channel: Channel, adapter: Adapter, stream: str) -> None:
        while True:
            if self._timing.is_due(channel, stream, adapter) and self._leases.take(channel.id):
                await self._try_read(channel, adapter, stream)
            await asyncio.sleep(1)

    async def _keep_waking(self) -> None:
        while True:
            try:
                self._bring_back()
            except UserError as error:
                _log.warning("put off tickets: %s", type(error).__name__)
            await asyncio.sleep(1)

    async def _try_read(self, channel: Channel, adapter: Adapter, stream: str) -> None:
        try:
            await self._read(channel, adapter, stream)
        except UserError as error:
            _log.info("channel %s %s: %s", channel.id, stream, type(error).__name__)
            if _is_stopping():
                raise

    async def _read(self, channel: Channel, adapter: Adapter, stream: str) -> int:
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

    def _open(self, channel: Channel) -> Adapter:
        try:
            kind = registry.load(channel.adapter)
            return kind(channel, partial(read_secret, channel.secret, channel.name))
        except UserError as error:
            self._timing.note_failure(channel, TICKETS, error)
            raise


def _is_read(channel: Channel) -> bool:
    return channel.enabled and not channel.by_hand


def _kinds(errors: BaseExceptionGroup[BaseException]) -> str:
    """Name the errors without their words, which may hold what logs must not."""
    return ", ".join(sorted({type(each).__name__ for each in errors.exceptions}))


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _is_stopping() -> bool:
    """Tell whether this task shall end: an error raised as it was stopped hides that from it."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
