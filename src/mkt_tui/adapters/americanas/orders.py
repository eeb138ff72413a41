"""Orders with the sections of the print view; amounts are reais."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from mkt_tui.adapters.addresses import read_address
from mkt_tui.adapters.americanas.dates import moment
from mkt_tui.adapters.fields import Json, Misread, code, line, minor, part, parts, whole
from mkt_tui.domain.orders import (
    Address,
    Billing,
    Event,
    Finance,
    OrderItem,
    OrderParcel,
    OrderSnapshot,
    OrderStatus,
    Payment,
    Personal,
    Tracking,
    Transport,
)

_CURRENCY: Final = "BRL"
# Shops have status codes of their own; the types are everybody's.
_TYPES: Final = {
    "NEW": OrderStatus.WAITING,
    "APPROVED": OrderStatus.TO_SHIP,
    "INVOICED": OrderStatus.TO_SHIP,
    "SHIPPED": OrderStatus.SHIPPED,
    "SHIPMENT_EXCEPTION": OrderStatus.SHIPPED,
    "DELIVERED": OrderStatus.DELIVERED,
    "CANCELED": OrderStatus.CANCELLED,
    "PAYMENT_OVERDUE": OrderStatus.CANCELLED,
}
_INCIDENTS: Final = ("has_incident", "shipment_exception")


def read_order(order: Json, zone: ZoneInfo) -> OrderSnapshot:
    """Return `order` in our words.

    Raises:
        Misread: A field without which it is no order, or of a wrong kind.
    """
    created, updated = _lifetime(order, zone)
    told, customer = part(order, "status"), part(order, "customer")
    status = line(told, "code") or ""
    tracks = [each for shipment in parts(order, "shipments") for each in parts(shipment, "tracks")]
    return OrderSnapshot(
        number=code(order, "code"),
        site_number=None,
        status=_TYPES.get(line(told, "type") or "", OrderStatus.OTHER),
        marketplace_status=status,
        customer=line(customer, "name"),
        currency=_CURRENCY,
        created_at=created,
        updated_at=updated,
        tracking=_tracking(order, tracks, zone),
        billing=_billing(order, zone),
        personal=_personal(order, customer),
        items=tuple(_item(each, place) for place, each in enumerate(parts(order, "items"), 1)),
        finance=_finance(order),
        transport=Transport(
            method=line(order, "shipping_method"),
            ship_by=moment(order, "expedition_limit_date", zone),
        ),
        history=_history(order, status, created, updated, zone),
        parcels=_parcels(tracks),
    )


def _lifetime(order: Json, zone: ZoneInfo) -> tuple[datetime, datetime]:
    told = [moment(order, key, zone) for key in ("placed_at", "updated_at")]
    known = [each for each in told if each]
    if not known:
        raise Misread("updated_at")
    return told[0] or known[0], told[1] or known[0]


def _tracking(order: Json, tracks: list[Json], zone: ZoneInfo) -> Tracking:
    track = tracks[0] if tracks else {}
    return Tracking(
        carrier=line(track, "carrier") or line(order, "shipping_carrier"),
        number=line(track, "code", 200),
        url=line(track, "url", 2000),
        promised_until=moment(order, "estimated_delivery", zone),
        shipped_at=moment(order, "shipped_date", zone),
        delivered_at=moment(order, "delivered_date", zone),
    )


def _parcels(tracks: list[Json]) -> tuple[OrderParcel, ...]:
    if len(tracks) < 2:
        return ()
    told = [(line(each, "code", 200), each) for each in tracks]
    return tuple(
        OrderParcel(number, line(each, "carrier"), line(each, "url", 2000))
        for number, each in told
        if number
    )


def _billing(order: Json, zone: ZoneInfo) -> Billing:
    methods = [
        line(each, "description") or line(each, "method") for each in parts(order, "payments")
    ]
    return Billing(
        address=_address(part(order, "billing_address")),
        payment_method=", ".join(each for each in methods if each) or None,
        paid_at=moment(order, "approved_date", zone),
        has_invoice=True if parts(order, "invoices") else None,
    )


def _personal(order: Json, customer: Json) -> Personal:
    return Personal(
        name=line(customer, "name"),
        document=line(customer, "vat_number"),
        email=line(customer, "email"),
        address=_address(part(order, "shipping_address")),
    )


def _address(address: Json) -> Address | None:
    if not address:
        return None
    phones = [line(address, key) for key in ("phone", "secondary_phone")]
    return read_address(
        address,
        ("complement", "detail", "neighborhood", "reference"),
        name=line(address, "full_name"),
        phone=", ".join(dict.fromkeys(each for each in phones if each)) or None,
        zip_code="postcode",
        state="region",
    )


def _item(item: Json, place: int) -> OrderItem:
    sku, quantity = line(item, "id", 200), whole(item, "qty")
    # A special price of 0 is none.
    each = minor(item, "special_price", _CURRENCY) or minor(item, "original_price", _CURRENCY)
    price = None if each is None or quantity is None else whole({"qty": each * quantity}, "qty")
    return OrderItem(
        line=f"{place}:{sku or ''}",
        sku=sku,
        title=line(item, "name") or sku or "",
        quantity=quantity or 0,
        unit_price=each,
        price=price,
        shipping=minor(item, "shipping_cost", _CURRENCY),
        status=None,
        product_code=line(item, "product_id", 200),
    )


def _finance(order: Json) -> Finance:
    return Finance(
        shipping=minor(order, "shipping_cost", _CURRENCY),
        total=minor(order, "total_ordered", _CURRENCY),
        discount=minor(order, "discount", _CURRENCY),
        payments=tuple(
            Payment(
                line(each, "description") or line(each, "method") or "",
                instalments=whole(each, "parcels"),
                amount=minor(each, "value", _CURRENCY),
            )
            for each in parts(order, "payments")
        ),
    )


def _history(
    order: Json, status: str, created: datetime, updated: datetime, zone: ZoneInfo
) -> tuple[Event, ...]:
    events = [Event(created, "created")]
    for key, what in (
        ("approved_date", "paid"),
        ("shipped_date", "shipped"),
        ("delivered_date", "delivered"),
    ):
        if at := moment(order, key, zone):
            events.append(Event(at, what))
    for invoice in parts(order, "invoices"):
        number = line(invoice, "number") or line(invoice, "key") or ""
        at = moment(invoice, "issue_date", zone)
        events.append(Event(at or updated, "updated", f"NF-e {number}".strip()))
    if line(part(order, "status"), "type") == "CANCELED":
        events.append(Event(updated, "cancelled", status))
    if status in _INCIDENTS:
        events.append(Event(updated, "incident", status))
    return tuple(sorted(events, key=lambda event: event.at))
