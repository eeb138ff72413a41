"""Pages of orders into the cache, each page with its cursor in one transaction.

Writing the same page twice changes nothing; a snapshot older than what is known changes nothing;
a field that the marketplace no longer tells never replaces a known value.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from mkt_tui.cache import indexing, monitor_present, notices, order_dates, parcels
from mkt_tui.cache.database import Database
from mkt_tui.cache.indexing import SECTIONS
from mkt_tui.cache.instants import FOREVER, maybe_to_cache, to_cache
from mkt_tui.cache.listed import run_listed
from mkt_tui.cache.streams import Stream, advance
from mkt_tui.cache.told import told
from mkt_tui.domain.deadlines.clocks import Clocks
from mkt_tui.domain.monitor import GONE, milestones
from mkt_tui.domain.orders import OrderSnapshot, Unreadable

_INSTANTS: Final = ("approved_at", "shipped_at", "delivered_at")
_DATES: Final = ("ship_by", "promised_at")
_ORDERS: Final = f"""
INSERT INTO sales_order (channel_id, number, site_number, status, marketplace_status, customer,
    currency, created_at, updated_at, tracking, billing, personal, finance, transport, items, history,
    approved_at, ship_by, ship_rule, shipped_at, promised_at, promised_rule, delivered_at, moved_at,
    open_until)
VALUES (:channel_id, :number, :site_number, :status, :marketplace_status, :customer,
    :currency, :created_at, :updated_at, :tracking, :billing, :personal, :finance, :transport,
    :items, :history,
    :approved_at, :ship_by, :ship_rule, :shipped_at, :promised_at, :promised_rule, :delivered_at,
    :moved_at, :open_until)
ON CONFLICT (channel_id, number) DO UPDATE SET
    site_number = COALESCE(excluded.site_number, sales_order.site_number),
    status = CASE excluded.marketplace_status WHEN '' THEN sales_order.status
        ELSE excluded.status END,
    marketplace_status = CASE excluded.marketplace_status WHEN '' THEN
        sales_order.marketplace_status ELSE excluded.marketplace_status END,
    customer = COALESCE(excluded.customer, sales_order.customer),
    updated_at = excluded.updated_at,
    {", ".join(f"{name} = json_patch(sales_order.{name}, excluded.{name})" for name in SECTIONS)},
    items = CASE excluded.items WHEN '[]' THEN sales_order.items ELSE excluded.items END,
    history = CASE excluded.history WHEN '[]' THEN sales_order.history ELSE excluded.history END,
    {", ".join(f"{name} = COALESCE(excluded.{name}, sales_order.{name})" for name in _INSTANTS)},
    {order_dates.KEPT},
    moved_at = CASE WHEN excluded.moved_at > COALESCE(sales_order.moved_at, 0)
        THEN excluded.moved_at ELSE sales_order.moved_at END,
    open_until = CASE WHEN excluded.status IN ({", ".join(f"'{each}'" for each in GONE)}) THEN NULL
        WHEN COALESCE(excluded.approved_at, sales_order.approved_at) IS NULL THEN NULL
        ELSE COALESCE(excluded.delivered_at, sales_order.delivered_at, {FOREVER}) END
WHERE excluded.updated_at >= sales_order.updated_at
"""
_ARRIVED: Final = "DELETE FROM order_notice WHERE channel_id = :channel_id AND number IN ({texts})"
_UNREADABLE: Final = """
INSERT INTO order_notice (channel_id, number, notified_at, error) VALUES (?, ?, ?, ?)
ON CONFLICT (channel_id, number) DO UPDATE SET error = excluded.error
"""


def write_orders(
    database: Database,
    stream: Stream,
    snapshots: Sequence[OrderSnapshot],
    unreadable: Sequence[Unreadable] = (),
    now: datetime | None = None,
    clocks: Clocks | None = None,
) -> None:
    """Write a page of orders and the stream's new cursor.

    Args:
        unreadable: Orders of the page that could not be read; each leaves a notice (M1).
        now: When the page came in; needed where something was unreadable.
        clocks: The deadline rules of the channel (M17); None = the marketplace's own dates only.
    """
    with database.transaction(durable=False):
        enter_orders(database, stream.channel_id, snapshots, clocks)
        if now and unreadable:
            at = to_cache(now)
            rows = [(stream.channel_id, each.number, at, each.why) for each in unreadable]
            database.execute_many(_UNREADABLE, rows)
        notices.of_channel(database, stream)
        advance(database, stream)


def write_order(
    database: Database, channel_id: int, snapshot: OrderSnapshot, clocks: Clocks | None = None
) -> None:
    """Write one order that was asked for by its number."""
    with database.transaction():
        enter_orders(database, channel_id, [snapshot], clocks)


def enter_orders(
    database: Database,
    channel_id: int,
    snapshots: Sequence[OrderSnapshot],
    clocks: Clocks | None,
) -> None:
    """Write orders, as people enter them too; call inside a transaction. See `write_orders`."""
    _write(database, channel_id, snapshots, clocks)
    indexing.index_orders(database, channel_id, snapshots)


def correct_date(database: Database, channel_id: int, number: str, created: datetime) -> None:
    """Put right when an order was made, which no marketplace changes but a person may mistype."""
    database.execute(
        "UPDATE sales_order SET created_at = :at WHERE channel_id = :channel_id AND number = :number",
        {"at": to_cache(created), "channel_id": channel_id, "number": number},
    )


def _write(
    database: Database,
    channel_id: int,
    snapshots: Sequence[OrderSnapshot],
    clocks: Clocks | None,
) -> None:
    rules = clocks.of_orders() if clocks else None
    rows = [_order(channel_id, each, rules) for each in snapshots]
    parcels.note_statuses(database, rows)
    database.execute_many(_ORDERS, rows)
    parcels.note_parcels(database, channel_id, snapshots)
    order_dates.note_moves(
        database,
        channel_id,
        [
            (each.number, event.at)
            for each in snapshots
            for event in each.history
            if event.what == "moved"
        ],
    )
    numbers = [each.number for each in snapshots]
    monitor_present.watch(database, channel_id, numbers)
    run_listed(database, _ARRIVED, channel_id, numbers)


def _order(channel_id: int, order: OrderSnapshot, clocks: Clocks | None) -> dict[str, Any]:
    return {
        "channel_id": channel_id,
        "number": order.number,
        "site_number": order.site_number,
        "status": order.status,
        "marketplace_status": order.marketplace_status,
        "customer": order.customer,
        "currency": order.currency,
        "created_at": to_cache(order.created_at),
        "updated_at": to_cache(order.updated_at),
        "items": orjson.dumps(order.items).decode(),
        "history": orjson.dumps(order.history).decode(),
        **_milestones(order, clocks),
    } | {name: orjson.dumps(told(getattr(order, name))).decode() for name in SECTIONS}


def _milestones(order: OrderSnapshot, clocks: Clocks | None) -> dict[str, Any]:
    known = milestones(order)
    told = {name: maybe_to_cache(getattr(known, name)) for name in (*_INSTANTS, *_DATES)}
    told |= order_dates.by_rule(clocks, known.approved_at, told)
    told["moved_at"] = maybe_to_cache(max(known.moves, default=None))
    is_watched = known.approved_at is not None and not known.gone
    ends = FOREVER if told["delivered_at"] is None else told["delivered_at"]
    return told | {"open_until": ends if is_watched else None}
