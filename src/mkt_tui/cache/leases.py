"""One puller per channel: a row taken by compare-and-set, void when its time is over."""

import os
import socket
from datetime import datetime, timedelta
from typing import NamedTuple

from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import from_cache, to_cache
from mkt_tui.cache.stepped import clock, holds, void_claim


class Lease(NamedTuple):
    """Who holds, or last held, a channel; `holder` is host:pid:random."""

    holder: str
    expires_at: datetime

    @property
    def name(self) -> str:
        """The holder as people look for it: host:pid."""
        return self.holder.rpartition(":")[0]

    def is_held(self, now: datetime) -> bool:
        """Tell whether a process that may live holds it."""
        return holds(self.expires_at, now) and alive(self.holder)


def take(
    database: Database, channel_id: int, holder: str, now: datetime, length: timedelta
) -> bool:
    """Take or renew the channel's lease; False while somebody else holds it."""
    return (
        database.execute(
            "INSERT INTO lease (channel_id, holder, expires_at) VALUES (:id, :holder, :expires)"
            " ON CONFLICT (channel_id) DO UPDATE SET holder = excluded.holder,"
            " expires_at = excluded.expires_at"
            f" WHERE lease.holder = excluded.holder OR {void_claim('lease.expires_at')}",
            {
                "id": channel_id,
                "holder": holder,
                "expires": to_cache(now + length),
                **clock(now),
            },
        )
        == 1
    )


def release(database: Database, channel_id: int, holder: str) -> None:
    """Give the lease back, if it is still ours."""
    database.execute(
        "DELETE FROM lease WHERE channel_id = :id AND holder = :holder",
        {"id": channel_id, "holder": holder},
    )


def holder(database: Database, channel_id: int) -> str | None:
    """Return who holds, or last held, the channel's lease."""
    found = database.value("SELECT holder FROM lease WHERE channel_id = :id", {"id": channel_id})
    return None if found is None else str(found)


def all_leases(database: Database) -> dict[int, Lease]:
    """Return every lease, valid or not, by its channel."""
    rows = database.rows("SELECT channel_id, holder, expires_at FROM lease")
    return {row[0]: Lease(row[1], from_cache(row[2])) for row in rows}


def alive(holder: str) -> bool:
    """Tell whether the holder may live: another host's always may, until its lease runs out."""
    host, pid, _random = holder.rsplit(":", 2)
    if host != socket.gethostname():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
