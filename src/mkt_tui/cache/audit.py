"""The audit log: who did what, when; rows are only ever added."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a person.

    Attributes:
        act: A stable word such as reply.queued, order.revealed, channel.enabled.
        detail: What else matters; never text of a message, never personal data, never a secret.
    """

    act: str
    channel: str | None = None
    ticket: str | None = None
    order_number: str | None = None
    detail: str | None = None


class Entry(NamedTuple):
    """A row of the log; cache milliseconds."""

    at: int
    agent: str
    act: str
    detail: str | None


def of_ticket(database: Database, channel: str, code: str) -> list[Entry]:
    """Return what people did with a ticket, the oldest first."""
    rows = database.rows(
        "SELECT at, agent, act, detail FROM audit WHERE ticket = :code AND channel = :channel"
        " ORDER BY id",
        {"code": code, "channel": channel},
    )
    return [Entry._make(row) for row in rows]


def record(database: Database, act: Act, agent: str, now: datetime) -> None:
    """Write the act down, within the caller's transaction if there is one."""
    database.execute(
        "INSERT INTO audit (at, agent, act, channel, ticket, order_number, detail)"
        " VALUES (:at, :agent, :act, :channel, :ticket, :order_number, :detail)",
        {
            "at": to_cache(now),
            "agent": agent,
            "act": act.act,
            "channel": act.channel,
            "ticket": act.ticket,
            "order_number": act.order_number,
            "detail": act.detail,
        },
    )
