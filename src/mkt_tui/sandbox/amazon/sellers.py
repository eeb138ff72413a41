"""Where the account sells."""

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox.amazon.order_json import MARKETPLACE
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.records import CURRENCY
from mkt_tui.sandbox.world import Shop, World


async def participations(_world: World, shop: Shop, _request: Request) -> Response:
    """GetMarketplaceParticipations."""
    marketplace = {
        "id": MARKETPLACE,
        "name": "Amazon.com.br",
        "countryCode": "BR",
        "defaultCurrencyCode": CURRENCY,
        "defaultLanguageCode": "pt_BR",
        "domainName": "www.amazon.com.br",
    }
    part = {"isParticipating": True, "hasSuspendedListings": False}
    told = {
        "marketplace": marketplace,
        "participation": part,
        "storeName": shop.identity.seller,
    }
    return json_answer({"payload": [told]})
