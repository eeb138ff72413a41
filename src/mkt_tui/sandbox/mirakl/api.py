"""The operations of the seller API, and what every request passes first."""

from starlette.applications import Starlette
from starlette.requests import Request

from mkt_tui.sandbox.contract import Contract, application
from mkt_tui.sandbox.errors import ApiError, bad_parameter
from mkt_tui.sandbox.mirakl import documents, giving_back, inbox, offers, orders, returns, shipments
from mkt_tui.sandbox.mirakl.frequencies import Frequencies
from mkt_tui.sandbox.rates import Bucket
from mkt_tui.sandbox.world import Shop, World

ROUTES = (
    ("/inbox/threads", "GET", inbox.list_threads),
    ("/inbox/threads", "POST", inbox.open_operator_thread),
    ("/inbox/threads/{thread_id}", "GET", inbox.read_thread),
    ("/inbox/threads/{thread_id}/message", "POST", inbox.reply),
    ("/inbox/threads/{attachment_id}/download", "GET", inbox.download),
    ("/orders", "GET", orders.list_orders),
    ("/offers", "GET", offers.list_offers),
    ("/orders/documents", "GET", documents.list_documents),
    ("/orders/documents/download", "GET", documents.download),
    ("/orders/documents/{document_id}", "DELETE", documents.delete),
    ("/orders/{order_id}/documents", "POST", documents.upload),
    ("/returns", "GET", returns.list_returns),
    ("/returns/items_to_return", "GET", returns.list_returnable),
    ("/returns/accept", "PUT", returns.accept),
    ("/returns/receive", "PUT", returns.receive),
    ("/returns/compliance", "PUT", returns.judge),
    ("/returns/close", "PUT", returns.close),
    ("/shipments", "GET", shipments.list_shipments),
    ("/shipments", "POST", shipments.create),
    ("/shipments", "PUT", shipments.move),
    ("/shipments/delete", "PUT", shipments.delete),
    ("/shipments/tracking", "POST", shipments.track),
    ("/shipments/ship", "PUT", shipments.ship),
    ("/orders/refund", "PUT", giving_back.refund),
    ("/orders/cancel", "PUT", giving_back.cancel_lines),
    ("/orders/{order_id}/cancel", "PUT", giving_back.cancel),
    ("/reasons", "GET", giving_back.list_reasons),
    (
        "/orders/{order_id}/lines/{line}/resolve_incident",
        "PUT",
        giving_back.resolve_incident,
    ),
    ("/orders/{order_id}/accept", "PUT", orders.decide),
    ("/orders/{order_id}/tracking", "PUT", orders.set_tracking),
    ("/orders/{order_id}/ship", "PUT", orders.ship),
    ("/orders/{order_id}/threads", "POST", inbox.open_thread),
)


class _Gate:
    """Key, rate and shop number."""

    def __init__(self, world: World, shop: Shop) -> None:
        self._shop = shop
        self._bucket = Bucket(world.rate_limit, world.clock) if world.rate_limit else None
        self._frequencies = Frequencies(world.clock) if world.paced else None

    def check(self, request: Request) -> None:
        if not self._shop.accepts(request.headers.get("Authorization", "")):
            raise ApiError(401, "Unauthorized")
        if self._bucket and not self._bucket.take():
            # No Retry-After: none is documented (facts.md), so no client may count on one.
            raise ApiError(429, "Too many requests")
        if self._frequencies and not self._frequencies.take(request):
            raise ApiError(429, "Too many requests")
        number = str(self._shop.identity.number)
        if request.query_params.get("shop_id", number) != number:
            raise bad_parameter("shop_id")


def _app(world: World, shop: Shop) -> Starlette:
    routes = [(f"/api{path}", method, endpoint) for path, method, endpoint in ROUTES]
    return application(world, shop, routes, _Gate(world, shop).check, ApiError.body)


CONTRACT = Contract(_app)
