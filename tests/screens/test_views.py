"""Views by number, and filters under a name."""

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from mkt_tui.app import DeskApp
from mkt_tui.desk import views
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.filters import EVERYTHING, parse
from mkt_tui.screens.queue import QueueScreen
from mkt_tui.screens.views_menu import ViewsMenu
from tests.screens.test_search import settle
from tests.worlds import channel, read, ticket


@pytest.fixture
def busy(desk: Desk) -> Desk:
    shop = channel(desk.database)
    read(desk.database, shop, ticket("late", 30), ticket("soon", 22), ticket("done", None))
    desk.database.execute("UPDATE ticket SET assignee = 'ana' WHERE code = 'soon'")
    return desk


def codes(pilot: Pilot[Any]) -> list[str]:
    screen = pilot.app.screen
    assert isinstance(screen, QueueScreen)
    source = screen.table.source
    found = [source.row(number) for number in range(source.total)]
    return [row.code for row in found if row]


@pytest.mark.parametrize(
    ("key", "shown"),
    [("4", ["soon"]), ("5", ["late"]), ("6", []), ("7", ["done"]), ("8", []),
     ("9", ["late", "soon", "done"])],
)  # fmt: skip
async def test_a_number_shows_its_view(busy: Desk, key: str, shown: list[str]) -> None:
    async with DeskApp(busy).run_test() as pilot:
        await pilot.press(key)
        await settle(pilot)
        assert codes(pilot) == shown
        await pilot.press("0")
        await settle(pilot)
        assert codes(pilot) == ["late", "soon"]


async def test_the_menu_counts_chooses_and_keeps_a_filter_under_a_name(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        await pilot.press("F", *"mine", "enter")
        await settle(pilot)
        await pilot.press("V")
        await settle(pilot)
        menu = pilot.app.screen
        assert isinstance(menu, ViewsMenu)
        lines = [str(each.prompt) for each in menu.query_one(OptionList).options]
        assert " 1  Late  1" in lines
        assert " 9  All  3" in lines
        await pilot.press("n")
        menu.query_one(Input).value = "Mine to do"
        await pilot.press("enter")
        await settle(pilot)
        assert "Mine to do  1  is:mine" in str(menu.query_one(OptionList).options[-1].prompt)
        await pilot.press("end", "h")
        await settle(pilot)
        assert "shared by ana" in str(menu.query_one(OptionList).options[-1].prompt)
        await pilot.press("enter")
        await settle(pilot)
        assert codes(pilot) == ["soon"]


def test_a_shared_view_is_seen_by_others_and_is_its_owners_to_change(busy: Desk) -> None:
    bia = Desk(busy.database, busy.settings, busy.home, "bia", busy.clock)
    views.save(busy, " Trocas \n", parse("subject:troca"))
    assert len(views.choices(bia)) == len(views.BUILT_IN)
    saved = views.choices(busy)[-1].saved
    assert saved
    views.share(busy, saved)
    seen = views.choices(bia)[-1]
    assert (seen.title, seen.text) == ("Trocas", "subject:troca")
    assert seen.saved
    with pytest.raises(NotAllowed, match="belongs to ana"):
        views.remove(bia, seen.saved)
    views.remove(busy, seen.saved)
    assert views.choices(busy)[-1].saved is None
    with pytest.raises(NotAllowed, match="nothing to save"):
        views.save(busy, "x", EVERYTHING)
