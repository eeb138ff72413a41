"""What agents are writing: one draft per ticket and agent, outside every view."""

from datetime import datetime
from typing import NamedTuple

from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache
from mkt_tui.domain.ticket_operations import File
from mkt_tui.domain.tickets import Audience


class Draft(NamedTuple):
    """Words not yet sent.

    `seen` is the newest message row of the ticket that the writer had seen on beginning; None
    where the words are about what is there now. `files` are not kept with the words.
    """

    text: str
    audience: Audience
    seen: int | None = None
    files: tuple[File, ...] = ()


class DraftPlace(NamedTuple):
    """Where an agent has left a draft."""

    ticket_id: int
    saved_at: int


def save(database: Database, ticket_id: int, agent: str, draft: Draft, now: datetime) -> None:
    """Keep the draft as it is now."""
    database.execute(
        "INSERT INTO draft (ticket_id, agent, text, audience, seen, begun_at, saved_at)"
        " VALUES (:ticket_id, :agent, :text, :audience, :seen, :now, :now)"
        " ON CONFLICT (ticket_id, agent) DO UPDATE SET text = excluded.text,"
        " audience = excluded.audience, seen = excluded.seen, saved_at = excluded.saved_at",
        {
            "ticket_id": ticket_id,
            "agent": agent,
            "text": draft.text,
            "audience": draft.audience,
            "seen": draft.seen or 0,
            "now": to_cache(now),
        },
    )


def find(database: Database, ticket_id: int, agent: str) -> Draft | None:
    """Return the agent's draft on the ticket."""
    row = database.row(
        "SELECT text, audience, seen FROM draft WHERE ticket_id = :ticket_id AND agent = :agent",
        {"ticket_id": ticket_id, "agent": agent},
    )
    return Draft(row[0], Audience(row[1]), row[2]) if row else None


def drop(database: Database, ticket_id: int, agent: str) -> None:
    """Forget the draft: it became an operation, or its agent emptied it."""
    database.execute(
        "DELETE FROM draft WHERE ticket_id = :ticket_id AND agent = :agent",
        {"ticket_id": ticket_id, "agent": agent},
    )


def places(database: Database, agent: str) -> list[DraftPlace]:
    """Return where the agent's drafts are, the one written on last first."""
    rows = database.rows(
        "SELECT ticket_id, saved_at FROM draft WHERE agent = :agent ORDER BY saved_at DESC",
        {"agent": agent},
    )
    return [DraftPlace(*row) for row in rows]
