"""Orders with the sections of the print view.

The lists name the status of an order more surely than its code, which for a cancelled one is not
documented.
"""

from datetime import datetime
from typing import Final

from mkt_tui.adapters.addresses import read_address
from mkt_tui.adapters.fields import Json, Misread, code, instant, line, minor, part, parts, whole
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
CANCELED: Final = "canceled"
_STATUSES: Final = {
    "NEW": OrderStatus.WAITING,
    "PEN": OrderStatus.WAITING,
    "GDE": OrderStatus.TO_SHIP,
    "PAY": OrderStatus.TO_SHIP,
    "SHP": OrderStatus.SHIPPED,
    "DLV": OrderStatus.DELIVERED,
}
_PAYMENTS: Final = {
    "1": "Cartão de Crédito",
    "2": "Boleto",
    "4": "Cupom",
    "5": "Transferência",
}
_ON_THE_WAY: Final = ("EAR", "EPR", "ETR", "FEL", "LIF", "RED", "ROT")
_DELIVERED: Final = ("ENT", "OCO")
_HISTORY: Final = (
    {"PEI": "created", "PAP": "paid", "CAN": "cancelled"}
    | dict.fromkeys(_ON_THE_WAY, "shipped")
    | dict.fromkeys(_DELIVERED, "delivered")
    | dict.fromkeys(("EA1", "ENL", "EXT", "PRE", "RIE", "RTD"), "incident")
)


def read_order(order: Json, listed: str | None) -> OrderSnapshot:
    """Return `order` in our words.

    Args:
        listed: The list it stood in, None when it was asked for by its number.

    Raises:
        Misread: A field without which it is no order, or of a wrong kind.
    """
    created, updated = _lifetime(order)
    status, canceled = line(order, "status") or "", listed == CANCELED
    customer = part(order, "customer")
    return OrderSnapshot(
        number=code(order, "id"),
        site_number=line(order, "orderSiteId") or line(order, "orderMarketplaceId"),
        status=OrderStatus.CANCELLED if canceled else _STATUSES.get(status, OrderStatus.OTHER),
        marketplace_status=CANCELED if canceled else status,
        customer=line(customer, "name"),
        currency=CURRENCY,
        created_at=created,
        updated_at=updated,
        tracking=_tracking(order),
        billing=_billing(order),
        personal=_personal(order, customer),
        items=tuple(_item(each) for each in parts(order, "items")),
        finance=_finance(order),
        transport=_transport(order),
        history=_history(order, created),
    )


def _lifetime(order: Json) -> tuple[datetime, datetime]:
    told = [instant(order, key) for key in ("purchasedAt", "approvedAt", "updatedAt")]
    steps = [instant(each, "occurredAt") for each in parts(order, "trackings")]
    known = [each for each in (*told, *steps) if each]
    if not known:
        raise Misread("purchasedAt")
    return told[0] or min(known), max(known)


def _tracking(order: Json) -> Tracking:
    steps = parts(order, "trackings")
    told = next((each for each in reversed(steps) if line(each, "number")), {})
    return Tracking(
        carrier=line(part(told, "carrier"), "name"),
        number=line(told, "number"),
        url=line(told, "url", 2000),
        shipped_at=_at(steps, _ON_THE_WAY),
        delivered_at=_at(steps, _DELIVERED),
    )


def _at(steps: list[Json], codes: tuple[str, ...]) -> datetime | None:
    found = [instant(each, "occurredAt") for each in steps if each.get("controlPoint") in codes]
    return min((each for each in found if each), default=None)


def _address(address: Json, name: str | None, phone: str | None = None) -> Address | None:
    if not address:
        return None
    return read_address(
        address,
        ("complement", "quarter", "reference"),
        name=line(address, "recipientName") or name,
        phone=phone,
        street="address",
        zip_code="zipCode",
        country="countryId",
    )


def _billing(order: Json) -> Billing:
    customer = part(order, "customer")
    return Billing(
        address=_address(part(order, "billing"), line(customer, "name")),
        payment_method=_payment(order),
        paid_at=instant(order, "approvedAt"),
        has_invoice=True
        if any(part(each, "invoice") for each in parts(order, "trackings"))
        else None,
    )


def _payment(order: Json) -> str | None:
    told = line(order, "paymentType")
    return _PAYMENTS.get(told, told) if told else None


def _personal(order: Json, customer: Json) -> Personal:
    phones = [line(each, "number") for each in parts(customer, "phones")]
    phone = ", ".join(each for each in phones if each) or None
    return Personal(
        customer_code=line(customer, "id"),
        name=line(customer, "name"),
        document=line(customer, "documentNumber"),
        email=line(customer, "email"),
        address=_address(part(order, "shipping"), line(customer, "name"), phone),
    )


def _item(item: Json) -> OrderItem:
    """Return one piece: the contract knows no quantity."""
    sku, price = line(item, "skuSellerId"), minor(item, "salePrice", CURRENCY)
    freight = part(item, "freight")
    return OrderItem(
        line=code(item, "id"),
        sku=sku,
        title=line(item, "name") or sku or "",
        quantity=1,
        unit_price=price,
        price=price,
        shipping=_freight(freight),
        status=None,
    )


def _freight(freight: Json) -> int | None:
    charged = minor(freight, "chargedAmount", CURRENCY)
    return charged if charged is not None else minor(freight, "actualAmount", CURRENCY)


def _finance(order: Json) -> Finance:
    prices = [minor(each, "salePrice", CURRENCY) for each in parts(order, "items")]
    known = [each for each in prices if each is not None]
    total, method = minor(order, "totalAmount", CURRENCY), _payment(order)
    return Finance(
        items=sum(known) if known and len(known) == len(prices) else None,
        shipping=_freight(part(order, "freight")),
        total=total,
        payments=(Payment(method, amount=total),) if method else (),
    )


def _transport(order: Json) -> Transport:
    freight = part(order, "freight")
    return Transport(
        method=line(freight, "type"),
        days_to_ship=whole(freight, "crossDockingTime"),
        ships_from=None,
    )


def _history(order: Json, created: datetime) -> tuple[Event, ...]:
    events = [Event(created, "created")]
    if paid := instant(order, "approvedAt"):
        events.append(Event(paid, "paid"))
    for each in parts(order, "trackings"):
        point = line(each, "controlPoint") or ""
        if at := instant(each, "occurredAt"):
            words = line(each, "description") or point
            events.append(Event(at, _HISTORY.get(point, "updated"), words))
    return tuple(sorted(events, key=lambda event: event.at))
