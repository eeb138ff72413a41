"""What is on offer, by the letter of the contracts: Mirakl's OF21 and the bridge's listings."""

import httpx

from mkt_tui.adapters.bridge import BridgeAdapter
from mkt_tui.adapters.mirakl import MiraklAdapter
from mkt_tui.domain.channels import Channel
from mkt_tui.sandbox.invention import invent
from mkt_tui.sandbox.server import create_app
from tests.contract.test_mirakl_papers import make
from tests.sandbox.conftest import NOW


async def test_all_offers_of_a_shop_come_with_their_stock() -> None:
    market = make()
    async with market.adapter(shop_id="2001") as adapter:
        assert isinstance(adapter, MiraklAdapter)
        pages = [page async for page in adapter.listings(None)]
        again = [page async for page in adapter.listings(pages[-1].cursor)]
    found = [each for page in pages for each in page.items]
    sold = {line.sku for order in market.shop.orders.values() for line in order.lines}
    assert {each.sku for each in found} == sold
    assert len(pages) > 1
    assert [page.complete for page in pages] == [False] * (len(pages) - 1) + [True]
    assert all(each.title and each.quantity is not None for each in found)
    assert {each.active for each in found} == {True, False}
    assert [page.items for page in again] == [page.items for page in pages]
    assert set(market.held.seen) == {"OF21"}


async def test_a_bridge_tells_listings_as_they_change() -> None:
    world = invent(30, 3, NOW, ("marabraz",))
    shop = world.shops[0]
    channel = Channel(1, "Marabraz", "bridge", "BR", "http://x/marabraz", "env:X", "UTC")
    key = shop.identity.api_key
    transport = httpx.ASGITransport(app=create_app(world))
    async with BridgeAdapter(channel, lambda: key, transport=transport) as adapter:
        pages = [page async for page in adapter.listings(None)]
        later = [page async for page in adapter.listings(pages[-1].cursor)]
    found = [each for page in pages for each in page.items]
    assert {each.sku for each in found} == {
        line.sku for order in shop.orders.values() for line in order.lines
    }
    assert all(each.active == bool(each.quantity) and each.as_of for each in found)
    # Of what has not changed since, only the last minute's margin comes again.
    assert sum(len(page.items) for page in later) < len(found)
