"""The operations of the open API, and what every request passes first.

Source: the official file of the service API, the reconstructed document of orders, and the page that
describes the sign-in.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.contract import Contract, application
from mkt_tui.sandbox.errors import ApiError
from mkt_tui.sandbox.magalu import orders, tickets
from mkt_tui.sandbox.rates import Window
from mkt_tui.sandbox.world import Shop, World

CLIENT_ID = "practice-client"
TOKEN_PATH = "/oauth/token"  # noqa: S105 - an address
_LASTS = timedelta(seconds=7200)
_MINUTE = timedelta(minutes=1)
_SERVICE_READS = 200
_ORDER_READS = 850
_ROUTES = (
    ("/seller/v0/tickets", "GET", tickets.list_tickets),
    ("/seller/v0/tickets/{ticket_id}", "GET", tickets.read_ticket),
    ("/seller/v0/tickets/{ticket_id}/messages", "GET", tickets.list_messages),
    ("/seller/v0/tickets/{ticket_id}/messages", "POST", tickets.add_message),
    (
        "/seller/v0/tickets/{ticket_id}/messages/{message_id}/attachments/{file_name}",
        "GET",
        tickets.read_attachment,
    ),
    ("/seller/v0/transactions/{transaction_id}", "GET", tickets.read_transaction),
    ("/uploads/{attachment_id}", "PUT", tickets.take_upload),
    ("/seller/v1/orders", "GET", orders.list_orders),
    ("/seller/v1/orders/{code}", "GET", orders.read_order),
    ("/seller/v1/deliveries/{delivery_id}/shippings", "POST", orders.ship),
    ("/seller/v1/deliveries/{delivery_id}/finishing", "POST", orders.finish),
)
_SLUGS = {401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "NOT_FOUND", 409: "CONFLICT"}


class _Door:
    """Tokens and rates. A refresh gives a new refresh token and kills the one before."""

    def __init__(self, world: World, shop: Shop) -> None:
        self._shop = shop
        self._clock = world.clock
        self._refresh = first_refresh_token(shop)
        self._access: dict[str, datetime] = {}
        self._given = 0
        self._consent_taken = False
        self._service = Window(_SERVICE_READS, _MINUTE, world.clock) if world.paced else None
        self._orders = Window(_ORDER_READS, _MINUTE, world.clock) if world.paced else None

    async def sign_in(self, request: Request) -> Response:
        """Trade a refresh token for an access token, or the code of a consent, once, for the first."""
        body = await request.body()
        if body.lstrip().startswith(b"{"):
            return self._consented(json.loads(body))
        form = dict(parse_qsl(body.decode()))
        wanted = {
            "grant_type": "refresh_token",
            "client_id": CLIENT_ID,
            "client_secret": self._shop.identity.api_key,
            "refresh_token": self._refresh,
        }
        if any(
            not hmac.compare_digest(form.get(name, "").encode(), value.encode())
            for name, value in wanted.items()
        ):
            return json_answer({"error": "invalid_grant"}, 400)
        return self._tokens()

    def _consented(self, told: dict[str, str]) -> Response:
        wanted = {
            "grant_type": "authorization_code",
            "client_id": CLIENT_ID,
            "client_secret": self._shop.identity.api_key,
            "code": consent_code(self._shop),
        }
        if self._consent_taken or any(told.get(name) != value for name, value in wanted.items()):
            return json_answer({"error": "invalid_grant"}, 400)
        self._consent_taken = True
        return self._tokens()

    def _tokens(self) -> Response:
        self._given += 1
        self._refresh, access = self._token("refresh"), self._token("access")
        self._access[access] = self._clock() + _LASTS
        return json_answer(
            {
                "access_token": access,
                "refresh_token": self._refresh,
                "token_type": "Bearer",
                "expires_in": int(_LASTS.total_seconds()),
            }
        )

    def check(self, request: Request) -> None:
        """Let a request in."""
        if request.url.path.rpartition("/uploads/")[1]:
            return  # the link is signed
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if (
            self._access.get(token, datetime.min.replace(tzinfo=self._clock().tzinfo))
            <= self._clock()
        ):
            raise ApiError(401, "Unauthorized")
        window = self._orders if "/seller/v1/orders" in request.url.path else self._service
        if window and request.method == "GET" and not window.take():
            raise ApiError(429, "You have sent too many requests in a given amount of time")

    def _token(self, kind: str) -> str:
        text = f"{kind}/{self._given}/{self._shop.identity.api_key}"
        return f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:40]}"


def consent_code(shop: Shop) -> str:
    """Return the code that the practice seller's consent gives."""
    return f"code-{hashlib.sha256(shop.identity.api_key.encode()).hexdigest()[:20]}"


def first_refresh_token(shop: Shop) -> str:
    """Return the refresh token that the shop's owner was given when he consented."""
    return f"refresh-{hashlib.sha256(shop.identity.api_key.encode()).hexdigest()[:40]}"


def _body(error: ApiError) -> object:
    if error.status == 422:
        where = ["query" if error.field else "body", error.field or ""]
        return {"detail": [{"loc": where, "msg": error.message, "type": "value_error"}]}
    slug = _SLUGS.get(error.status, "BAD_REQUEST")
    return {"slug": slug, "message": error.message, "details": None}


def _app(world: World, shop: Shop) -> Starlette:
    door = _Door(world, shop)
    app = application(world, shop, _ROUTES, door.check, _body)
    app.router.routes.append(Route(TOKEN_PATH, door.sign_in, methods=["POST"]))
    return app


def _secret(shop: Shop) -> str:
    return json.dumps({"client_id": CLIENT_ID, "client_secret": shop.identity.api_key})


def _options(world: World, _shop: Shop) -> Mapping[str, str]:
    known = {"token_url": f"{{address}}{TOKEN_PATH}"}
    if world.paced:
        return known
    return known | {"service_reads_per_minute": "60000", "order_reads_per_minute": "60000"}


def _files(shop: Shop) -> Mapping[str, str]:
    return {"token_file": json.dumps({"refresh_token": first_refresh_token(shop)})}


CONTRACT = Contract(_app, "", _options, _secret, _files)
