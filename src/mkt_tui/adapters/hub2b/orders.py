"""Orders of Hub2b in our words.

Its times carry no zone; they are read in the channel's own. It names no currency: it serves
Brazilian shops, so amounts are in reais. Both are assumptions, see docs/hub2b.md.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from mkt_tui.adapters.fields import Json, Misread, line, minor, part, parts, whole
from mkt_tui.domain.orders import (
    Address,
    Billing,
    Event,
    Finance,
    OrderItem,
    OrderSnapshot,
    OrderStatus,
    Payment,
    Personal,
    Tracking,
    Transport,
)

CURRENCY: Final = "BRL"
OPEN: Final = ("pending", "approved", "invoiced", "shipped")
_STATUSES: Final = {
    "pending": OrderStatus.WAITING,
    "approved": OrderStatus.TO_SHIP,
    "invoiced": OrderStatus.TO_SHIP,
    "shipped": OrderStatus.SHIPPED,
    "delivered": OrderStatus.DELIVERED,
    "completed": OrderStatus.DELIVERED,
    "canceled": OrderStatus.CANCELLED,
}
# What the date of a status tells of the order's history.
_EVENTS: Final = {
    "shipped": "shipped",
    "delivered": "delivered",
    "completed": "closed",
    "canceled": "cancelled",
}


def hub_number(order: Json) -> int:
    """Return the hub's own number of the order, which its operations ask for.

    Raises:
        Misread: It has none.
    """
    number = whole(part(order, "reference"), "id")
    if number is None:
        raise Misread("reference.id")
    return number


def is_open(order: Json) -> bool:
    """Tell whether the seller still owes something on the order."""
    return word(order) in OPEN


def read_order(order: Json, zone: ZoneInfo) -> OrderSnapshot:
    """Return `order`.

    Raises:
        Misread: A field without which it is no order, or of a wrong kind.
    """
    reference, payment = part(order, "reference"), part(order, "payment")
    number = hub_number(order)
    status, at = word(order), _at(part(order, "status"), "updatedDate", zone)
    created = _at(payment, "purchaseDate", zone) or _at(order, "createdDate", zone)
    if (known := created or at) is None:
        raise Misread("createdDate")
    return OrderSnapshot(
        # The hub's customers know an order by the marketplace's number.
        number=line(reference, "source", 200) or str(number),
        site_number=str(number),
        status=_STATUSES.get(status, OrderStatus.OTHER),
        marketplace_status=line(part(order, "status"), "status") or "",
        customer=line(part(order, "customer"), "name"),
        currency=CURRENCY,
        created_at=known,
        updated_at=max(filter(None, (known, at, _at(order, "createdDate", zone)))),
        tracking=_tracking(order, status, at, zone),
        billing=_billing(payment, zone),
        personal=_personal(order),
        items=tuple(_item(each) for each in parts(order, "products")),
        finance=_finance(payment),
        transport=Transport(method=line(part(order, "shipping"), "service")),
        history=_history(order, status, at, known, zone),
    )


def with_parcel(order: OrderSnapshot, parcel: Json) -> OrderSnapshot:
    """Return `order` with what `GET /Orders/{id}/Tracking` tells of its parcel."""
    told = replace(
        order.tracking,
        number=line(parcel, "code"),
        url=line(parcel, "url", 2000),
        carrier=line(parcel, "shippingProvider") or order.tracking.carrier,
    )
    return replace(order, tracking=told)


def word(order: Json) -> str:
    """Return the hub's word for where the order stands, in small letters."""
    return (line(part(order, "status"), "status") or "").lower()


def _at(data: Json, key: str, zone: ZoneInfo) -> datetime | None:
    value = data.get(key)
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise Misread(key) from None


def _tracking(order: Json, status: str, at: datetime | None, zone: ZoneInfo) -> Tracking:
    shipping = part(order, "shipping")
    return Tracking(
        carrier=line(shipping, "provider"),
        promised_until=_at(shipping, "estimatedDeliveryDate", zone),
        shipped_at=_at(shipping, "shippingDate", zone) or (at if status == "shipped" else None),
        delivered_at=at if status == "delivered" else None,
    )


def _billing(payment: Json, zone: ZoneInfo) -> Billing:
    return Billing(
        payment_method=line(payment, "method"),
        paid_at=_at(payment, "approvedDate", zone) or _at(payment, "paymentDate", zone),
    )


def _personal(order: Json) -> Personal:
    customer, shipping = part(order, "customer"), part(order, "shipping")
    place = part(shipping, "address")
    street = ", ".join(filter(None, (line(place, "address"), line(place, "number"))))
    address = Address(
        name=line(shipping, "receiverName"),
        street=street or None,
        complement=line(place, "additionalInfo") or line(place, "neighborhood"),
        zip_code=line(place, "zipCode"),
        city=line(place, "city"),
        state=line(place, "state"),
        country=line(place, "country"),
        phone=line(customer, "mobileNumber") or line(customer, "telephone"),
    )
    return Personal(
        name=line(customer, "name"),
        document=line(customer, "documentNumber"),
        email=line(customer, "email"),
        address=None if address == Address() else address,
    )


def _item(item: Json) -> OrderItem:
    price, quantity = minor(item, "price", CURRENCY), _quantity(item)
    sku = line(item, "sku")
    return OrderItem(
        line=str(whole(item, "idProduct") or sku or ""),
        sku=sku,
        title=line(item, "name") or sku or "",
        quantity=quantity,
        unit_price=price,
        price=None if price is None else price * quantity,
        shipping=minor(item, "shippingCost", CURRENCY),
        status=None,
    )


def _quantity(item: Json) -> int:
    value = item.get("quantity")
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise Misread("quantity")
    return int(value)


def _finance(payment: Json) -> Finance:
    goods = minor(payment, "totalAmount", CURRENCY)
    total = minor(payment, "totalAmountPlusShipping", CURRENCY)
    method = line(payment, "method")
    paid = Payment(method, whole(payment, "installments"), total) if method else None
    return Finance(
        items=goods,
        shipping=None if goods is None or total is None else total - goods,
        total=total,
        payments=(paid,) if paid else (),
    )


def _history(
    order: Json, status: str, at: datetime | None, created: datetime, zone: ZoneInfo
) -> tuple[Event, ...]:
    payment = part(order, "payment")
    paid = _at(payment, "approvedDate", zone) or _at(payment, "paymentDate", zone)
    shipped = _at(part(order, "shipping"), "shippingDate", zone)
    events = [Event(created, "created")]
    events += [Event(paid, "paid")] if paid else []
    events += [Event(shipped, "shipped")] if shipped else []
    if at and status in _EVENTS and not (shipped and status == "shipped"):
        events.append(Event(at, _EVENTS[status], line(part(order, "status"), "message") or ""))
    return tuple(sorted(events, key=lambda event: event.at))
