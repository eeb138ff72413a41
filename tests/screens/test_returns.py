"""The list of returns on the screen: as long as it is, searched by any number, handled many at once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from mkt_tui.app import DeskApp
from mkt_tui.cache import operations, returns
from mkt_tui.cache.streams import Stream
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.order_operations import HandleReturn
from mkt_tui.domain.returns import ReturnSnapshot, ReturnState, ReturnStep
from mkt_tui.screens.act_dialogs import AskScreen
from mkt_tui.screens.order import OrderScreen
from mkt_tui.screens.queue import QueueScreen
from mkt_tui.screens.results import ResultsScreen
from mkt_tui.screens.returns import ReturnsScreen
from tests.screens.settling import settle
from tests.worlds import HOUR, NOW, channel, order, read, read_orders, ticket

MANY = 2_500


def told(number: int, state: ReturnState = ReturnState.WAITING, **changes: Any) -> ReturnSnapshot:
    """A return of the order of that number."""
    at = NOW - timedelta(hours=90) + timedelta(minutes=number)
    plain = ReturnSnapshot(f"r{number}", f"100-{number}", state, state.upper(), at, at)
    return replace(plain, rma=f"RMA-{number:04}", reason="RETURN_DEFECTIVE_ITEM", **changes)


def tell(desk: Desk, *found: ReturnSnapshot) -> None:
    page = Stream(desk.channel("Carrefour").id, "returns", "c", complete=True)
    returns.write(desk.database, page, found)


@pytest.fixture
def shop(desk: Desk) -> Desk:
    """Orders 100-0 to 100-5; one return each, the last of them received."""
    carrefour = channel(desk.database)
    orders = [order(f"100-{number}", site_number=f"SP-{number}") for number in range(6)]
    read_orders(desk.database, carrefour, *orders)
    read(desk.database, carrefour, ticket("T-3", order_number="100-3"))
    tell(desk, *(told(number) for number in range(5)), told(5, ReturnState.RECEIVED))
    return desk


async def opened(pilot: Pilot[Any]) -> ReturnsScreen:
    await pilot.press("g", "r")
    await settle(pilot)
    assert isinstance(pilot.app.screen, ReturnsScreen)
    return pilot.app.screen


def at(screen: ReturnsScreen) -> str | None:
    return screen.table.current.name if screen.table.current else None


def head(screen: ReturnsScreen) -> str:
    return str(screen.query_one("#head", Static).visual)


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys that open dialogs, whose worker does not end."""
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


async def test_no_return_is_cut_off(shop: Desk) -> None:
    tell(shop, *(told(number) for number in range(10, MANY)))
    async with DeskApp(shop).run_test(size=(100, 30)) as pilot:
        screen = await opened(pilot)
        assert screen.table.source.total == MANY - 5
        assert f"1 To decide: {MANY - 5}" in head(screen)
        await pilot.press("end")
        await settle(pilot)
        assert at(screen) == f"RMA-{MANY - 1}"


@pytest.mark.parametrize(
    "number", ["RMA-0003", "r3", "100-3", "SP-3", "T-3", "BR3"], ids=lambda number: f"by {number}"
)
async def test_any_number_leads_to_the_return(shop: Desk, number: str) -> None:
    tell(shop, told(3, tracking="BR3X"))
    async with DeskApp(shop).run_test(size=(100, 30)) as pilot:
        screen = await opened(pilot)
        await pilot.press("slash", *number, "enter")
        await settle(pilot)
        assert (screen.table.source.total, at(screen)) == (1, "RMA-0003")
        await pilot.press("escape")
        await settle(pilot)
        assert (screen.table.source.total, at(screen)) == (5, "RMA-0003")
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(pilot.app.screen, QueueScreen)


async def test_a_number_that_stands_in_another_list_says_so(shop: Desk) -> None:
    async with DeskApp(shop).run_test(size=(100, 30)) as pilot:
        screen = await opened(pilot)
        await pilot.press("slash", *"RMA-0005", "enter")
        await settle(pilot)
        empty = screen.query_one("#empty", Static)
        assert screen.has_class("nothing")
        assert str(empty.visual) == "No return of this list fits; 1 in the others."
        await pilot.press("2")
        await settle(pilot)
        assert at(screen) == "RMA-0005"
        await pilot.press("slash", *"zzz", "enter")
        await settle(pilot)
        assert str(empty.visual) == "No return fits. 0 shows all of them."
        await pilot.press("0")
        await settle(pilot)
        assert screen.table.source.total == 6


async def test_the_marked_are_accepted_together_after_one_question(shop: Desk) -> None:
    async with DeskApp(shop).run_test(size=(100, 30)) as pilot:
        screen = await opened(pilot)
        await press(pilot, "space", "space", "x", "a")
        assert isinstance(pilot.app.screen, AskScreen)
        assert not shop.database.rows("SELECT id FROM operation")
        await press(pilot, "y")
        await settle(pilot)
        assert "marked" not in head(screen)
        await press(pilot, "home")
        seen = [strip.text for strip in screen._compositor.render_strips()]
        assert "→ Accept the return  " in seen[3]
        assert "→ Accept the return: on its way" in seen[-3]
    rows = shop.database.rows("SELECT id FROM operation ORDER BY order_number")
    acts = [operations.load(shop.database, row[0]) for row in rows]
    assert [(type(act), act.order_number, act.step) for act in acts if act] == [  # type: ignore[union-attr]
        (HandleReturn, "100-0", ReturnStep.ACCEPT),
        (HandleReturn, "100-1", ReturnStep.ACCEPT),
    ]


async def test_what_is_refused_of_many_is_told_and_stops_no_other(shop: Desk) -> None:
    tell(
        shop, told(9, created_at=NOW - 99 * HOUR, updated_at=NOW - 99 * HOUR, order_number="100-0")
    )
    async with DeskApp(shop).run_test(size=(100, 30)) as pilot:
        await opened(pilot)
        # The first two are of one order, on which one thing is on its way at a time.
        await press(pilot, "space", "space", "space", "x", "f", "1", "y")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ResultsScreen)
        await press(pilot, "escape")
    rows = shop.database.rows("SELECT order_number FROM operation ORDER BY order_number")
    assert rows == [("100-0",), ("100-1",)]


async def test_no_step_fits_what_stands_differently(shop: Desk) -> None:
    async with DeskApp(shop).run_test(size=(100, 30)) as pilot:
        screen = await opened(pilot)
        await pilot.press("2")
        await settle(pilot)
        await press(pilot, "home", "space", "end", "space", "x")
        assert pilot.app.screen is screen
        assert "No step fits" in [each.message for each in pilot.app._notifications][-1]
        # The marks stay until they are dropped.
        assert "2 marked" in head(screen)
        await press(pilot, "escape")
        assert "marked" not in head(screen)


async def test_the_order_is_opened_and_left_to_its_row(shop: Desk) -> None:
    async with DeskApp(shop).run_test(size=(100, 30)) as pilot:
        screen = await opened(pilot)
        await pilot.press("down", "down", "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, OrderScreen)
        assert pilot.app.screen.number == "100-2"
        await pilot.press("escape")
        await settle(pilot)
        assert at(screen) == "RMA-0002"


async def test_a_return_whose_order_has_not_come_says_so(shop: Desk) -> None:
    tell(shop, told(0, order_number="999-X", updated_at=NOW))
    async with DeskApp(shop).run_test(size=(100, 30)) as pilot:
        screen = await opened(pilot)
        await press(pilot, "end", "enter", "x")
        assert pilot.app.screen is screen
        # Twice the same is told once.
        (told_of,) = pilot.app._notifications
        assert "999-X" in told_of.message


async def test_what_the_sync_brings_is_seen_and_the_cursor_stays(shop: Desk) -> None:
    async with DeskApp(shop).run_test(size=(100, 30)) as pilot:
        screen = await opened(pilot)
        await pilot.press("down", "down")
        tell(shop, told(0, ReturnState.CLOSED, updated_at=NOW))
        screen.find()
        await settle(pilot)
        assert (screen.table.source.total, at(screen)) == (4, "RMA-0002")
        assert "3 Ended: 1" in head(screen)


@pytest.mark.parametrize("size", [(80, 24), (200, 60), (30, 8), (1, 1)])
async def test_any_size_is_drawn(shop: Desk, size: tuple[int, int]) -> None:
    async with DeskApp(shop).run_test(size=size) as pilot:
        await pilot.app.push_screen(ReturnsScreen(shop))
        await settle(pilot)
        await pilot.press("end", "space", "2", "3", "home")
        await settle(pilot)
