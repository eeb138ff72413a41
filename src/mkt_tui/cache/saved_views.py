"""Filters that agents saved under a name."""

from datetime import datetime
from typing import NamedTuple

from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache


class SavedView(NamedTuple):
    """A filter with its name; a shared one is seen by everybody."""

    id: int
    name: str
    owner: str
    shared: int
    text: str


def of(database: Database, agent: str) -> list[SavedView]:
    """Return an agent's own views and those that others share, by name."""
    rows = database.rows(
        "SELECT id, name, owner, shared, text FROM saved_view WHERE owner = :agent OR shared = 1"
        " ORDER BY name, id",
        {"agent": agent},
    )
    return [SavedView._make(row) for row in rows]


def save(database: Database, view: SavedView, now: datetime) -> None:
    """Keep a view; one of its owner's of that name is replaced and stays shared as it was."""
    database.execute(
        "INSERT INTO saved_view (name, owner, shared, text, created_at)"
        " VALUES (:name, :owner, :shared, :text, :now)"
        " ON CONFLICT (owner, name) DO UPDATE SET text = excluded.text",
        {
            "name": view.name,
            "owner": view.owner,
            "shared": view.shared,
            "text": view.text,
            "now": to_cache(now),
        },
    )


def share(database: Database, view_id: int, *, shared: bool) -> None:
    """Show a view to everybody, or to its owner only."""
    database.execute(
        "UPDATE saved_view SET shared = :shared WHERE id = :id",
        {"id": view_id, "shared": int(shared)},
    )


def remove(database: Database, view_id: int) -> None:
    """Forget a view."""
    database.execute("DELETE FROM saved_view WHERE id = :id", {"id": view_id})
