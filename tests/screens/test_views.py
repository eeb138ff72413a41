"""Views by number, and filters under a name."""

from itertools import pairwise
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from mkt_tui.app import DeskApp
from mkt_tui.cache.database import Database
from mkt_tui.cache.queries import QueueFilter
from mkt_tui.desk import queue, views
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.queue import Measure
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.filters import EVERYTHING, parse
from mkt_tui.screens import queue_list
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


def bar(pilot: Pilot[Any]) -> Static:
    return pilot.app.screen.query_one("#views", Static)


async def test_a_wide_terminal_counts_the_views_all_the_time(busy: Desk) -> None:
    async with DeskApp(busy).run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        line = " 0 Everything open 2  1 Late 1  2 Mine 1  4 Due today 1"
        assert line in str(bar(pilot).content)
        assert "Snoozed" not in str(bar(pilot).content)
        await pilot.press("8")
        await settle(pilot)
        assert "8 Snoozed tickets 0" in str(bar(pilot).content)
        busy.database.execute("UPDATE ticket SET assignee = 'ana'")
        while "2 Mine 2" not in str(bar(pilot).content):
            await pilot.pause(0.1)
        assert "2 Mine 2" in str(bar(pilot).content)
        await pilot.click(bar(pilot), offset=(line.index("Mine"), 0))
        await settle(pilot)
        assert codes(pilot) == ["late", "soon"]


async def test_a_small_terminal_keeps_its_lines_for_tickets(busy: Desk) -> None:
    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert not bar(pilot).display
        await pilot.resize_terminal(120, 40)
        await settle(pilot)
        assert bar(pilot).display


async def test_a_slow_filter_is_not_looked_for_at_every_change(
    busy: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache that is being filled changes all the time: looking may not keep a core busy."""
    now, looks = [100.0], []

    def slow(database: Database, wanted: QueueFilter, ticket_id: int | None) -> Measure:
        looks.append(now[0])
        now[0] += 2.0
        return measure(database, wanted, ticket_id)

    measure = queue.measure
    monkeypatch.setattr(queue_list, "monotonic", lambda: now[0])
    monkeypatch.setattr(queue, "measure", slow)
    async with DeskApp(busy).run_test() as pilot:
        await settle(pilot)
        for _ in range(6):
            busy.database.execute("UPDATE ticket SET subject = subject || '.'")
            now[0] += 10
            await pilot.pause(0.55)
            await settle(pilot)
    gaps = [after - before - 2 for before, after in pairwise(looks)]
    assert len(looks) >= 2
    assert all(gap >= 38 for gap in gaps[1:])


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


async def test_keys_on_an_empty_list_say_that_there_is_no_ticket(desk: Desk) -> None:
    async with DeskApp(desk).run_test() as pilot:
        for key in ("r", "enter", "p", "f", "S", "space", "y", "P"):
            pilot.app.clear_notifications()
            await pilot.press(key)
            (told,) = (each.message for each in pilot.app._notifications)
            assert told == "There is no ticket in this list.", key


@pytest.mark.parametrize(("line", "told"), [("foo:bar", "changed"), ("subjet:x", "subject")])
async def test_what_a_slip_in_a_filter_could_be_is_to_be_read(
    busy: Desk, line: str, told: str
) -> None:
    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        await pilot.press("F", *line, "enter")
        await settle(pilot)
        strips = pilot.app.screen._compositor.render_strips()
        shown = "\n".join("".join(segment.text for segment in each) for each in strips)
        assert told in shown
        assert shown.count(line) == 3  # in the error, where it is wrong, and in the line
