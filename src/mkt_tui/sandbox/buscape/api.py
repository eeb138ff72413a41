"""The operations of the order API v2, and what every request passes first.

Source: schemas-and-examples.json, and section 7 of the reference page.
"""

import hmac
import json
from collections.abc import Mapping
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request

from mkt_tui.sandbox.buscape import orders
from mkt_tui.sandbox.contract import Contract, application
from mkt_tui.sandbox.errors import ApiError
from mkt_tui.sandbox.world import Shop, World

_PATH: Final = "/orders/v2"
_ROUTES: Final = (
    (f"{_PATH}/status/{{status}}", "GET", orders.list_orders),
    (f"{_PATH}/{{id}}", "GET", orders.read_order),
    (f"{_PATH}/{{id}}/acceptance", "POST", orders.accept),
    (f"{_PATH}/{{id}}/tracking", "POST", orders.track),
)


def _body(error: ApiError) -> object:
    details = [f"{error.field}: {error.message}"] if error.field else []
    return {"code": error.status, "error": error.message, "details": details}


def _tokens(shop: Shop) -> Mapping[str, str]:
    return {"app_token": f"app-{shop.identity.number}", "auth_token": shop.identity.api_key}


def _app(world: World, shop: Shop) -> Starlette:
    pace = orders.Pace(world)

    def check(request: Request) -> None:
        for header, token in zip(("app-token", "auth-token"), _tokens(shop).values(), strict=True):
            if not hmac.compare_digest(request.headers.get(header, "").encode(), token.encode()):
                raise ApiError(401, f"The {header} is wrong")
        pace.check(request)

    return application(world, shop, _ROUTES, check, _body)


def _secret(shop: Shop) -> str:
    return json.dumps(_tokens(shop))


CONTRACT = Contract(_app, path=_PATH, secret=_secret)
