"""Who may be given tickets, who is at a desk, and how much each has to do."""

from datetime import datetime
from typing import NamedTuple

from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache


class Agent(NamedTuple):
    """An agent; `open` is how many open tickets are assigned to him or her."""

    name: str
    away: bool
    present: bool
    open: int


def come(database: Database, name: str, now: datetime, until: datetime) -> None:
    """Know the agent, and count on his or her desk until then."""
    database.execute(
        "INSERT INTO agent (name, away, present_until, added_at) VALUES (:name, 0, :until, :now)"
        " ON CONFLICT (name) DO UPDATE SET present_until = excluded.present_until",
        {"name": name, "now": to_cache(now), "until": to_cache(until)},
    )


def add(database: Database, name: str, now: datetime) -> bool:
    """Know an agent who has opened no desk yet; False when known already."""
    added = database.execute(
        "INSERT INTO agent (name, away, present_until, added_at) VALUES (:name, 0, 0, :now)"
        " ON CONFLICT (name) DO NOTHING",
        {"name": name, "now": to_cache(now)},
    )
    return added == 1


def leave(database: Database, name: str, now: datetime) -> None:
    """Count on that desk no longer."""
    database.execute(
        "UPDATE agent SET present_until = :now WHERE name = :name AND present_until > :now",
        {"name": name, "now": to_cache(now)},
    )


def set_away(database: Database, name: str, *, away: bool) -> bool:
    """Give the agent no more tickets, or again; False when unknown."""
    changed = database.execute(
        "UPDATE agent SET away = :away WHERE name = :name", {"name": name, "away": int(away)}
    )
    return changed == 1


def everybody(database: Database, now: datetime) -> list[Agent]:
    """Return all agents by name."""
    loads: dict[str, int] = dict(
        database.rows(
            "SELECT assignee, COUNT(*) FROM ticket WHERE assignee IS NOT NULL AND state = 0"
            " GROUP BY assignee"
        )
    )
    rows = database.rows("SELECT name, away, present_until FROM agent ORDER BY name")
    at = to_cache(now)
    return [Agent(row[0], bool(row[1]), row[2] > at, loads.get(row[0], 0)) for row in rows]
