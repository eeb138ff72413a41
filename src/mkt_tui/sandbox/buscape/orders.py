"""Orders by state and date of change, and what a shop tells of them."""

import json
import re
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import forms, parameters
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.errors import ApiError, bad_field, not_found
from mkt_tui.sandbox.instants import to_json
from mkt_tui.sandbox.records import Line, Order
from mkt_tui.sandbox.world import Shop, World

Json = dict[str, object]
_STATES = (
    "new", "accept", "not_accept", "pending", "approved", "not_approved", "cancelled", "invoiced",
    "in_hosting", "in_route", "retrying", "reversal", "delivered",
)  # fmt: skip
_STATE_OF = {
    "STAGING": "new",
    "WAITING_ACCEPTANCE": "new",
    "WAITING_DEBIT": "accept",
    "WAITING_DEBIT_PAYMENT": "accept",
    "SHIPPING": "approved",
    "SHIPPED": "in_hosting",
    "RECEIVED": "delivered",
    "CLOSED": "delivered",
    "CANCELED": "cancelled",
    "REFUSED": "not_accept",
}
_HIGHEST = 1_000_000
_PAUSE = timedelta(minutes=30)


class Pace:
    """Turns a shop away that walks through a list again within half an hour."""

    def __init__(self, world: World) -> None:
        self._clock, self._paced = world.clock, world.paced
        self._begun: dict[str, datetime] = {}

    def check(self, request: Request) -> None:
        """Refuse a first page that comes too soon after the last one of its kind."""
        path, query = request.url.path, request.query_params
        first = query.get("offset", "0") == "0" and query.get("limit") != "1"
        if not (self._paced and first and "/status/" in path):
            return
        now = self._clock()
        if path in self._begun and now - self._begun[path] < _PAUSE:
            raise ApiError(429, "Poll every 30 minutes or slower")
        self._begun[path] = now


async def list_orders(_world: World, shop: Shop, request: Request) -> Response:
    """List the orders of one state, the oldest change first."""
    query, status = request.query_params, request.path_params["status"]
    if status not in _STATES:
        raise ApiError(400, f"There is no status {status}")
    limit = parameters.whole(query, "limit", 50, 1, 50)
    offset = parameters.whole(query, "offset", 0, 0, _HIGHEST)
    since = parameters.instant(query, "lastUpdate")
    found = [
        each
        for each in shop.orders.values()
        if status_of(each) == status and (since is None or each.updated >= since)
    ]
    found.sort(key=lambda order: (order.updated, order.id))
    return json_answer([order_json(each) for each in found[offset : offset + limit]])


async def read_order(_world: World, shop: Shop, request: Request) -> Response:
    """Return one order."""
    return json_answer(order_json(_order(shop, request)))


async def accept(world: World, shop: Shop, request: Request) -> Response:
    """Take the shop's word whether it takes the order; a refused one is not cancelled by itself."""
    order, content = _order(shop, request), await forms.read_json(request)
    accepted = content.get("accepted")
    if not isinstance(accepted, bool) or not isinstance(content.get("eventDate"), str):
        raise bad_field("accepted", "accepted and eventDate are required")
    if status_of(order) not in ("new", "pending"):
        raise ApiError(409, f"Order {order.id} was decided before")
    return _done(world, order, "WAITING_DEBIT" if accepted else "REFUSED")


async def track(world: World, shop: Shop, request: Request) -> Response:
    """Take the invoice or the shipment of some items."""
    order = _order(shop, request)
    told = _rows(await request.body())
    points = {str(_part(each, "tracking").get("controlPoint")) for each in told}
    known = {each.sku for each in order.lines}
    if any(_part(each, "item").get("skuSellerId") not in known for each in told):
        raise bad_field("item", "The item must be one of the order")
    if points == {"invoiced"}:
        return _invoiced(world, order, told)
    if points == {"in_hosting"}:
        return _shipped(world, order, told)
    raise bad_field("controlPoint", "The control point must be invoiced or in_hosting")


def _invoiced(world: World, order: Order, told: list[Json]) -> Response:
    key = str(_part(told[0], "invoice").get("invoiceKey"))
    if not re.fullmatch(r"\d{44}", key):
        raise bad_field("invoiceKey", "The key has 44 digits")
    if order.state != "SHIPPING":
        raise ApiError(409, f"Order {order.id} cannot be invoiced now")
    order.has_invoice, order.transaction = True, key
    return _done(world, order, order.state)


def _shipped(world: World, order: Order, told: list[Json]) -> Response:
    number, carrier = told[0].get("trackingNumber"), _part(told[0], "carrier").get("name")
    if not isinstance(number, str) or not isinstance(carrier, str) or not carrier:
        raise bad_field("carrier", "trackingNumber and carrier are required")
    if order.state != "SHIPPING":
        raise ApiError(409, f"Order {order.id} cannot be shipped now")
    order.shipment.number, order.shipment.carrier_name = number, carrier
    order.shipped = world.clock()
    return _done(world, order, "SHIPPED")


def order_json(order: Order) -> Json:
    """Return an order as the document shows it."""
    person = order.customer
    address = _address(order)
    return {
        "orderID": order.id,
        "orderStatus": status_of(order),
        "orderedItems": [
            {
                "sku": each.product_code,
                "skuSellerId": each.sku,
                "quantity": each.quantity,
                "price": each.unit_price / 100,
                "discount": 0,
            }
            for each in order.lines
        ],
        "paymentMethods": [
            {
                "method": "CARTAO",
                "amount": each.amount / 100,
                "installments": each.instalments,
                "brand": "VISA",
                "paymentDueAt": to_json(order.created),
                "approvedAt": to_json(order.debited),
            }
            for each in order.payments
        ],
        "sellerOrder": order.seller_reference or order.id,
        "totalFreight": sum(each.shipping for each in order.lines) / 100,
        "purchaseAt": to_json(order.created),
        "lastUpdateAt": to_json(order.updated),
        "clientProfileData": {
            "email": person.email,
            "firstName": person.firstname,
            "lastName": person.lastname,
            "documentType": "CPF",
            "document": person.document,
            "phone": person.phone,
            "dob": None,
            "corporate": {
                "corporateName": None,
                "tradeName": "",
                "stateInscription": "",
                "corporatePhone": None,
            },
        },
        "shippingInfo": [
            {
                "address": address,
                "deliveries": [_delivery(order, each) for each in order.lines],
            }
        ],
        "billingInfo": [{"address": address}],
        "history": _history(order),
    }


def status_of(order: Order) -> str:
    """Return the order's state; an approved one whose invoice is there is invoiced."""
    status = _STATE_OF.get(order.state, "new")
    return "invoiced" if status == "approved" and order.has_invoice else status


def _address(order: Order) -> Json:
    place = order.customer.place
    street, _comma, number = (place.street or "").rpartition(", ")
    return {
        "addressType": "RESIDENCIAL",
        "receiverName": order.customer.name,
        "postalCode": place.zip_code,
        "city": place.city,
        "state": place.state,
        "country": "BR",
        "street": street or place.street,
        "number": number or "",
        "neighborhood": None,
        "complement": place.complement,
        "reference": "",
    }


def _delivery(order: Order, line: Line) -> Json:
    shipment = order.shipment
    return {
        "item": {"sku": line.product_code, "skuSellerId": line.sku, "quantity": line.quantity},
        "selectedSla": "",
        "otd": {
            "shippingEstimate": 5,
            "transitTime": 0,
            "crossDockingTime": 0,
            "scheduledAt": None,
            "scheduledPeriod": None,
        },
        "trackingNumber": shipment.number,
        "sellerDeliveryId": f"{order.id}-1",
        "freightPrice": line.shipping / 100,
        "freightCost": 0,
        "additionalInfo": "",
        "carrier": {"name": shipment.carrier_name, "cnpj": ""},
        "invoice": {
            "number": 0,
            "value": 0,
            "url": "",
            "issuanceDate": None,
            "invoiceKey": order.transaction if order.has_invoice else None,
        },
        "tracking": {
            "description": None,
            "occurredAt": to_json(order.shipped),
            "controlPoint": status_of(order),
        },
        "giftWrap": {
            "available": False,
            "value": 0,
            "giftCard": {"from": "", "to": "", "message": ""},
        },
        "lockTTL": "2d",
    }


def _history(order: Order) -> list[Json]:
    dated = (
        ("new", order.created),
        ("accept", order.accepted),
        ("approved", order.debited),
        ("in_hosting", order.shipped),
        ("delivered", order.received),
    )
    return [{"status": name, "occurredDate": to_json(at)} for name, at in dated if at]


def _done(world: World, order: Order, state: str) -> Response:
    order.state, order.updated = state, world.clock()
    return Response(status_code=202)


def _rows(body: bytes) -> list[Json]:
    try:
        rows = json.loads(body)
    except ValueError:
        rows = None
    if isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows):
        return rows
    raise bad_field("body", "The body must be a list of items")


def _part(row: Json, name: str) -> Json:
    part = row.get(name)
    return part if isinstance(part, dict) else {}


def _order(shop: Shop, request: Request) -> Order:
    order = shop.orders.get(request.path_params["id"])
    if order is None:
        raise not_found("Order")
    return order
