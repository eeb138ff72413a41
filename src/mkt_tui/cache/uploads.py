"""How much of a file that is leaving has left, for whoever looks at its ticket."""

from datetime import datetime, timedelta
from typing import NamedTuple

from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache


class Upload(NamedTuple):
    """Bytes that have left, and all there are."""

    sent: int
    size: int


def note(
    database: Database,
    operation: str,
    worker: str,
    upload: tuple[int, int],
    now: datetime,
    claim: timedelta,
) -> None:
    """Note how far it is, and claim the operation for longer: large files take their time."""
    with database.transaction():
        database.execute(
            "INSERT INTO upload (operation, sent, size, at) VALUES (:id, :sent, :size, :now)"
            " ON CONFLICT (operation) DO UPDATE SET sent = excluded.sent, size = excluded.size,"
            " at = excluded.at",
            {"id": operation, "sent": upload[0], "size": upload[1], "now": to_cache(now)},
        )
        database.execute(
            "UPDATE operation SET claim_expires_at = :until WHERE id = :id AND state = 'sending'"
            " AND claimed_by = :worker",
            {"id": operation, "worker": worker, "until": to_cache(now + claim)},
        )


def of(database: Database, operation: str) -> Upload | None:
    """Return how far the operation's file is, None before it began."""
    row = database.row("SELECT sent, size FROM upload WHERE operation = :id", {"id": operation})
    return Upload(*row) if row else None
