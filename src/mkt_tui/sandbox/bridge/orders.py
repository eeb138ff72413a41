"""Orders: the list by date of change, and what a shop tells of them."""

import re
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import forms, parameters
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.bridge.paging import Json, page, place_of
from mkt_tui.sandbox.errors import ApiError, bad_field, not_found
from mkt_tui.sandbox.instants import from_text, to_json
from mkt_tui.sandbox.records import Order
from mkt_tui.sandbox.world import Shop, World

_STATUSES = {
    "SHIPPING": "approved",
    "SHIPPED": "shipped",
    "RECEIVED": "delivered",
    "CLOSED": "delivered",
    "CANCELED": "cancelled",
    "REFUSED": "cancelled",
}
_ALL = ("new", "approved", "invoiced", "shipped", "delivered", "cancelled", "returned")


async def list_orders(_world: World, shop: Shop, request: Request) -> Response:
    """List orders, the oldest change first."""
    since = parameters.instant(request.query_params, "updated_since")
    status = parameters.choice(request.query_params, "status", _ALL)
    found = [
        each
        for each in shop.orders.values()
        if (since is None or each.updated >= since)
        and (status is None or status_of(each) == status)
    ]
    return json_answer(page(request, found, _place, order_json))


async def read_order(_world: World, shop: Shop, request: Request) -> Response:
    """Return one order."""
    return json_answer(order_json(_order(shop, request)))


async def take_invoice(world: World, shop: Shop, request: Request) -> Response:
    """Take the nota fiscal."""
    order, content = _order(shop, request), await forms.read_json(request)
    if not re.fullmatch(r"\d{44}", str(content.get("key"))):
        raise bad_field("key", "The key has 44 digits")
    order.has_invoice = True
    return _done(order, order.state, world.clock())


async def ship(world: World, shop: Shop, request: Request) -> Response:
    """Take a parcel."""
    order, content = _order(shop, request), await forms.read_json(request)
    carrier = forms.optional_text(content, "carrier")
    if carrier is None:
        raise bad_field("carrier", "The carrier is required")
    known = {each.sku for each in order.lines}
    items = content.get("items") or []
    if not isinstance(items, list) or any(each.get("sku") not in known for each in items):
        raise bad_field("items", "The items must be items of the order")
    if order.state not in ("SHIPPING", "SHIPPED"):
        raise ApiError(409, f"Order {order.id} cannot be shipped now")
    order.shipped = _instant(content, "shipped_at")
    order.shipment.carrier_name = carrier
    order.shipment.number = forms.optional_text(content, "tracking_code")
    order.shipment.url = forms.optional_text(content, "tracking_url")
    return _done(order, "SHIPPED", world.clock())


async def deliver(world: World, shop: Shop, request: Request) -> Response:
    """Take the word that the order arrived."""
    order, content = _order(shop, request), await forms.read_json(request)
    if order.state != "SHIPPED":
        raise ApiError(409, f"Order {order.id} was not shipped")
    order.received = _instant(content, "delivered_at") if "delivered_at" in content else None
    return _done(order, "RECEIVED", world.clock())


async def cancel(world: World, shop: Shop, request: Request) -> Response:
    """Cancel the order."""
    order, content = _order(shop, request), await forms.read_json(request)
    if forms.optional_text(content, "reason") is None:
        raise bad_field("reason", "The reason is required")
    if order.state in ("SHIPPED", "RECEIVED", "CLOSED", "CANCELED"):
        raise ApiError(409, f"Order {order.id} cannot be cancelled now")
    return _done(order, "CANCELED", world.clock())


def order_json(order: Order) -> Json:
    """Return an order as the contract shows it."""
    person, place, shipment = order.customer, order.customer.place, order.shipment
    street, _comma, number = (place.street or "").rpartition(", ")
    freight = sum(each.shipping for each in order.lines)
    return {
        "id": order.id,
        "channel_order_id": f"P{order.id}",
        "status": status_of(order),
        "purchased_at": to_json(order.created),
        "updated_at": to_json(order.updated),
        "ship_by": to_json(shipment.ship_by),
        "deliver_by": to_json(shipment.promised_until),
        "customer": {
            "name": person.name,
            "document": person.document,
            "email": person.email,
            "phones": [person.phone] if person.phone else [],
        },
        "shipping_address": {
            "name": person.name,
            "street": street or place.street,
            "number": number or None,
            "complement": place.complement,
            "zip_code": place.zip_code,
            "city": place.city,
            "state": place.state,
            "country": "BR",
        },
        "items": [
            {
                "sku": each.sku,
                "name": each.title,
                "quantity": each.quantity,
                "price_cents": each.unit_price,
            }
            for each in order.lines
        ],
        "total_cents": freight + sum(each.price for each in order.lines),
        "freight_cents": freight,
        "discount_cents": 0,
    }


def status_of(order: Order) -> str:
    """Return the order's state; an approved one whose invoice is there is invoiced."""
    status = _STATUSES.get(order.state, "new")
    return "invoiced" if status == "approved" and order.has_invoice else status


def _done(order: Order, state: str, now: datetime) -> Response:
    order.state, order.updated = state, now
    return Response(status_code=201)


def _instant(content: forms.Json, name: str) -> datetime:
    try:
        return from_text(str(content.get(name)))
    except ValueError:
        raise bad_field(name, f"{name} must be a date-time") from None


def _order(shop: Shop, request: Request) -> Order:
    order = shop.orders.get(request.path_params["id"])
    if order is None:
        raise not_found("Order")
    return order


def _place(order: Order) -> str:
    return place_of(order.updated, order.id)
