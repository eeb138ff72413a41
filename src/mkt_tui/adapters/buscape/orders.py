"""Orders with the sections of the print view; amounts are told in reais.

Source: document of the order API v2 (2018), sections 4 and 6.1.
"""

from typing import Final

from mkt_tui.adapters.addresses import read_address
from mkt_tui.adapters.fields import Json, Misread, code, instant, line, minor, part, parts, whole
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

CURRENCY: Final = "BRL"
STATES: Final = (
    "new", "accept", "not_accept", "pending", "approved", "not_approved", "invoiced", "in_hosting",
    "in_route", "retrying", "delivered", "reversal", "cancelled",
)  # fmt: skip
"""The states, each with a list of its own; an order met twice in a walk is the later one."""
_STATUSES: Final = {
    "new": OrderStatus.WAITING,
    "accept": OrderStatus.WAITING,
    "pending": OrderStatus.WAITING,
    # "A refused order is not cancelled by itself": it is stopped, and somebody must look.
    "not_accept": OrderStatus.REFUSED,
    "approved": OrderStatus.TO_SHIP,
    "invoiced": OrderStatus.TO_SHIP,
    "in_hosting": OrderStatus.SHIPPED,
    "in_route": OrderStatus.SHIPPED,
    "retrying": OrderStatus.SHIPPED,
    "delivered": OrderStatus.DELIVERED,
    "not_approved": OrderStatus.CANCELLED,
    "cancelled": OrderStatus.CANCELLED,
}
_EVENTS: Final = {
    "approved": "paid",
    "in_hosting": "shipped",
    "in_route": "moved",
    "retrying": "moved",
    "delivered": "delivered",
    "cancelled": "cancelled",
    "reversal": "refunded",
}


def read_order(order: Json) -> OrderSnapshot:
    """Return `order` in our words.

    Raises:
        Misread: A field without which it is no order, or of a wrong kind.
    """
    number, other = code(order, "orderID"), line(order, "sellerOrder", 200)
    bought, updated = instant(order, "purchaseAt"), instant(order, "lastUpdateAt")
    told = updated or bought
    if told is None:
        raise Misread("lastUpdateAt")
    status, customer = line(order, "orderStatus") or "", part(order, "clientProfileData")
    items, sent = parts(order, "orderedItems"), deliveries(order)
    return OrderSnapshot(
        number=number,
        site_number=None if other == number else other,
        status=_STATUSES.get(status, OrderStatus.OTHER),
        marketplace_status=status,
        customer=_name(customer),
        currency=CURRENCY,
        created_at=bought or told,
        updated_at=told,
        tracking=_tracking(order, sent),
        billing=_billing(order, sent),
        personal=_personal(order, customer),
        items=tuple(_item(each, place) for place, each in enumerate(items, 1)),
        finance=_finance(order, items),
        transport=Transport(method=_first(sent, "selectedSla")),
        history=_history(order),
        parcels=_parcels(sent),
    )


def deliveries(order: Json) -> list[Json]:
    """Return the deliveries of all addresses of an order."""
    return [each for place in parts(order, "shippingInfo") for each in parts(place, "deliveries")]


def _name(customer: Json) -> str | None:
    company = line(part(customer, "corporate"), "corporateName")
    names = (line(customer, "firstName"), line(customer, "lastName"))
    return " ".join(each for each in names if each) or company


def _tracking(order: Json, sent: list[Json]) -> Tracking:
    at = {line(each, "status"): instant(each, "occurredDate") for each in parts(order, "history")}
    return Tracking(
        carrier=line(part(sent[0], "carrier"), "name") if sent else None,
        number=_first(sent, "trackingNumber"),
        shipped_at=at.get("in_hosting"),
        delivered_at=at.get("delivered"),
    )


def _parcels(sent: list[Json]) -> tuple[OrderParcel, ...]:
    found: dict[str, OrderParcel] = {}
    for each in sent:
        if number := line(each, "trackingNumber", 200):
            found[number] = OrderParcel(number, line(part(each, "carrier"), "name"))
    return tuple(found.values()) if len(found) > 1 else ()


def _billing(order: Json, sent: list[Json]) -> Billing:
    paid = parts(order, "paymentMethods")
    places = parts(order, "billingInfo")
    keys = [line(part(each, "invoice"), "invoiceKey") for each in sent]
    return Billing(
        address=_address(part(places[0], "address"), None) if places else None,
        tax_number=line(part(order, "clientProfileData"), "document"),
        payment_method=line(paid[0], "method") if paid else None,
        paid_at=instant(paid[0], "approvedAt") if paid else None,
        has_invoice=any(keys) or None,
    )


def _personal(order: Json, customer: Json) -> Personal:
    places, phone = parts(order, "shippingInfo"), line(customer, "phone")
    return Personal(
        name=_name(customer),
        document=line(customer, "document"),
        email=line(customer, "email"),
        address=_address(part(places[0], "address"), phone) if places else None,
    )


def _address(address: Json, phone: str | None) -> Address | None:
    if not address:
        return Address(phone=phone) if phone else None
    return read_address(
        address,
        ("complement", "neighborhood", "reference"),
        name=line(address, "receiverName"),
        phone=phone,
        zip_code="postalCode",
    )


def _item(item: Json, place: int) -> OrderItem:
    sku, quantity, price = line(item, "skuSellerId", 200), whole(item, "quantity"), _price(item)
    return OrderItem(
        line=f"{place}:{sku or ''}",
        sku=sku,
        title=sku or "",
        quantity=quantity or 0,
        unit_price=price,
        price=None if price is None or quantity is None else price * quantity,
        shipping=None,
        status=None,
        product_code=line(item, "sku", 200),
    )


def _price(item: Json) -> int | None:
    return minor(item, "price", CURRENCY)


def _finance(order: Json, items: list[Json]) -> Finance:
    told = [
        (_price(each), whole(each, "quantity"), minor(each, "discount", CURRENCY)) for each in items
    ]
    known = [price * many for price, many, _less in told if price is not None and many is not None]
    whole_sum = sum(known) if known and len(known) == len(told) else None
    freight = minor(order, "totalFreight", CURRENCY)
    payments = [
        Payment(
            line(each, "method") or "",
            whole(each, "installments"),
            minor(each, "amount", CURRENCY),
        )
        for each in parts(order, "paymentMethods")
    ]
    amounts = [each.amount for each in payments if each.amount is not None]
    return Finance(
        items=whole_sum,
        shipping=freight,
        total=sum(amounts) if amounts and len(amounts) == len(payments) else None,
        discount=sum(less or 0 for _price, _many, less in told) or None,
        payments=tuple(payments),
    )


def _history(order: Json) -> tuple[Event, ...]:
    told = []
    bought = instant(order, "purchaseAt")
    if bought:
        told.append(Event(bought, "created"))
    for each in parts(order, "history"):
        at, status = instant(each, "occurredDate"), line(each, "status") or ""
        if at:
            told.append(Event(at, _EVENTS.get(status, "updated"), status))
    return tuple(told)


def _first(rows: list[Json], key: str) -> str | None:
    return next((found for each in rows if (found := line(each, key, 200))), None)
