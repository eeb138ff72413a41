"""The operations of the seller API, and what every request passes first.

Source: the reconstructed OpenAPI document of the API, and the paper on its request limits.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import timedelta

from starlette.applications import Starlette
from starlette.requests import Request

from mkt_tui.sandbox.cnova import orders, tickets
from mkt_tui.sandbox.contract import Contract, application
from mkt_tui.sandbox.errors import ApiError
from mkt_tui.sandbox.rates import Window
from mkt_tui.sandbox.world import Shop, World

PATH = "/api/v2"
CLIENT_ID = "practice-application"
_MINUTE = timedelta(minutes=1)
_ORDER_LISTS = 2
_OTHERS = 300
_ROUTES = (
    ("/tickets", "GET", tickets.list_tickets),
    ("/tickets", "POST", tickets.write_first),
    ("/tickets/{code}/messages", "GET", tickets.list_messages),
    ("/tickets/{code}/messages", "POST", tickets.add_message),
    ("/tickets/{code}/assignee", "PUT", tickets.assign),
    ("/tickets/{code}/status", "PUT", tickets.set_status),
    ("/orders", "GET", orders.list_all),
    ("/orders/status/{status}", "GET", orders.list_of_status),
    ("/orders/{order_id}", "GET", orders.read_order),
    ("/orders/{order_id}/trackings/{kind}", "POST", orders.add_tracking),
)


class _Gate:
    """Application and shop token, and the requests a minute."""

    def __init__(self, world: World, shop: Shop) -> None:
        self._shop = shop
        self._windows = None
        if world.paced:
            self._windows = {
                True: (Window(_ORDER_LISTS, _MINUTE, world.clock), _ORDER_LISTS),
                False: (Window(_OTHERS, _MINUTE, world.clock), _OTHERS),
            }

    def check(self, request: Request) -> None:
        known = hmac.compare_digest(request.headers.get("client_id", "").encode(), _CLIENT)
        if not (self._shop.accepts(request.headers.get("access_token", "")) and known):
            raise ApiError(401, "Unauthorized")
        if self._windows is None:
            return
        window, most = self._windows[_is_order_list(request)]
        if not window.take():
            text = f"Your requests have exceeded the maximum allowed rate ({most})"
            raise ApiError(429, text)


_CLIENT = CLIENT_ID.encode()


def _is_order_list(request: Request) -> bool:
    path = request.url.path.partition(PATH)[2]
    return request.method == "GET" and (path == "/orders" or path.startswith("/orders/status/"))


def _body(error: ApiError) -> object:
    return {
        "errors": [
            {
                "code": str(error.status),
                "httpStatus": str(error.status),
                "type": "ERROR",
                "message": error.message,
                "skuSellerId": None,
            }
        ]
    }


def _app(world: World, shop: Shop) -> Starlette:
    routes = [(f"{PATH}{path}", method, endpoint) for path, method, endpoint in _ROUTES]
    return application(world, shop, routes, _Gate(world, shop).check, _body)


def _secret(shop: Shop) -> str:
    return json.dumps({"client_id": CLIENT_ID, "access_token": shop.identity.api_key})


def _options(world: World, _shop: Shop) -> Mapping[str, str]:
    known = {"shop_logins": "portal"}
    if world.paced:
        return known
    return known | {"order_lists_per_minute": "6000", "requests_per_minute": "60000"}


CONTRACT = Contract(_app, PATH, _options, _secret)
