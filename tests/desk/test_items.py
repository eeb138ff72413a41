"""What was sold and what is unavailable, in two lists; the stock of a SKU as of when (M13, A7)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mkt_tui.app import DeskApp
from mkt_tui.cache import stock
from mkt_tui.cache.streams import Stream
from mkt_tui.desk import items, search
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotFound
from mkt_tui.domain.listings import Listing
from mkt_tui.domain.orders import OrderItem, OrderStatus
from mkt_tui.screens.items import ItemsScreen
from tests.screens.settling import settle
from tests.worlds import HOUR, NOW, channel, order, read_orders


def sold(sku: str | None, title: str, quantity: int) -> OrderItem:
    return OrderItem("1", sku, title, quantity, 1000, 1000 * quantity, 0, None)


def offer(desk: Desk, where: Channel, *listings: Listing) -> None:
    page = Stream(where.id, "listings", "c", complete=True)
    stock.write(desk.database, page, listings, NOW)


@pytest.fixture
def shop(desk: Desk) -> Desk:
    carrefour, magalu = channel(desk.database), channel(desk.database, "Magalu")
    kettle, cup = sold("CH-1", "Chaleira inox", 2), sold(None, "Xícara", 1)
    read_orders(
        desk.database,
        carrefour,
        order("1", items=(kettle, cup), created_at=NOW - HOUR),
        order("2", items=(replace(kettle, quantity=1),) * 2, created_at=NOW - 2 * HOUR),
        order("3", items=(kettle,), status=OrderStatus.CANCELLED, created_at=NOW - HOUR),
        order("4", items=(kettle,), created_at=NOW - timedelta(days=40)),
    )
    offer(
        desk,
        carrefour,
        Listing("CH-1", "Chaleira inox 1,8 l", 0, as_of=NOW - HOUR),
        Listing("TV-9", "Smart TV", 12),
    )
    offer(desk, magalu, Listing("CH-1", "Chaleira inox", 7, active=False))
    return desk


def test_two_lists_with_what_was_sold_and_what_cannot_be(shop: Desk) -> None:
    found = items.items(shop)
    assert [(each.sku, each.sold, each.orders, each.left) for each in found.sold] == [
        ("CH-1", 4, 2, 0),
        ("Xícara", 1, 1, None),
    ]
    assert found.sold[0].as_of == NOW - HOUR
    assert [(each.sku, each.channel.name) for each in found.unavailable] == [
        ("CH-1", "Carrefour"),
        ("CH-1", "Magalu"),
    ]
    assert items.items(shop, days=60).sold[0].sold == 6
    assert [each.sku for each in items.items(shop, "chal 1,8").sold] == ["CH-1"]
    assert items.items(shop, "nada") == items.Items((), ())
    assert items.items(shop, channel="Magalu").sold == ()
    with pytest.raises(NotFound):
        items.items(shop, channel="Nobody")


def test_a_sku_tells_its_stock_where_one_searches(shop: Desk) -> None:
    told = search.find(shop, "ch-1").note
    assert "CH-1 at Carrefour: 0 in stock, as of 3/10/26" in told
    assert "CH-1 at Magalu: 7 in stock" in told
    assert items.stock_line(shop, "CH-2") == ""


def test_an_older_word_on_the_stock_changes_nothing(shop: Desk) -> None:
    carrefour = shop.channel("Carrefour")
    offer(shop, carrefour, Listing("CH-1", "old", 99, as_of=NOW - 5 * HOUR))
    assert stock.of_sku(shop.database, "CH-1")[0].quantity == 0
    offer(shop, carrefour, Listing("CH-1", "new", 3, as_of=NOW))
    assert not any(each.channel == carrefour for each in items.items(shop).unavailable)


async def test_both_lists_are_a_key_away_and_can_be_searched(shop: Desk) -> None:
    async with DeskApp(shop).run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "i")
        await settle(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, ItemsScreen)
        head = str(screen.query_one("#head").content)  # type: ignore[attr-defined]
        assert "1 Sold in 30 days: 2" in head
        assert "2 Unavailable: 2" in head
        await pilot.press("2")
        await settle(pilot)
        assert screen._table.current is not None
        assert screen._table.current.channel.name == "Carrefour"
        await pilot.press("slash")
        await pilot.pause()
        await pilot.press(*"magalu", "enter")
        await settle(pilot)
        assert screen._table.source.total == 1


def test_what_is_called_off_counts_nowhere(shop: Desk) -> None:
    read_orders(
        shop.database,
        shop.channel("Carrefour"),
        replace(
            order("1", created_at=NOW - HOUR), status=OrderStatus.REFUSED, updated_at=NOW + HOUR
        ),
    )
    assert [each.sold for each in items.items(shop).sold] == [2]
