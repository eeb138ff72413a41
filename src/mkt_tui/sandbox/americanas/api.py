"""The operations of SkyHub, and what every request passes first.

Source: the reconstructed OpenAPI document of the API, and the limits a second its pages name.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import timedelta

from starlette.applications import Starlette
from starlette.requests import Request

from mkt_tui.sandbox.americanas import orders, sacs
from mkt_tui.sandbox.contract import Contract, application
from mkt_tui.sandbox.errors import ApiError
from mkt_tui.sandbox.rates import Window
from mkt_tui.sandbox.world import Shop, World

EMAIL = "loja@casaprado.example"
MANAGER = "practice-manager"
_SECOND = timedelta(seconds=1)
_ORDER_READS = 1
_ORDER_WRITES = 9
_ROUTES = (
    ("/sac", "GET", sacs.list_sacs),
    ("/sac/{code}", "GET", sacs.read_sac),
    ("/sac/{code}/chats", "GET", sacs.list_chats),
    ("/orders", "GET", orders.list_orders),
    ("/orders/{code}", "GET", orders.read_order),
    ("/orders/{code}/invoice", "POST", orders.take_invoice),
    ("/orders/{code}/shipments", "POST", orders.ship),
    ("/orders/{code}/delivery", "POST", orders.deliver),
    ("/orders/{code}/cancel", "POST", orders.cancel),
)


class _Gate:
    """The three keys, and the requests a second; of chats no limit is documented."""

    def __init__(self, world: World, shop: Shop) -> None:
        self._keys = _keys(shop)
        self._windows = None
        if world.paced:
            self._windows = {
                "GET": Window(_ORDER_READS, _SECOND, world.clock),
                "POST": Window(_ORDER_WRITES, _SECOND, world.clock),
            }

    def check(self, request: Request) -> None:
        for name, key in self._keys.items():
            if not hmac.compare_digest(request.headers.get(name, "").encode(), key.encode()):
                raise ApiError(401, "Unauthorized")
        if self._windows is None or "/orders" not in request.url.path:
            return
        if not self._windows[request.method].take():
            raise ApiError(429, "Too many requests")


def _keys(shop: Shop) -> Mapping[str, str]:
    return {
        "X-User-Email": EMAIL,
        "X-Api-Key": shop.identity.api_key,
        "X-Accountmanager-Key": MANAGER,
    }


def _body(error: ApiError) -> object:
    """Return one of the two shapes that are documented."""
    return (
        {"error": error.message} if error.status == 422 else {"errors": {"detail": error.message}}
    )


def _app(world: World, shop: Shop) -> Starlette:
    return application(world, shop, _ROUTES, _Gate(world, shop).check, _body)


def _secret(shop: Shop) -> str:
    return json.dumps(
        {
            "user_email": EMAIL,
            "api_key": shop.identity.api_key,
            "accountmanager_key": MANAGER,
        }
    )


def _options(world: World, _shop: Shop) -> Mapping[str, str]:
    if world.paced:
        return {}
    return {"service_reads_per_minute": "60000", "order_reads_per_minute": "60000"}


CONTRACT = Contract(_app, "", _options, _secret)
