"""How a portal's ticket looks and is answered: queue, guide, answer, form; three languages."""

from collections.abc import Callable

import pytest
from textual.widgets import Input, Static, TextArea

from mkt_tui import i18n
from mkt_tui.app import DeskApp
from mkt_tui.cache import order_records, queries, threads
from mkt_tui.desk import importing, portals
from mkt_tui.desk.desk import Desk
from mkt_tui.screens.order import OrderScreen
from mkt_tui.screens.order_entry import OrderEntryScreen
from mkt_tui.screens.orders import OrdersScreen
from mkt_tui.screens.portal import PortalScreen
from mkt_tui.screens.portal_answer import PortalAnswerScreen
from mkt_tui.screens.portal_entry import PortalEntryScreen
from mkt_tui.widgets.key_bar import keys_now
from tests.desk.test_portals import portal
from tests.screens.settling import settle
from tests.screens.test_looks import LANGUAGES, SIZES, Compare, after
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
@pytest.mark.parametrize("keys", ["", "l", "W", "enter l", "plus", "E"])
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
        assert offered(app)[0] == "Portal"
        assert "Reply" not in offered(app)
        await pilot.press("down")
        assert "Reply" in offered(app)
        assert "Portal" not in offered(app)
        await pilot.press("c")
        assert "is no portal" in last_notice(app)
        await pilot.press("up", "r")
        await settle(pilot)
        assert type(app.screen) is PortalScreen
        await pilot.press("escape", "enter")
        await settle(pilot)
        assert "Reply" not in offered(app)
        wanted = {"Answered on the portal", "Copy delivery number", "Portal"}
        assert wanted <= set(offered(app)[:4])
        await pilot.press("h", "r")
        await settle(pilot)
        beside = app.screen.query_one("#order Static", Static)
        assert "0298334411-1" in str(beside.content)
        await pilot.press("escape", "down", "enter")
        await settle(pilot)
        assert "Reply" in offered(app)
        assert "Portal" not in offered(app)


async def test_the_keys_of_portals_leave_others_alone(mixed: Desk) -> None:
    app = DeskApp(mixed)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("down", "W", "enter")
        await settle(pilot)
        assert queries.tickets_by_code(mixed.database, "4712")[0].state == 0


async def test_pasted_words_are_not_lost_by_one_key(mixed: Desk) -> None:
    app = DeskApp(mixed)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("W", *"Ok", "escape", "n")
        assert app.screen.query_one(TextArea).text == "Ok"
        await pilot.press("escape", "y")
        assert len(app.screen_stack) == 1


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


async def test_the_order_of_a_ticket_is_typed_with_its_items(mixed: Desk) -> None:
    app = DeskApp(mixed)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("enter", "p")
        assert "E enters it" in last_notice(app)
        await pilot.press("E")
        await settle(pilot)
        assert isinstance(app.screen, OrderEntryScreen)
        assert app.screen.query_one("#order", Input).value == "0298334411-1"
        typed = ("09/03/2026", "", "Entregue", "", "", "129,9x", "19,90", "", "Boleto", "2")
        for each in typed:
            await pilot.press("enter", *each)
        await pilot.press("ctrl+d")
        assert "Total is no amount" in str(app.screen.query_one("#trouble", Static).content)
        app.screen.query_one("#total", Input).value = "119,90"
        for each in ("2", "SKU1", "Chaleira", "50,00", "1", "SKU2"):
            await pilot.press("enter", *each)
        await pilot.press("ctrl+d")
        await settle(pilot)
        (record,) = order_records.orders(mixed.database, "0298334411-1")
        assert [(each["sku"], each["quantity"]) for each in record.items] == [
            ("SKU1", 2),
            ("SKU2", 1),
        ]
        assert record.finance["payments"][0]["instalments"] == 2
        assert (record.customer, record.status) == ("Ana Lima", "delivered")
        await pilot.press("p")
        await settle(pilot)
        assert isinstance(app.screen, OrderScreen)


async def test_an_order_is_entered_from_the_list_of_orders_too(mixed: Desk) -> None:
    app = DeskApp(mixed)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("O", "E", *"LU-1", "ctrl+d")
        await settle(pilot)
        assert "Order LU-1 is in the list" in last_notice(app)
        await pilot.press("E", *"LU-1", "ctrl+d")
        await settle(pilot)
        assert "LU-1 was known" in last_notice(app)
        assert isinstance(app.screen, OrdersScreen)
        assert app.screen.selected
        assert app.screen.selected.number == "LU-1", "the list shows it at once"
        assert len(order_records.orders(mixed.database, "LU-1")) == 1


def offered(app: DeskApp) -> list[str]:
    return [description for _written, description, _key in keys_now(app.screen)]


def last_notice(app: DeskApp) -> str:
    return str([each.message for each in app._notifications][-1:])


async def test_refused_words_are_not_lost(mixed: Desk) -> None:
    """A colleague was faster: what was pasted is there again, to be taken along."""
    app = DeskApp(mixed)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        (row,) = queries.tickets_by_code(mixed.database, "P-4711")
        await pilot.press("W", *"Ok")
        assert portals.answered(mixed, [row.id], "Eu fui mais rápida.")[0].done
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, PortalAnswerScreen)
        assert app.screen.query_one(TextArea).text == "Ok"


async def test_the_runbook_stands_beside_the_ticket(mixed: Desk) -> None:
    app = DeskApp(mixed)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        beside = str(app.screen.query_one("#sheet", Static).content)
        assert beside.index("1. Copy the delivery number") < beside.index("is not known here yet")


async def test_a_runbook_that_cannot_be_read_hides_no_ticket(mixed: Desk) -> None:
    folder = mixed.home.settings / "runbooks"
    folder.mkdir(parents=True)
    (folder / "b2w.toml").write_text('names = ["b2w"]')
    app = DeskApp(mixed)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "b2w.toml" in str(app.screen.query_one("#sheet", Static).content)
        assert "220 V" in str(app.screen.query_one("#messages", Static).content)


async def test_what_was_typed_is_not_lost_by_one_key(mixed: Desk) -> None:
    app = DeskApp(mixed)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("plus", "escape")
        assert len(app.screen_stack) == 1
        await pilot.press("plus", *"77", "escape")
        assert isinstance(app.screen, PortalEntryScreen)
        await pilot.press(*"8", "escape", "escape")
        assert len(app.screen_stack) == 1
