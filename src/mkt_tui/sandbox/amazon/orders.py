"""Orders: searchOrders and getOrder of 2026-01-01."""

import base64
import json
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import forms, parameters
from mkt_tui.sandbox.amazon.order_json import (
    MARKETPLACE,
    items,
    left,
    moment,
    number,
    order_json,
    status,
)
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.errors import ApiError, bad_parameter, not_found
from mkt_tui.sandbox.instants import from_text
from mkt_tui.sandbox.records import Order, Package
from mkt_tui.sandbox.world import Shop, World

_TOKEN_LASTS = timedelta(hours=24)
_SETTLES = timedelta(minutes=2)
_STATUSES = frozenset(
    [
        "PENDING_AVAILABILITY",
        "PENDING",
        "UNSHIPPED",
        "PARTIALLY_SHIPPED",
        "SHIPPED",
        "CANCELLED",
        "UNFULFILLABLE",
    ]
)
_DATA = frozenset(
    [
        "BUYER",
        "RECIPIENT",
        "PROCEEDS",
        "EXPENSE",
        "PROMOTION",
        "CANCELLATION",
        "FULFILLMENT",
        "PACKAGES",
        "TAX",
        "PAYMENT",
        "FULFILLMENT_ORDERS",
    ]
)


async def search_orders(world: World, shop: Shop, request: Request) -> Response:
    """List orders by their creation or their last update, in pages by token."""
    query = request.query_params
    created, updated = (
        parameters.instant(query, name) for name in ("createdAfter", "lastUpdatedAfter")
    )
    if (created is None) == (updated is None):
        raise ApiError(400, "Exactly one of createdAfter and lastUpdatedAfter is needed")
    size = parameters.whole(query, "maxResultsPerPage", 100, 1, 100)
    wanted = _data(request)
    asked = {name: query.getlist(name) for name in query if name not in _MAY_CHANGE}
    start, until = _place(world, query.get("paginationToken"), asked)
    found = _found(shop, request, created, updated)
    # What changes while the pages are read belongs to a later read.
    found = [each for each in found if each.updated <= until]
    page = found[start : start + size]
    told = {"orders": [order_json(each, wanted) for each in page]}
    bound = "lastUpdatedBefore" if updated else "createdBefore"
    told[bound] = moment(until)  # type: ignore[assignment]  # a text beside the list
    if start + size < len(found):
        told["pagination"] = {"nextToken": _token(start + size, until, asked)}  # type: ignore[assignment]
    return json_answer(told)


async def get_order(_world: World, shop: Shop, request: Request) -> Response:
    """Return one order."""
    wanted = _data(request)
    return json_answer({"order": order_json(find(shop, request.path_params["order_id"]), wanted)})


async def confirm_shipment(world: World, shop: Shop, request: Request) -> Response:
    """ConfirmShipment of v0: one package; told again under its reference, it is edited."""
    order = find(shop, request.path_params["order_id"])
    content = await forms.read_json(request)
    package = content.get("packageDetail")
    if content.get("marketplaceId") != MARKETPLACE or not isinstance(package, dict):
        raise bad_parameter("packageDetail")
    if status(order) not in ("UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED"):
        raise ApiError(400, "The order cannot be shipped in its state.")
    reference = str(package["packageReferenceId"])
    if not (reference.isascii() and reference.isdigit() and int(reference) > 0):
        raise bad_parameter("packageReferenceId")
    if package["carrierCode"] == "Other" and not package.get("carrierName"):
        raise bad_parameter("carrierName")
    others = [each for each in order.packages if each.id != reference]
    told = _package(package, reference, world.clock())
    if not told.pieces or any(left(order, others, item) < n for item, n in told.pieces.items()):
        raise bad_parameter("orderItems")
    order.packages = [*others, told]
    order.shipment.carrier_name = str(told.tracking["carrier"])
    order.shipment.number = str(told.tracking["number"])
    if not any(left(order, order.packages, each) for each in items(order)):
        order.state, order.shipped = "SHIPPED", told.shipped
    order.updated = world.clock()
    return Response(status_code=204)


def _package(told: dict[str, Any], reference: str, now: datetime) -> Package:
    carrier = told.get("carrierName") or told["carrierCode"]
    return Package(
        reference,
        {each["orderItemId"]: each["quantity"] for each in told["orderItems"]},
        {"carrier": carrier, "number": told["trackingNumber"]},
        now,
        now,
        from_text(told["shipDate"]),
    )


def find(shop: Shop, wanted: str) -> Order:
    """Return the order with that number of Amazon's."""
    for order in shop.orders.values():
        if number(order) == wanted:
            return order
    raise not_found("Order")


_MAY_CHANGE = ("paginationToken", "maxResultsPerPage", "includedData")


def _data(request: Request) -> frozenset[str]:
    wanted = frozenset(parameters.listing(request.query_params, "includedData") or ())
    if not wanted <= _DATA:
        raise bad_parameter("includedData")
    return wanted


def _found(
    shop: Shop, request: Request, created: datetime | None, updated: datetime | None
) -> list[Order]:
    query = request.query_params
    states = parameters.listing(query, "fulfillmentStatuses")
    if states is not None and not set(states) <= _STATUSES:
        raise bad_parameter("fulfillmentStatuses")
    places = parameters.listing(query, "marketplaceIds")
    if places is not None and MARKETPLACE not in places:
        return []
    found = [
        each
        for each in shop.orders.values()
        if (created is None or each.created >= created)
        and (updated is None or each.updated >= updated)
        and (states is None or status(each) in states)
    ]
    return sorted(found, key=attrgetter("updated" if updated else "created", "id"))


def _token(start: int, until: datetime, asked: dict[str, list[str]]) -> str:
    told = json.dumps([start, moment(until), asked])
    return base64.urlsafe_b64encode(told.encode()).decode()


def _place(world: World, token: str | None, asked: dict[str, list[str]]) -> tuple[int, datetime]:
    if token is None:
        return 0, world.clock() - _SETTLES
    try:
        start, text, before = json.loads(base64.urlsafe_b64decode(token))
        until = from_text(text)
    except (ValueError, TypeError):
        raise bad_parameter("paginationToken") from None
    if before != asked or world.clock() - until > _TOKEN_LASTS:
        raise bad_parameter("paginationToken")
    return start, until
