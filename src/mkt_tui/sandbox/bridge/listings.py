"""Listings: the list by date of change."""

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import parameters
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.bridge.paging import Json, page, place_of
from mkt_tui.sandbox.instants import to_json
from mkt_tui.sandbox.stock import Offer, offers
from mkt_tui.sandbox.world import Shop, World


async def list_listings(_world: World, shop: Shop, request: Request) -> Response:
    """List what is on offer, the oldest change first."""
    since = parameters.instant(request.query_params, "updated_since")
    found = [each for each in offers(shop) if since is None or each.since >= since]
    return json_answer(page(request, found, _place, _json))


def _place(offer: Offer) -> str:
    return place_of(offer.since, offer.line.sku)


def _json(offer: Offer) -> Json:
    return {
        "sku": offer.line.sku,
        "channel_sku": offer.line.product_code,
        "title": offer.line.title,
        "status": "active" if offer.quantity else "paused",
        "price_cents": offer.line.unit_price,
        "stock": offer.quantity,
        "updated_at": to_json(offer.since),
    }
