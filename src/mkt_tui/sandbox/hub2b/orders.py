"""Orders of the hub: lists, single ones, and what a seller may say of them."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import forms, parameters
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.errors import ApiError, bad_parameter, not_found
from mkt_tui.sandbox.hub2b.order_json import SOURCE, ZONE, Json, order_json, status_of
from mkt_tui.sandbox.world import Shop, World

_STATES = {
    "Pending": "WAITING_ACCEPTANCE",
    "Approved": "SHIPPING",
    "Invoiced": "SHIPPING",
    "Shipped": "SHIPPED",
    "Delivered": "RECEIVED",
    "Completed": "CLOSED",
    "Canceled": "CANCELED",
}
_KEY_LENGTH = 44


class Orders:
    """One shop's orders under the hub's own numbers."""

    def __init__(self, world: World, shop: Shop) -> None:
        self._world = world
        self._store = shop.identity.seller
        self._orders = dict(enumerate(shop.orders.values(), 1))
        self._invoices: dict[int, Json] = {}
        self._trackings: dict[int, Json] = {}

    async def list(self, _world: World, _shop: Shop, request: Request) -> Response:
        """GET /Orders: by purchase and status, the oldest first."""
        query = request.query_params
        size = parameters.whole(query, "limit", 100, 1, 100)
        offset = parameters.whole(query, "offset", 0, 0, 10**9)
        earliest, latest = _local(query, "purchaseFrom"), _local(query, "purchaseTo")
        statuses = {each.lower() for each in parameters.listing(query, "statuses") or ()}
        numbers = parameters.listing(query, "number")
        found = [
            (number, order)
            for number, order in self._orders.items()
            if (earliest is None or order.created >= earliest)
            and (latest is None or order.created <= latest)
            and (not statuses or self._status(number).lower() in statuses)
            and (numbers is None or order.id in numbers)
        ]
        page = [self._json(number) for number, _order in found[offset : offset + size]]
        return json_answer({"totalObjects": len(found), "response": page})

    async def overview(self, _world: World, _shop: Shop, _request: Request) -> Response:
        """GET /Orders/Overview: how many orders each status has."""
        counted = Counter(self._status(number).lower() for number in self._orders)
        return json_answer({each.lower(): counted[each.lower()] for each in _STATES})

    async def read(self, _world: World, _shop: Shop, request: Request) -> Response:
        """GET /Orders/{id}."""
        return json_answer(self._json(self._number(request)))

    async def read_of_channel(self, _world: World, _shop: Shop, request: Request) -> Response:
        """GET /Orders/{channel}/{channel's number}."""
        wanted = request.path_params
        for number, order in self._orders.items():
            if order.id == wanted["number"] and wanted["channel"] == SOURCE:
                return json_answer(self._json(number))
        raise not_found("Order")

    async def set_status(self, _world: World, _shop: Shop, request: Request) -> Response:
        """PUT /Orders/{id}/Status."""
        number = self._number(request)
        content = await forms.read_json(request)
        state = _STATES.get(str(content.get("status")).capitalize())
        if state is None:
            raise ApiError(400, "Unknown status")
        order = self._orders[number]
        order.state, order.updated = state, self._world.clock()
        if state == "RECEIVED":
            order.received = order.updated
        return Response(status_code=200)

    async def add_invoice(self, _world: World, _shop: Shop, request: Request) -> Response:
        """POST /Orders/{id}/Invoice."""
        number = self._number(request)
        content = await forms.read_json(request)
        if len(str(content.get("key"))) != _KEY_LENGTH:
            raise ApiError(400, "The key of a nota fiscal has 44 digits")
        self._invoices[number] = content
        order = self._orders[number]
        order.has_invoice, order.updated = True, self._world.clock()
        return Response(status_code=200)

    async def read_invoice(self, _world: World, _shop: Shop, request: Request) -> Response:
        """GET /Orders/{id}/Invoice."""
        return _kept(self._invoices, self._number(request), "Invoice")

    async def add_tracking(self, _world: World, _shop: Shop, request: Request) -> Response:
        """POST /Orders/{id}/Tracking: "refused before the nota fiscal"."""
        number = self._number(request)
        content = await forms.read_json(request)
        order = self._orders[number]
        if not order.has_invoice:
            raise ApiError(400, "The order has no nota fiscal yet")
        self._trackings[number] = content
        order.shipment.carrier_name = forms.optional_text(content, "shippingProvider")
        order.shipment.number = forms.optional_text(content, "code")
        order.state, order.shipped = "SHIPPED", self._world.clock()
        order.updated = order.shipped
        return Response(status_code=200)

    async def read_tracking(self, _world: World, _shop: Shop, request: Request) -> Response:
        """GET /Orders/{id}/Tracking."""
        number = self._number(request)
        shipment = self._orders[number].shipment
        if number not in self._trackings and shipment.number:
            self._trackings[number] = {
                "code": shipment.number,
                "url": shipment.url,
                "shippingProvider": shipment.carrier_name,
            }
        return _kept(self._trackings, number, "Tracking")

    def _status(self, number: int) -> str:
        return status_of(self._orders[number])

    def _json(self, number: int) -> Json:
        return order_json(number, self._orders[number], self._store)

    def _number(self, request: Request) -> int:
        text = request.path_params["id"]
        if not text.isdecimal() or int(text) not in self._orders:
            raise not_found("Order")
        return int(text)


def _kept(kept: dict[int, Json], number: int, what: str) -> Response:
    if number not in kept:
        raise not_found(what)
    return json_answer(kept[number])


def _local(query: Mapping[str, str], name: str) -> datetime | None:
    """Return a time as the hub writes it, without a zone."""
    text = query.get(name)
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZONE) if text else None
    except ValueError:
        raise bad_parameter(name) from None
