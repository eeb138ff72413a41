"""The sync engine: every enabled channel read when it is due, its replies delivered at once.

The same engine serves `sync --once`, the sync service and the open desk. A channel is read by
whoever holds its lease; replies are claimed one by one, so any number of engines may run.
"""

import asyncio
import logging
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from mkt_tui.adapters import registry
from mkt_tui.adapters.base import Adapter, HearsNews
from mkt_tui.cache import channels, dues, marking, waking
from mkt_tui.cache.database import Database
from mkt_tui.config import Settings
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.deadlines.clocks import Clocks
from mkt_tui.domain.errors import NotAllowed, UserError
from mkt_tui.secret_references import read_secret
from mkt_tui.sync.ahead import seldom_collected
from mkt_tui.sync.lease import LENGTH, Leases
from mkt_tui.sync.listings import LISTINGS
from mkt_tui.sync.outbox import Outbox
from mkt_tui.sync.pull import ORDERS, TICKETS, Progress
from mkt_tui.sync.reading import Reading
from mkt_tui.sync.returns import RETURNS
from mkt_tui.sync.timing import Timing

_TICK: Final = 0.1
_LOOK_EVERY: Final = 1.0
_RETRY: Final = 15.0
# Well within the length of a lease, and seldom: each taking makes every desk look at the cache.
_HOLD_EVERY: Final = 60.0
# Much to read, or seldom allowed: not with every pass.
_SELDOM: Final = (LISTINGS, RETURNS)
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
        self._reading = Reading(database, settings, clock, self._timing, self._page_read)

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
        self._database.expect_pages()
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
        self._database.expect_pages()
        keepers = [
            asyncio.create_task(each) for each in (self._keep_waking(), self._hold_by_hand())
        ]
        try:
            version = -1
            with seldom_collected():
                while not stop.is_set():
                    if version != (version := self._database.version()):
                        await self._follow(running)
                    await _pause(stop, _TICK)
        finally:
            await _cancel([*keepers, *(task for _channel, task in running.values())])

    def _keep_by_hand(self) -> None:
        """Do for channels that people read what goes with a read: deadlines by the rules of today."""
        for each in channels.all_channels(self._database):
            if each.by_hand:
                dues.renew(self._database, Clocks(self._reading.book, each))
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
                    tickets = await self._reading.read(channel, adapter, TICKETS)
                    orders = await self._reading.read(channel, adapter, ORDERS)
                    for stream in self._reading.streams_of(adapter)[2:]:
                        if stream not in _SELDOM or self._timing.is_due(channel, stream, adapter):
                            await self._reading.read(channel, adapter, stream)
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
                for stream in self._reading.streams_of(adapter):
                    group.create_task(self._keep_reading_stream(channel, adapter, stream))
        finally:
            self._leases.release(channel.id)

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
                self._reading.note_news(channel)

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

    async def _hold_by_hand(self) -> None:
        """Hold what people read, or every desk would start an engine of its own for its sake."""
        clock = asyncio.get_running_loop().time
        held: dict[int, float] = {}
        try:
            while True:
                with suppress(UserError):
                    for each in channels.all_channels(self._database):
                        if each.by_hand and clock() >= held.get(each.id, 0.0) + _HOLD_EVERY:
                            self._leases.take(each.id)
                            held[each.id] = clock()
                await asyncio.sleep(_LOOK_EVERY)
        finally:
            for key in held:
                self._leases.release(key)

    async def _try_read(self, channel: Channel, adapter: Adapter, stream: str) -> None:
        try:
            await self._reading.read(channel, adapter, stream)
        except UserError as error:
            _log.info("channel %s %s: %s", channel.id, stream, type(error).__name__)
            if _is_stopping():
                raise

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
