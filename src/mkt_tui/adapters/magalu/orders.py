"""Orders with the sections of the print view; amounts are whole numbers with a `normalizer`."""

from datetime import datetime
from typing import Final

from mkt_tui.adapters.addresses import read_address
from mkt_tui.adapters.fields import Json, Misread, code, instant, line, part, parts, whole
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

_STATUSES: Final = {
    "new": OrderStatus.WAITING,
    "approved": OrderStatus.TO_SHIP,
    "cancelled": OrderStatus.CANCELLED,
    "finished": OrderStatus.DELIVERED,
}
# How far an approved order is, its deliveries say; the one that is behind decides.
_DELIVERIES: Final = {
    "shipped": OrderStatus.SHIPPED,
    "delivered": OrderStatus.DELIVERED,
}
_LEFT: Final = ("shipped", "delivered")
_FROZEN: Final = "frozen"
_HUNDREDTHS: Final = 100


def read_order(order: Json) -> OrderSnapshot:
    """Return `order` in our words.

    Raises:
        Misread: A field without which it is no order, or of a wrong kind.
    """
    created, updated = _lifetime(order)
    deliveries = parts(order, "deliveries")
    amounts, customer = part(order, "amounts"), part(order, "customer")
    status = line(order, "status") or ""
    return OrderSnapshot(
        number=code(order, "code"),
        site_number=None,
        status=_status(status, deliveries),
        marketplace_status=status,
        customer=line(customer, "name"),
        currency=line(amounts, "currency") or "BRL",
        created_at=created,
        updated_at=updated,
        tracking=_tracking(deliveries, updated),
        billing=_billing(order, deliveries),
        personal=_personal(customer, deliveries),
        items=tuple(
            _item(each, delivery, number)
            for delivery in deliveries
            for number, each in enumerate(parts(delivery, "items"), 1)
        ),
        finance=_finance(order, amounts, deliveries),
        transport=_transport(deliveries),
        history=_history(order, created, updated, deliveries),
    )


def _lifetime(order: Json) -> tuple[datetime, datetime]:
    told = [instant(order, key) for key in ("purchased_at", "created_at", "updated_at")]
    known = [each for each in told if each]
    if not known:
        raise Misread("updated_at")
    return told[0] or told[1] or min(known), told[2] or max(known)


def _status(status: str, deliveries: list[Json]) -> OrderStatus:
    if status == "approved" and deliveries:
        found = {_DELIVERIES.get(line(each, "status") or "") for each in deliveries}
        return found.pop() or OrderStatus.TO_SHIP if len(found) == 1 else OrderStatus.TO_SHIP
    return _STATUSES.get(status, OrderStatus.OTHER)


def _shipping(deliveries: list[Json]) -> Json:
    return part(deliveries[0], "shipping") if deliveries else {}


def _tracking(deliveries: list[Json], updated: datetime) -> Tracking:
    shipping = _shipping(deliveries)
    told = part(shipping, "tracking")
    return Tracking(
        carrier=line(part(shipping, "provider"), "name"),
        number=line(told, "code"),
        url=line(told, "url", 2000),
        promised_until=instant(part(shipping, "deadline"), "limit_date"),
        delivered_at=_delivered(deliveries, updated),
    )


def _delivered(deliveries: list[Json], updated: datetime) -> datetime | None:
    """Return when the last delivery arrived; by the order's last change where no date is told."""
    if not deliveries or any(line(each, "status") != "delivered" for each in deliveries):
        return None
    told = [instant(part(each, "shipping"), "delivered_at") for each in deliveries]
    return max(each or updated for each in told)


def _address(recipient: Json) -> Address | None:
    address = part(recipient, "address")
    if not address:
        return None
    return read_address(
        address,
        ("complement", "district", "reference"),
        name=line(recipient, "name"),
        zip_code="zipcode",
    )


def _billing(order: Json, deliveries: list[Json]) -> Billing:
    methods = [line(each, "method") for each in parts(order, "payments")]
    return Billing(
        payment_method=", ".join(each for each in methods if each) or None,
        paid_at=instant(order, "approved_at"),
        has_invoice=True if any(parts(each, "invoices") for each in deliveries) else None,
    )


def _personal(customer: Json, deliveries: list[Json]) -> Personal:
    return Personal(
        name=line(customer, "name"),
        document=line(customer, "document_number"),
        address=_address(part(_shipping(deliveries), "recipient")),
    )


def _item(item: Json, delivery: Json, number: int) -> OrderItem:
    info = part(item, "info")
    sku = line(info, "sku")
    return OrderItem(
        line=f"{code(delivery, 'id')}/{number}",
        sku=sku,
        title=line(info, "name") or sku or "",
        quantity=whole(item, "quantity") or 0,
        unit_price=_cents(part(item, "unit_price"), "value"),
        price=_cents(part(item, "amounts"), "total"),
        shipping=_cents(part(part(item, "amounts"), "freight"), "total"),
        status=line(delivery, "status"),
    )


def _finance(order: Json, amounts: Json, deliveries: list[Json]) -> Finance:
    prices = [
        _cents(part(each, "amounts"), "total")
        for delivery in deliveries
        for each in parts(delivery, "items")
    ]
    known = [each for each in prices if each is not None]
    return Finance(
        items=sum(known) if known and len(known) == len(prices) else None,
        shipping=_cents(part(amounts, "freight"), "total"),
        total=_cents(amounts, "total"),
        commission=_cents(part(amounts, "commission"), "total"),
        payments=tuple(
            Payment(
                line(each, "method") or "",
                instalments=whole(each, "installments"),
                amount=_cents(each, "amount"),
            )
            for each in parts(order, "payments")
        ),
    )


def _cents(data: Json, key: str) -> int | None:
    value, normalizer = whole(data, key), whole(data, "normalizer")
    if value is None or not normalizer:
        return value
    return round(value * _HUNDREDTHS / normalizer)


def _transport(deliveries: list[Json]) -> Transport:
    shipping = _shipping(deliveries)
    return Transport(
        method=line(part(shipping, "provider"), "name"),
        ship_by=instant(part(shipping, "handling_time"), "limit_date"),
    )


def _history(
    order: Json, created: datetime, updated: datetime, deliveries: list[Json]
) -> tuple[Event, ...]:
    events = [Event(created, "created")]
    if paid := instant(order, "approved_at"):
        events.append(Event(paid, "paid"))
    if deliveries and all(line(each, "status") in _LEFT for each in deliveries):
        # No date of it is told; by the last change it had left at any rate.
        arrived = _delivered(deliveries, updated)
        events.append(Event(min(updated, arrived or updated), "shipped"))
    if line(order, "status") == "cancelled":
        events.append(Event(updated, "cancelled"))
    if any(line(each, "status") == _FROZEN for each in deliveries):
        events.append(Event(updated, "incident", _FROZEN))
    return tuple(sorted(events, key=lambda event: event.at))
