"""What happened around an order, from every table that knows of it (T9: Histórico)."""

from typing import NamedTuple

from mkt_tui.cache.database import Database


class StatusChange(NamedTuple):
    """The marketplace changed the order's status; instants in cache milliseconds."""

    at: int
    was: str
    became: str


class Spoken(NamedTuple):
    """A message on one of the order's tickets; never its words, which may be personal."""

    at: int
    ticket: str
    author: str
    author_name: str


class Left(NamedTuple):
    """Something that left for the marketplace, or is about to, and where it stands."""

    at: int
    kind: str
    agent: str
    state: str
    error: str | None


class Done(NamedTuple):
    """An act of the audit log."""

    at: int
    agent: str
    act: str
    detail: str | None


class Story(NamedTuple):
    """All of it, each part from the oldest on."""

    statuses: list[StatusChange]
    messages: list[Spoken]
    operations: list[Left]
    acts: list[Done]


def of_order(database: Database, channel_id: int, channel: str, number: str) -> Story:
    """Return what is known of an order's past; `channel` is its channel's name."""
    order = {"channel_id": channel_id, "number": number}
    statuses = database.rows(
        "SELECT at, was, became FROM order_status"
        " WHERE channel_id = :channel_id AND number = :number ORDER BY id",
        order,
    )
    messages = database.rows(
        "SELECT sent_at, ticket.code, author, author_name FROM ticket"
        " JOIN message ON message.ticket_id = ticket.id"
        " WHERE ticket.channel_id = :channel_id AND ticket.order_number = :number ORDER BY sent_at",
        order,
    )
    operations = database.rows(
        "SELECT queued_at, kind, operation.agent, operation.state, error FROM operation"
        " WHERE operation.channel_id = :channel_id AND (order_number = :number OR ticket_id IN"
        " (SELECT id FROM ticket WHERE ticket.channel_id = :channel_id"
        " AND ticket.order_number = :number)) ORDER BY queued_at",
        order,
    )
    acts = database.rows(
        "SELECT at, agent, act, detail FROM audit"
        " WHERE order_number = :number AND channel = :channel ORDER BY id",
        {"number": number, "channel": channel},
    )
    return Story(
        [StatusChange._make(row) for row in statuses],
        [Spoken._make(row) for row in messages],
        [Left._make(row) for row in operations],
        [Done._make(row) for row in acts],
    )
