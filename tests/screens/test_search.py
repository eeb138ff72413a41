"""Search as an agent meets it: as typed, in a hurry, with anything on the clipboard."""

from contextlib import suppress
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, Static
from textual.worker import WorkerCancelled

from mkt_tui.app import DeskApp
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.orders import Personal
from mkt_tui.screens.conversation import ConversationScreen
from mkt_tui.screens.order import OrderScreen
from mkt_tui.screens.queue import QueueScreen
from mkt_tui.screens.search import SearchScreen
from tests.cache.test_searching import HOSTILE
from tests.worlds import channel, order, read, read_orders, ticket

SIZES = [(80, 24), (200, 60)]


@pytest.fixture
def busy(desk: Desk) -> Desk:
    carrefour, leroy = channel(desk.database), channel(desk.database, "Leroy Merlin")
    read(desk.database, carrefour, ticket("c-1", 30), ticket("c-2", None))
    read(desk.database, carrefour, ticket("c-3", order_number=None, customer="João 山田太郎"))
    read(desk.database, leroy, ticket("l-1", 5, order_number="200-B", customer="Ana Sá"))
    other = order("300-C", customer="Rui", site_number="SP-9", personal=Personal(), items=())
    read_orders(desk.database, carrefour, order(), other)
    return desk


async def settle(pilot: Pilot[Any]) -> None:
    await pilot.pause()
    while any(not worker.is_finished for worker in pilot.app.workers):
        with suppress(WorkerCancelled):
            await pilot.app.workers.wait_for_complete()
        await pilot.pause()


async def search(pilot: Pilot[Any], text: str) -> SearchScreen:
    await pilot.press("slash")
    await pilot.pause()
    screen = pilot.app.screen
    assert isinstance(screen, SearchScreen)
    screen.query_one(Input).value = text
    await settle(pilot)
    return screen


def now(pilot: Pilot[Any], kind: type[Screen[Any]]) -> bool:
    return isinstance(pilot.app.screen, kind)


def shown(screen: SearchScreen) -> str:
    table = screen.table
    return "\n".join(table.render_line(y).text for y in range(table.size.height))


def note(screen: SearchScreen) -> str:
    return str(screen.query_one("#note", Static).content)


@pytest.mark.parametrize("size", SIZES)
async def test_a_name_finds_its_tickets_while_it_is_typed(
    busy: Desk, size: tuple[int, int]
) -> None:
    async with DeskApp(busy).run_test(size=size) as pilot:
        screen = await search(pilot, "joao 山")
        assert "João 山田太郎" in shown(screen)
        assert "1 found · Enter opens it" in note(screen)
        await pilot.press("backspace", "backspace", "backspace", "backspace")
        await settle(pilot)
        assert "1 found" in note(screen)


@pytest.mark.parametrize("number", ["529.982.247-25", "100-A", "100a", "sp-1", "SKU1"])
async def test_a_number_opens_its_order_at_once(busy: Desk, number: str) -> None:
    async with DeskApp(busy).run_test() as pilot:
        await search(pilot, number)
        await pilot.press("enter")
        await settle(pilot)
        assert now(pilot, OrderScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert now(pilot, SearchScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert not now(pilot, SearchScreen)


async def test_enter_before_anything_was_found_waits_for_it(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        await pilot.press("slash")
        await pilot.pause()
        await pilot.press(*"300c", "enter")
        await settle(pilot)
        assert now(pilot, OrderScreen)


async def test_of_several_hits_none_is_opened_unseen(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        await pilot.press("slash")
        await pilot.pause()
        screen = pilot.app.screen
        assert isinstance(screen, SearchScreen)
        screen.query_one(Input).value = "pedido"
        screen.action_open()
        await settle(pilot)
        assert "choose with the arrows" in note(screen)
        await pilot.press("down", "enter")
        await settle(pilot)
        assert now(pilot, ConversationScreen)


async def test_a_ticket_without_an_order_opens_itself(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        await search(pilot, "c-3")
        await pilot.press("enter")
        await settle(pilot)
        assert now(pilot, ConversationScreen)


async def test_a_wrong_check_digit_is_told(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        screen = await search(pilot, "529.982.247-26")
        assert "If 52998224726 is meant as a CPF: its check digits are wrong" in note(screen)
        screen.query_one(Input).value = "nobody at all"
        await settle(pilot)
        assert note(screen) == "Nothing found."


@pytest.mark.parametrize("text", HOSTILE)
async def test_anything_can_be_typed(busy: Desk, text: str) -> None:
    async with DeskApp(busy).run_test() as pilot:
        screen = await search(pilot, text)
        await pilot.press("down", "up", "pagedown")
        assert screen.is_attached


async def test_a_line_narrows_the_queue_and_a_slip_is_pointed_at(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        await pilot.press("F", *"lat", "tab")
        line = pilot.app.screen.query_one(Input)
        assert line.value == "late"
        line.value = "carrefour is:wrong"
        await pilot.press("enter")
        told = str(pilot.app.screen.query_one("#told", Static).content)
        assert "is:wrong: there is no such value" in told
        line.value = 'customer:"maria silva" -answered'
        await pilot.press("enter")
        await settle(pilot)
        queue = pilot.app.screen
        assert isinstance(queue, QueueScreen)
        source = queue.table.source
        found = [source.row(number) for number in range(source.total)]
        assert {row.code for row in found if row} == {"c-1"}
        assert 'customer:"maria silva"' in str(queue.query_one("#channels", Static).content)
        await pilot.press("0")
        await settle(pilot)
        assert queue.table.source.total == 3


async def test_a_word_is_added_to_a_filter_in_force(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        await settle(pilot)
        await pilot.press("5", "F", *"late", "enter")
        await settle(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, QueueScreen)
        assert str(screen._view.terms) == "is:unassigned is:late"
