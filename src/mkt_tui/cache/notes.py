"""Internal notes on tickets: added, never changed, never sent; and who is named in them."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache


class Note(NamedTuple):
    """A note; cache milliseconds."""

    at: int
    agent: str
    text: str


def add(
    database: Database,
    ticket_id: int,
    agent: str,
    text: str,
    mentioned: Collection[str],
    now: datetime,
) -> None:
    """Write a note and let those named in it know; call inside a transaction."""
    number = database.value(
        "INSERT INTO note (ticket_id, at, agent, text) VALUES (:id, :at, :agent, :text)"
        " RETURNING id",
        {"id": ticket_id, "at": to_cache(now), "agent": agent, "text": text},
    )
    database.execute_many(
        "INSERT INTO mention (note_id, agent, ticket_id) VALUES (:note, :agent, :ticket)",
        [{"note": number, "agent": each, "ticket": ticket_id} for each in mentioned],
    )


def of_ticket(database: Database, ticket_id: int) -> list[Note]:
    """Return the notes, the oldest first."""
    rows = database.rows(
        "SELECT at, agent, text FROM note WHERE ticket_id = :id ORDER BY id", {"id": ticket_id}
    )
    return [Note._make(row) for row in rows]


def mentioning(database: Database, agent: str) -> list[int]:
    """Return the tickets with a note that names the agent and that he or she has not seen."""
    rows = database.rows(
        "SELECT DISTINCT ticket_id FROM mention WHERE agent = :agent AND seen_at IS NULL",
        {"agent": agent},
    )
    return [row[0] for row in rows]


def seen(database: Database, ticket_id: int, agent: str, now: datetime) -> None:
    """Note that the agent has seen the ticket's notes; writes only where there is news."""
    parameters = {"id": ticket_id, "agent": agent, "now": to_cache(now)}
    where = "WHERE agent = :agent AND seen_at IS NULL AND ticket_id = :id"
    wanted = {"id": ticket_id, "agent": agent}
    if database.value(f"SELECT 1 FROM mention {where} LIMIT 1", wanted):
        database.execute(f"UPDATE mention SET seen_at = :now {where}", parameters)
