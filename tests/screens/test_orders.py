"""The list of orders on the screen: reached by a key, searched by a number, left where one was."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from mkt_tui.app import DeskApp
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.orders import OrderStatus, Tracking
from mkt_tui.screens.order import OrderScreen
from mkt_tui.screens.orders import OrdersScreen
from mkt_tui.screens.print_dialog import PrintDialog
from mkt_tui.screens.queue import QueueScreen
from tests.screens.settling import settle
from tests.worlds import NOW, channel, order, read, read_orders, ticket


@pytest.fixture
def shop(desk: Desk) -> Desk:
    """Forty orders, the newest is 100-0; 100-3 was shipped with BRT and has a ticket."""
    carrefour = channel(desk.database)
    snapshots = [
        order(
            f"100-{number}",
            site_number=f"SP-{number}",
            status=OrderStatus.TO_SHIP if number % 2 else OrderStatus.DELIVERED,
            created_at=NOW - timedelta(hours=number),
        )
        for number in range(40)
    ]
    snapshots[3] = replace(snapshots[3], tracking=Tracking("BRT", "156012345678901"))
    read_orders(desk.database, carrefour, *snapshots)
    read(desk.database, carrefour, ticket("T-3", order_number="100-3"))
    return desk


async def opened(pilot: Pilot[Any]) -> OrdersScreen:
    await pilot.press("O")
    await settle(pilot)
    assert isinstance(pilot.app.screen, OrdersScreen)
    return pilot.app.screen


def at(screen: OrdersScreen) -> str | None:
    return screen.selected.number if screen.selected else None


async def test_the_list_opens_from_the_queue_and_goes_back_to_it(shop: Desk) -> None:
    async with DeskApp(shop).run_test(size=(100, 30)) as pilot:
        screen = await opened(pilot)
        assert (screen.table.source.total, at(screen)) == (40, "100-0")
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, QueueScreen)


async def test_an_order_is_left_to_its_own_row(shop: Desk) -> None:
    async with DeskApp(shop).run_test(size=(100, 20)) as pilot:
        screen = await opened(pilot)
        await pilot.press(*["down"] * 30)
        before = at(screen), screen.table.scroll_offset.y
        assert before[0] == "100-30"
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, OrderScreen)
        await pilot.press("escape")
        await settle(pilot)
        assert (at(screen), screen.table.scroll_offset.y) == before


@pytest.mark.parametrize("number", ["100-3", "SP-3", "156012345678901", "T-3"])
async def test_any_number_leads_to_the_order(shop: Desk, number: str) -> None:
    async with DeskApp(shop).run_test(size=(100, 30)) as pilot:
        screen = await opened(pilot)
        await pilot.press("slash", *number, "enter")
        await settle(pilot)
        if isinstance(pilot.app.screen, OrdersScreen):  # 100-3 begins others as well
            assert at(screen) is not None
            assert at(screen).startswith("100-3")  # type: ignore[union-attr]
        else:
            assert isinstance(pilot.app.screen, OrderScreen)
            assert pilot.app.screen.number == "100-3"


async def test_a_number_nobody_knows_says_so_and_zero_brings_all_back(shop: Desk) -> None:
    async with DeskApp(shop).run_test(size=(100, 30)) as pilot:
        screen = await opened(pilot)
        await pilot.press("slash", *"9999", "enter")
        await settle(pilot)
        assert screen.has_class("nothing")
        await pilot.press("0")
        await settle(pilot)
        assert not screen.has_class("nothing")
        assert screen.table.source.total == 40


async def test_a_status_narrows_and_widens(shop: Desk) -> None:
    async with DeskApp(shop).run_test(size=(100, 30)) as pilot:
        screen = await opened(pilot)
        await pilot.press("2")
        await settle(pilot)
        assert screen.table.source.total == 20
        await pilot.press("2")
        await settle(pilot)
        assert screen.table.source.total == 40


async def test_marked_orders_are_printed_as_one(
    shop: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    async with DeskApp(shop).run_test(size=(100, 30)) as pilot:
        await opened(pilot)
        await pilot.press("space", "space", "P")
        await pilot.pause()
        await pilot.press("f")
        await settle(pilot)
    (path,) = tmp_path.glob("order-*.txt")
    assert path.read_text(encoding="utf-8").count("\f") == 1


@pytest.mark.parametrize("size", [(80, 24), (200, 60), (30, 8), (1, 1)])
async def test_any_size_is_drawn(shop: Desk, size: tuple[int, int]) -> None:
    async with DeskApp(shop).run_test(size=size) as pilot:
        await opened(pilot)
        await pilot.press("end", "space", "t", "t", "home")
        await settle(pilot)


async def test_an_order_is_shipped_from_its_row_after_a_question(shop: Desk) -> None:
    async with DeskApp(shop).run_test(size=(100, 30)) as pilot:
        screen = await opened(pilot)
        await pilot.press("down", "x")
        await pilot.pause()
        await pilot.press("s")
        await pilot.pause()
        await pilot.press(*"BRT", "enter", *"15600", "enter", "enter")
        await pilot.pause()
        assert shop.database.value("SELECT COUNT(*) FROM operation") == 0
        await pilot.press("y")
        await settle(pilot)
        rows = shop.database.rows("SELECT kind, order_number FROM operation")
        assert rows == [("ship", "100-1")]
        await pilot.press("t")
        await settle(pilot)
        assert (screen.table.source.total, at(screen)) == (1, "100-1")
        # A second act asks twice, and no is no.
        await pilot.press("x", "t", "enter")
        await pilot.pause()
        await pilot.press(*"15601", "enter", "enter")
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()
        await pilot.press("n")
        await settle(pilot)
        assert shop.database.value("SELECT COUNT(*) FROM operation") == 1


async def test_two_parcels_are_filled_piece_by_piece(shop: Desk) -> None:
    async with DeskApp(shop).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("down", "x")
        await pilot.pause()
        await pilot.press("s")
        await pilot.pause()
        assert "1 × " in str(pilot.app.screen.query_one("#about", Static).content)
        await pilot.press(*"BRT", "enter", *"A1:1x1", "enter", "enter")
        await pilot.pause()
        asked = str(pilot.app.screen.query_one(Static).content)
        assert "A1: 1 × " in asked
        await pilot.press("y")
        await settle(pilot)
        told = shop.database.value("SELECT payload FROM operation")
        assert json.loads(told)["parcels"][0]["shares"] == [{"line": "1", "quantity": 1}]


async def test_what_cannot_be_done_says_why_and_its_letter_does_nothing(shop: Desk) -> None:
    async with DeskApp(shop).run_test(size=(100, 30)) as pilot:
        await opened(pilot)
        await pilot.press("x")
        await pilot.pause()
        menu = pilot.app.screen
        await pilot.press("s")
        await pilot.pause()
        assert pilot.app.screen is menu
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(pilot.app.screen, OrdersScreen)


async def test_the_orders_of_marked_tickets_are_printed_as_one(shop: Desk) -> None:
    carrefour = next(iter(shop.channels().values()))
    read(shop.database, carrefour, ticket("T-4", order_number="100-4"))
    # Two tickets of one order, and one of an order that is not here.
    read(shop.database, carrefour, ticket("T-5", order_number="100-4"))
    read(shop.database, carrefour, ticket("T-6", order_number="gone"))
    async with DeskApp(shop).run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press(*["space"] * 4, "P")
        # The dialog waits for its answer, so its worker does not end.
        await pilot.pause()
        dialog = pilot.app.screen
        assert isinstance(dialog, PrintDialog)
        assert "Print 2 orders" in str(dialog.query_one(Static).content)
