"""Who is writing on which ticket: advisory, one at a time, and soon void without its writer."""

from datetime import datetime, timedelta
from typing import NamedTuple

from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import from_cache, to_cache
from mkt_tui.cache.stepped import clock, void_claim


class Claim(NamedTuple):
    """A ticket's writer, and since when."""

    agent: str
    since: datetime


def take(
    database: Database, ticket_id: int, agent: str, now: datetime, length: timedelta
) -> Claim | None:
    """Claim the ticket or renew one's own claim; return the claim of whoever has it instead."""
    won = database.execute(
        "INSERT INTO claim (ticket_id, agent, since, expires_at)"
        " VALUES (:ticket_id, :agent, :now, :expires)"
        " ON CONFLICT (ticket_id) DO UPDATE SET agent = excluded.agent,"
        " since = CASE WHEN claim.agent = excluded.agent THEN claim.since ELSE excluded.since END,"
        " expires_at = excluded.expires_at"
        f" WHERE claim.agent = excluded.agent OR {void_claim('claim.expires_at')}",
        {
            "ticket_id": ticket_id,
            "agent": agent,
            "expires": to_cache(now + length),
            **clock(now),
        },
    )
    return None if won else holder(database, ticket_id, now)


def holder(database: Database, ticket_id: int, now: datetime) -> Claim | None:
    """Return who is writing on the ticket now."""
    row = database.row(
        "SELECT agent, since FROM claim WHERE ticket_id = :ticket_id"
        f" AND NOT {void_claim('expires_at')}",
        {"ticket_id": ticket_id, **clock(now)},
    )
    return Claim(row[0], from_cache(row[1])) if row else None


def release(database: Database, ticket_id: int, agent: str) -> None:
    """Let the ticket go, if it is this agent's."""
    database.execute(
        "DELETE FROM claim WHERE ticket_id = :ticket_id AND agent = :agent",
        {"ticket_id": ticket_id, "agent": agent},
    )
