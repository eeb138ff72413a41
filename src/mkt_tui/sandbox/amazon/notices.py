"""Messaging v1 and solicitations v1: which notices an order allows, and sending them."""

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import forms
from mkt_tui.sandbox.amazon.order_json import MARKETPLACE, number, status
from mkt_tui.sandbox.amazon.orders import find
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.errors import ApiError, bad_parameter
from mkt_tui.sandbox.records import Order
from mkt_tui.sandbox.world import Shop, World

REVIEW = "productReviewAndSellerFeedback"
_TEXTS = {
    "confirmCustomizationDetails": 800,
    "confirmDeliveryDetails": 2000,
    "confirmOrderDetails": 2000,
    "unexpectedProblem": 2000,
}
_ALLOWED = {
    "UNSHIPPED": ("confirmCustomizationDetails", "confirmOrderDetails", "unexpectedProblem"),
    "SHIPPED": ("confirmDeliveryDetails", "warranty", "invoice"),
}


class Notices:
    """The notices that were sent, by order number: kind and text."""

    def __init__(self) -> None:
        self.sent: dict[str, list[tuple[str, str]]] = {}

    async def messages(self, _world: World, shop: Shop, request: Request) -> Response:
        """GetMessagingActionsForOrder."""
        order = _order(shop, request)
        return _actions("messaging", "messages", order, self._messages(order))

    async def solicitations(self, _world: World, shop: Shop, request: Request) -> Response:
        """GetSolicitationActionsForOrder."""
        order = _order(shop, request)
        return _actions("solicitations", "solicitations", order, self._solicitations(order))

    async def send(self, _world: World, shop: Shop, request: Request) -> Response:
        """Create a message of one kind."""
        order, kind = _order(shop, request), request.path_params["kind"]
        if kind not in self._messages(order):
            raise ApiError(403, "This message type is not allowed for the order.")
        text = (await forms.read_json(request)).get("text")
        if kind in _TEXTS and not (isinstance(text, str) and 1 <= len(text) <= _TEXTS[kind]):
            raise ApiError(400, "Invalid text")
        self._keep(order, kind, str(text))
        return json_answer({}, 201)

    async def solicit(self, _world: World, shop: Shop, request: Request) -> Response:
        """createProductReviewAndSellerFeedbackSolicitation: once for an order."""
        order = _order(shop, request)
        if not self._solicitations(order):
            raise ApiError(403, "This solicitation is not allowed for the order.")
        self._keep(order, REVIEW, "")
        return json_answer({}, 201)

    def _messages(self, order: Order) -> tuple[str, ...]:
        return _ALLOWED.get(status(order), ())

    def _solicitations(self, order: Order) -> tuple[str, ...]:
        asked = [kind for kind, _text in self.sent.get(number(order), ())]
        return (REVIEW,) if order.received and REVIEW not in asked else ()

    def _keep(self, order: Order, kind: str, text: str) -> None:
        self.sent.setdefault(number(order), []).append((kind, text))


def _order(shop: Shop, request: Request) -> Order:
    if request.query_params.get("marketplaceIds") != MARKETPLACE:
        raise bad_parameter("marketplaceIds")
    return find(shop, request.path_params["order_id"])


def _actions(api: str, kind: str, order: Order, names: tuple[str, ...]) -> Response:
    top = f"/{api}/v1/orders/{number(order)}"
    query = f"?marketplaceIds={MARKETPLACE}"
    actions = [{"href": f"{top}/{kind}/{each}{query}", "name": each} for each in names]
    return json_answer({"_links": {"actions": actions, "self": {"href": top + query}}})
