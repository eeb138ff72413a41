"""A ticket set aside by an agent's word alone: no reply needed, or open again.

A reminder brings one back at its time, as long as nothing else has become of that wait: a reply
has answered it, or a new one has begun.
"""

from datetime import datetime
from typing import Final

from mkt_tui.cache.database import Database
from mkt_tui.cache.dues import OPEN_PLACE
from mkt_tui.cache.instants import maybe_from_cache, to_cache

_OPEN: Final = f"UPDATE ticket SET state = 0, answered_until = NULL, sort_at = {OPEN_PLACE}"
_STANDS: Final = (
    "ticket.state = 1 AND ticket.answered_until = reminder.received_at"
    " AND NOT EXISTS (SELECT 1 FROM operation WHERE operation.ticket_id = ticket.id"
    " AND operation.answered = reminder.received_at)"
)


def close(
    database: Database, ticket_id: int, now: datetime, remind_at: datetime | None = None
) -> bool:
    """Count the wait as answered until a new message comes; False when nobody waits.

    Args:
        remind_at: When the ticket is to come back all the same; None = it need not.
    """
    closed = database.execute(
        "UPDATE ticket SET state = 1, sort_at = -:now, answered_until = received_at"
        " WHERE id = :id AND state <> 1",
        {"id": ticket_id, "now": to_cache(now)},
    )
    database.execute("DELETE FROM reminder WHERE ticket_id = :id", {"id": ticket_id})
    if closed and remind_at:
        database.execute(
            "INSERT INTO reminder (ticket_id, at, received_at)"
            " SELECT id, :at, received_at FROM ticket WHERE id = :id",
            {"id": ticket_id, "at": to_cache(remind_at)},
        )
    return closed == 1


def reopen(database: Database, ticket_id: int) -> bool:
    """Open an answered ticket again; False when it is open."""
    database.execute("DELETE FROM reminder WHERE ticket_id = :id", {"id": ticket_id})
    return database.execute(f"{_OPEN} WHERE id = :id AND state = 1", {"id": ticket_id}) == 1


def comes_back(database: Database, ticket_id: int) -> datetime | None:
    """Return when a ticket that needs no reply comes back, None when it does not."""
    return maybe_from_cache(
        database.value(
            "SELECT reminder.at FROM reminder JOIN ticket ON ticket.id = reminder.ticket_id"
            f" WHERE ticket.id = :id AND {_STANDS}",
            {"id": ticket_id},
        )
    )


def remind(database: Database, now: datetime) -> None:
    """Bring back what was to be reminded of until now. Looks before it writes."""
    due = {"now": to_cache(now)}
    if not database.value("SELECT 1 FROM reminder WHERE at <= :now LIMIT 1", due):
        return
    with database.transaction():
        database.execute(
            f"{_OPEN} WHERE EXISTS (SELECT 1 FROM reminder WHERE reminder.ticket_id = ticket.id"
            f" AND reminder.at <= :now AND {_STANDS})",
            due,
        )
        database.execute("DELETE FROM reminder WHERE at <= :now", due)
