"""Orders as the Orders API 2026-01-01 tells them."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from mkt_tui.sandbox.records import CURRENCY, Line, Order, Package, Place

MARKETPLACE = "A2Q3Y263D00KWC"

_STATUSES = {
    "WAITING_ACCEPTANCE": "PENDING",
    "WAITING_DEBIT_PAYMENT": "PENDING",
    "SHIPPING": "UNSHIPPED",
    "SHIPPED": "SHIPPED",
    "RECEIVED": "SHIPPED",
    "CLOSED": "SHIPPED",
    "REFUSED": "CANCELLED",
    "CANCELED": "CANCELLED",
}
_METHODS = {"Cartão de crédito": "CreditCard", "Cartão de débito": "DebitCard"}


def number(order: Order) -> str:
    """Return the order's number in Amazon's form of 3-7-7 digits."""
    digits = "".join(char for char in order.id if char.isdigit()).zfill(14)[-14:]
    return f"701-{digits[:7]}-{digits[7:]}"


def item_number(order: Order, position: int) -> str:
    """Return the number of one of the order's lines."""
    return f"{number(order).replace('-', '')[3:]}{position + 1}"


def status(order: Order) -> str:
    """Return where the order stands, in Amazon's word."""
    told = _STATUSES[order.state]
    return "PARTIALLY_SHIPPED" if told == "UNSHIPPED" and order.packages else told


def items(order: Order) -> dict[str, int]:
    """Return how many pieces each line has, by its number."""
    return {item_number(order, at): each.quantity for at, each in enumerate(order.lines)}


def left(order: Order, packages: Iterable[Package], item: str) -> int:
    """Return how many pieces of a line are in none of these packages."""
    return items(order).get(item, 0) - sum(each.pieces.get(item, 0) for each in packages)


def order_json(order: Order, wanted: Collection[str]) -> dict[str, Any]:
    """Return an order with the data sets that were `wanted`; absent is what nobody asked for."""
    told = {
        "orderId": number(order),
        "createdTime": moment(order.created),
        "lastUpdatedTime": moment(order.updated),
        "salesChannel": {
            "channelName": "AMAZON",
            "marketplaceId": MARKETPLACE,
            "marketplaceName": "Amazon.com.br",
        },
        "orderItems": [_item(order, at, line, wanted) for at, line in enumerate(order.lines)],
    }
    if order.seller_reference:
        told["orderAliases"] = [{"aliasId": order.seller_reference, "aliasType": "SELLER_ORDER_ID"}]
    sets = {
        "BUYER": ("buyer", _buyer),
        "RECIPIENT": ("recipient", _recipient),
        "PROCEEDS": ("proceeds", _proceeds),
        "PAYMENT": ("payment", _payment),
        "TAX": ("tax", _tax),
        "FULFILLMENT": ("fulfillment", _fulfillment),
        "PACKAGES": ("packages", _packages),
    }
    return told | {key: make(order) for name, (key, make) in sets.items() if name in wanted}


def moment(instant: datetime) -> str:
    """Return an instant as Amazon writes it."""
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _money(cents: int) -> dict[str, str]:
    return {"amount": f"{cents / 100:.2f}", "currencyCode": CURRENCY}


def _item(order: Order, at: int, line: Line, wanted: Collection[str]) -> dict[str, Any]:
    item = item_number(order, at)
    shipped = line.quantity if status(order) == "SHIPPED" else 0
    if order.packages:
        shipped = line.quantity - left(order, order.packages, item)
    told: dict[str, Any] = {
        "orderItemId": item,
        "quantityOrdered": line.quantity,
        "product": {
            "asin": f"B0{line.product_code[-8:]}",
            "title": line.title,
            "sellerSku": line.sku,
            "condition": {"conditionType": "NEW", "conditionSubtype": "NEW"},
            "price": {"unitPrice": _money(line.unit_price)},
        },
    }
    # Of two in ten the customer had something made; one of them the account is not given the data of.
    made = int(line.product_code[-1]) % 10
    if made < 2:
        address = {"customizedUrl": f"https://custom.example/{item}.zip"}
        told["product"]["customization"] = address if made else {}
    if "PROCEEDS" in wanted:
        told["proceeds"] = {
            "proceedsTotal": _money(line.price + line.shipping),
            "breakdowns": _breakdowns(line.price, line.shipping),
        }
    if "FULFILLMENT" in wanted:
        told["fulfillment"] = {
            "quantityFulfilled": shipped,
            "quantityUnfulfilled": line.quantity - shipped,
        }
    if "CANCELLATION" in wanted and order.reason:
        told["cancellation"] = {
            "cancellationExecution": {"cancelledBy": "MERCHANT", "cancelReason": order.reason[1]}
        }
    return told


def _breakdowns(items: int, shipping: int) -> list[dict[str, Any]]:
    return [
        {"type": "ITEM", "subtotal": _money(items)},
        {"type": "SHIPPING", "subtotal": _money(shipping)},
    ]


def _proceeds(order: Order) -> dict[str, Any]:
    items = sum(each.price for each in order.lines)
    shipping = sum(each.shipping for each in order.lines)
    return {"grandTotal": _money(items + shipping), "breakdowns": _breakdowns(items, shipping)}


def _buyer(order: Order) -> dict[str, Any]:
    told = {"buyerName": order.customer.name}
    if status(order) in ("UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED"):
        alias = number(order).replace("-", "")[-10:]
        told["buyerEmail"] = f"{alias}@marketplace.amazon.com.br"
    return told


def _recipient(order: Order) -> dict[str, Any]:
    return {"deliveryAddress": _address(order.customer.name, order.customer.place, order)}


def _address(name: str, place: Place, order: Order) -> dict[str, Any]:
    return {
        "name": name,
        "addressLine1": place.street,
        "addressLine2": place.complement,
        "city": place.city,
        "stateOrRegion": place.state,
        "postalCode": place.zip_code,
        "countryCode": "BR",
        "phone": order.customer.phone,
        "addressType": "RESIDENTIAL",
    }


def _payment(order: Order) -> dict[str, Any]:
    return {
        "paymentExecutions": [
            {
                "paymentMethod": _METHODS.get(each.method, each.method),
                "paymentAmount": _money(each.amount),
            }
            for each in order.payments
        ]
    }


def _tax(order: Order) -> dict[str, Any]:
    return {
        "taxRegistrations": [
            {
                "entityType": "BUYER",
                "legalName": order.customer.name,
                "taxRegistrationType": "CPF",
                "taxRegistrationNumber": order.customer.document,
            }
        ],
        "taxInvoicing": {"invoiceStatus": "ACCEPTED" if order.has_invoice else "NOT_FOUND"},
    }


def _fulfillment(order: Order) -> dict[str, Any]:
    shipment = order.shipment
    told: dict[str, Any] = {
        "fulfillmentStatus": status(order),
        "fulfilledBy": "MERCHANT",
        "fulfillmentServiceLevel": "STANDARD",
    }
    if shipment.ship_by:
        first = shipment.ship_by - timedelta(days=1)
        told["shipByWindow"] = _window(first, shipment.ship_by)
    if shipment.promised_from and shipment.promised_until:
        told["deliverByWindow"] = _window(shipment.promised_from, shipment.promised_until)
    return told


def _window(first: datetime, last: datetime) -> dict[str, str]:
    return {"earliestDateTime": moment(first), "latestDateTime": moment(last)}


def _packages(order: Order) -> list[dict[str, Any]]:
    state = "DELIVERED" if order.received else "IN_TRANSIT"
    return [
        {
            "packageReferenceId": each.id,
            "createdTime": moment(each.at),
            "packageStatus": {"status": state},
            "carrier": each.tracking["carrier"],
            "shipTime": moment(each.shipped or each.at),
            "shippingService": order.shipment.label,
            "trackingNumber": each.tracking["number"],
            "packageItems": [
                {"orderItemId": item, "quantity": pieces} for item, pieces in each.pieces.items()
            ],
        }
        for each in order.packages or _whole(order)
    ]


def _whole(order: Order) -> list[Package]:
    """Return the one package of an order that was shipped before the practice began."""
    if order.shipped is None:
        return []
    tracking: dict[str, object] = {
        "carrier": order.shipment.carrier_name,
        "number": order.shipment.number,
    }
    return [Package("1", items(order), tracking, order.shipped, order.shipped, order.shipped)]
