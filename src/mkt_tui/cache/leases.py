"""One puller per channel: a row taken by compare-and-set, void when its time is over."""

from datetime import datetime, timedelta

from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache


def take(
    database: Database, channel_id: int, holder: str, now: datetime, length: timedelta
) -> bool:
    """Take or renew the channel's lease; False while somebody else holds it."""
    return (
        database.execute(
            "INSERT INTO lease (channel_id, holder, expires_at) VALUES (:id, :holder, :expires)"
            " ON CONFLICT (channel_id) DO UPDATE SET holder = excluded.holder,"
            " expires_at = excluded.expires_at"
            " WHERE lease.holder = excluded.holder OR lease.expires_at <= :now",
            {
                "id": channel_id,
                "holder": holder,
                "expires": to_cache(now + length),
                "now": to_cache(now),
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
