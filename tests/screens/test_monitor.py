"""The order monitor on the screen: nine counts, one report, one order, and its keys."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from textual.pilot import Pilot

from mkt_tui import i18n
from mkt_tui.app import DeskApp
from mkt_tui.cache import order_records
from mkt_tui.desk import erp, monitor
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.monitor import Question
from mkt_tui.domain.monitor import Cause, Report
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.orders import Billing, OrderSnapshot, OrderStatus, Tracking, Transport
from mkt_tui.screens.monitor import CaseScreen, MonitorScreen
from tests.screens.settling import settle
from tests.screens.test_looks import LANGUAGES, SIZES
from tests.worlds import HOUR, NOW, channel, order, read_orders

Compare = Callable[..., bool]
PAID = Billing(paid_at=NOW - 100 * HOUR)


def shipping(number: str, hours: float) -> OrderSnapshot:
    by = Transport(ship_by=NOW + hours * HOUR)
    return order(number, status=OrderStatus.TO_SHIP, billing=PAID, transport=by)


def travelling(number: str, hours: float, moved: float) -> OrderSnapshot:
    way = Tracking(
        "Correios", "AA1", shipped_at=NOW - moved * HOUR, promised_until=NOW + hours * HOUR
    )
    return order(number, billing=PAID, tracking=way)


@pytest.fixture
def watched(desk: Desk) -> Desk:
    """An order in every report but the first."""
    carrefour, leroy = channel(desk.database), channel(desk.database, "Leroy Merlin")
    late = [shipping(f"10{number}-A", -hours) for number, hours in enumerate((3, 30, 75))]
    near = [shipping("200-A", 6), shipping("201-A", 40)]
    way = [travelling("300-A", 5, 10), travelling("301-A", 20, 90), travelling("302-A", -60, 90)]
    read_orders(desk.database, carrefour, *late, *near, *way)
    read_orders(
        desk.database, leroy, *(shipping(each, 500) for each in ("twice", "other", "lacks"))
    )
    erp.read_export(
        desk,
        leroy,
        "magento",
        [
            "erp_id,order,status\n",
            "1,twice,processing\n",
            "2,twice,canceled\n",
            "3,other,complete\n",
        ],
    )
    case = monitor.cases(desk, Question(), Report.SHIP_LATE)[1]
    monitor.set_cause(desk, case, Cause.DISPATCH)
    monitor.set_note(desk, case, "Falta a nota fiscal")
    return desk


def after(*keys: str) -> Callable[[Pilot[Any]], Any]:
    async def press(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)

    return press


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
class TestLooks:
    """One picture a screen, a size and a language."""

    def test_reports(
        self, watched: Desk, snap_compare: Compare, language: str, size: tuple[int, int]
    ) -> None:
        i18n.set_language(language)
        pressed = after("o", "3", "down")
        assert snap_compare(DeskApp(watched), terminal_size=size, run_before=pressed)

    def test_case(
        self, watched: Desk, snap_compare: Compare, language: str, size: tuple[int, int]
    ) -> None:
        i18n.set_language(language)
        pressed = after("o", "9", "enter")
        assert snap_compare(DeskApp(watched), terminal_size=size, run_before=pressed)


async def shown(pilot: Pilot[Any], *keys: str) -> MonitorScreen:
    await after(*keys)(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, MonitorScreen)
    return screen


async def test_every_report_is_reached_by_its_number(watched: Desk) -> None:
    async with DeskApp(watched).run_test(size=(80, 24)) as pilot:
        seen = {}
        for report in Report:
            screen = await shown(
                pilot, *(["o"] if report is Report.NOT_CREATED else []), str(report.number)
            )
            seen[report] = screen.case.order if screen.case else None
    assert seen == {
        Report.NOT_CREATED: None,
        Report.NOT_TRANSMITTED: "lacks",
        Report.SHIP_LATE: "102-A",
        Report.SHIP_AT_RISK: "200-A",
        Report.TRANSIT_DUE: "300-A",
        Report.TRANSIT_AT_RISK: "301-A",
        Report.TRANSIT_LATE: "302-A",
        Report.ERP_DUPLICATES: "twice",
        Report.DESYNCHRONISED: "other",
    }


async def test_the_horizon_is_asked_for_and_a_word_is_refused(watched: Desk) -> None:
    async with DeskApp(watched).run_test(size=(80, 24)) as pilot:
        screen = await shown(pilot, "o", "4")
        assert screen.query_one("#table").source.total == 2  # type: ignore[attr-defined]
        await after("h", "backspace", "backspace", "1", "2", "enter")(pilot)
        assert screen.query_one("#table").source.total == 1  # type: ignore[attr-defined]
        await after("h", "x", "enter")(pilot)
        assert screen._question.watch.horizon == timedelta(hours=12)


async def test_a_broken_link_is_seen_and_made_again(watched: Desk) -> None:
    async with DeskApp(watched).run_test(size=(80, 24)) as pilot:
        await shown(pilot, "o", "9")
        await after("enter", "r")(pilot)
        assert isinstance(pilot.app.screen, CaseScreen)
        screen = await shown(pilot, "escape")
        assert screen.case is None
    assert monitor.counts(watched, Question())[Report.DESYNCHRONISED] == 0


async def test_what_cannot_be_done_is_said(desk: Desk) -> None:
    # Americanas lets nobody begin a conversation.
    shop = channel(desk.database, "Americanas", adapter="americanas")
    read_orders(desk.database, shop, shipping("100-A", 6))
    async with DeskApp(desk).run_test(size=(80, 24)) as pilot:
        await shown(pilot, "o", "4", "t")
        told = [each.message for each in pilot.app._notifications]
    assert any("no conversation with its customer" in each for each in told)


async def test_a_first_message_is_confirmed_and_queued_and_changed_words_are_not_lost(
    desk: Desk,
) -> None:
    amazon = channel(desk.database, "Amazon", adapter="amazon")
    read_orders(desk.database, amazon, shipping("100-A", 6))
    async with DeskApp(desk).run_test(size=(80, 24)) as pilot:
        await shown(pilot, "o", "4")
        # The screen's worker waits for the agent's yes, so nobody can wait for the worker.
        for key in ("t", "A", "escape", "n", "ctrl+d", "y"):
            await pilot.press(key)
            await pilot.pause()
        assert isinstance(pilot.app.screen, MonitorScreen)
    (kept,) = order_records.order_operations(desk.database, amazon.id, "100-A")
    assert (kept.kind, kept.state) == (Kind.THREAD, "queued")
    wanted = desk.database.value("SELECT text FROM operation")
    assert "100-A" in wanted
    assert "AOl" in wanted


async def test_where_no_conversation_can_be_opened_the_reason_is_said(watched: Desk) -> None:
    magalu = channel(watched.database, "Magalu", adapter="magalu")
    read_orders(watched.database, magalu, shipping("M-1", 1))
    async with DeskApp(watched).run_test(size=(120, 40)) as pilot:
        screen = await shown(pilot, "o", "4")
        assert screen.case
        assert screen.case.order == "M-1"
        await after("t")(pilot)
        assert any("opens none from here" in each.message for each in pilot.app._notifications)
        assert isinstance(pilot.app.screen, MonitorScreen)
