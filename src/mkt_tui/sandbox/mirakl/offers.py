"""Offers of the contract: OF21."""

from zlib import crc32

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import parameters
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.records import CURRENCY
from mkt_tui.sandbox.stock import Offer, offers
from mkt_tui.sandbox.world import Shop, World


async def list_offers(_world: World, shop: Shop, request: Request) -> Response:
    """OF21: the shop's offers, page by offset."""
    query = request.query_params
    most = parameters.whole(query, "max", 10, 1, 100)
    offset = parameters.whole(query, "offset", 0, 0, 10**9)
    sku = query.get("sku")
    found = [each for each in offers(shop) if sku is None or each.line.sku == sku]
    shown = found[offset : offset + most]
    return json_answer({"offers": [_json(each) for each in shown], "total_count": len(found)})


def _json(offer: Offer) -> dict[str, object]:
    line = offer.line
    return {
        "offer_id": crc32(line.product_code.encode()),
        "shop_sku": line.sku,
        "product_sku": line.product_code,
        "product_title": line.title,
        "category_code": line.category_code,
        "category_label": line.category_label,
        "price": line.unit_price / 100,
        "total_price": line.unit_price / 100,
        "currency_iso_code": CURRENCY,
        "quantity": offer.quantity,
        "active": offer.quantity > 0,
    }
