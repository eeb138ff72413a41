"""Orders of Mirakl OR11 with the seven sections of the print view."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Final

from mkt_tui.adapters.fields import (
    Json,
    Misread,
    code,
    instant,
    line,
    minor,
    part,
    parts,
    truth,
    whole,
)
from mkt_tui.adapters.mirakl.history import read_history
from mkt_tui.domain.orders import (
    Address,
    Billing,
    Choice,
    Finance,
    OrderItem,
    OrderSnapshot,
    OrderStatus,
    Payment,
    Personal,
    Refund,
    Tracking,
    Transport,
)

_BESIDE: Final = "TAX_EXCLUDED"
_STATUSES: Final = {
    "STAGING": OrderStatus.WAITING,
    "WAITING_ACCEPTANCE": OrderStatus.WAITING,
    "WAITING_DEBIT": OrderStatus.WAITING,
    "WAITING_DEBIT_PAYMENT": OrderStatus.WAITING,
    "SHIPPING": OrderStatus.TO_SHIP,
    "SHIPPED": OrderStatus.SHIPPED,
    "TO_COLLECT": OrderStatus.SHIPPED,
    "RECEIVED": OrderStatus.DELIVERED,
    "CLOSED": OrderStatus.DELIVERED,
    "REFUSED": OrderStatus.REFUSED,
    "CANCELED": OrderStatus.CANCELLED,
}
# Lines in these states never arrive, so an order does not wait for them.
_GONE: Final = ("REFUSED", "CANCELED", "REFUNDED")


@dataclass(frozen=True, slots=True)
class CustomFields:
    """The codes under which an operator keeps what OR11 has no field for.

    Attributes:
        document: The customer's CPF or other document.
        payment: Prefix of <payment>-1-method, <payment>-1-instalments, <payment>-1-amount, ...
    """

    document: str = "customer-document"
    payment: str = "payment"


def read_order(order: Json, custom: CustomFields) -> OrderSnapshot:
    """Return `order` in our words.

    Raises:
        Misread: A field without which it is no order, or of a wrong kind.
    """
    created, updated = _lifetime(order)
    currency = line(order, "currency_iso_code")
    if currency is None:
        raise Misread("currency_iso_code")
    status = line(order, "order_state") or ""
    lines = parts(order, "order_lines")
    extra = {str(each.get("code")): each for each in parts(order, "order_additional_fields")}
    return OrderSnapshot(
        number=code(order, "order_id"),
        site_number=line(part(order, "references"), "order_reference_for_seller"),
        status=_STATUSES.get(status, OrderStatus.OTHER),
        marketplace_status=status,
        customer=_person(part(order, "customer")),
        currency=currency,
        created_at=created,
        updated_at=updated,
        tracking=_tracking(order, lines),
        billing=_billing(order),
        personal=_personal(order, _value(extra, custom.document)),
        items=tuple(_item(each, currency) for each in lines),
        finance=_finance(
            order, lines, currency, tuple(_told_payments(extra, custom.payment, currency))
        ),
        transport=_transport(order, lines),
        history=read_history(order, lines),
    )


def _lifetime(order: Json) -> tuple[datetime, datetime]:
    created, updated = instant(order, "created_date"), instant(order, "last_updated_date")
    if (known := updated or created) is None:
        raise Misread("last_updated_date")
    return created or known, known


def _joined(data: Json, *keys: str, between: str = " ") -> str | None:
    # A list, not a generator: an order has ten of these.
    return between.join([found for key in keys if (found := line(data, key))]) or None


def _person(data: Json) -> str | None:
    return _joined(data, "firstname", "lastname")


def _address(address: Json) -> Address | None:
    if not address:
        return None
    return Address(
        name=_person(address),
        company=_joined(address, "company", "company_2", between=", "),
        street=line(address, "street_1"),
        complement=_joined(address, "street_2", "additional_info", between=", "),
        zip_code=line(address, "zip_code"),
        city=line(address, "city"),
        state=line(address, "state"),
        country=line(address, "country_iso_code") or line(address, "country"),
        phone=line(address, "phone") or line(address, "phone_secondary"),
    )


def _tracking(order: Json, lines: list[Json]) -> Tracking:
    promise = part(order, "delivery_date")
    awaited = [each for each in lines if each.get("order_line_state") not in _GONE]
    received = [instant(each, "received_date") for each in awaited]
    arrived = [each for each in received if each]
    shipped = [found for each in lines if (found := instant(each, "shipped_date"))]
    return Tracking(
        carrier=line(order, "shipping_company") or line(order, "shipping_carrier_code"),
        number=line(order, "shipping_tracking"),
        url=line(order, "shipping_tracking_url", 2000),
        promised_from=instant(promise, "earliest"),
        promised_until=instant(promise, "latest"),
        shipped_at=min(shipped, default=None),
        # Delivered is an order when its last line is.
        delivered_at=max(arrived) if arrived and len(arrived) == len(received) else None,
    )


def _billing(order: Json) -> Billing:
    customer = part(order, "customer")
    organization = part(customer, "organization")
    return Billing(
        address=_address(part(customer, "billing_address")),
        tax_number=line(organization, "tax_identification_number")
        or line(organization, "identification_number"),
        payment_method=_payment_type(order),
        transaction=line(order, "transaction_number"),
        paid_at=instant(order, "customer_debited_date") or instant(order, "transaction_date"),
        has_invoice=truth(order, "has_invoice"),
    )


def _payment_type(order: Json) -> str | None:
    # paymentType is the older name of the field and "will be removed soon" (OR11).
    return line(order, "payment_type") or line(order, "paymentType")


def _personal(order: Json, document: str | None) -> Personal:
    customer = part(order, "customer")
    return Personal(
        customer_code=line(customer, "customer_id"),
        name=_person(customer),
        document=document,
        email=line(order, "customer_notification_email"),
        language=line(customer, "locale"),
        address=_address(part(customer, "shipping_address")),
    )


def _item(item: Json, currency: str) -> OrderItem:
    sku = line(item, "offer_sku")
    return OrderItem(
        line=code(item, "order_line_id"),
        sku=sku,
        title=line(item, "product_title") or sku or "",
        quantity=whole(item, "quantity") or 0,
        unit_price=minor(item, "price_unit", currency),
        price=minor(item, "price", currency),
        shipping=minor(item, "shipping_price", currency),
        status=line(item, "order_line_state"),
        product_code=line(item, "product_sku"),
        customization=tuple(_choices(item)),
    )


def _choices(item: Json) -> Iterable[Choice]:
    """Yield what the customer chose for the line: the fields that operators define for it."""
    for each in parts(item, "order_line_additional_fields"):
        name = line(each, "code")
        if name and (value := _value({name: each}, name)):
            yield Choice(name, value)


def _finance(
    order: Json, lines: list[Json], currency: str, payments: tuple[Payment, ...]
) -> Finance:
    refunds = tuple(refund for each in lines for refund in _refunds(each, currency))
    taxes, is_beside = _taxes(order, lines, currency), order.get("order_tax_mode") == _BESIDE
    items, shipping, total = (
        minor(order, key, currency) for key in ("price", "shipping_price", "total_price")
    )
    fees = _sum((fee for each in lines for fee in parts(each, "fees")), "amount", currency)
    # Without its taxes where they are beside the prices (OR11).
    whole = total + taxes if total is not None and taxes and is_beside else total
    return Finance(
        items=items,
        shipping=shipping,
        total=whole,
        commission=minor(order, "total_commission", currency),
        refunded=_refunded(lines, refunds),
        payments=payments or _payment(order, whole),
        refunds=refunds,
        taxes=taxes if is_beside else None,
        taxes_within=None if is_beside else taxes,
        # By its description the total holds the fees of the lines, by its example it does not.
        surcharges=fees if (items or 0) + (shipping or 0) + (fees or 0) == total else None,
    )


def _payment(order: Json, total: int | None) -> tuple[Payment, ...]:
    method = _payment_type(order)
    return (Payment(method, amount=total),) if method else ()


def _taxes(order: Json, lines: list[Json], currency: str) -> int | None:
    """Return the taxes of goods and shipping; of the whole order where operators tell it so."""
    of_lines = [
        tax for each in lines for key in ("taxes", "shipping_taxes") for tax in parts(each, key)
    ]
    told = _sum(of_lines, "amount", currency)
    return _sum(parts(order, "order_taxes"), "total_amount", currency) if told is None else told


def _sum(rows: Iterable[Json], key: str, currency: str) -> int | None:
    """Return the sum of the amounts told; nothing for no amount, or for none of them but zero."""
    told = [minor(each, key, currency) for each in rows]
    return sum(each for each in told if each is not None) or None


def _refunded(lines: list[Json], refunds: tuple[Refund, ...]) -> int | None:
    if not any("refunds" in each for each in lines):
        return None
    return sum(each.amount for each in refunds)


def _refunds(order_line: Json, currency: str) -> Iterable[Refund]:
    for refund in parts(order_line, "refunds"):
        keys = ("amount", "shipping_amount")
        yield Refund(
            sum(minor(refund, key, currency) or 0 for key in keys),
            instant(refund, "created_date"),
            line(refund, "reason_label") or line(refund, "reason_code"),
            line(refund, "id"),
            line(order_line, "order_line_id"),
        )


def _told_payments(extra: dict[str, Json], prefix: str, currency: str) -> Iterable[Payment]:
    for number in count(1):
        method = _value(extra, f"{prefix}-{number}-method")
        if method is None:
            return
        amount = extra.get(f"{prefix}-{number}-amount", {})
        yield Payment(
            method,
            instalments=_count(_value(extra, f"{prefix}-{number}-instalments")),
            amount=minor(amount, "value", currency),
        )


def _count(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else None


def _value(extra: dict[str, Json], name: str) -> str | None:
    field = extra.get(name, {})
    value = field.get("value")
    if isinstance(value, list):
        # MULTIPLE_VALUES_LIST
        field = {"value": ", ".join(str(each) for each in value)}
    return line(field, "value")


def _transport(order: Json, lines: list[Json]) -> Transport:
    return Transport(
        method=line(order, "shipping_type_label") or line(order, "shipping_type_code"),
        zone=line(order, "shipping_zone_label") or line(order, "shipping_zone_code"),
        ship_by=instant(order, "shipping_deadline"),
        days_to_ship=whole(order, "leadtime_to_ship"),
        ships_from=_origin(order, lines),
    )


def _origin(order: Json, lines: list[Json]) -> str | None:
    for each in lines:
        origin = part(each, "shipping_from")
        address = part(origin, "address")
        place = _joined(address, "city", "state", "country_iso_code", between=", ")
        if found := line(part(origin, "warehouse"), "code") or place:
            return found
    return line(part(part(order, "fulfillment"), "center"), "code")
