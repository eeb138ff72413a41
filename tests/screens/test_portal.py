"""How a portal's ticket looks and is answered: queue, guide, answer, form; three languages."""

from collections.abc import Callable

import pytest
from textual.widgets import Static

from mkt_tui import i18n
from mkt_tui.app import DeskApp
from mkt_tui.cache import queries, threads
from mkt_tui.desk import importing
from mkt_tui.desk.desk import Desk
from mkt_tui.screens.portal import PortalScreen
from mkt_tui.screens.portal_entry import PortalEntryScreen
from mkt_tui.widgets.key_bar import keys_now
from tests.desk.test_portals import portal
from tests.screens.test_looks import LANGUAGES, SIZES, Compare, after, settle
from tests.worlds import channel, read, ticket


@pytest.fixture
def mixed(desk: Desk) -> Desk:
    """A portal's protocol, the most pressing, above a ticket of an integrated marketplace."""
    told = {"code": "P-4711", "order": "0298334411-1", "customer": "Ana Lima", "kind": "troca",
            "subject": "Troca de voltagem", "message": "Veio 220 V.", "opened": "02/03/2026",
            "reason": "troca", "party": "operador"}  # fmt: skip
    importing.enter(desk, portal(desk), told)
    read(desk.database, channel(desk.database), ticket("4712", 1))
    return desk


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", ["", "l", "W", "enter l", "plus"])
def test_looks(
    mixed: Desk,
    snap_compare: Callable[..., bool],
    language: str,
    size: tuple[int, int],
    keys: str,
) -> None:
    i18n.set_language(language)
    compare: Compare = snap_compare
    assert compare(DeskApp(mixed), terminal_size=size, run_before=after(*keys.split()))


async def test_answered_with_words_pasted(mixed: Desk) -> None:
    async with DeskApp(mixed).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("enter", "a", *"Ok", "enter")
        await settle(pilot)
        (row,) = queries.tickets_by_code(mixed.database, "P-4711")
        assert row.state == 1
        assert threads.messages(mixed.database, row.id)[-1].body == "Ok"


async def test_the_guide_copies_and_answers(mixed: Desk) -> None:
    app = DeskApp(mixed)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("l")
        assert type(app.screen) is PortalScreen
        await pilot.press("c")
        assert app.clipboard == "0298334411-1"
        await pilot.press("a", "enter")
        await settle(pilot)
        assert len(app.screen_stack) == 1
        assert queries.tickets_by_code(mixed.database, "P-4711")[0].state == 1


async def test_the_foot_offers_what_works_and_r_leads_to_the_guide(mixed: Desk) -> None:
    app = DeskApp(mixed)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert type(app.screen) is PortalScreen
        await pilot.press("escape", "enter")
        await settle(pilot)
        offered = [description for _written, description, _key in keys_now(app.screen)]
        assert "Reply" not in offered
        assert {"Answered on the portal", "Copy delivery number", "Portal"} <= set(offered[:4])
        await pilot.press("h", "r")
        await settle(pilot)
        beside = app.screen.query_one("#order Static", Static)
        assert "0298334411-1" in str(beside.content)
        await pilot.press("escape", "down", "enter")
        await settle(pilot)
        offered = [description for _written, description, _key in keys_now(app.screen)]
        assert "Reply" in offered
        assert "Portal" not in offered


async def test_the_keys_of_portals_leave_others_alone(mixed: Desk) -> None:
    app = DeskApp(mixed)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("down", "W", "enter")
        await settle(pilot)
        assert queries.tickets_by_code(mixed.database, "4712")[0].state == 0


async def test_a_protocol_is_typed(mixed: Desk) -> None:
    app = DeskApp(mixed)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("plus", "enter", "ctrl+d")
        await settle(pilot)
        assert isinstance(app.screen, PortalEntryScreen)
        await pilot.press("up", *"77", "enter", *"99", "ctrl+d")
        await settle(pilot)
        assert queries.tickets_by_code(mixed.database, "77")[0].order_number == "99"
