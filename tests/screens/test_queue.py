"""The queue as an agent meets it: what it shows, how it narrows, what it does while time passes."""

import asyncio
import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from textual._compositor import LayoutUpdate
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from mkt_tui import i18n
from mkt_tui.app import DeskApp
from mkt_tui.cache import channels, operations, settling
from mkt_tui.cache.database import Database
from mkt_tui.cache.queries import QueueFilter, QueueRow
from mkt_tui.desk import arrangement, conversation, queue
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import CacheDamaged, Refused
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import Audience
from mkt_tui.screens.conversation import ConversationScreen
from mkt_tui.screens.queue import QueueScreen
from mkt_tui.widgets.changing_lines import ChangingLines
from tests.conftest import Clock
from tests.screens.settling import settle
from tests.worlds import NOW, channel, order, read, read_orders, ticket

SIZES = [(80, 24), (200, 60)]


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Two channels: three late tickets, two that are not, one answered."""
    carrefour, leroy = channel(desk.database), channel(desk.database, "Leroy Merlin")
    waiting = (
        ticket("c-old", 80),
        ticket("c-late", 30),
        ticket("c-new", 1),
        ticket("c-done", None),
    )
    read(desk.database, carrefour, *waiting, registered_at=None)
    read(desk.database, leroy, ticket("l-late", 50), ticket("l-soon", 15), registered_at=None)
    read_orders(desk.database, carrefour, order())
    return desk


async def settled(pilot: Pilot[Any]) -> QueueScreen:
    """Wait until the list was measured and counted."""
    screen = pilot.app.screen
    assert isinstance(screen, QueueScreen)
    screen.measure()
    await settle(pilot)
    return screen


def text(screen: QueueScreen, name: str) -> str:
    return str(screen.query_one(f"#{name}", Static).content)


def detail(screen: QueueScreen) -> str:
    return "\n".join(screen.query_one("#detail", ChangingLines).lines)


def rows(screen: QueueScreen) -> list[str]:
    source = screen.table.source
    found = [source.row(number) for number in range(source.total)]
    return [row.code for row in found if isinstance(row, QueueRow)]


def drawn(screen: QueueScreen) -> str:
    height = screen.table.size.height
    return "\n".join(screen.table.render_line(y).text for y in range(height))


@pytest.mark.parametrize("size", SIZES)
async def test_the_hardest_deadline_is_first_and_under_the_cursor(
    busy: Desk, size: tuple[int, int]
) -> None:
    async with DeskApp(busy).run_test(size=size) as pilot:
        screen = await settled(pilot)
        assert rows(screen) == ["c-old", "l-late", "c-late", "l-soon", "c-new"]
        assert screen.selected
        assert screen.selected.code == "c-old"
        assert "SAC › Service › Tickets Marketplace" in text(screen, "head")
        assert "5 tickets" in text(screen, "head")
        assert "3 late" in text(screen, "head")
        lines = drawn(screen).splitlines()
        assert ">>" in lines[1]
        assert "PRIORITY" in lines[1]
        assert "Pending" in lines[4]
        assert "c-old" in detail(screen)


async def test_a_narrow_terminal_keeps_what_matters(busy: Desk) -> None:
    async with DeskApp(busy).run_test(size=(40, 12)) as pilot:
        screen = await settled(pilot)
        assert "SAC › Tickets Marketplace   5 tickets" in text(screen, "head")
        header, first = drawn(screen).splitlines()[:2]
        assert "Days" in header
        assert "PRIORITY" in first
        assert all(len(line) <= 40 for line in drawn(screen).splitlines())


async def test_the_channel_menu_narrows_to_one_channel_and_back(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        await settled(pilot)
        await pilot.press("m", "l")
        screen = await settled(pilot)
        assert rows(screen) == ["l-late", "l-soon"]
        await pilot.press("m", "0")
        assert len(rows(await settled(pilot))) == 5


async def test_the_list_is_painted_once_when_what_lay_over_it_goes(
    busy: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, painted = DeskApp(busy), []
    display = DeskApp._display

    def note(self: DeskApp, screen: Screen[Any], update: Any) -> None:
        if isinstance(update, LayoutUpdate):
            painted.append(type(screen).__name__)
        display(self, screen, update)

    monkeypatch.setattr(DeskApp, "_display", note)
    async with app.run_test(size=(120, 40)) as pilot:
        for over in ("f1", "V", "enter"):
            await pilot.press(over)
            await pilot.pause()
            painted.clear()
            await pilot.press("escape")
            await app.workers.wait_for_complete()
            await pilot.pause()
            assert painted == ["QueueScreen"], over


async def test_the_filter_survives_reading_a_ticket(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        await settled(pilot)
        await pilot.press("m", "c", "enter")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        screen = await settled(pilot)
        assert rows(screen) == ["c-old", "c-late", "c-new"]


async def test_late_answered_and_all(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        await settled(pilot)
        await pilot.press("1")
        assert rows(await settled(pilot)) == ["c-old", "l-late", "c-late"]
        await pilot.press("0", "a")
        assert rows(await settled(pilot)) == ["c-done"]
        await pilot.press("a")
        assert rows(await settled(pilot)) == []
        await pilot.press("a")
        assert len(rows(await settled(pilot))) == 6


async def test_a_view_that_everybody_has_is_told_by_its_name(busy: Desk) -> None:
    i18n.set_language("it")
    async with DeskApp(busy).run_test() as pilot:
        await settled(pilot)
        await pilot.press("4")
        assert "[Scade oggi]" in text(await settled(pilot), "channels")


async def test_marks_are_counted_and_dropped_before_the_filters(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        await settled(pilot)
        await pilot.press("1", "space", "space")
        screen = await settled(pilot)
        assert text(screen, "head").index("2 marked") < text(screen, "head").index("tickets")
        assert drawn(screen).count("*>>") == 2
        await pilot.press("escape")
        screen = await settled(pilot)
        assert "marked" not in text(screen, "head")
        assert len(rows(screen)) == 3


async def test_a_new_ticket_does_not_move_the_cursor_off_its_ticket(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        await settled(pilot)
        await pilot.press("down", "down")
        shop = busy.channel("Carrefour")
        read(busy.database, shop, ticket("oldest", 99))
        screen = await settled(pilot)
        assert rows(screen)[0] == "oldest"
        assert screen.selected
        assert screen.selected.code == "c-late"


async def test_the_cursor_stays_on_its_ticket_when_others_leave_and_in_its_place_when_it_leaves(
    busy: Desk,
) -> None:
    async with DeskApp(busy).run_test() as pilot:
        first = await settled(pilot)
        before = rows(first)
        await pilot.press("down", "down")
        busy.database.execute("UPDATE ticket SET state = 1 WHERE code = :code", {"code": before[0]})
        screen = await settled(pilot)
        assert screen.selected
        assert screen.selected.code == before[2]
        busy.database.execute("UPDATE ticket SET state = 1 WHERE code = :code", {"code": before[2]})
        screen = await settled(pilot)
        assert screen.selected
        assert screen.selected.code == before[3]


async def test_the_head_says_when_nothing_was_read_for_long(busy: Desk, clock: Clock) -> None:
    for each in busy.channels().values():
        for stream in ("tickets", "orders"):
            channels.mark_success(busy.database, each.id, stream, NOW, NOW)
    async with DeskApp(busy).run_test(size=(120, 40)) as pilot:
        screen = await settled(pilot)
        assert "synced 12:00" in text(screen, "head")
        clock.go(minutes=16)
        screen._tick()
        screen = await settled(pilot)
        assert "! not synced for 16m" in text(screen, "head")


async def test_what_the_list_is_narrowed_to_is_seen_however_many_channels_there_are(
    desk: Desk,
) -> None:
    for name in ("Americanas", "Carrefour", "Casas Bahia", "Leroy Merlin", "Magalu"):
        read(desk.database, channel(desk.database, name), ticket(f"t-{name}", 30))
    async with DeskApp(desk).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("m", "l", "1")
        screen = await settled(pilot)
        line = screen.query_one("#channels", Static).render_line(0).text
        assert line.startswith(" [late]  All 5  Leroy Merlin 1")


async def test_time_alone_makes_a_ticket_late(busy: Desk, clock: Clock) -> None:
    async with DeskApp(busy).run_test() as pilot:
        screen = await settled(pilot)
        assert drawn(screen).count("PRIORITY") == 3
        clock.go(hours=9)
        screen._tick()
        screen = await settled(pilot)
        assert drawn(screen).count("PRIORITY") == 4
        assert "4 late" in text(screen, "head")


async def test_a_refused_reply_raises_the_banner(busy: Desk) -> None:
    reply = Reply("op", "c-old", "Chega amanhã.", Audience.BOTH, NOW)
    with busy.database.transaction():
        operations.queue(busy.database, reply, 1, "bea", 1, answers=True)
    operations.claim(busy.database, 1, "worker", NOW, timedelta(minutes=1))
    error = Refused(channel="Carrefour", status=400, detail="no")
    settling.settle_failed(busy.database, "op", error, NOW)
    async with DeskApp(busy).run_test() as pilot:
        screen = await settled(pilot)
        assert "1 reply was refused" in text(screen, "banner")
        assert "NOT SENT" in drawn(screen)
        await pilot.press("3")
        assert rows(await settled(pilot)) == ["c-old"]


async def test_a_sync_error_is_in_the_banner(busy: Desk) -> None:
    error = Refused(channel="Carrefour", status=400, detail="\x1b[2J[/b]")
    channels.mark_failure(busy.database, 1, "tickets", NOW, NOW, error)
    async with DeskApp(busy).run_test() as pilot:
        screen = await settled(pilot)
        assert "Carrefour refused it (HTTP 400): ␛[2J[/b]" in text(screen, "banner")


async def test_a_broken_network_leaves_the_list_its_room(busy: Desk) -> None:
    for number in range(8):
        where = channel(busy.database, f"Shop {number}")
        error = Refused(channel=where.name, status=503, detail="maintenance " * 8)
        channels.mark_failure(busy.database, where.id, "tickets", NOW, NOW, error)
    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        screen = await settled(pilot)
        assert "Shop 0 refused it" in text(screen, "banner")
        assert "7 more channels cannot be read: g c shows why." in text(screen, "banner")
        assert screen.table.size.height > 10


async def test_a_cache_that_breaks_under_the_open_desk_is_a_banner(
    busy: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: object) -> None:
        raise CacheDamaged(path="cache.db", detail="malformed")

    async with DeskApp(busy).run_test() as pilot:
        screen = await settled(pilot)
        monkeypatch.setattr(Database, "rows", damaged)
        monkeypatch.setattr(Database, "row", damaged)
        screen._look()
        await pilot.press("1", "enter", "p", "m", "escape", "0", "end")
        await settled(pilot)
        assert "is damaged" in text(screen, "banner")


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda _desk: None, "mkt-tui channel add"),
        (
            lambda desk: channels.set_enabled(
                desk.database, channel(desk.database).id, enabled=False
            ),
            "mkt-tui channel enable 'Carrefour'",
        ),
        (lambda desk: channel(desk.database), "nobody waits for an answer"),
    ],
)
async def test_an_empty_queue_says_why(desk: Desk, prepare: Any, said: str) -> None:
    prepare(desk)
    async with DeskApp(desk).run_test() as pilot:
        screen = await settled(pilot)
        await screen.app.workers.wait_for_complete()
        screen = await settled(pilot)
        assert said in text(screen, "empty")
        assert screen.query_one("#empty").display


async def test_customers_words_are_never_markup(desk: Desk) -> None:
    shop = channel(desk.database)
    hostile = ticket("t[/x]", 2, subject="[/b] [@click=app.quit]x[/]", customer="[red]Ana[/")
    read(desk.database, shop, hostile)
    async with DeskApp(desk).run_test(size=(200, 30)) as pilot:
        screen = await settled(pilot)
        assert "[/b] [@click=app.quit]x[/]" in drawn(screen)
        assert "[red]Ana[/" in drawn(screen)
        assert "t[/x]" in detail(screen)


async def test_the_order_opens_with_one_key_and_a_missing_one_is_said(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        await settled(pilot)
        await pilot.press("p")
        await pilot.pause()
        assert type(pilot.app.screen).__name__ == "OrderScreen"
        await pilot.press("escape")
        await pilot.press("down", "p")
        await pilot.pause()
        assert isinstance(pilot.app.screen, QueueScreen)
        assert any("not been read" in str(each.message) for each in pilot.app._notifications)


async def test_help_speaks_the_agents_language_only(busy: Desk) -> None:
    i18n.set_language("it")
    async with DeskApp(busy).run_test() as pilot:
        await settled(pilot)
        await pilot.press("question_mark")
        await pilot.pause()
        shown = str(pilot.app.screen.query_one(Static).content)
    assert "Rispondi" in shown
    assert not {"Scroll", "Focus", "selected", "palette"} & set(shown.split())


async def test_help_lists_the_keys_that_work_now(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        await settled(pilot)
        await pilot.press("question_mark")
        await pilot.pause()
        shown = str(pilot.app.screen.query_one(Static).content)
        assert "Reply" in shown
        assert "Not sent" in shown
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, QueueScreen)


async def test_the_list_is_sorted_by_key_and_by_a_click_and_keeps_its_ticket(busy: Desk) -> None:
    async with DeskApp(busy).run_test(size=(120, 30)) as pilot:
        screen = await settled(pilot)
        by_due = rows(screen)
        await pilot.press("down", "t")
        screen = await settled(pilot)
        assert rows(screen) == by_due[::-1]
        assert screen.selected
        assert screen.selected.code == "l-late"
        assert "Due↑" in drawn(screen).splitlines()[0]
        await pilot.click("#table", offset=(drawn(screen).index("Date") + 1, 0))
        screen = await settled(pilot)
        assert "Date↓" in drawn(screen).splitlines()[0]
        await pilot.press("m", "c")
        assert "Date↓" in drawn(await settled(pilot)).splitlines()[0]
    async with DeskApp(busy).run_test(size=(120, 30)) as pilot:
        assert "Date↓" in drawn(await settled(pilot)).splitlines()[0]


async def test_an_agent_chooses_columns_and_finds_them_again(busy: Desk) -> None:
    async with DeskApp(busy).run_test(size=(120, 30)) as pilot:
        await settled(pilot)
        # Situation goes out of sight, Due behind Date.
        await pilot.press("C", "space", "down", "J", "enter")
        header = drawn(await settled(pilot)).splitlines()[0]
        assert "Situation" not in header
        assert header.index("Date") < header.index("Due")
    async with DeskApp(busy).run_test(size=(120, 30)) as pilot:
        assert drawn(await settled(pilot)).splitlines()[0] == header
        await pilot.press("C", "0")
        assert "Situation" in drawn(await settled(pilot)).splitlines()[0]


async def test_what_colleagues_arranged_is_theirs(busy: Desk) -> None:
    arrangement.keep_columns(replace(busy, agent="bea"), ["subject"])
    async with DeskApp(busy).run_test(size=(120, 30)) as pilot:
        assert "Situation" in drawn(await settled(pilot)).splitlines()[0]


async def test_the_cursor_stays_where_it_went_while_the_list_was_read(
    busy: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QueueScreen, "_look", lambda _screen: None)
    reading, go_on = Event(), Event()
    measure = queue.measure

    def slowly(*asked: Any) -> queue.Measure:
        reading.set()
        go_on.wait(10)
        return measure(*asked)

    async with DeskApp(busy).run_test() as pilot:
        await settled(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, QueueScreen)
        first = screen.selected
        monkeypatch.setattr(queue, "measure", slowly)
        screen.measure()
        await asyncio.to_thread(reading.wait, 10)
        await pilot.press("down")
        chosen = screen.selected
        go_on.set()
        await pilot.app.workers.wait_for_complete()
        assert first
        assert chosen
        assert screen.selected
        assert first.id != chosen.id == screen.selected.id


async def test_back_from_a_ticket_the_list_is_read_only_where_something_changed(
    busy: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A million rows are not walked for nothing; what a colleague did meanwhile shows at once."""
    monkeypatch.setattr(QueueScreen, "_look", lambda _screen: None)
    read_anew: list[Any] = []
    measure = queue.measure

    def counted(*how: Any) -> Any:
        read_anew.append(how)
        return measure(*how)

    monkeypatch.setattr(queue, "measure", counted)
    app = DeskApp(busy)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        screen = await settled(pilot)  # the desk has told by now that it is there
        read_anew.clear()
        await pilot.press("enter")
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is screen
        assert not read_anew
        assert screen.selected
        kept = screen.selected.code
        await pilot.press("enter")
        with closing(Database(busy.database.place)) as other:
            shop = channels.all_channels(other)[0]
            read(other, shop, ticket("older-still", 200), registered_at=None)
        await pilot.press("escape")
        await pilot.app.workers.wait_for_complete()
        assert read_anew
        assert rows(screen)[0] == "older-still"
        assert screen.selected.code == kept


async def test_the_ticket_under_a_resting_cursor_opens_without_the_cache(
    busy: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with DeskApp(busy).run_test(size=SIZES[0]) as pilot:
        screen = await settled(pilot)
        assert screen.selected
        await screen._glances.look(screen.selected.id)

        def unexpected(*_arguments: object) -> None:
            pytest.fail("the ticket was read again")

        monkeypatch.setattr(conversation, "load", unexpected)
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, ConversationScreen)
        assert screen.selected.code in str(pilot.app.screen.query_one("#title", Static).content)


async def test_the_ends_and_the_next_page_of_a_long_list_wait_for_no_cache(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(desk.database, channel(desk.database), *(ticket(f"t{n}", n / 9) for n in range(400)))
    async with DeskApp(desk).run_test(size=SIZES[0]) as pilot:
        screen = await settled(pilot)
        whole = queue.shown(desk.database, queue.measure(desk.database, QueueFilter(), None))
        last = whole.row(399)
        assert last
        here = threading.get_ident()
        rows = Database.rows

        def elsewhere(self: Database, *arguments: Any) -> list[Any]:
            assert threading.get_ident() != here, "the cache was asked on the key's way"
            return rows(self, *arguments)

        monkeypatch.setattr(Database, "rows", elsewhere)
        await pilot.press("pagedown", "end")
        assert screen.selected == last
