"""Whoever holds a mouse needs no key but for words."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from textual.containers import VerticalScroll
from textual.events import MouseScrollDown, MouseScrollUp
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.widget import Widget
from textual.worker import WorkerCancelled

from mkt_tui.app import DeskApp
from mkt_tui.cache import queries
from mkt_tui.desk import arrangement, presence
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import CacheFull
from mkt_tui.screens.conversation import ConversationScreen
from mkt_tui.screens.order import OrderScreen
from mkt_tui.screens.orders import OrdersScreen
from mkt_tui.screens.queue import QueueScreen
from mkt_tui.widgets.virtual_table import VirtualTable
from tests.worlds import channel, order, read, read_orders, ticket


@pytest.fixture
def team(desk: Desk) -> Desk:
    """Ana and Bia; two channels with sixty tickets, all of one order."""
    for name in ("ana", "bia"):
        presence.come(replace(desk, agent=name))
    carrefour, leroy = channel(desk.database), channel(desk.database, "Leroy Merlin")
    read(desk.database, carrefour, *[ticket(f"c{n}", 60 - n) for n in range(40)])
    read(desk.database, leroy, *[ticket(f"l{n}", 19 - n / 2) for n in range(20)])
    read_orders(desk.database, carrefour, order())
    return desk


async def settle(pilot: Pilot[Any]) -> None:
    # What waits for an answer of the agent's is a worker too.
    while found := [each for each in pilot.app.workers if each.group in ("measure", "count")]:
        with suppress(WorkerCancelled):
            await pilot.app.workers.wait_for_complete(found)
    await pilot.pause()
    await pilot.app.settled()  # type: ignore[attr-defined]  # it is a TypedAhead


async def start(pilot: Pilot[Any]) -> None:
    assert isinstance(pilot.app.screen, QueueScreen)
    pilot.app.screen.measure()
    await settle(pilot)


def lines(pilot: Pilot[Any]) -> list[str]:
    """What is to be seen of the screen in front."""
    strips = pilot.app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


async def click(pilot: Pilot[Any], words: str, times: int = 1) -> None:
    """Click on words that are to be seen."""
    found = [(line.index(words) + 1, y) for y, line in enumerate(lines(pilot)) if words in line]
    assert found, f"{words!r} is not on\n" + "\n".join(lines(pilot))
    widget, region = pilot.app.screen.get_widget_at(*found[0])
    await pilot.click(widget, offset=Offset(*found[0]) - region.offset, times=times)
    await settle(pilot)


async def wheel(
    pilot: Pilot[Any], way: type[MouseScrollDown | MouseScrollUp], over: Widget, steps: int
) -> None:
    await pilot._post_mouse_events([way] * steps, over)
    await settle(pilot)


def owner(desk: Desk, code: str) -> str | None:
    (found,) = queries.tickets_by_code(desk.database, code)
    return found.assignee


async def test_a_ticket_is_forwarded(team: Desk) -> None:
    async with DeskApp(team).run_test(size=(80, 24)) as pilot:
        await start(pilot)
        await click(pilot, "? Help")
        await wheel(pilot, MouseScrollDown, pilot.app.screen.query_one(VerticalScroll), 6)
        await click(pilot, "Forward")
        await click(pilot, "bia")
        await click(pilot, "⏎ Forward")
        assert isinstance(pilot.app.screen, QueueScreen)
        assert owner(team, "c0") == "bia"


async def test_a_ticket_is_opened_and_answered(team: Desk) -> None:
    async with DeskApp(team).run_test(size=(80, 24)) as pilot:
        await start(pilot)
        await click(pilot, "Maria", times=2)
        assert isinstance(pilot.app.screen, ConversationScreen)
        await click(pilot, "r Reply")
        await pilot.press(*"Okay")
        await click(pilot, "Tab Recipient")
        await click(pilot, "^D Send")
        assert "marketplace only" in "\n".join(lines(pilot))
        await click(pilot, "y Yes, send")
        assert isinstance(pilot.app.screen, QueueScreen)
        assert team.database.row("SELECT text, audience FROM operation") == ("Okay", "operator")


async def test_a_screen_with_more_keys_than_fit_is_left(team: Desk) -> None:
    async with DeskApp(team).run_test(size=(80, 24)) as pilot:
        await start(pilot)
        pilot.app.push_screen(OrdersScreen(team))
        await settle(pilot)
        await click(pilot, "Esc Back")
        assert isinstance(pilot.app.screen, QueueScreen)


async def test_a_channel_a_view_and_the_sequence_are_chosen(team: Desk) -> None:
    async with DeskApp(team).run_test(size=(120, 40)) as pilot:
        await start(pilot)
        table = pilot.app.screen.query_one(VirtualTable)
        await click(pilot, "Leroy Merlin 20")
        assert table.source.total == 20
        await click(pilot, "All 60")
        assert table.source.total == 60
        await click(pilot, "Late")
        assert table.source.total < 60
        await click(pilot, "Due↓")
        assert arrangement.view(team).reverse


async def test_the_banner_leads_to_what_it_tells_of_and_is_indented_throughout(team: Desk) -> None:
    team.database.execute("UPDATE ticket SET delivery = 'failed' WHERE code IN ('c3', 'c4')")
    async with DeskApp(team).run_test(size=(80, 24)) as pilot:
        await start(pilot)
        assert isinstance(pilot.app.screen, QueueScreen)
        pilot.app.screen._head.complain(CacheFull(path="/srv/the/desk/of/all/our/shops/cache.db"))
        await pilot.pause()
        shown = lines(pilot)[2:4]
        assert "again." in shown[1]
        assert all(line.startswith(" ") and line[1] != " " for line in shown)
        pilot.app.screen.measure()
        await settle(pilot)
        await click(pilot, "2 replies were refused")
        assert pilot.app.screen.query_one(VirtualTable).source.total == 2


async def test_the_wheel_takes_the_cursor_along(team: Desk) -> None:
    async with DeskApp(team).run_test(size=(80, 24)) as pilot:
        await start(pilot)
        table = pilot.app.screen.query_one(VirtualTable)
        await wheel(pilot, MouseScrollDown, table, 2)
        assert table.cursor == table.scroll_offset.y == 6
        await wheel(pilot, MouseScrollUp, table, 2)
        assert (table.cursor, table.scroll_offset.y) == (6, 0)


async def test_what_lies_over_a_screen_is_left_by_a_click_beside_it_or_on_its_key(
    team: Desk,
) -> None:
    async with DeskApp(team).run_test(size=(80, 24)) as pilot:
        await start(pilot)
        for place, key in enumerate("mVFCgfSAN"):
            await pilot.press(key)
            await settle(pilot)
            assert pilot.app.screen.is_modal, key
            if place % 2:
                await click(pilot, "Esc Back")
            else:
                await pilot.click(offset=(1, 3))
                await settle(pilot)
            assert isinstance(pilot.app.screen, QueueScreen), key


async def test_an_act_on_an_order_is_chosen(team: Desk) -> None:
    async with DeskApp(team).run_test(size=(80, 24)) as pilot:
        await start(pilot)
        await click(pilot, "p Order")
        assert isinstance(pilot.app.screen, OrderScreen)
        await pilot.press("x")
        await settle(pilot)
        await click(pilot, "Refund")
        assert type(pilot.app.screen).__name__ == "ActForm"


async def test_the_palette_has_what_the_key_bar_has_no_room_for(team: Desk) -> None:
    async with DeskApp(team).run_test(size=(80, 24)) as pilot:
        await start(pilot)
        await pilot.press("r")
        await settle(pilot)
        offered = {each.title for each in pilot.app.get_system_commands(pilot.app.screen)}
        assert {"Attach", "Own editor", "Next problem", "Send"} <= offered
