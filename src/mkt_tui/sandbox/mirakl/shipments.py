"""Several shipments of an order: ST01 and ST11, where the operator has them switched on."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import forms
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.errors import ApiError, bad_field, not_found
from mkt_tui.sandbox.instants import to_json
from mkt_tui.sandbox.records import Order, Package
from mkt_tui.sandbox.world import Shop, World

SWITCHED_ON = ("carrefour",)


async def list_shipments(_world: World, shop: Shop, request: Request) -> Response:
    """ST11: the shipments of the orders that are named, all on one page."""
    _check_option(shop)
    wanted = request.query_params.getlist("order_id")
    orders = [shop.orders[each] for each in wanted if each in shop.orders]
    return json_answer(
        {"data": [_told(order, each) for order in orders for each in order.packages]}
    )


async def create(world: World, shop: Shop, request: Request) -> Response:
    """ST01: take the good shipments and tell what is wrong with the others."""
    _check_option(shop)
    content = await forms.read_json(request)
    entries = content.get("shipments")
    if not isinstance(entries, list) or not 0 < len(entries) <= 1000:
        raise bad_field("shipments", "There must be 1 to 1000 shipments")
    made, errors = [], []
    for entry in (each for each in entries if isinstance(each, dict)):
        try:
            made.append(_create(shop, entry, world.clock()))
        except ApiError as error:
            errors.append({"order_id": str(entry.get("order_id")), "message": error.message})
    return json_answer({"shipment_success": made, "shipment_errors": errors}, 201)


def _create(shop: Shop, entry: forms.Json, now: datetime) -> forms.Json:
    order = shop.orders.get(str(entry.get("order_id")))
    if order is None:
        raise not_found("Order")
    if order.state != "SHIPPING":
        raise ApiError(400, f"Order {order.id} is {order.state}, it must be SHIPPING")
    if entry.get("shipped") is not True:
        raise ApiError(400, "Shipments that are prepared only are not played")
    pieces, left = _pieces(entry), _left(order)
    if not pieces or any(pieces[each] > left[each] for each in pieces):
        raise bad_field("quantity", "More pieces than are left to ship")
    tracking = entry.get("tracking")
    package = Package(
        str(uuid4()), dict(pieces), tracking if isinstance(tracking, dict) else {}, now
    )
    order.packages.append(package)
    order.updated = now
    if not +(left - pieces):
        order.state, order.shipped = "SHIPPED", now
    return _told(order, package)


def _pieces(entry: forms.Json) -> Counter[str]:
    lines = entry.get("shipment_lines")
    pieces: Counter[str] = Counter()
    for each in lines if isinstance(lines, list) else ():
        if type(each.get("quantity")) is not int or each["quantity"] < 1:
            raise bad_field("quantity", "A quantity must be 1 or more")
        pieces[str(each.get("order_line_id"))] += each["quantity"]
    return pieces


def _left(order: Order) -> Counter[str]:
    shipped = _all(each.pieces for each in order.packages)
    lines = enumerate(order.lines, 1)
    return Counter({f"{order.id}-{place}": line.left for place, line in lines}) - shipped


def _all(counts: Iterable[dict[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return total


def _told(order: Order, package: Package) -> forms.Json:
    return {
        "id": package.id,
        "order_id": order.id,
        "status": "SHIPPED",
        "status_customer_debit": None,
        "created_date": to_json(package.at),
        "last_updated_date": to_json(package.at),
        "shipped_date": to_json(package.at),
        "shipment_lines": [
            {"order_line_id": name, "quantity": count} for name, count in package.pieces.items()
        ],
        "tracking": package.tracking,
    }


def _check_option(shop: Shop) -> None:
    # "Multi-shop disabled or multi-shipment disabled gives 404 on ST* calls" (facts.md).
    if shop.identity.slug not in SWITCHED_ON:
        raise not_found("Resource")
