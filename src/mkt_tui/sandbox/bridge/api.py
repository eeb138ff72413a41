"""The operations of a bridge, and what every request passes first.

Source: the OpenAPI document of the bridge.
"""

from uuid import NAMESPACE_URL, uuid5

from starlette.applications import Starlette
from starlette.requests import Request

from mkt_tui.sandbox.bridge import listings, orders, tickets
from mkt_tui.sandbox.bridge.keys import Keys
from mkt_tui.sandbox.contract import Check, Contract, application
from mkt_tui.sandbox.errors import ApiError
from mkt_tui.sandbox.world import Shop, World

_READS = (
    ("/v1/tickets", tickets.list_tickets),
    ("/v1/tickets/{id}", tickets.read_ticket),
    ("/v1/tickets/{id}/messages", tickets.list_messages),
    ("/v1/attachments/{id}/content", tickets.read_attachment),
    ("/v1/orders", orders.list_orders),
    ("/v1/listings", listings.list_listings),
    ("/v1/orders/{id}", orders.read_order),
)
_WRITES = (
    ("/v1/tickets/{id}/messages", "POST", tickets.add_message),
    ("/v1/tickets/{id}/status", "PUT", tickets.set_status),
    ("/v1/orders/{id}/invoice", "POST", orders.take_invoice),
    ("/v1/orders/{id}/shipments", "POST", orders.ship),
    ("/v1/orders/{id}/delivery", "POST", orders.deliver),
    ("/v1/orders/{id}/cancellation", "POST", orders.cancel),
)
_CODES = {
    400: "invalid_request",
    401: "unauthorized",
    404: "not_found",
    405: "not_found",
    409: "conflict",
}


def refusal(error: ApiError) -> object:
    """Return the JSON of a refusal."""
    details = [{"field": error.field, "message": error.message}] if error.field else []
    return {
        "code": _CODES.get(error.status, "error"),
        "message": error.message,
        "request_id": str(uuid5(NAMESPACE_URL, error.message)),
        "details": details,
    }


def bearer(shop: Shop) -> Check:
    """Return what lets only requests with the shop's token pass."""

    def check(request: Request) -> None:
        scheme, _blank, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not shop.accepts(token):
            raise ApiError(401, "The bearer token is wrong")

    return check


def _app(world: World, shop: Shop) -> Starlette:
    keys = Keys(world.clock)
    reads = [(path, "GET", endpoint) for path, endpoint in _READS]
    writes = [(path, method, keys.guarding(endpoint)) for path, method, endpoint in _WRITES]
    return application(world, shop, [*reads, *writes], bearer(shop), refusal)


CONTRACT = Contract(_app)
