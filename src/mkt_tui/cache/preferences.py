"""How each agent wants the desk to look, kept with the cache so that it follows the agent."""

from typing import Any

import orjson

from mkt_tui.cache.database import Database


def find(database: Database, agent: str, name: str) -> Any:
    """Return what was kept under a name, None when nothing was."""
    kept = database.value(
        "SELECT value FROM preference WHERE agent = :agent AND name = :name",
        {"agent": agent, "name": name},
    )
    return None if kept is None else orjson.loads(kept)


def keep(database: Database, agent: str, name: str, value: Any) -> None:
    """Keep a value that JSON can hold."""
    database.execute(
        "INSERT INTO preference (agent, name, value) VALUES (:agent, :name, :value)"
        " ON CONFLICT (agent, name) DO UPDATE SET value = excluded.value",
        {"agent": agent, "name": name, "value": orjson.dumps(value).decode()},
    )
