"""Who may read a channel: the lease rows of the cache, and the leftovers of dead processes."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from mkt_tui.cache import leases
from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache

# Longer than one page may take with all its retries, for the lease is renewed with the pages.
LENGTH: Final = timedelta(minutes=3)
_RENEWED: Final = timedelta(seconds=10)


def _own_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


@dataclass(frozen=True, slots=True)
class Leases:
    """The leases one process takes; `holder` is host:pid:random."""

    database: Database
    clock: Callable[[], datetime]
    holder: str = field(default_factory=_own_name)
    _taken: dict[int, datetime] = field(default_factory=dict)

    def keep(self, channel_id: int) -> None:
        """Renew the lease of a channel that is being read, unless that was done just now."""
        now, taken = self.clock(), self._taken.get(channel_id)
        if taken is None or not timedelta(0) <= now - taken < _RENEWED:
            self.take(channel_id)
            self._taken[channel_id] = now

    def take(self, channel_id: int) -> bool:
        """Take or renew the lease of a channel; False while a living process holds it."""
        if leases.take(self.database, channel_id, self.holder, self.clock(), LENGTH):
            return True
        other = leases.holder(self.database, channel_id)
        if other is None or leases.alive(other):
            return False
        leases.release(self.database, channel_id, other)
        return leases.take(self.database, channel_id, self.holder, self.clock(), LENGTH)

    def release(self, channel_id: int) -> None:
        """Give the lease back."""
        leases.release(self.database, channel_id, self.holder)


def covered(database: Database, now: datetime) -> bool:
    """Tell whether a living process holds the lease of every enabled channel."""
    rows = database.rows(
        "SELECT lease.holder FROM channel LEFT JOIN lease ON lease.channel_id = channel.id"
        " AND lease.expires_at > :now WHERE channel.enabled = 1",
        {"now": to_cache(now)},
    )
    return all(holder is not None and leases.alive(holder) for (holder,) in rows)


def at_work(database: Database, now: datetime) -> bool:
    """Tell whether a living process holds any lease."""
    rows = database.rows("SELECT holder FROM lease WHERE expires_at > :now", {"now": to_cache(now)})
    return any(leases.alive(holder) for (holder,) in rows)
