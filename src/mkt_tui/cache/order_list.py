"""The orders as a list, the newest first: any place of it costs one look into an index."""

from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from mkt_tui.cache.database import Database

Key: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders a list shows; fields that are None leave nothing out.

    Attributes:
        status: A word of `domain.orders.OrderStatus`.
        touched: Only orders on which a person did something from here (C17).
        number: Only orders with a number that begins so: the marketplace's, the seller's own, a
            parcel's, or a ticket's.
    """

    channel_id: int | None = None
    status: str | None = None
    touched: bool = False
    number: str | None = None


class OrderRow(NamedTuple):
    """One line of the list; instants in cache milliseconds, sections as their JSON text.

    Attributes:
        under_way: How many acts on it have not arrived at the marketplace, refused ones too.
        erp: Whether the seller's own system holds it: 0 = no, 1 = yes, 2 = an act changed the
            marketplace only; None = that system was never read.
    """

    id: int
    created_at: int
    channel_id: int
    number: str
    site_number: str | None
    customer: str | None
    status: str
    marketplace_status: str
    currency: str
    updated_at: int
    finance: str
    tracking: str
    items: str
    touched: str | None
    touched_at: int | None
    touched_by: str | None
    tickets: int
    open_tickets: int
    under_way: int
    erp: int | None

    @property
    def key(self) -> Key:
        """Its place in the list's order."""
        return self.created_at, self.id


_OF_ORDER = "channel_id = sales_order.channel_id AND order_number = sales_order.number"
_OF_NUMBER = "channel_id = sales_order.channel_id AND number = sales_order.number"
_ROW = (
    "id, created_at, channel_id, number, site_number, customer, status, marketplace_status,"
    " currency, updated_at, finance, tracking, items, touched, touched_at, touched_by,"
    f" (SELECT COUNT(*) FROM ticket WHERE ticket.{_OF_ORDER}),"
    f" (SELECT COUNT(*) FROM ticket WHERE ticket.{_OF_ORDER} AND ticket.state = 0),"
    " (SELECT COUNT(*) FROM operation WHERE"
    f" operation.{_OF_ORDER} AND operation.state IN ('queued', 'sending', 'unknown', 'failed')),"
    f" CASE WHEN EXISTS (SELECT 1 FROM order_link WHERE order_link.{_OF_NUMBER} AND diverged = 1)"
    f" THEN 2 WHEN EXISTS (SELECT 1 FROM erp_order WHERE erp_order.{_OF_NUMBER}) THEN 1"
    " WHEN EXISTS (SELECT 1 FROM erp_read WHERE erp_read.channel_id = sales_order.channel_id)"
    " THEN 0 END"
)
_ORDER = " ORDER BY created_at DESC, id DESC"
# Unlike LIKE, a range uses the index; U+10FFFF sorts after whatever a number goes on with.
BEGINS = "{column} >= :number AND {column} < :beyond"

# What is unique within a channel has one index, led by the channel; there are few of them.
_IN_CHANNELS = "{table}.channel_id IN (SELECT id FROM channel) AND "


def page(
    database: Database, wanted: OrderFilter, anchor: Key | None, offset: int, limit: int
) -> list[OrderRow]:
    """Return `limit` rows of the list from the `offset`-th after `anchor` (inclusive) on."""
    conditions, parameters = _conditions(wanted)
    if anchor is not None:
        conditions += " AND (created_at, id) <= (:created_at, :id)"
        parameters |= {"created_at": anchor[0], "id": anchor[1]}
    rows = database.rows(
        f"SELECT {_ROW} FROM sales_order WHERE {conditions}{_ORDER} LIMIT :limit OFFSET :offset",
        parameters | {"limit": limit, "offset": offset},
    )
    return [OrderRow._make(row) for row in rows]


def anchors(database: Database, wanted: OrderFilter, step: int) -> list[Key]:
    """Return the key of every `step`-th row, from the first on."""
    conditions, parameters = _conditions(wanted)
    rows = database.rows(
        "SELECT created_at, id FROM (SELECT created_at, id, ROW_NUMBER() OVER"
        f" ({_ORDER.strip()}) AS place FROM sales_order WHERE {conditions})"
        f" AS placed WHERE (place - 1) % :step = 0{_ORDER}",
        parameters | {"step": step},
    )
    return [(row[0], row[1]) for row in rows]


def count(
    database: Database, wanted: OrderFilter, start: Key | None = None, end: Key | None = None
) -> int:
    """Return how many orders there are from the key `start` (inclusive) to `end` (exclusive)."""
    conditions, parameters = _conditions(wanted)
    if start is not None:
        conditions += " AND (created_at, id) <= (:start_at, :start_id)"
        parameters |= {"start_at": start[0], "start_id": start[1]}
    if end is not None:
        conditions += " AND (created_at, id) > (:end_at, :end_id)"
        parameters |= {"end_at": end[0], "end_id": end[1]}
    return int(database.value(f"SELECT COUNT(*) FROM sales_order WHERE {conditions}", parameters))


def key(database: Database, wanted: OrderFilter, order_id: int) -> Key | None:
    """Return where an order stands in the list, None when the filter leaves it out."""
    conditions, parameters = _conditions(wanted)
    row = database.row(
        f"SELECT created_at, id FROM sales_order WHERE id = :order_id AND {conditions}",
        parameters | {"order_id": order_id},
    )
    return (row[0], row[1]) if row else None


def counts(database: Database) -> dict[str, int]:
    """Return how many orders there are of each status."""
    # By skipping along the index: grouping walks every order.
    statuses = [
        row[0]
        for row in database.rows(
            "WITH RECURSIVE found(status) AS (SELECT MIN(status) FROM sales_order UNION ALL"
            " SELECT (SELECT MIN(status) FROM sales_order WHERE sales_order.status > found.status)"
            " FROM found WHERE found.status IS NOT NULL)"
            " SELECT status FROM found WHERE status IS NOT NULL"
        )
    ]
    return {each: count(database, OrderFilter(status=each)) for each in statuses}


def _conditions(wanted: OrderFilter) -> tuple[str, dict[str, Any]]:
    parts: list[str] = []
    parameters: dict[str, Any] = {}
    for column in ("channel_id", "status"):
        if (value := getattr(wanted, column)) is not None:
            parts.append(f"{column} = :{column}")
            parameters[column] = value
    if wanted.touched:
        parts.append("touched_at IS NOT NULL")
    if wanted.number is not None:
        parts.append(f"id IN ({by_number()})")
        parameters |= beginning(wanted.number)
    return " AND ".join(parts) or "1 = 1", parameters


def beginning(number: str) -> dict[str, str]:
    """Return the parameters of BEGINS, for what begins with `number`."""
    return {"number": number, "beyond": number + "\U0010ffff"}


def by_number() -> str:
    """Return the statement that finds the ids of orders by the beginning of any number; see BEGINS."""
    own = " UNION ".join(
        f"SELECT id FROM sales_order WHERE {among}{BEGINS.format(column=column)}"
        for among, column in (
            (_IN_CHANNELS.format(table="sales_order"), "number"),
            ("", "site_number"),
        )
    )
    others = " UNION ".join(
        "SELECT found.id FROM sales_order AS found JOIN {table} ON {table}.channel_id ="
        " found.channel_id AND {table}.order_number = found.number WHERE {among}{begins}".format(
            table=table, among=among, begins=BEGINS.format(column=f"{table}.{column}")
        )
        for among, table, column in (
            ("", "parcel", "number"),
            ("", "parcel", "first_number"),
            (_IN_CHANNELS.format(table="ticket"), "ticket", "code"),
        )
    )
    return f"{own} UNION {others}"
