"""The last check of a file that was made for a ticket."""

from datetime import datetime
from typing import NamedTuple

from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache


class Check(NamedTuple):
    """Where the file was, and the report as JSON."""

    path: str
    report: str


def keep(
    database: Database, ticket_id: int, path: str, report: str, agent: str, now: datetime
) -> None:
    """Keep it instead of the one before."""
    database.execute(
        "INSERT INTO file_check (ticket_id, path, report, agent, at) VALUES (:id, :path, :report,"
        " :agent, :now) ON CONFLICT (ticket_id) DO UPDATE SET path = excluded.path,"
        " report = excluded.report, agent = excluded.agent, at = excluded.at",
        {"id": ticket_id, "path": path, "report": report, "agent": agent, "now": to_cache(now)},
    )


def any_made(database: Database) -> bool:
    """Tell whether any file was checked for a ticket."""
    return bool(database.value("SELECT 1 FROM file_check LIMIT 1"))


def last(database: Database, ticket_id: int) -> Check | None:
    """Return the last one of a ticket."""
    row = database.row(
        "SELECT path, report FROM file_check WHERE ticket_id = :id", {"id": ticket_id}
    )
    return Check(*row) if row else None
