"""Orders with their deliveries."""

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import forms
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.errors import ApiError, not_found
from mkt_tui.sandbox.instants import to_json
from mkt_tui.sandbox.magalu.paging import Json, descending, instant, page
from mkt_tui.sandbox.records import Line, Order
from mkt_tui.sandbox.world import Shop, World

_STATUSES = {
    "SHIPPING": ("approved", "approved"),
    "SHIPPED": ("approved", "shipped"),
    "RECEIVED": ("finished", "delivered"),
    "CLOSED": ("finished", "delivered"),
    "CANCELED": ("cancelled", "cancelled"),
    "REFUSED": ("cancelled", "cancelled"),
}
_NEW = ("new", "new")
_METHODS = {"Pix": "pix", "Boleto": "bank_slip", "Vale-compra": "voucher"}
_CENTS = 100


async def list_orders(_world: World, shop: Shop, request: Request) -> Response:
    """List orders by date of change."""
    since, until = instant(request, "updated_at__gte"), instant(request, "updated_at__lte")
    found = [
        each
        for each in shop.orders.values()
        if (since is None or each.updated >= since) and (until is None or each.updated <= until)
    ]
    found.sort(key=lambda each: (each.updated, each.id), reverse=descending(request, "updated_at"))
    rows = [order_json(each) for each in found]
    return json_answer(page(request, rows, size=20, farthest=5000))


async def read_order(_world: World, shop: Shop, request: Request) -> Response:
    """Return one order."""
    order = shop.orders.get(request.path_params["code"])
    if order is None:
        raise not_found("Order")
    return json_answer(order_json(order))


async def ship(world: World, shop: Shop, request: Request) -> Response:
    """Take that a delivery was sent."""
    order, content = _delivered(shop, request), await forms.read_json(request)
    if order.state != "SHIPPING":
        raise ApiError(400, "The delivery cannot be shipped now")
    carrier = content.get("carrier")
    order.shipment.carrier_name = str(carrier.get("name")) if isinstance(carrier, dict) else None
    order.shipment.number = forms.optional_text(content, "protocol")
    order.shipment.url = forms.optional_text(content, "tracking_url")
    order.state, order.shipped, order.updated = "SHIPPED", world.clock(), world.clock()
    return Response(status_code=201)


async def finish(world: World, shop: Shop, request: Request) -> Response:
    """Take that a delivery arrived."""
    order, content = _delivered(shop, request), await forms.read_json(request)
    if order.state != "SHIPPED":
        raise ApiError(400, "The delivery was not shipped")
    if not forms.optional_text(content, "delivered_at"):
        raise ApiError(422, "delivered_at")
    order.state, order.received, order.updated = "RECEIVED", world.clock(), world.clock()
    return Response(status_code=201)


def _delivered(shop: Shop, request: Request) -> Order:
    order = shop.orders.get(request.path_params["delivery_id"].removeprefix("delivery-"))
    if order is None:
        raise not_found("Delivery")
    return order


def order_json(order: Order) -> Json:
    """Return an order as the contract shows it."""
    status, delivery = _STATUSES.get(order.state, _NEW)
    freight = sum(each.shipping for each in order.lines)
    total = freight + sum(each.price for each in order.lines)
    person = order.customer
    return {
        "id": f"order-{order.id}",
        "code": order.id,
        "status": status,
        "channel": {"id": "magazineluiza"},
        "created_at": to_json(order.created),
        "purchased_at": to_json(order.created),
        "approved_at": to_json(order.debited),
        "updated_at": to_json(order.updated),
        "amounts": {
            "currency": "BRL",
            "normalizer": _CENTS,
            "total": total,
            "commission": _amount(sum(each.commission or 0 for each in order.lines)),
            "discount": _amount(0),
            "freight": _amount(freight),
            "tax": 0,
        },
        "customer": {
            "name": person.name,
            "document_number": person.document,
            "customer_type": "natural",
            "birth_date": None,
            "phones": [],
        },
        "payments": [
            {
                "method": _METHODS.get(each.method, "credit_card"),
                "amount": each.amount,
                "normalizer": _CENTS,
                "installments": each.instalments,
            }
            for each in order.payments
        ],
        "deliveries": [_delivery(order, delivery)],
    }


def _delivery(order: Order, status: str) -> Json:
    person, place, shipment = order.customer, order.customer.place, order.shipment
    street, _comma, number = (place.street or "").rpartition(", ")
    return {
        "id": f"delivery-{order.id}",
        "code": f"{order.id}-1",
        "status": status,
        "seller": {"id": "practice", "name": "Casa Prado"},
        "items": [_item(each) for each in order.lines],
        "invoices": [],
        "shipping": {
            "handling_time": {"limit_date": to_json(shipment.ship_by)},
            "deadline": {"limit_date": to_json(shipment.promised_until)},
            "delivered_at": to_json(order.received),
            "provider": {"name": shipment.carrier_name},
            "recipient": {
                "name": person.name,
                "document_number": person.document,
                "address": {
                    "street": street or place.street,
                    "number": number or None,
                    "district": place.complement,
                    "city": place.city,
                    "state": place.state,
                    "zipcode": (place.zip_code or "").replace("-", "") or None,
                    "country": "BR",
                },
            },
            "tracking": {"code": shipment.number, "url": shipment.url},
        },
    }


def _item(line: Line) -> Json:
    return {
        "info": {"sku": line.sku, "name": line.title},
        "quantity": line.quantity,
        "unit_price": {"value": line.unit_price, "normalizer": _CENTS},
        "amounts": {"total": line.price, "normalizer": _CENTS},
    }


def _amount(cents: int) -> Json:
    return {"total": cents, "normalizer": _CENTS}
