"""How far the reads of a channel have come, kept with the pages that they bring."""

from dataclasses import dataclass

from mkt_tui.cache.database import Database


@dataclass(frozen=True, slots=True)
class Stream:
    """Which read a page belongs to, and how far it has come with this page."""

    channel_id: int
    name: str
    cursor: str
    complete: bool


def advance(database: Database, stream: Stream) -> None:
    """Note how far a stream has come; call inside the transaction that writes the page."""
    database.execute(
        "INSERT INTO sync (channel_id, stream, cursor, complete, error_streak)"
        " VALUES (:channel_id, :name, :cursor, :complete, 0)"
        " ON CONFLICT (channel_id, stream) DO UPDATE SET cursor = excluded.cursor,"
        " complete = CASE sync.complete WHEN 1 THEN 1 ELSE excluded.complete END",
        {
            "channel_id": stream.channel_id,
            "name": stream.name,
            "cursor": stream.cursor,
            "complete": int(stream.complete),
        },
    )
