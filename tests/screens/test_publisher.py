"""A publisher's desk on the screen: two ways to the same tickets, the ticket, its ways out (P2-P15)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from mkt_tui import i18n
from mkt_tui.app import DeskApp
from mkt_tui.cache import agents, complaints
from mkt_tui.desk import checked_files, correcting, publisher, publisher_lists
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.publishing import ShopState, Stage
from mkt_tui.domain.title_filters import TitleFilter
from mkt_tui.sandbox.books import book
from mkt_tui.screens.forward import ForwardScreen
from mkt_tui.screens.publisher import PublisherScreen
from mkt_tui.screens.sales import SalesScreen
from mkt_tui.screens.title_ticket import TitleTicketScreen
from mkt_tui.screens.titles import TitlesScreen
from mkt_tui.widgets.confirm_line import ConfirmLine
from tests.conftest import Clock
from tests.publisher import Portal, epub, portal, report
from tests.screens.settling import settle
from tests.screens.test_looks import LANGUAGES, SIZES, Compare


@pytest.fixture
async def there(desk: Desk, clock: Clock) -> Portal:
    found = portal(desk, clock, 18)
    await found.read()
    return found


def checked(there: Portal, folder: Path, *, passed: bool) -> None:
    """Let the first ticket of the queue have a checked file."""
    path = Path(epub(folder))
    first = [*publisher_lists.tickets(there.desk, TitleFilter())]
    ticket = publisher.load(there.desk, first[0].id)
    checked_files.keep(there.desk, ticket, str(path), report(path, passed=passed))


def words(pilot: Pilot[Any], name: str) -> str:
    return str(pilot.app.screen.query_one(name, Static).render())


async def opened(pilot: Pilot[Any], *keys: str) -> Any:
    await pilot.press("b", *keys)
    await settle(pilot)
    return pilot.app.screen


def first_ticket(there: Portal) -> publisher.TitleTicket:
    found = [*publisher_lists.tickets(there.desk, TitleFilter(states=("all",)))]
    return publisher.load(there.desk, found[0].id)


async def test_both_ways_lead_to_the_same_tickets_under_the_same_filter(there: Portal) -> None:
    """P7, P8: by ticket and by title; what is narrowed stays narrowed; saved under a name."""
    async with DeskApp(there.desk).run_test(size=(120, 40)) as pilot:
        queue = await opened(pilot)
        assert isinstance(queue, PublisherScreen)
        everything = queue.table.source.total
        row = queue.table.current
        assert row
        await pilot.press("slash", *f"isbn:{queue.isbn(row)}", "enter")
        await settle(pilot)
        narrowed = queue.table.source.total
        assert 0 < narrowed < everything
        await pilot.press("V", "plus", *"farol", "enter")
        await pilot.press("t")
        await settle(pilot)
        titles = pilot.app.screen
        assert isinstance(titles, TitlesScreen)
        assert titles.table.source.total == 1
        only = titles.table.current
        assert only
        assert (only.isbn, only.open_tickets) == (queue.isbn(row), narrowed)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PublisherScreen)
        assert pilot.app.screen.table.source.total >= narrowed
        assert publisher.saved_filters(there.desk) == {"farol": f"isbn:{only.isbn}"}
        await pilot.press("escape", "escape", "escape", "escape")
        await opened(pilot, "V", "1")
        assert pilot.app.screen.query_one("#table").source.total == narrowed  # type: ignore[attr-defined]


async def test_a_filter_that_is_wrong_says_so_and_stays(there: Portal) -> None:
    async with DeskApp(there.desk).run_test(size=(100, 30)) as pilot:
        await opened(pilot, "slash", *"kind:nonsense", "enter")
        assert "there is no such value" in words(pilot, "#told")
        await pilot.press("escape")
        queue = pilot.app.screen
        assert isinstance(queue, PublisherScreen)
        await pilot.press("p", "1")
        await settle(pilot)
        assert queue.line == "presale state:open"
        assert all(each.presale for each in publisher_lists.tickets(there.desk, queue.wanted))
        await pilot.press("e", "2", "h", "1")
        await settle(pilot)
        assert "kind:toc" in queue.line
        assert "shop:" in queue.line


async def test_the_rows_of_one_title_fold_into_one(there: Portal) -> None:
    """P6: one row a title, with its shops; Enter unfolds it."""
    async with DeskApp(there.desk).run_test(size=(120, 40)) as pilot:
        queue = await opened(pilot)
        rows = queue.table.source.total
        isbns = {each.isbn for each in publisher_lists.tickets(there.desk, TitleFilter())}
        await pilot.press("x")
        assert queue.table.source.total == len(isbns) < rows
        folded = next(
            place for place in range(len(isbns)) if hasattr(queue.table.source.row(place), "lines")
        )
        await pilot.press(*["j"] * folded, "enter")
        assert queue.table.source.total > len(isbns)
        await pilot.press("x")
        assert queue.table.source.total == rows


async def test_a_ticket_tells_all_that_is_needed_to_mend_the_file(there: Portal) -> None:
    """P2, P3, P9, P10, P13: source and rule, kind, description, notes by kind of author, manager."""
    case = there.catalogue.cases[first_ticket(there).row.code]
    async with DeskApp(there.desk).run_test(size=(80, 24)) as pilot:
        page = await opened(pilot, "enter")
        assert isinstance(page, TitleTicketScreen)
        facts, talk = words(pilot, "#facts"), words(pilot, "#talk")
        for told in (case.rule, case.shop, case.title.name, "Camila Duarte", case.title.isbn):
            assert told in facts
        assert "camila.duarte@bookwire.example" in facts
        assert case.messages[0].body[:30] in talk
        await pilot.press("end")
        scroll = page.query_one("#page")
        assert scroll.scroll_y == scroll.max_scroll_y > 0
        await pilot.press("e", "2", *"nav antigo", "enter")
        await settle(pilot)
        assert "contents · by ana" in words(pilot, "#facts")
        assert "nav antigo" in words(pilot, "#facts")
    await there.read()
    again = publisher.load(there.desk, page.ticket.row.id).row
    assert (again.defect.value, again.defect_by) == ("toc", "ana"), "the portal does not undo it"


async def test_a_publishers_ticket_is_forwarded_and_noted_as_every_other(there: Portal) -> None:
    agents.add(there.desk.database, "bia", there.desk.clock())
    async with DeskApp(there.desk).run_test(size=(80, 24)) as pilot:
        page = await opened(pilot, "enter")
        await pilot.press("f")
        assert isinstance(pilot.app.screen, ForwardScreen)
        await pilot.press("escape", "A", "a")
        await settle(pilot)
        row = publisher.load(there.desk, page.ticket.row.id).row
        assert row.assignee == "ana"


async def test_p1_a_file_is_checked_for_every_shop_that_it_goes_to(there: Portal) -> None:
    """P1: the ticket's own shop first, then all that have the title."""
    ticket = first_ticket(there)
    wanted = correcting.shops(ticket)
    assert wanted[0] == ticket.row.shop
    having = {each.shop for each in ticket.deliveries if each.state is not ShopState.WITHDRAWN}
    assert having <= set(wanted)
    assert len(set(wanted)) == len(wanted) > 1


async def test_corrected_by_a_checked_file_in_three_keys(
    there: Portal, clock: Clock, tmp_path: Path
) -> None:
    """P1, P11, P12: the checked file leaves, the shops' states appear, the ticket ends."""
    checked(there, tmp_path, passed=True)
    ticket = first_ticket(there)
    async with DeskApp(there.desk).run_test(size=(120, 40)) as pilot:
        page = await opened(pilot, "enter", "s", "c", "y")
        assert there.desk.database.value("SELECT kind FROM operation") == Kind.CORRECT
        clock.go(seconds=there.desk.settings.hold_seconds)
        assert await there.deliver() == 1
        await there.read()
        page.renew()
        await settle(pilot)
        assert "queued" in words(pilot, "#facts")
        clock.go(seconds=20)
        await there.read()
        page.renew()
        await settle(pilot)
        assert "accepted by every shop" in words(pilot, "#facts")
    assert publisher.load(there.desk, ticket.row.id).row.stage is Stage.CLOSED


async def test_p6_one_file_corrects_the_tickets_of_all_shops(there: Portal, tmp_path: Path) -> None:
    """P6: the question names every shop's ticket, and each is declared corrected."""
    checked(there, tmp_path, passed=True)
    ticket = first_ticket(there)
    others = correcting.mended_along(ticket)
    assert others
    async with DeskApp(there.desk).run_test(size=(120, 40)) as pilot:
        await pilot.press("b", "enter", "s", "t")
        asked = str(pilot.app.screen.query_one(ConfirmLine).render())
        for each in others:
            assert f"{each.shop} {each.code}" in asked
        await pilot.press("y")
        await settle(pilot)
    acts = there.desk.database.rows("SELECT ticket_id FROM operation ORDER BY queued_at")
    assert acts[0] == (ticket.row.id,), "the file leaves first"
    assert {row for (row,) in acts} == {ticket.row.id, *(each.id for each in others)}
    assert correcting.recall(there.desk)
    states = {state for (state,) in there.desk.database.rows("SELECT state FROM operation")}
    assert states == {"recalled"}, "one key takes all of it back"


async def test_a_failed_check_stops_corrected_unless_somebody_says_why(
    there: Portal, tmp_path: Path
) -> None:
    """P1, P11: the override is asked for, kept with the report, and shown."""
    checked(there, tmp_path, passed=False)
    ticket = first_ticket(there)
    async with DeskApp(there.desk).run_test(size=(120, 40)) as pilot:
        page = await opened(pilot, "enter", "s", "c", "escape")
        assert there.desk.database.value("SELECT COUNT(*) FROM operation") == 0
        await pilot.press("s", "c", *"Erro do verificador", "enter", "y")
        await settle(pilot)
        page.renew()
        await settle(pilot)
        assert "sent although the check failed: Erro do verificador" in words(pilot, "#facts")
    [kept] = complaints.declared(there.desk.database, ticket.row.id)
    assert kept.override
    assert "RSC-012" in str(kept.override.report)


async def test_a_file_that_cannot_be_checked_leaves_when_somebody_says_why(
    there: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P11: a machine without Java must not keep a corrected file from the shops for ever."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    ticket = first_ticket(there)
    path = epub(tmp_path, book(ticket.row.isbn))
    async with DeskApp(there.desk).run_test(size=(120, 40)) as pilot:
        page = await opened(pilot, "enter")
        await pilot.press("s", "c", *path, "enter", "escape", *"Sem Java", "enter", "y")
        await settle(pilot)
        page.renew()
        await settle(pilot)
        assert "sent unchecked: Sem Java" in words(pilot, "#facts")
    [kept] = complaints.declared(there.desk.database, ticket.row.id)
    assert kept.override == complaints.Override("Sem Java", None)


async def test_a_file_that_was_changed_after_its_check_does_not_leave(
    there: Portal, tmp_path: Path
) -> None:
    checked(there, tmp_path, passed=True)
    epub(tmp_path, b"PK changed")
    async with DeskApp(there.desk).run_test(size=(120, 40), notifications=True) as pilot:
        await opened(pilot, "enter", "s", "c")
        await settle(pilot)
        assert there.desk.database.value("SELECT COUNT(*) FROM operation") == 0
        told = [each.message for each in pilot.app._notifications]
        assert any("changed after it was checked" in each for each in told)


async def test_the_other_ways_out_ask_before_they_go(there: Portal, tmp_path: Path) -> None:
    """P11, dispute: to the manager with a word; a mistake with the check's report."""
    checked(there, tmp_path, passed=True)
    async with DeskApp(there.desk).run_test(size=(120, 40)) as pilot:
        await opened(pilot, "enter", "s", "m", *"Ajuda?", "enter", "n")
        assert there.desk.database.value("SELECT COUNT(*) FROM operation") == 0
        await pilot.press("s", "d", *"Está certo", "enter", "y")
        await settle(pilot)
        kind, payload = there.desk.database.row("SELECT kind, payload FROM operation") or ("", "")
        assert kind == Kind.DISPUTE
        assert "check-" in payload
        await pilot.press("z")
        await settle(pilot)
        assert there.desk.database.value("SELECT state FROM operation") == "recalled"


async def test_corrected_without_a_file_needs_a_reason(there: Portal) -> None:
    async with DeskApp(there.desk).run_test(size=(120, 40)) as pilot:
        await opened(pilot, "enter", "s", "c", "enter", *"Metadados", "enter", "y")
        await settle(pilot)
        assert there.desk.database.value("SELECT text FROM operation") == "Metadados"


async def test_sales_are_charted_and_written_for_spreadsheets(there: Portal) -> None:
    """P14: by period, shop and title; CSV and XLSX in the home."""
    async with DeskApp(there.desk).run_test(size=(120, 40)) as pilot:
        await opened(pilot, "S")
        page = pilot.app.screen
        assert isinstance(page, SalesScreen)
        assert "█" in words(pilot, "#chart")
        assert "Total: R$" in words(pilot, "#totals")
        titles = page.query_one("#table").source.total  # type: ignore[attr-defined]
        await pilot.press("h")
        await settle(pilot)
        assert 1 < page.query_one("#table").source.total < titles  # type: ignore[attr-defined]
        await pilot.press("p", *"2026-03-01", "space", *"2026-03-10", "enter")
        await settle(pilot)
        assert "2026-03-01 – 2026-03-10" in words(pilot, "#head")
        await pilot.press("slash", *"nowhere", "enter")
        await settle(pilot)
        assert "Nothing was sold" in words(pilot, "#empty")
        await pilot.press("0", "x")
        await settle(pilot)
    written = sorted(each.suffix for each in (there.desk.home.data / "exports").iterdir())
    assert written == [".csv", ".xlsx"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
class TestLooks:
    """One picture a screen, a size and a language."""

    @pytest.fixture(autouse=True)
    def _language(self, there: Portal, language: str, clock: Clock) -> None:
        i18n.set_language(language)
        clock.go(seconds=timedelta(minutes=1).seconds)

    def test_queue(
        self, there: Portal, snap_compare: Compare, language: str, size: tuple[int, int]
    ) -> None:
        look(there, snap_compare, size, "down")

    def test_titles(
        self, there: Portal, snap_compare: Compare, language: str, size: tuple[int, int]
    ) -> None:
        look(there, snap_compare, size, "t", "down")

    def test_ticket(
        self, there: Portal, snap_compare: Compare, language: str, size: tuple[int, int]
    ) -> None:
        look(there, snap_compare, size, "enter", "end")

    def test_sales(
        self, there: Portal, snap_compare: Compare, language: str, size: tuple[int, int]
    ) -> None:
        look(there, snap_compare, size, "S")


def look(there: Portal, snap_compare: Compare, size: tuple[int, int], *keys: str) -> None:
    async def press(pilot: Pilot[Any]) -> None:
        await opened(pilot, *keys)
        await settle(pilot)

    assert snap_compare(DeskApp(there.desk), terminal_size=size, run_before=press)
