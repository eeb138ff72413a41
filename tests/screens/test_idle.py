"""A desk at which somebody only thinks sends nothing: no cursor blinks, no line is drawn again."""

import pytest

from mkt_tui.app import DeskApp
from mkt_tui.desk.desk import Desk
from tests.screens.settling import settle
from tests.worlds import channel, order, read, read_orders, ticket


@pytest.fixture
def busy(desk: Desk) -> Desk:
    shop = channel(desk.database)
    read(desk.database, shop, ticket("t1", 9), ticket("t2", 2))
    read_orders(desk.database, shop, order())
    return desk


@pytest.mark.parametrize("keys", ["Fl", "N", ["g", "c", "enter"]], ids=["line", "note", "channel"])
async def test_who_thinks_is_sent_nothing(
    busy: Desk, monkeypatch: pytest.MonkeyPatch, keys: list[str]
) -> None:
    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)
        await pilot.pause(0.1)
        drawn: list[object] = []
        monkeypatch.setattr(pilot.app, "_display", lambda *what: drawn.append(what))
        # A cursor blinks twice a second; channels are looked at every two.
        await pilot.pause(2.2 if keys[0] == "g" else 0.6)
        assert drawn == []
