"""Orders of the three sites, and what a shop tells of them."""

import re

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import forms, parameters
from mkt_tui.sandbox.americanas.codes import order_code, order_of, site_of, zoned
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.errors import ApiError
from mkt_tui.sandbox.records import Line, Order, Place
from mkt_tui.sandbox.world import Shop, World

Json = dict[str, object]
_STATUSES = {
    "SHIPPING": ("payment_received", "APPROVED"),
    "SHIPPED": ("order_shipped", "SHIPPED"),
    "RECEIVED": ("complete", "DELIVERED"),
    "CLOSED": ("complete", "DELIVERED"),
    "CANCELED": ("order_canceled", "CANCELED"),
    "REFUSED": ("order_canceled", "CANCELED"),
}
_NEW = ("book_product", "NEW")
_INVOICED = ("order_invoiced", "INVOICED")
_HIGHEST = 100_000


async def list_orders(_world: World, shop: Shop, request: Request) -> Response:
    """List orders by page, the newest first."""
    query = request.query_params
    number = parameters.whole(query, "page", 1, 1, _HIGHEST)
    size = parameters.whole(query, "per_page", 30, 1, 30)
    site, statuses = query.get("filters[sale_system]"), query.getlist("filters[statuses][]")
    found = [
        each
        for each in reversed(shop.orders.values())
        if (site is None or site_of(each) == site)
        and (not statuses or _status(each)[0] in statuses)
    ]
    shown = found[(number - 1) * size : number * size]
    return json_answer({"total": len(found), "orders": [order_json(each) for each in shown]})


async def read_order(_world: World, shop: Shop, request: Request) -> Response:
    """Return one order."""
    return json_answer(order_json(_order(shop, request)))


async def take_invoice(world: World, shop: Shop, request: Request) -> Response:
    """Take the access key of the nota fiscal."""
    order, content = await _told(shop, request, "order_invoiced", "APPROVED")
    invoice = content.get("invoice")
    key = str(invoice.get("key")) if isinstance(invoice, dict) else ""
    if not re.fullmatch(r"\d{44}", key):
        raise ApiError(422, "Invalid invoice key")
    order.has_invoice, order.transaction = True, key
    return _done(world, order, order.state)


async def ship(world: World, shop: Shop, request: Request) -> Response:
    """Take the shipment of the whole order."""
    order, content = await _told(shop, request, "order_shipped", "APPROVED", "INVOICED")
    shipment = content.get("shipment")
    track = shipment.get("track") if isinstance(shipment, dict) else None
    if not isinstance(shipment, dict) or not isinstance(track, dict) or not track.get("code"):
        raise ApiError(422, "Invalid shipment")
    sent = {(each.get("sku"), each.get("qty")) for each in shipment.get("items") or []}
    if sent != {(each.sku, each.quantity) for each in order.lines}:
        raise ApiError(422, "Invalid shipment items")
    order.shipped, order.shipment.number = world.clock(), str(track["code"])
    order.shipment.carrier_name = str(track.get("carrier"))
    order.shipment.url = forms.optional_text(track, "url")
    return _done(world, order, "SHIPPED")


async def deliver(world: World, shop: Shop, request: Request) -> Response:
    """Take the word that the order arrived."""
    order, _content = await _told(shop, request, "complete", "SHIPPED")
    order.received = world.clock()
    return _done(world, order, "RECEIVED")


async def cancel(world: World, shop: Shop, request: Request) -> Response:
    """Cancel the order."""
    order, _content = await _told(shop, request, "order_canceled", "NEW", "APPROVED", "INVOICED")
    return _done(world, order, "CANCELED")


def order_json(order: Order) -> Json:
    """Return an order as the contract shows it."""
    person, (code, kind) = order.customer, _status(order)
    freight = sum(each.shipping for each in order.lines)
    address = _address(person.name, person.place, person.phone)
    return {
        "code": order_code(order),
        "channel": site_of(order),
        "placed_at": zoned(order.created),
        "updated_at": zoned(order.updated),
        "approved_date": zoned(order.debited),
        "shipped_date": zoned(order.shipped),
        "delivered_date": zoned(order.received),
        "expedition_limit_date": zoned(order.shipment.ship_by),
        "estimated_delivery": zoned(order.shipment.promised_until),
        "total_ordered": (freight + sum(each.price for each in order.lines)) / 100,
        "discount": 0,
        "interest": 0,
        "shipping_cost": freight / 100,
        "shipping_method": "Correios PAC",
        "shipping_carrier": order.shipment.carrier_name or "",
        "sync_status": "NOT_SYNCED",
        "tags": [],
        "status": {"code": code, "label": code.capitalize(), "type": kind},
        "customer": {
            "name": person.name,
            "email": person.email,
            "vat_number": person.document,
            "phones": [person.phone] if person.phone else [],
        },
        "shipping_address": address,
        "billing_address": address,
        "items": [_item(each) for each in order.lines],
        "payments": [
            {
                "method": "skyhub_payment",
                "description": each.method,
                "parcels": each.instalments,
                "value": each.amount / 100,
            }
            for each in order.payments
        ],
        "invoices": [{"key": order.transaction, "number": order.id[:6], "line": "1"}]
        if order.has_invoice
        else [],
        "shipments": _shipments(order),
        "import_info": {"ss_name": site_of(order), "remote_id": None, "remote_code": order.id},
    }


def _status(order: Order) -> tuple[str, str]:
    status = _STATUSES.get(order.state, _NEW)
    return _INVOICED if status[1] == "APPROVED" and order.has_invoice else status


def _item(line: Line) -> Json:
    return {
        "id": line.sku,
        "product_id": line.product_code,
        "name": line.title,
        "qty": line.quantity,
        "original_price": line.unit_price / 100,
        "special_price": 0,
        "shipping_cost": None,
    }


def _shipments(order: Order) -> list[Json]:
    shipment = order.shipment
    if order.shipped is None:
        return []
    track = {
        "code": shipment.number,
        "carrier": shipment.carrier_name,
        "method": "Pac",
        "url": shipment.url,
    }
    return [
        {
            "code": order_code(order),
            "delivered_carrier_date": zoned(order.shipped),
            "items": [{"sku": each.sku, "qty": each.quantity} for each in order.lines],
            "tracks": [track],
        }
    ]


def _address(name: str, place: Place, phone: str | None) -> Json:
    street, _comma, number = (place.street or "").rpartition(", ")
    return {
        "full_name": name,
        "street": street or place.street,
        "number": number or None,
        "neighborhood": place.complement,
        "city": place.city,
        "region": place.state,
        "postcode": (place.zip_code or "").replace("-", "") or None,
        "country": "BR",
        "phone": phone,
    }


async def _told(
    shop: Shop, request: Request, status: str, *before: str
) -> tuple[Order, forms.Json]:
    """Return order and content of a change of status, which must be an allowed one."""
    order, content = _order(shop, request), await forms.read_json(request)
    if content.get("status") != status or _status(order)[1] not in before:
        raise ApiError(422, "Invalid order status transition")
    return order, content


def _done(world: World, order: Order, state: str) -> Response:
    order.state, order.updated = state, world.clock()
    return Response(status_code=201)


def _order(shop: Shop, request: Request) -> Order:
    return order_of(shop, request.path_params["code"])
