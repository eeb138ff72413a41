"""Tickets from hand to hand: who has them, who gave them, and the whole chain (T11, T21, T22)."""

import heapq
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from mkt_tui.cache.agents import Agent
from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache

_AT_ONCE: Final = 1000


class Handover(NamedTuple):
    """One link of the chain; `before` and `after` are owners, None = nobody. Cache milliseconds."""

    at: int
    agent: str
    before: str | None
    after: str | None
    note: str | None


def give(
    database: Database,
    ticket_id: int,
    after: str | None,
    by: str,
    now: datetime,
    note: str | None = None,
) -> bool:
    """Give the ticket to an agent, or to nobody; False when it is gone or already there.

    Call inside a transaction. Drafts and replies on their way stay whose they are.
    """
    row = database.row("SELECT assignee FROM ticket WHERE id = :id", {"id": ticket_id})
    if row is None or row[0] == after:
        return False
    giver = by if after not in (None, by) else None
    database.execute(
        "UPDATE ticket SET assignee = :after, received_from = :giver WHERE id = :id",
        {"id": ticket_id, "after": after, "giver": giver},
    )
    database.execute(
        "INSERT INTO handover (ticket_id, at, agent, before, after, note)"
        " VALUES (:id, :at, :by, :before, :after, :note)",
        {
            "id": ticket_id,
            "at": to_cache(now),
            "by": by,
            "before": row[0],
            "after": after,
            "note": note or None,
        },
    )
    return True


def chain(database: Database, ticket_id: int) -> list[Handover]:
    """Return through whose hands the ticket went, the first first."""
    rows = database.rows(
        "SELECT at, agent, before, after, note FROM handover WHERE ticket_id = :id ORDER BY id",
        {"id": ticket_id},
    )
    return [Handover._make(row) for row in rows]


def held(database: Database, agent: str) -> list[int]:
    """Return the tickets an agent has to which somebody still waits, those put off too."""
    rows = database.rows(
        "SELECT id FROM ticket WHERE assignee = :agent AND state IN (0, 2) ORDER BY state, sort_at, id",
        {"agent": agent},
    )
    return [row[0] for row in rows]


def unassigned(database: Database, channel_id: int | None = None) -> list[int]:
    """Return the open tickets that nobody has, the most pressing first."""
    where = "AND channel_id = :channel_id" if channel_id else ""
    rows = database.rows(
        f"SELECT id FROM ticket WHERE state = 0 AND assignee IS NULL {where}"
        " ORDER BY state, sort_at, id LIMIT :limit",
        {"channel_id": channel_id, "limit": _AT_ONCE} if channel_id else {"limit": _AT_ONCE},
    )
    return [row[0] for row in rows]


def deal(
    database: Database,
    ticket_ids: Sequence[int],
    agents: Sequence[Agent],
    by: str,
    now: datetime,
    at_most: int | None = None,
    note: str | None = None,
) -> dict[int, str]:
    """Give each ticket to whoever has least to do then; return who got which.

    Args:
        at_most: Who has so many open tickets gets no more.
    """
    given: dict[int, str] = {}
    loads = [(each.open, place) for place, each in enumerate(agents)]
    heapq.heapify(loads)
    with database.transaction():
        for ticket_id in ticket_ids:
            if not loads or (at_most is not None and loads[0][0] >= at_most):
                break
            load, place = loads[0]
            if give(database, ticket_id, agents[place].name, by, now, note):
                given[ticket_id] = agents[place].name
                heapq.heapreplace(loads, (load + 1, place))
    return given
