"""Several shipments of an order: ST01, ST06, ST07, ST11, ST23, ST24, where the operator has them switched on."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import forms, parameters
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.errors import ApiError, bad_field, not_found
from mkt_tui.sandbox.instants import to_json
from mkt_tui.sandbox.mirakl import tokens
from mkt_tui.sandbox.records import Order, Package
from mkt_tui.sandbox.world import Shop, World

SWITCHED_ON = ("carrefour",)
WAREHOUSES = ("SP-01", "RJ-02")


async def list_shipments(_world: World, shop: Shop, request: Request) -> Response:
    """ST11: the shipments of the orders that are named, page by page."""
    _check_option(shop)
    query = request.query_params
    limit = parameters.whole(query, "limit", 50, 1, 100)
    orders = [shop.orders[each] for each in query.getlist("order_id") if each in shop.orders]
    found = [(order, each) for order in orders for each in order.packages]
    names = [each.id for _order, each in found]
    start = tokens.start(query.get("page_token"), names)
    told = [_told(order, each) for order, each in found[start : start + limit]]
    return json_answer({"data": told, **tokens.links(names, start, limit)})


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
    pieces, left = _pieces(entry), _left(order)
    if not pieces or any(pieces[each] > left[each] for each in pieces):
        raise bad_field("quantity", "More pieces than are left to ship")
    tracking = entry.get("tracking")
    tracking = _tracking(tracking) if isinstance(tracking, dict) else {}
    package = Package(str(uuid4()), dict(pieces), tracking, now, now)
    order.packages.append(package)
    if entry.get("shipped") is True:
        package.shipped = now
    _settle(order, now)
    return _told(order, package)


async def track(world: World, shop: Shop, request: Request) -> Response:
    """ST23: say who carries shipments, and under which numbers."""

    def step(package: Package, entry: forms.Json) -> None:
        tracking = entry.get("tracking")
        if not isinstance(tracking, dict):
            raise bad_field("tracking", "The tracking is required")
        package.tracking = _tracking(tracking)

    return await _each(world, shop, request, step)


async def ship(world: World, shop: Shop, request: Request) -> Response:
    """ST24: prepared shipments have left."""

    def step(package: Package, _entry: forms.Json) -> None:
        if package.shipped:
            raise ApiError(400, "The shipment must be SHIPPING to be shipped, but it is SHIPPED")
        package.shipped = world.clock()

    return await _each(world, shop, request, step)


async def delete(world: World, shop: Shop, request: Request) -> Response:
    """ST06: forget shipments that have not left."""

    def step(package: Package, _entry: forms.Json) -> None:
        _must_wait(package)
        for order in shop.orders.values():
            order.packages[:] = [each for each in order.packages if each is not package]

    return await _each(world, shop, request, step)


async def move(world: World, shop: Shop, request: Request) -> Response:
    """ST07: say from where shipments leave."""

    def step(package: Package, entry: forms.Json) -> None:
        origin = entry.get("shipping_from")
        warehouse = origin.get("warehouse") if isinstance(origin, dict) else None
        code = warehouse.get("code") if isinstance(warehouse, dict) else None
        if code not in WAREHOUSES:
            raise ApiError(400, f"Warehouse with code {code} does not exist")
        _must_wait(package)
        package.warehouse = code

    return await _each(world, shop, request, step)


def _must_wait(package: Package) -> None:
    if package.shipped:
        text = f"Shipment with id '{package.id}' is not in SHIPPING status and cannot be deleted."
        raise ApiError(400, text)


async def _each(
    world: World, shop: Shop, request: Request, step: Callable[[Package, forms.Json], None]
) -> Response:
    _check_option(shop)
    entries = (await forms.read_json(request)).get("shipments")
    if not isinstance(entries, list) or not 0 < len(entries) <= 1000:
        raise bad_field("shipments", "There must be 1 to 1000 shipments")
    known = {each.id: (order, each) for order in shop.orders.values() for each in order.packages}
    done, errors = [], []
    for entry in (each for each in entries if isinstance(each, dict)):
        name = str(entry.get("id"))
        try:
            _take(known.get(name), entry, step, world.clock())
            done.append({"id": name})
        except ApiError as error:
            errors.append({"id": name, "message": error.message})
    return json_answer({"shipment_success": done, "shipment_errors": errors})


def _take(
    found: tuple[Order, Package] | None,
    entry: forms.Json,
    step: Callable[[Package, forms.Json], None],
    now: datetime,
) -> None:
    if found is None:
        raise ApiError(404, f"No shipment with id '{entry.get('id')}'.")
    order, package = found
    step(package, entry)
    package.updated = now
    _settle(order, now)


def _settle(order: Order, now: datetime) -> None:
    """Let the order be shipped when all its pieces are."""
    order.updated = now
    waiting = any(each.shipped is None for each in order.packages)
    if order.state == "SHIPPING" and not waiting and not +_left(order):
        order.state, order.shipped = "SHIPPED", now


def _tracking(told: forms.Json) -> dict[str, object]:
    names = ("carrier_code", "carrier_name", "tracking_number", "tracking_url")
    found = {name: forms.optional_text(told, name) for name in names}
    if not found["carrier_name"] and not found["carrier_code"]:
        raise bad_field("carrier_name", "An unregistered carrier needs a carrier_name")
    return {name: value for name, value in found.items() if value}


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
        "status": "SHIPPED" if package.shipped else "SHIPPING",
        "status_customer_debit": None,
        "created_date": to_json(package.at),
        "last_updated_date": to_json(package.updated),
        "shipped_date": to_json(package.shipped),
        "shipment_lines": [
            {"order_line_id": name, "quantity": count} for name, count in package.pieces.items()
        ],
        "tracking": package.tracking,
        "shipping_from": {"warehouse": {"code": package.warehouse}} if package.warehouse else None,
    }


def _check_option(shop: Shop) -> None:
    # "Multi-shop disabled or multi-shipment disabled gives 404 on ST* calls" (facts.md).
    if shop.identity.slug not in SWITCHED_ON:
        raise not_found("Resource")
