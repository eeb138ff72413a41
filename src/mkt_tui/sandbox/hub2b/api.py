"""The operations of Hub2b's API v2, and what every request passes first.

Source: the reconstructed OpenAPI document, and the vendor's page on orders.
"""

import hmac
import json
from collections.abc import Mapping

from starlette.applications import Starlette
from starlette.requests import Request

from mkt_tui.sandbox.contract import Contract, application
from mkt_tui.sandbox.errors import ApiError
from mkt_tui.sandbox.hub2b.logins import Logins, credentials
from mkt_tui.sandbox.hub2b.orders import Orders
from mkt_tui.sandbox.rates import Bucket
from mkt_tui.sandbox.world import Shop, World

_REQUESTS_A_SECOND = 3.0
_LONGEST_ADDRESS = 2048


class _Gate:
    """The token of a login, the pace, and the length of an address."""

    def __init__(self, world: World, logins: Logins) -> None:
        self._logins = logins
        self._bucket = Bucket(_REQUESTS_A_SECOND, world.clock) if world.paced else None

    def check(self, request: Request) -> None:
        if self._bucket and not self._bucket.take():
            raise ApiError(429, "Too many requests")
        if len(str(request.url)) > _LONGEST_ADDRESS:
            raise ApiError(414, "URI too long")
        if "/oauth2/" in request.url.path:
            return
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        # The token may stand in the query too; one that is in no log is in the header.
        given = token if scheme == "Bearer" else request.query_params.get("access_token", "")
        if not hmac.compare_digest(given.encode(), self._logins.access(request).encode()):
            raise ApiError(401, "invalid_token")


def _body(error: ApiError) -> object:
    return {"error": str(error.status), "message": error.message}


def _app(world: World, shop: Shop) -> Starlette:
    logins, orders = Logins(world, shop), Orders(world, shop)
    routes = (
        ("/oauth2/login", "POST", logins.log_in),
        ("/oauth2/token", "POST", logins.refresh),
        ("/Orders", "GET", orders.list),
        ("/Orders/Overview", "GET", orders.overview),
        ("/Orders/{id}", "GET", orders.read),
        ("/Orders/{id}/Status", "PUT", orders.set_status),
        ("/Orders/{id}/Invoice", "GET", orders.read_invoice),
        ("/Orders/{id}/Invoice", "POST", orders.add_invoice),
        ("/Orders/{id}/Tracking", "GET", orders.read_tracking),
        ("/Orders/{id}/Tracking", "POST", orders.add_tracking),
        ("/Orders/{channel}/{number}", "GET", orders.read_of_channel),
    )
    return application(world, shop, routes, _Gate(world, logins).check, _body)


def _secret(shop: Shop) -> str:
    return json.dumps(credentials(shop))


def _options(world: World, _shop: Shop) -> Mapping[str, str]:
    return {} if world.paced else {"requests_per_second": "1000"}


CONTRACT = Contract(_app, options=_options, secret=_secret)
