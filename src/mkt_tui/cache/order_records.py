"""What an order is read from: its sections, its instants, the acts on it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from mkt_tui.cache.database import Database, Row


class OrderRecord(NamedTuple):
    """An order with its sections as JSON objects."""

    channel_id: int
    number: str
    site_number: str | None
    status: str
    marketplace_status: str
    customer: str | None
    currency: str
    created_at: int
    updated_at: int
    tracking: Mapping[str, Any]
    billing: Mapping[str, Any]
    personal: Mapping[str, Any]
    finance: Mapping[str, Any]
    transport: Mapping[str, Any]
    items: list[dict[str, Any]]
    history: list[dict[str, Any]]


class OrderOperation(NamedTuple):
    """An act on an order, newest state; `order_number` is the marketplace's."""

    id: str
    kind: str
    channel_id: int
    order_number: str
    agent: str
    state: str
    queued_at: int
    settled_at: int | None
    error: str | None


def orders(database: Database, number: str, channel_id: int | None = None) -> list[OrderRecord]:
    """Return the orders with that marketplace number or site number."""
    rows = database.rows(
        "SELECT channel_id, number, site_number, status, marketplace_status, customer, currency,"
        " created_at, updated_at, tracking, billing, personal, finance, transport, items, history"
        " FROM sales_order WHERE id IN (SELECT id FROM sales_order"
        " WHERE channel_id IN (SELECT id FROM channel) AND number = :number"
        " UNION SELECT id FROM sales_order WHERE site_number = :number)",
        {"number": number},
    )
    found = [OrderRecord(*row[:9], *map(orjson.loads, row[9:])) for row in rows]
    wanted = [each for each in found if channel_id in (None, each.channel_id)]
    return sorted(wanted, key=lambda each: (each.channel_id, each.number))


def milestones(database: Database, channel_id: int, number: str) -> Row | None:
    """Return an order's status, and its instants from `approved_at` on, as the monitor asks for."""
    return database.row(
        "SELECT status, approved_at, ship_by, shipped_at, promised_at, delivered_at"
        " FROM sales_order WHERE channel_id = :channel_id AND number = :number",
        {"channel_id": channel_id, "number": number},
    )


def order_operations(database: Database, channel_id: int, number: str) -> list[OrderOperation]:
    """Return the acts on an order that were not taken back, oldest first."""
    return _order_operations(
        database,
        "channel_id = :channel_id AND order_number = :number AND state <> 'recalled'",
        {"channel_id": channel_id, "number": number},
    )


def stranded(database: Database) -> list[OrderOperation]:
    """Return the acts on orders that failed or are in doubt, oldest first: people must look."""
    return _order_operations(
        database, "state IN ('failed', 'unknown') AND ticket_id IS NULL AND order_number <> ''", {}
    )


def _order_operations(
    database: Database, condition: str, parameters: dict[str, Any]
) -> list[OrderOperation]:
    rows = database.rows(
        "SELECT id, kind, channel_id, order_number, agent, state, queued_at, settled_at, error"
        f" FROM operation WHERE {condition} ORDER BY queued_at, id",
        parameters,
    )
    return [OrderOperation._make(row) for row in rows]
