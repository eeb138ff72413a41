"""Parcels and changes of status: what pages of orders tell of them, and what carriers do."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import uuid4

import orjson

from mkt_tui.cache import monitor_present, order_dates
from mkt_tui.cache.audit import Act, record
from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import from_cache, maybe_to_cache, to_cache
from mkt_tui.cache.operations import queue
from mkt_tui.domain import order_operations
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.order_operations import TrackOrder
from mkt_tui.domain.orders import OrderParcel, OrderSnapshot, OrderStatus
from mkt_tui.domain.parcels import Parcel, ParcelReport, ParcelState

# Who corrects a number where no person does.
TRACKING: Final = "tracking"

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


class Look(NamedTuple):
    """What came of one look at a carrier.

    Attributes:
        report: None when the carrier does not know the parcel yet.
        number: The carrier's number that replaces the parcel's own.
        again: When the next look is due; None = no more.
        tells_marketplace: Whether the channel's orders can be given another number.
    """

    parcel: Parcel
    report: ParcelReport | None
    number: str | None
    url: str | None
    at: datetime
    again: datetime | None
    tells_marketplace: bool


class ParcelRecord(NamedTuple):
    """A parcel as the order's sheet shows it; instants in cache milliseconds."""

    id: int
    carrier: str | None
    number: str
    url: str | None
    first_number: str | None
    corrected_at: int | None
    state: str | None
    events: list[dict[str, Any]]
    promised_at: int | None
    delivered_at: int | None
    looked_at: int | None
    error: str | None


def of_order(database: Database, channel_id: int, number: str) -> list[ParcelRecord]:
    """Return the parcels of an order, the first one first."""
    rows = database.rows(
        "SELECT id, carrier, number, url, first_number, corrected_at, state, events, promised_at,"
        " delivered_at, looked_at, error FROM parcel"
        " WHERE channel_id = :channel_id AND order_number = :number ORDER BY id",
        {"channel_id": channel_id, "number": number},
    )
    return [ParcelRecord._make((*row[:7], orjson.loads(row[7]), *row[8:])) for row in rows]


def due(database: Database, channel_id: int, now: datetime, limit: int) -> list[Parcel]:
    """Return the channel's parcels whose carrier is to be asked, those that wait longest first."""
    rows = database.rows(
        "SELECT parcel.id, order_number, parcel.number, carrier,"
        " COALESCE(site_number, order_number), seen_at, first_number, state"
        " FROM parcel LEFT JOIN sales_order ON sales_order.channel_id = parcel.channel_id"
        " AND sales_order.number = order_number WHERE parcel.channel_id = :channel_id"
        " AND next_look_at <= :now ORDER BY next_look_at, parcel.id LIMIT :limit",
        {"channel_id": channel_id, "now": to_cache(now), "limit": limit},
    )
    return [
        Parcel(
            *(row[0], row[1], row[2], row[3], row[4], from_cache(row[5]), row[6]),
            state=ParcelState(row[7]) if row[7] else None,
        )
        for row in rows
    ]


def put_off(database: Database, parcel: int, error: UserError | None, again: datetime) -> None:
    """Note that the carrier was not or could not be asked, and when it is asked again."""
    database.execute(
        "UPDATE parcel SET next_look_at = :again, error = :error WHERE id = :id",
        {"id": parcel, "again": to_cache(again), "error": error.to_json() if error else None},
    )


def show_page(database: Database, parcel: int, url: str | None, again: datetime) -> None:
    """Note the page of a parcel whose carrier cannot be asked; the marketplace's own one stays."""
    database.execute(
        "UPDATE parcel SET url = COALESCE(url, :url), next_look_at = :again, error = NULL"
        " WHERE id = :id",
        {"id": parcel, "url": url, "again": to_cache(again)},
    )


def note(database: Database, look: Look, channel: Channel) -> bool:
    """Write what a look found; a number that is put right queues its operation along with it.

    Returns:
        Whether the carrier knew the parcel.
    """
    with database.transaction():
        database.execute(
            "UPDATE parcel SET looked_at = :at, next_look_at = :again, error = NULL,"
            " url = COALESCE(url, :url) WHERE id = :id",
            {
                "id": look.parcel.id,
                "at": to_cache(look.at),
                "again": maybe_to_cache(look.again),
                "url": look.url,
            },
        )
        if look.report is None:
            return False
        _note_report(database, look.parcel, look.report)
        _note_order(database, channel.id, look.parcel, look.report)
        if look.number is not None:
            _correct(database, look, look.number, channel)
    return True


def _note_report(database: Database, parcel: Parcel, report: ParcelReport) -> None:
    database.execute(
        "UPDATE parcel SET state = :state, events = :events,"
        " promised_at = COALESCE(CAST(:promised_at AS BIGINT), promised_at),"
        " delivered_at = COALESCE(CAST(:delivered_at AS BIGINT), delivered_at) WHERE id = :id",
        {
            "id": parcel.id,
            "state": report.state,
            "events": orjson.dumps(report.events).decode(),
            "promised_at": maybe_to_cache(report.promised_at),
            "delivered_at": maybe_to_cache(report.delivered_at),
        },
    )


def _note_order(database: Database, channel_id: int, parcel: Parcel, report: ParcelReport) -> None:
    """Let the monitor see that the carrier moved, and that the last parcel arrived."""
    events = [(parcel.order_number, each.at) for each in report.events]
    order_dates.note_moves(database, channel_id, events)
    moved = max((each.at for each in report.events), default=None)
    database.execute(
        "UPDATE sales_order SET moved_at = CASE WHEN COALESCE(moved_at, 0) < CAST(:moved AS BIGINT)"
        " THEN CAST(:moved AS BIGINT) ELSE moved_at END,"
        " delivered_at = CASE WHEN delivered_at IS NOT NULL OR EXISTS (SELECT 1 FROM parcel"
        " WHERE parcel.channel_id = sales_order.channel_id AND order_number = sales_order.number"
        " AND parcel.delivered_at IS NULL) THEN delivered_at ELSE CAST(:delivered AS BIGINT) END"
        " WHERE channel_id = :channel_id AND number = :number",
        {
            "moved": maybe_to_cache(moved),
            "delivered": maybe_to_cache(report.delivered_at),
            "channel_id": channel_id,
            "number": parcel.order_number,
        },
    )
    database.execute(
        "UPDATE sales_order SET open_until = delivered_at WHERE channel_id = :channel_id"
        " AND number = :number AND open_until > delivered_at",
        {"channel_id": channel_id, "number": parcel.order_number},
    )
    monitor_present.watch(database, channel_id, [parcel.order_number])


def _correct(database: Database, look: Look, number: str, channel: Channel) -> None:
    parcel = look.parcel
    changed = database.execute(
        "UPDATE parcel SET first_number = number, number = :number, corrected_at = :now,"
        " url = COALESCE(:url, url) WHERE id = :id AND number = :was AND first_number IS NULL",
        {
            "id": parcel.id,
            "was": parcel.number,
            "number": number,
            "url": look.url,
            "now": to_cache(look.at),
        },
    )
    if not changed:
        return
    detail = f"{parcel.number} > {number}"
    act = Act("parcel.corrected", channel.name, order_number=parcel.order_number, detail=detail)
    record(database, act, TRACKING, look.at)
    if look.tells_marketplace:
        told = order_operations.Parcel(parcel.carrier or "", number, url=look.url)
        operation = TrackOrder(str(uuid4()), parcel.order_number, told, look.at)
        queue(database, operation, channel.id, TRACKING)
