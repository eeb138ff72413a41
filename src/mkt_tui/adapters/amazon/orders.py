"""Orders of the Orders API 2026-01-01 with the seven sections of the print view.

Source: orders_2026-01-01.json. Personal fields come by the roles of the account, and only when
they are asked for; what does not come is "not told".
"""

from typing import Final

from mkt_tui.adapters.fields import Json, Misread, code, instant, line, minor, part, parts, whole
from mkt_tui.domain.orders import (
    Address,
    Billing,
    Choice,
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
    "PENDING_AVAILABILITY": OrderStatus.WAITING,
    "PENDING": OrderStatus.WAITING,
    "UNSHIPPED": OrderStatus.TO_SHIP,
    "PARTIALLY_SHIPPED": OrderStatus.TO_SHIP,
    "SHIPPED": OrderStatus.SHIPPED,
    "CANCELLED": OrderStatus.CANCELLED,
}
_INVOICES: Final = {"ACCEPTED": True, "PROCESSING": True, "NOT_FOUND": False, "ERRORED": False}
_DELIVERED: Final = "DELIVERED"


def read_order(order: Json, currency: str) -> OrderSnapshot:
    """Return `order` in our words; `currency` is the one of orders that tell no amount yet.

    Raises:
        Misread: A field without which it is no order, or of a wrong kind.
    """
    created, updated = instant(order, "createdTime"), instant(order, "lastUpdatedTime")
    if (known := updated or created) is None:
        raise Misread("lastUpdatedTime")
    currency = _currency(order) or currency
    status = line(part(order, "fulfillment"), "fulfillmentStatus") or ""
    packages = parts(order, "packages")
    aliases = parts(order, "orderAliases")
    return OrderSnapshot(
        number=code(order, "orderId"),
        site_number=next((found for each in aliases if (found := line(each, "aliasId"))), None),
        status=_status(status, packages),
        marketplace_status=status,
        customer=line(part(order, "buyer"), "buyerName"),
        currency=currency,
        created_at=created or known,
        updated_at=known,
        tracking=_tracking(order, packages),
        billing=_billing(order),
        personal=_personal(order),
        items=tuple(_item(each, currency) for each in parts(order, "orderItems")),
        finance=_finance(order, currency),
        transport=_transport(order, packages),
        history=_history(order, packages),
    )


def _currency(order: Json) -> str | None:
    total = part(part(order, "proceeds"), "grandTotal")
    prices = (part(_price(each), "unitPrice") for each in parts(order, "orderItems"))
    told = (line(each, "currencyCode") for each in (total, *prices))
    return next((each for each in told if each), None)


def _status(status: str, packages: list[Json]) -> OrderStatus:
    arrived = packages and all(_package_status(each) == _DELIVERED for each in packages)
    if status == "SHIPPED" and arrived:
        return OrderStatus.DELIVERED
    return _STATUSES.get(status, OrderStatus.OTHER)


def _package_status(package: Json) -> str | None:
    return line(part(package, "packageStatus"), "status")


def _tracking(order: Json, packages: list[Json]) -> Tracking:
    promise = part(part(order, "fulfillment"), "deliverByWindow")
    last = packages[-1] if packages else {}
    shipped = [at for each in packages if (at := instant(each, "shipTime"))]
    return Tracking(
        carrier=line(last, "carrier"),
        number=line(last, "trackingNumber"),
        promised_from=instant(promise, "earliestDateTime"),
        promised_until=instant(promise, "latestDateTime"),
        shipped_at=min(shipped, default=None),
    )


def _billing(order: Json) -> Billing:
    registrations = parts(part(order, "tax"), "taxRegistrations")
    buyer = next((each for each in registrations if each.get("entityType") == "BUYER"), {})
    address = _address(part(buyer, "taxRegistrationAddress"))
    name = line(buyer, "legalName")
    payments = parts(part(order, "payment"), "paymentExecutions")
    return Billing(
        address=address or (Address(name=name) if name else None),
        tax_number=line(buyer, "taxRegistrationNumber"),
        payment_method=next((m for each in payments if (m := line(each, "paymentMethod"))), None),
        has_invoice=_INVOICES.get(
            line(part(part(order, "tax"), "taxInvoicing"), "invoiceStatus") or ""
        ),
        transaction=next((c for each in payments if (c := line(each, "authorizationCode"))), None),
    )


def _address(address: Json) -> Address | None:
    if not address:
        return None
    extra = (line(address, key) for key in ("addressLine2", "addressLine3", "districtOrCounty"))
    return Address(
        name=line(address, "name"),
        company=line(address, "companyName"),
        street=line(address, "addressLine1"),
        complement=", ".join(each for each in extra if each) or None,
        zip_code=line(address, "postalCode"),
        city=line(address, "city") or line(address, "municipality"),
        state=line(address, "stateOrRegion"),
        country=line(address, "countryCode"),
        phone=line(address, "phone"),
    )


def _personal(order: Json) -> Personal:
    buyer = part(order, "buyer")
    return Personal(
        name=line(buyer, "buyerName"),
        email=line(buyer, "buyerEmail"),
        address=_address(part(part(order, "recipient"), "deliveryAddress")),
    )


def _item(item: Json, currency: str) -> OrderItem:
    product = part(item, "product")
    sku = line(product, "sellerSku")
    proceeds = part(item, "proceeds")
    return OrderItem(
        line=code(item, "orderItemId"),
        sku=sku,
        title=line(product, "title") or sku or "",
        quantity=whole(item, "quantityOrdered") or 0,
        unit_price=_amount(_price(item), "unitPrice", currency),
        price=_sum(proceeds, "ITEM", currency),
        shipping=_sum(proceeds, "SHIPPING", currency),
        status=_item_status(item),
        product_code=line(product, "asin"),
        customized="customization" in product,
        customization=_customization(part(product, "customization")),
    )


def _customization(custom: Json) -> tuple[Choice, ...]:
    """Return where the data of an item made to order (Amazon Custom) is, if it is handed out."""
    address = line(custom, "customizedUrl", 2000)
    return (Choice("Amazon Custom (ZIP)", address),) if address else ()


def _price(item: Json) -> Json:
    return part(part(item, "product"), "price")


def _item_status(item: Json) -> str | None:
    cancellation = part(item, "cancellation")
    for key in ("cancellationExecution", "cancellationRequest"):
        if told := part(cancellation, key):
            who = line(told, "cancelledBy") or line(told, "requester")
            return " ".join(each for each in (key, who, line(told, "cancelReason")) if each)
    return None


def _amount(data: Json, key: str, currency: str) -> int | None:
    money = part(data, key)
    told = line(money, "currencyCode")
    if told and told != currency:
        # No sum and no line may mix currencies.
        return None
    return minor(money, "amount", currency)


def _sum(proceeds: Json, kind: str, currency: str) -> int | None:
    told = [
        _amount(each, "subtotal", currency)
        for each in parts(proceeds, "breakdowns")
        if each.get("type") == kind
    ]
    known = [each for each in told if each is not None]
    return sum(known) if known else None


def _finance(order: Json, currency: str) -> Finance:
    proceeds = part(order, "proceeds")
    return Finance(
        items=_sum(proceeds, "ITEM", currency),
        shipping=_sum(proceeds, "SHIPPING", currency),
        total=_amount(proceeds, "grandTotal", currency),
        payments=tuple(
            Payment(method, amount=_amount(each, "paymentAmount", currency))
            for each in parts(part(order, "payment"), "paymentExecutions")
            if (method := line(each, "paymentMethod"))
        ),
    )


def _transport(order: Json, packages: list[Json]) -> Transport:
    fulfillment = part(order, "fulfillment")
    origins = (part(each, "shipFromAddress") for each in packages)
    places = (
        ", ".join(
            found for key in ("city", "stateOrRegion", "countryCode") if (found := line(o, key))
        )
        for o in origins
    )
    services = (line(each, "shippingService") for each in packages)
    return Transport(
        method=line(fulfillment, "fulfillmentServiceLevel")
        or next((each for each in services if each), None),
        zone=line(fulfillment, "fulfilledBy"),
        ship_by=instant(part(fulfillment, "shipByWindow"), "latestDateTime"),
        ships_from=next((each for each in places if each), None),
    )


def _history(order: Json, packages: list[Json]) -> tuple[Event, ...]:
    events = []
    if created := instant(order, "createdTime"):
        events.append(Event(created, "created"))
    events += [
        Event(shipped, "shipped", line(each, "trackingNumber") or "")
        for each in packages
        if (shipped := instant(each, "shipTime") or instant(each, "createdTime"))
    ]
    if updated := instant(order, "lastUpdatedTime"):
        status = line(part(order, "fulfillment"), "fulfillmentStatus") or ""
        events.append(Event(updated, "cancelled" if status == "CANCELLED" else "updated"))
    return tuple(sorted(dict.fromkeys(events), key=lambda event: event.at))
