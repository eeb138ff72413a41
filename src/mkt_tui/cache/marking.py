"""A ticket set aside by an agent's word alone: no reply needed, or open again."""

from datetime import datetime

from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache


def close(database: Database, ticket_id: int, now: datetime) -> bool:
    """Count the wait as answered until a new message comes; False when nobody waits."""
    closed = database.execute(
        "UPDATE ticket SET state = 1, sort_at = -:now, answered_until = received_at"
        " WHERE id = :id AND state <> 1",
        {"id": ticket_id, "now": to_cache(now)},
    )
    return closed == 1


def reopen(database: Database, ticket_id: int) -> bool:
    """Open an answered ticket again; False when it is open."""
    opened = database.execute(
        "UPDATE ticket SET state = 0, answered_until = NULL,"
        " sort_at = COALESCE(due_at, received_at) WHERE id = :id AND state = 1",
        {"id": ticket_id},
    )
    return opened == 1
