"""What the desk reads of the queue: its pages, its counts, single tickets.

The queue's order is (state, sort_at, id), which every index of its filters ends with; the other
orders have one index each. A page at any place costs one look into an index, however long the list.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

from mkt_tui.cache.database import Database
from mkt_tui.cache.filtering import Condition
from mkt_tui.domain.tickets import Holder, Role

Key: TypeAlias = tuple[int, int, int]


class QueueState(StrEnum):
    """Which tickets a queue shows; the values are what `--state` takes."""

    OPEN = "open"
    ANSWERED = "answered"
    SNOOZED = "snoozed"
    ALL = "all"

    @property
    def number(self) -> int:
        """What the cache writes for it; not for ALL."""
        return list(QueueState).index(self)


class QueueOrder(StrEnum):
    """What a queue is sorted by; each has an index, in which open tickets come first."""

    DUE = "due"
    REGISTERED = "registered"
    CHANGED = "changed"

    @property
    def column(self) -> str:
        """The column of the ticket table."""
        return {"due": "sort_at", "registered": "registered_at", "changed": "updated_at"}[self]


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which tickets a queue shows; fields that are None leave nothing out.

    Attributes:
        late_at: Only open tickets whose deadline has passed at this instant (cache milliseconds).
        undelivered: Only tickets whose reply failed or is in doubt.
        where: What else a ticket must fulfil; no index may serve it.
        mentioned: Only tickets with a note that names this agent and was not seen yet.
        reverse: The whole list the other way round.
    """

    state: QueueState = QueueState.OPEN
    channel_id: int | None = None
    assignee: str | None = None
    late_at: int | None = None
    undelivered: bool = False
    where: Condition | None = None
    mentioned: str | None = None
    order: QueueOrder = QueueOrder.DUE
    reverse: bool = False

    @property
    def short(self) -> bool:
        """Whether few tickets can pass, found by an index of their own."""
        return self.undelivered or self.mentioned is not None


class QueueRow(NamedTuple):
    """One line of the queue; instants in cache milliseconds."""

    id: int
    state: int
    sort_at: int
    channel_id: int
    code: str
    order_number: str | None
    site_number: str | None
    customer: str | None
    subject: str
    registered_at: int
    received_at: int
    due_at: int | None
    assignee: str | None
    received_from: str | None
    delivery: str | None
    waiting: str | None
    participants: str
    kind: str = "message"
    reason: str | None = None
    due_rule: str | None = None
    house_due_at: int | None = None
    house_rule: str | None = None
    updated_at: int = 0
    held_side: str | None = None
    held_team: str | None = None
    held_person: str | None = None

    @property
    def holder(self) -> Holder | None:
        """Who has it at the marketplace; None = it was never told."""
        told = self.held_side, self.held_team, self.held_person
        if told == (None, None, None):
            return None
        return Holder(Role(told[0]) if told[0] else None, *told[1:])

    @property
    def key(self) -> Key:
        """Its place in the queue's order."""
        return self.state, self.sort_at, self.id


class ChannelCount(NamedTuple):
    """How many open tickets a channel has, and how many of them are late."""

    channel_id: int
    open: int
    late: int


ROW = (
    "ticket.id, ticket.state, ticket.sort_at, ticket.channel_id, ticket.code,"
    " ticket.order_number, sales_order.site_number,"
    " COALESCE(sales_order.customer, ticket.customer), ticket.subject, ticket.registered_at,"
    " ticket.received_at, ticket.due_at, ticket.assignee, ticket.received_from, ticket.delivery,"
    " ticket.waiting, ticket.participants, ticket.kind, ticket.reason, ticket.due_rule,"
    " ticket.house_due_at, ticket.house_rule, ticket.updated_at,"
    " holder.side, holder.team, holder.person"
)
_BESIDE = (
    " LEFT JOIN sales_order ON sales_order.channel_id = ticket.channel_id"
    " AND sales_order.number = ticket.order_number"
    " LEFT JOIN holder ON holder.ticket_id = ticket.id"
)
FROM = f" FROM ticket{_BESIDE}"


def page(
    database: Database, wanted: QueueFilter, anchor: Key | None, offset: int, limit: int
) -> list[QueueRow]:
    """Return `limit` rows of the queue from the `offset`-th after `anchor` (inclusive) on."""
    conditions, parameters = _conditions(wanted)
    if anchor is not None:
        conditions += _bound(wanted, "not before", ":state", ":value", ":id")
        parameters |= {"state": anchor[0], "value": anchor[1], "id": anchor[2]}
    # Rows and their orders are looked up for the page only, not for what the offset leaves out.
    rows = database.rows(
        f"SELECT {ROW} FROM (SELECT id FROM ticket WHERE {conditions}{_sorted(wanted)}"
        " LIMIT :limit OFFSET :offset) AS picked JOIN ticket ON ticket.id = picked.id"
        f"{_BESIDE}{_sorted(wanted)}",
        parameters | {"limit": limit, "offset": offset},
    )
    return [QueueRow._make(row) for row in rows]


def count(
    database: Database, wanted: QueueFilter, first: Key | None = None, end: Key | None = None
) -> int:
    """Return how many tickets the filter lets through, from `first` on, before `end`."""
    conditions, parameters = _conditions(wanted)
    for side, mark, key in (("not before", "first", first), ("before", "end", end)):
        if key is not None:
            names = [f"{mark}_state", f"{mark}_value", f"{mark}_id"]
            conditions += _bound(wanted, side, *(f":{each}" for each in names))
            parameters |= dict(zip(names, key, strict=True))
    return int(database.value(f"SELECT COUNT(*) FROM ticket WHERE {conditions}", parameters))


def anchors(database: Database, wanted: QueueFilter, step: int) -> list[Key]:
    """Return the key of every `step`-th row, from the first on.

    It hops through the index; numbering the rows took fifteen times as long.
    """
    conditions, parameters = _conditions(wanted)
    beyond = _bound(wanted, "after", "hop.state", "hop.value", "hop.id")
    first, reached = (
        f"{table}.state, {table}.{wanted.order.column} AS value, {table}.id"
        for table in ("ticket", "reached")
    )
    rows = database.rows(
        f"WITH RECURSIVE hop AS (SELECT state, value, id FROM (SELECT {first} FROM ticket"
        f" WHERE {conditions}{_sorted(wanted)} LIMIT 1) AS first_row"
        f" UNION ALL SELECT {reached} FROM hop"
        " JOIN ticket AS reached ON reached.id = (SELECT ticket.id FROM ticket"
        f" WHERE {conditions}{beyond}{_sorted(wanted)} LIMIT 1 OFFSET :step - 1))"
        " SELECT state, value, id FROM hop",
        parameters | {"step": step},
    )
    return [(row[0], row[1], row[2]) for row in rows]


def key(database: Database, wanted: QueueFilter, ticket_id: int) -> Key | None:
    """Return a ticket's place in the queue's order, None when the filter leaves it out."""
    conditions, parameters = _conditions(wanted)
    row = database.row(
        f"SELECT state, {wanted.order.column}, id FROM ticket"
        f" WHERE id = :ticket_id AND {conditions}",
        parameters | {"ticket_id": ticket_id},
    )
    return (row[0], row[1], row[2]) if row else None


def counts(database: Database, now: int) -> list[ChannelCount]:
    """Return the open and late tickets of every channel."""
    # Two ranges of the channel's own index; grouping all open tickets took ten times as long.
    open_ones = "SELECT COUNT(*) FROM ticket WHERE channel_id = channel.id AND state = 0"
    rows = database.rows(
        f"SELECT id, ({open_ones}), ({open_ones} AND sort_at <= :now) FROM channel", {"now": now}
    )
    return [ChannelCount(*row) for row in rows]


def undelivered(database: Database) -> dict[str, int]:
    """Return how many tickets have a reply that failed, and how many one in doubt."""
    return dict(
        database.rows(
            "SELECT delivery, COUNT(*) FROM ticket WHERE delivery IN ('failed', 'unknown')"
            " GROUP BY delivery"
        )
    )


def ticket(database: Database, ticket_id: int) -> QueueRow | None:
    """Return one ticket."""
    row = database.row(f"SELECT {ROW}{FROM} WHERE ticket.id = :id", {"id": ticket_id})
    return QueueRow._make(row) if row else None


def tickets(database: Database, ids: Iterable[int]) -> list[QueueRow]:
    """Return the tickets of these ids, in no order."""
    listed = ", ".join(str(int(each)) for each in ids)
    rows = database.rows(f"SELECT {ROW}{FROM} WHERE ticket.id IN ({listed})") if listed else []
    return [QueueRow._make(row) for row in rows]


def count_up_to(database: Database, wanted: QueueFilter, most: int) -> int:
    """Return how many tickets the filter lets through, counting no further than `most`."""
    conditions, parameters = _conditions(wanted)
    query = f"SELECT 1 FROM ticket WHERE {conditions} LIMIT :most"
    return int(
        database.value(f"SELECT COUNT(*) FROM ({query}) AS found", parameters | {"most": most})
    )


def ids(database: Database, wanted: QueueFilter) -> Iterator[int]:
    """Return the ids of all rows of the queue, in its order."""
    conditions, parameters = _conditions(wanted)
    rows = database.each(f"SELECT id FROM ticket WHERE {conditions}{_sorted(wanted)}", parameters)
    return (row[0] for row in rows)


def has_tickets(database: Database, channel_id: int) -> bool:
    """Tell whether the channel has any ticket."""
    where = {"id": channel_id}
    return bool(database.value("SELECT 1 FROM ticket WHERE channel_id = :id LIMIT 1", where))


def tickets_by_code(database: Database, code: str) -> list[QueueRow]:
    """Return the tickets of that code; two channels may have given the same one."""
    # Codes are in the index of their channels, which are few.
    rows = database.rows(
        f"SELECT {ROW}{FROM} WHERE ticket.channel_id IN (SELECT id FROM channel)"
        " AND ticket.code = :code",
        {"code": code},
    )
    return [QueueRow._make(row) for row in rows]


def tickets_of_order(database: Database, channel_id: int, number: str) -> list[QueueRow]:
    """Return all protocols of an order, open and answered (T10, T35)."""
    rows = database.rows(
        f"SELECT {ROW}{FROM} WHERE ticket.channel_id = :channel_id"
        " AND ticket.order_number = :number",
        {"channel_id": channel_id, "number": number},
    )
    # Sorted here: asked to sort, the database walks the channel's queue instead of the order's.
    return sorted((QueueRow._make(row) for row in rows), key=lambda row: row.key)


def tickets_of_customer(database: Database, name: str, limit: int = 50) -> list[QueueRow]:
    """Return the newest tickets under a customer's name, on all channels."""
    rows = database.rows(
        f"SELECT {ROW}{FROM} WHERE ticket.customer = :name"
        " ORDER BY ticket.received_at DESC, ticket.id LIMIT :limit",
        {"name": name, "limit": limit},
    )
    return [QueueRow._make(row) for row in rows]


def _conditions(wanted: QueueFilter) -> tuple[str, dict[str, Any]]:
    parts: list[str] = []
    parameters: dict[str, Any] = {}
    if wanted.channel_id is not None:
        parts.append("ticket.channel_id = :channel_id")
        parameters["channel_id"] = wanted.channel_id
    if wanted.assignee is not None:
        parts.append("ticket.assignee = :assignee")
        parameters["assignee"] = wanted.assignee
    if wanted.state is not QueueState.ALL:
        parts.append(f"ticket.state = {wanted.state.number}")
    if wanted.late_at is not None:
        parts.append("ticket.state = 0 AND ticket.sort_at <= :late_at")
        parameters["late_at"] = wanted.late_at
    if wanted.undelivered:
        parts.append("ticket.delivery IN ('failed', 'unknown')")
    if wanted.mentioned is not None:
        parts.append(
            "ticket.id IN (SELECT ticket_id FROM mention"
            " WHERE agent = :mentioned AND seen_at IS NULL)"
        )
        parameters["mentioned"] = wanted.mentioned
    if wanted.where is not None:
        parts.append(f"({wanted.where.sql})")
        parameters |= wanted.where.parameters
    return " AND ".join(parts) or "1 = 1", parameters


def _sorted(wanted: QueueFilter) -> str:
    way = " DESC" if wanted.reverse else ""
    parts = ("state", wanted.order.column, "id")
    return " ORDER BY " + ", ".join(f"ticket.{each}{way}" for each in parts)


def _bound(wanted: QueueFilter, side: str, state: str, value: str, row_id: str) -> str:
    """Return the condition of standing on a side of a key in the list's own direction."""
    onwards, back = ("<", ">") if wanted.reverse else (">", "<")
    sign = {"after": onwards, "not before": f"{onwards}=", "before": back}[side]
    column = f"ticket.{wanted.order.column}"
    # Beside `state = …` SQLite seeks by a row value only when the state is not part of it.
    if wanted.state is not QueueState.ALL or wanted.late_at is not None:
        return f" AND ({column}, ticket.id) {sign} ({value}, {row_id})"
    return f" AND (ticket.state, {column}, ticket.id) {sign} ({state}, {value}, {row_id})"
