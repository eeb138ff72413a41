"""A conversation is begun from the sheet, an item or a channel: seen, confirmed, queued once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from mkt_tui.cache import operations
from mkt_tui.desk import beginning
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.operations import Operation
from mkt_tui.domain.ticket_operations import StartOperatorThread, StartThread
from mkt_tui.domain.tickets import Audience
from mkt_tui.screens.act_dialogs import AskScreen
from mkt_tui.screens.first_message import FirstMessage
from mkt_tui.screens.order import OrderScreen
from tests.desk.orders import FULL, make_desk, put
from tests.worlds import channel


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.database.close()


class Alone(App[None]):
    def __init__(self, first: Screen[Any]) -> None:
        super().__init__()
        self._first = first

    def on_mount(self) -> None:
        self.push_screen(self._first)


def queued(desk: Desk) -> list[Operation | None]:
    rows = desk.database.rows("SELECT id FROM operation ORDER BY queued_at, id")
    return [operations.load(desk.database, each) for (each,) in rows]


def where(pilot: Pilot[None]) -> type:
    return type(pilot.app.screen)


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


async def test_the_marketplace_is_asked_about_an_order(desk: Desk) -> None:
    async with Alone(OrderScreen(desk, put(desk, FULL))).run_test(size=(80, 24)) as pilot:
        await press(pilot, "M", *"CEP", "enter", "tab", *"Falta")
        assert where(pilot) is FirstMessage
        await press(pilot, "ctrl+d")
        assert where(pilot) is AskScreen
        asked = str(pilot.app.screen.query_one(Static).visual)
        assert "to: marketplace only" in asked
        assert "Falta" in asked
        await press(pilot, "y")
        assert where(pilot) is OrderScreen
    (wanted,) = queued(desk)
    assert isinstance(wanted, StartThread)
    assert (wanted.order_number, wanted.topic, wanted.text, wanted.audience) == (
        *(FULL.number, "CEP", "Falta"),
        Audience.OPERATOR,
    )


async def test_another_recipient_is_chosen_and_shown(desk: Desk) -> None:
    async with Alone(OrderScreen(desk, put(desk, FULL))).run_test(size=(80, 24)) as pilot:
        await press(pilot, "M", *"CEP", "tab", *"Ola", "ctrl+t", "ctrl+d", "y")
    (wanted,) = queued(desk)
    assert isinstance(wanted, StartThread)
    assert wanted.audience is Audience.CUSTOMER


async def test_words_are_thrown_away_only_when_the_agent_says_so(desk: Desk) -> None:
    async with Alone(OrderScreen(desk, put(desk, FULL))).run_test(size=(80, 24)) as pilot:
        await press(pilot, "M", *"CEP", "escape", "n")
        assert where(pilot) is FirstMessage
        await press(pilot, "ctrl+d")
        trouble = pilot.app.screen.query_one("#trouble", Static)
        assert "needs a subject and a text" in str(trouble.visual)
        await press(pilot, "escape", "y")
        assert where(pilot) is OrderScreen
    assert queued(desk) == []


async def test_a_message_about_no_order_is_the_marketplaces(desk: Desk) -> None:
    shop = desk.channel("Carrefour")
    prepared = beginning.with_marketplace(desk, shop, "789 Fogão")
    async with Alone(FirstMessage(desk, shop, prepared)).run_test(size=(80, 24)) as pilot:
        # The subject is there: the words are what is missing.
        await press(pilot, *"Sumiu", "ctrl+t", "ctrl+d", "y")
    (wanted,) = queued(desk)
    assert isinstance(wanted, StartOperatorThread)
    assert (wanted.topic, wanted.text) == ("789 Fogão", "Sumiu")
    noted = desk.database.rows("SELECT act, channel, order_number FROM audit ORDER BY id DESC")
    assert noted[0] == ("operator_thread.queued", "Carrefour", None)


def test_where_nobody_can_begin_one_the_reason_is_said(desk: Desk) -> None:
    shop = channel(desk.database, "Magalu", adapter="magalu")
    with pytest.raises(NotAllowed, match="Magalu lets nobody begin"):
        beginning.with_marketplace(desk, shop)
    record = put(desk, FULL, "Magalu")
    with pytest.raises(NotAllowed, match="Magalu lets nobody begin"):
        beginning.about_order(desk, record)
    amazon = channel(desk.database, "Amazon", adapter="amazon")
    # Only set topics, and only to customers.
    assert beginning.audiences(amazon) == (Audience.CUSTOMER,)
    with pytest.raises(NotAllowed):
        beginning.about_order(desk, put(desk, FULL, "Amazon"), Audience.BOTH)
