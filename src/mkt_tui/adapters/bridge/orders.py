"""Orders with the sections of the print view; amounts are cents of the channel's currency."""

from datetime import datetime
from typing import Final

from mkt_tui.adapters.addresses import read_address
from mkt_tui.adapters.fields import Json, Misread, code, instant, line, part, parts, whole
from mkt_tui.domain.orders import (
    Address,
    Event,
    Finance,
    OrderItem,
    OrderSnapshot,
    OrderStatus,
    Personal,
    Tracking,
    Transport,
)

_STATUSES: Final = {
    "new": OrderStatus.WAITING,
    "approved": OrderStatus.TO_SHIP,
    "invoiced": OrderStatus.TO_SHIP,
    "shipped": OrderStatus.SHIPPED,
    "delivered": OrderStatus.DELIVERED,
    "cancelled": OrderStatus.CANCELLED,
}
_EVENTS: Final = {"shipped": "shipped", "delivered": "delivered", "cancelled": "cancelled"}
_BEFORE_SKU: Final = ":"


def read_order(order: Json, currency: str) -> OrderSnapshot:
    """Return `order` in our words.

    Raises:
        Misread: A field without which it is no order, or of a wrong kind.
    """
    created, updated = _lifetime(order)
    status, customer = line(order, "status") or "", part(order, "customer")
    number, other = code(order, "id"), line(order, "channel_order_id", 200)
    items = parts(order, "items")
    return OrderSnapshot(
        number=number,
        site_number=None if other == number else other,
        status=_STATUSES.get(status, OrderStatus.OTHER),
        marketplace_status=status,
        customer=line(customer, "name"),
        currency=currency,
        created_at=created,
        updated_at=updated,
        tracking=Tracking(promised_until=instant(order, "deliver_by")),
        personal=_personal(order, customer),
        items=tuple(_item(each, place) for place, each in enumerate(items, 1)),
        finance=_finance(order, items),
        transport=Transport(ship_by=instant(order, "ship_by")),
        history=_history(status, created, updated),
    )


def sku_of(item_line: str) -> str:
    """Return the SKU in the name that `read_order` gave a line."""
    return item_line.partition(_BEFORE_SKU)[2]


def _lifetime(order: Json) -> tuple[datetime, datetime]:
    bought, updated = instant(order, "purchased_at"), instant(order, "updated_at")
    known = [each for each in (bought, updated) if each]
    if not known:
        raise Misread("updated_at")
    return bought or known[0], updated or known[0]


def _personal(order: Json, customer: Json) -> Personal:
    phones = customer.get("phones")
    told = [each for each in phones if isinstance(each, str)] if isinstance(phones, list) else []
    return Personal(
        name=line(customer, "name"),
        document=line(customer, "document"),
        email=line(customer, "email"),
        address=_address(part(order, "shipping_address"), line({"all": ", ".join(told)}, "all")),
    )


def _address(address: Json, phone: str | None) -> Address | None:
    """Return the address; its fields are not in the contract, these are named in our docs."""
    if not address:
        return Address(phone=phone) if phone else None
    return read_address(
        address,
        ("complement", "district"),
        name=line(address, "name"),
        phone=line(address, "phone") or phone,
    )


def _item(item: Json, place: int) -> OrderItem:
    sku, quantity, price = line(item, "sku", 200), whole(item, "quantity"), _price(item)
    return OrderItem(
        # A shipment names its items by SKU; two lines of one SKU must stay two lines.
        line=f"{place}{_BEFORE_SKU}{sku or ''}",
        sku=sku,
        title=line(item, "name") or sku or "",
        quantity=quantity or 0,
        unit_price=whole(item, "price_cents"),
        price=price,
        shipping=None,
        status=None,
    )


def _price(item: Json) -> int | None:
    each, quantity = whole(item, "price_cents"), whole(item, "quantity")
    if each is None or quantity is None:
        return None
    return whole({"price_cents": each * quantity}, "price_cents")


def _finance(order: Json, items: list[Json]) -> Finance:
    prices = [_price(each) for each in items]
    known = [each for each in prices if each is not None]
    return Finance(
        items=sum(known) if known and len(known) == len(prices) else None,
        shipping=whole(order, "freight_cents"),
        total=whole(order, "total_cents"),
        discount=whole(order, "discount_cents"),
    )


def _history(status: str, created: datetime, updated: datetime) -> tuple[Event, ...]:
    told = [Event(created, "created")]
    if status in _EVENTS:
        told.append(Event(updated, _EVENTS[status], status))
    return tuple(told)
