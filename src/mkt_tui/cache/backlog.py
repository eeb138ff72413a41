"""How much waits to leave, and what has been waiting for too long."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import maybe_from_cache, to_cache

QUEUED_TOO_LONG: Final = timedelta(minutes=15)
UNKNOWN_TOO_LONG: Final = timedelta(hours=1)


class Backlog(NamedTuple):
    """What a channel has not delivered: on its way, refused, in doubt."""

    waiting: int = 0
    failed: int = 0
    unknown: int = 0


class Stuck(NamedTuple):
    """Operations that will not move by themselves, or have not moved for long."""

    sending: int
    queued: int
    unknown: int


def of_channels(database: Database) -> dict[int, Backlog]:
    """Return what each channel has not delivered; a channel without any is left out.

    A refused reply counts until its ticket has another one: what an agent has written anew is
    no longer a failure. A refused act on an order counts until a person has put it aside.
    """
    rows = database.rows(
        "SELECT channel_id, state, COUNT(*) FROM operation"
        " WHERE state IN ('queued', 'sending', 'unknown') GROUP BY channel_id, state"
        " UNION ALL SELECT channel_id, delivery, COUNT(*) FROM ticket"
        " WHERE delivery = 'failed' GROUP BY channel_id, delivery"
        " UNION ALL SELECT channel_id, state, COUNT(*) FROM operation"
        " WHERE state = 'failed' AND ticket_id IS NULL GROUP BY channel_id, state"
    )
    found: dict[int, Backlog] = {}
    for channel_id, state, count in rows:
        name = state if state in ("failed", "unknown") else "waiting"
        known = found.get(channel_id, Backlog())
        found[channel_id] = known._replace(**{name: getattr(known, name) + count})
    return found


def stuck(database: Database, now: datetime) -> Stuck:
    """Count the operations that have been where they are for too long."""
    row = database.row(
        "SELECT COALESCE(SUM(CASE WHEN state = 'sending' AND claim_expires_at <= :now"
        " THEN 1 ELSE 0 END), 0),"
        " COALESCE(SUM(CASE WHEN state = 'queued' AND next_try_at <= :queued"
        " THEN 1 ELSE 0 END), 0),"
        " COALESCE(SUM(CASE WHEN state = 'unknown' AND settled_at <= :unknown"
        " THEN 1 ELSE 0 END), 0)"
        " FROM operation WHERE state IN ('sending', 'queued', 'unknown')",
        {
            "now": to_cache(now),
            "queued": to_cache(now - QUEUED_TOO_LONG),
            "unknown": to_cache(now - UNKNOWN_TOO_LONG),
        },
    )
    return Stuck(*(int(each) for each in row or (0, 0, 0)))


def newest_date(database: Database) -> datetime | None:
    """Return the latest instant that any marketplace has told of."""
    newest = database.value(
        "SELECT MAX(at) FROM (SELECT MAX(sent_at) AS at FROM message"
        " UNION ALL SELECT MAX(updated_at) AS at FROM ticket) AS told"
    )
    return maybe_from_cache(newest)
