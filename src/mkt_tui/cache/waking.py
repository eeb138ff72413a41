"""Tickets that were put off, and what brings them back: their time, or a word from outside."""

from datetime import datetime

from mkt_tui.cache.database import Database
from mkt_tui.cache.dues import OPEN_PLACE
from mkt_tui.cache.instants import to_cache

_WAKE = f"UPDATE ticket SET state = 0, sort_at = {OPEN_PLACE}, snoozed_after = NULL"


def snooze(database: Database, ticket_id: int, until: datetime) -> bool:
    """Put an open ticket off; False when it is no longer open."""
    done = database.execute(
        "UPDATE ticket SET state = 2, sort_at = :until, snoozed_after = COALESCE((SELECT MAX(id)"
        " FROM message WHERE ticket_id = :id), 0) WHERE id = :id AND state IN (0, 2)",
        {"id": ticket_id, "until": to_cache(until)},
    )
    return done == 1


def wake(database: Database, ticket_id: int) -> bool:
    """Bring a ticket back now; False when it was not put off."""
    return database.execute(f"{_WAKE} WHERE id = :id AND state = 2", {"id": ticket_id}) == 1


def in_time(database: Database, now: datetime) -> int:
    """Bring back what was put off until now; return how many. Looks before it writes."""
    due = {"now": to_cache(now)}
    if database.value("SELECT 1 FROM ticket WHERE state = 2 AND sort_at <= :now LIMIT 1", due):
        return database.execute(f"{_WAKE} WHERE state = 2 AND sort_at <= :now", due)
    return 0


def of_news(database: Database, channel_id: int) -> None:
    """Bring back the channel's tickets on which somebody else than us has written since."""
    database.execute(
        f"{_WAKE} WHERE state = 2 AND channel_id = :channel_id AND EXISTS"
        " (SELECT 1 FROM message WHERE ticket_id = ticket.id AND author <> 'shop'"
        " AND message.id > ticket.snoozed_after)",
        {"channel_id": channel_id},
    )
