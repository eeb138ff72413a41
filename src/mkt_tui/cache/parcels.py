"""Parcels and changes of status, as pages of orders tell of them."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache
from mkt_tui.domain.orders import OrderParcel, OrderSnapshot, OrderStatus

# A first snapshot is no change, and an overtaken one tells nothing new.
_STATUSES: Final = """
INSERT INTO order_status (channel_id, number, at, was, became)
SELECT channel_id, number, CAST(:updated_at AS BIGINT), marketplace_status, :marketplace_status
FROM sales_order WHERE channel_id = :channel_id AND number = :number
    AND marketplace_status <> :marketplace_status AND updated_at <= :updated_at
"""
# A number that was replaced is known for ever, or a late page would bring it back (C13).
_PARCELS: Final = """
INSERT INTO parcel (channel_id, order_number, carrier, number, url, seen_at, next_look_at, events)
SELECT CAST(:channel_id AS INTEGER), :order_number, :carrier, :number, :url,
    CAST(:seen_at AS BIGINT), CAST(:next_look_at AS BIGINT), '[]'
WHERE NOT EXISTS (SELECT 1 FROM parcel WHERE channel_id = :channel_id
    AND order_number = :order_number AND (number = :number OR first_number = :number))
"""
_ENDED: Final = (OrderStatus.DELIVERED, OrderStatus.CANCELLED, OrderStatus.REFUSED)


def note_statuses(database: Database, rows: Sequence[dict[str, Any]]) -> None:
    """Keep what the orders' status was before these rows change it; call just before they do."""
    database.execute_many(_STATUSES, rows)


def note_parcels(database: Database, channel_id: int, orders: Iterable[OrderSnapshot]) -> None:
    """Keep the parcels that the orders tell of; one that is known is left as it is."""
    database.execute_many(
        _PARCELS,
        [_row(channel_id, order, parcel) for order in orders for parcel in order.sent_parcels],
    )


def _row(channel_id: int, order: OrderSnapshot, parcel: OrderParcel) -> dict[str, Any]:
    seen = to_cache(order.tracking.shipped_at or order.updated_at)
    return {
        "channel_id": channel_id,
        "order_number": order.number,
        "carrier": parcel.carrier,
        "number": parcel.number,
        "url": parcel.url,
        "seen_at": seen,
        "next_look_at": None if order.status in _ENDED else seen,
    }
