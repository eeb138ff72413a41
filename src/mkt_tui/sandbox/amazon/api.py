"""The operations of the Selling Partner API, and what every request passes first."""

import json
from collections.abc import Mapping
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox.amazon import orders, sellers
from mkt_tui.sandbox.amazon.grants import Grants
from mkt_tui.sandbox.amazon.notices import REVIEW, Notices
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.contract import Contract, application
from mkt_tui.sandbox.errors import ApiError
from mkt_tui.sandbox.rates import Bucket
from mkt_tui.sandbox.world import Shop, World

_TOKEN = "/auth/o2/token"  # noqa: S105 - a path
_ROUTES = (
    ("/sellers/v1/marketplaceParticipations", "GET", sellers.participations),
    ("/orders/2026-01-01/orders", "GET", orders.search_orders),
    ("/orders/2026-01-01/orders/{order_id}", "GET", orders.get_order),
    ("/orders/v0/orders/{order_id}/shipmentConfirmation", "POST", orders.confirm_shipment),
)
# Requests a second and burst of each operation, by the beginning of its path (usage plans).
_RATES = (
    ("/sellers/v1", "GET", 0.016, 15),
    ("/orders/2026-01-01/orders/", "GET", 0.5, 30),
    ("/orders/2026-01-01/orders", "GET", 0.0056, 20),
    ("/orders/v0/orders/", "POST", 2, 10),
    ("/messaging/v1", "GET", 1, 5),
    ("/messaging/v1", "POST", 1, 5),
    ("/solicitations/v1", "GET", 1, 5),
    ("/solicitations/v1", "POST", 1, 5),
)
_CODES = {403: "Unauthorized", 404: "NotFound", 429: "QuotaExceeded", 500: "InternalFailure"}


class _Gate:
    """Token and rates."""

    def __init__(self, world: World, grants: Grants) -> None:
        self._grants = grants
        self._buckets = {
            (path, method): Bucket(rate, world.clock, burst) for path, method, rate, burst in _RATES
        }
        self._paced = world.paced

    def check(self, request: Request) -> None:
        path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
        if path == _TOKEN:
            return
        if not self._grants.holds(request.headers.get("x-amz-access-token", "")):
            raise ApiError(403, "Access to requested resource is denied.")
        if self._paced and not self._bucket(path, request.method).take():
            raise ApiError(429, "You exceeded your quota for the requested resource.")

    def _bucket(self, path: str, method: str) -> Bucket:
        found = (key for key in self._buckets if path.startswith(key[0]) and method == key[1])
        return self._buckets[next(found)]


def _app(world: World, shop: Shop) -> Starlette:
    grants = Grants(shop, world.clock)

    async def token(_world: World, _shop: Shop, request: Request) -> Response:
        form = {
            name: values[0] for name, values in parse_qs((await request.body()).decode()).items()
        }
        status, told = grants.exchange(form)
        return json_answer(told, status)

    notices = Notices()
    messages, asked = "/messaging/v1/orders/{order_id}", "/solicitations/v1/orders/{order_id}"
    routes = [
        (_TOKEN, "POST", token),
        *_ROUTES,
        (messages, "GET", notices.messages),
        (messages + "/messages/{kind}", "POST", notices.send),
        (asked, "GET", notices.solicitations),
        (f"{asked}/solicitations/{REVIEW}", "POST", notices.solicit),
    ]
    return application(world, shop, routes, _Gate(world, grants).check, _body)


def _body(error: ApiError) -> object:
    code = _CODES.get(error.status, "InvalidInput")
    return {"errors": [{"code": code, "message": error.message, "details": ""}]}


def _options(_world: World, _shop: Shop) -> Mapping[str, str]:
    return {
        "token_url": "{address}" + _TOKEN,
        "personal_account": "practice",
        "personal_modules": "orders,invoices",
    }


def _secret(shop: Shop) -> str:
    return json.dumps(Grants.secrets(shop))


CONTRACT = Contract(_app, options=_options, secret=_secret)
