"""Orders of the contract: OR11, OR23 and OR24."""

from collections.abc import Callable, Collection
from datetime import datetime
from itertools import islice
from operator import attrgetter

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import forms, parameters
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.carriers import carriers
from mkt_tui.sandbox.errors import ApiError, bad_field, bad_parameter, not_found
from mkt_tui.sandbox.mirakl.order_json import order_json
from mkt_tui.sandbox.records import Order
from mkt_tui.sandbox.world import Shop, World

STATES = (
    "STAGING",
    "WAITING_ACCEPTANCE",
    "WAITING_DEBIT",
    "WAITING_DEBIT_PAYMENT",
    "SHIPPING",
    "SHIPPED",
    "TO_COLLECT",
    "RECEIVED",
    "CLOSED",
    "REFUSED",
    "CANCELED",
)
NOT_PLAYED = (
    "order_references_for_customer",
    "channel_codes",
    "only_null_channel",
    "payment_workflow",
    "fulfillment_center_code",
    "order_tax_mode",
)
"""Filters of OR11 that this sandbox refuses rather than ignores."""

Test = Callable[[Order], bool]


async def list_orders(_world: World, shop: Shop, request: Request) -> Response:
    """OR11: list orders, the oldest first, by offset."""
    query = request.query_params
    size = parameters.whole(query, "max", 10, 1, 100)
    offset = parameters.whole(query, "offset", 0, 0, 10**9)
    parameters.choice(query, "sort", ("dateCreated",))
    tests, found = _tests(query), _candidates(shop, query)
    if tests:
        found = [order for order in found if all(test(order) for test in tests)]
    if parameters.choice(query, "order", ("asc", "desc"), "asc") == "desc":
        found = list(found)[::-1]
    page = islice(found, offset, offset + size)
    orders = [order_json(order, shop.threads_of(order.id)) for order in page]
    return json_answer({"orders": orders, "total_count": len(found)})


async def decide(world: World, shop: Shop, request: Request) -> Response:
    """OR21: accept or refuse the lines of an order in the WAITING_ACCEPTANCE status."""
    order = order_of(shop, request)
    if order.state != "WAITING_ACCEPTANCE":
        raise ApiError(400, f"Order {order.id} is {order.state}, not WAITING_ACCEPTANCE")
    decided = _decisions(await forms.read_json(request))
    names = {f"{order.id}-{place}" for place in range(1, len(order.lines) + 1)}
    if set(decided) != names:
        raise bad_field("order_lines", "Every line of the order must be decided, once")
    order.state = "WAITING_DEBIT_PAYMENT" if any(decided.values()) else "REFUSED"
    order.accepted = order.updated = world.clock()
    return Response(status_code=204)


def _decisions(content: dict[str, object]) -> dict[str, bool]:
    lines = content.get("order_lines")
    if not isinstance(lines, list) or not lines:
        raise bad_field("order_lines", "The lines must be a list")
    decided: dict[str, bool] = {}
    for each in lines:
        known = isinstance(each, dict) and isinstance(each.get("id"), str)
        if not known or not isinstance(each.get("accepted"), bool) or each["id"] in decided:
            raise bad_field("order_lines", "Each line needs an id and accepted, once")
        decided[each["id"]] = each["accepted"]
    return decided


async def set_tracking(world: World, shop: Shop, request: Request) -> Response:
    """OR23: say who carries the parcel and under which number."""
    order = order_of(shop, request)
    content = await forms.read_json(request)
    code = forms.optional_text(content, "carrier_code")
    name = forms.optional_text(content, "carrier_name")
    number = forms.optional_text(content, "tracking_number")
    url = forms.optional_text(content, "carrier_url")
    forms.optional_text(content, "carrier_standard_code")
    carrier = carriers().get(code or "")
    if carrier is None and name is None:
        raise bad_field("carrier_name", "An unregistered carrier needs a carrier_name")
    if carrier is not None:
        if number is None:
            raise bad_field("tracking_number", "This carrier needs a tracking_number")
        name, url = carrier.name, carrier.url(number)
    shipment = order.shipment
    shipment.carrier_code = code if carrier else None
    shipment.carrier_name, shipment.number, shipment.url = name, number, url
    order.updated = world.clock()
    return Response(status_code=204)


async def ship(world: World, shop: Shop, request: Request) -> Response:
    """OR24: the parcel has left; only for orders in the SHIPPING status."""
    order = order_of(shop, request)
    if order.state != "SHIPPING":
        raise ApiError(400, f"Order {order.id} is {order.state}, it must be SHIPPING to be shipped")
    order.state = "SHIPPED"
    order.shipped = order.updated = world.clock()
    return Response(status_code=204)


def order_of(shop: Shop, request: Request) -> Order:
    """Return the order of the address; NotFound when there is none."""
    order = shop.orders.get(request.path_params["order_id"])
    if order is None:
        raise not_found("Order")
    return order


def _candidates(shop: Shop, query: QueryParams) -> Collection[Order]:
    wanted = parameters.listing(query, "order_ids")
    if wanted is None:
        return shop.orders.values()
    if len(wanted) > 100:
        raise bad_parameter("order_ids")
    found = [shop.orders[each] for each in dict.fromkeys(wanted) if each in shop.orders]
    return sorted(found, key=lambda order: (order.created, order.id))


def _tests(query: QueryParams) -> list[Test]:
    for name in NOT_PLAYED:
        if name in query:
            raise ApiError(400, f"Parameter {name} is not played by the practice marketplace")
    tests = [
        _state_test(query),
        _flag_test(query, "has_incident", lambda order: order.has_incident),
        _flag_test(query, "customer_debited", lambda order: order.debited is not None),
        _reference_test(query),
        *_range_tests(query, "start_date", "end_date", attrgetter("created")),
        *_range_tests(query, "start_update_date", "end_update_date", attrgetter("updated")),
    ]
    return [test for test in tests if test is not None]


def _state_test(query: QueryParams) -> Test | None:
    states = parameters.listing(query, "order_state_codes")
    if states is None:
        return None
    if not set(states) <= set(STATES):
        raise bad_parameter("order_state_codes")
    return lambda order: order.state in states


def _reference_test(query: QueryParams) -> Test | None:
    wanted = parameters.listing(query, "order_references_for_seller")
    return None if wanted is None else lambda order: order.seller_reference in wanted


def _flag_test(query: QueryParams, name: str, value: Test) -> Test | None:
    wanted = parameters.truth(query, name)
    return None if wanted is None else lambda order: value(order) == wanted


def _range_tests(
    query: QueryParams, start: str, end: str, value: Callable[[Order], datetime]
) -> list[Test]:
    earliest, latest = parameters.instant(query, start), parameters.instant(query, end)
    tests: list[Test] = []
    if earliest is not None:
        tests.append(lambda order: value(order) >= earliest)
    if latest is not None:
        tests.append(lambda order: value(order) <= latest)
    return tests
