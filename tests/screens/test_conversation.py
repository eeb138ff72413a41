"""Reading and answering a ticket: the order beside it, the recipient, the draft, the question."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from rich.text import Text
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Static, TextArea

from mkt_tui.app import DeskApp
from mkt_tui.cache import drafts, operations, queries, settling
from mkt_tui.cache.database import Database
from mkt_tui.cache.drafts import Draft
from mkt_tui.cache.queries import QueueFilter, QueueState
from mkt_tui.desk import claiming, conversation, replying
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import CacheFull, Doubtful
from mkt_tui.domain.operation_kinds import OperationState
from mkt_tui.domain.tickets import Audience, MessageSnapshot, Role
from mkt_tui.screens.conversation import ConversationScreen
from mkt_tui.screens.doubt import DoubtScreen
from mkt_tui.screens.held import HeldScreen
from mkt_tui.screens.queue import QueueScreen
from mkt_tui.widgets.confirm_line import ConfirmLine
from mkt_tui.widgets.key_bar import keys_now
from tests.desk.orders import FULL
from tests.screens.settling import settle
from tests.worlds import NOW, channel, message, order, read, read_orders, ticket


@pytest.fixture
def busy(desk: Desk) -> Desk:
    shop = channel(desk.database)
    read(desk.database, shop, ticket("first", 40), ticket("second", 30), ticket("third", 2))
    read_orders(desk.database, shop, order())
    return desk


async def open_reply(pilot: Pilot[Any]) -> ConversationScreen:
    await settle(pilot)
    await pilot.press("r")
    await pilot.pause()
    screen = pilot.app.screen
    assert isinstance(screen, ConversationScreen)
    return screen


async def type_words(pilot: Pilot[Any], words: str) -> None:
    await pilot.press(*[{" ": "space"}.get(char, char) for char in words])


def shown(screen: ConversationScreen, name: str) -> str:
    return str(screen.query_one(f"#{name}", Static).content)


def painted(pilot: Pilot[Any]) -> str:
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def sent(desk: Desk) -> list[tuple[str, str]]:
    return desk.database.rows("SELECT text, audience FROM operation ORDER BY queued_at")


async def test_the_order_is_beside_the_composer(busy: Desk) -> None:
    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        screen = await open_reply(pilot)
        assert "Order 100-A" in shown(screen, "sheet")
        assert "Onde está meu pedido?" in shown(screen, "messages")
        assert "2 other protocols of this order" in shown(screen, "sheet")
        assert screen.query_one(TextArea).has_focus


async def test_answering_brings_the_next_ticket(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        screen = await open_reply(pilot)
        await type_words(pilot, "Chega hoje")
        await pilot.press("ctrl+d")
        question = str(screen.query_one(ConfirmLine).content)
        assert "customer AND marketplace" in question
        assert "Maria Silva, Carrefour, order 100-A?" in question
        await pilot.press("y")
        await settle(pilot)
        await settle(pilot)
        queue = pilot.app.screen
        assert isinstance(queue, QueueScreen)
        assert queue.selected
        assert queue.selected.code == "second"
    assert sent(busy) == [("Chega hoje", "both")]
    assert drafts.find(busy.database, 1, "ana") is None
    (audited,) = busy.database.rows("SELECT agent, act, ticket, order_number FROM audit")
    assert audited == ("ana", "reply.queued", "first", "100-A")


async def test_nothing_lies_over_the_question(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        screen = await open_reply(pilot)
        screen.notify("Something older", timeout=60)
        await type_words(pilot, "oi!")
        await pilot.press("ctrl+d")
        assert screen.query_one(ConfirmLine).asking
        assert not pilot.app._notifications


async def test_a_no_sends_nothing_and_keeps_the_words(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        screen = await open_reply(pilot)
        await type_words(pilot, "Chega hoje")
        await pilot.press("ctrl+d", "n")
        await pilot.pause()
        assert screen.query_one(TextArea).text == "Chega hoje"
        assert screen.query_one(TextArea).has_focus
        await pilot.press("escape")
        await settle(pilot)
    assert sent(busy) == []
    assert drafts.find(busy.database, 1, "ana") == Draft("Chega hoje", Audience.BOTH, seen=1)


async def test_tab_changes_the_recipient_and_the_line_says_so(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        screen = await open_reply(pilot)
        await type_words(pilot, "oie")
        assert shown(screen, "audience").startswith("To:  customer AND marketplace ")
        await pilot.press("tab")
        assert shown(screen, "audience").startswith("To:  marketplace only ")
        await pilot.press("ctrl+d")
        assert "marketplace only" in str(screen.query_one(ConfirmLine).content)
        await pilot.press("y")
        await settle(pilot)
    assert sent(busy) == [("oie", "operator")]
    # Only the marketplace was told: the customer still waits.
    assert queries.count(busy.database, QueueFilter(QueueState.OPEN)) == 3


async def test_the_recipient_starts_anew_with_every_ticket(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        await open_reply(pilot)
        await pilot.press("tab", "escape")
        await settle(pilot)
        await pilot.press("down")
        screen = await open_reply(pilot)
        assert shown(screen, "audience").startswith("To:  customer AND marketplace ")


async def test_a_thread_without_the_customer_offers_only_the_marketplace(desk: Desk) -> None:
    shop = channel(desk.database)
    read(desk.database, shop, ticket(participants=(Role.OPERATOR,)))
    async with DeskApp(desk).run_test() as pilot:
        screen = await open_reply(pilot)
        await pilot.press("tab")
        assert shown(screen, "audience").strip() == "To:  marketplace only"


@pytest.mark.parametrize(
    ("waits", "to"), [(Role.CUSTOMER, "customer only"), (Role.OPERATOR, "marketplace only")]
)
async def test_where_two_cannot_be_told_at_once_a_reply_begins_with_who_waits(
    desk: Desk, waits: Role, to: str
) -> None:
    sides = (Role.CUSTOMER, Role.OPERATOR)
    shop = channel(desk.database)
    read(desk.database, shop, ticket(participants=sides, together=False, waiting=waits))
    async with DeskApp(desk).run_test() as pilot:
        screen = await open_reply(pilot)
        assert shown(screen, "audience").startswith(f"To:  {to} ")


async def test_where_nobody_waits_a_follow_up_begins_with_who_was_told_last(desk: Desk) -> None:
    sides = (Role.CUSTOMER, Role.OPERATOR)
    ours = MessageSnapshot("r1", Role.SHOP, "Loja", (Role.CUSTOMER,), "Chega hoje", NOW)
    talk = (replace(message("m1", "E?", hours=3), author=Role.OPERATOR), ours)
    answered = ticket(participants=sides, together=False, waiting=None, messages=talk)
    read(desk.database, channel(desk.database), answered)
    shown = conversation.load(desk, queries.tickets_by_code(desk.database, answered.code)[0].id)
    assert replying.first_audience(shown) is Audience.CUSTOMER


async def test_where_nobody_else_can_be_written_to_tab_is_not_offered(desk: Desk) -> None:
    read(desk.database, channel(desk.database), ticket(participants=(Role.OPERATOR,)))
    async with DeskApp(desk).run_test() as pilot:
        await pilot.press("r", *"Bom", "tab", "a")
        assert "Recipient" not in {each[1] for each in keys_now(pilot.app.screen)}
        assert isinstance(pilot.app.screen, ConversationScreen)
        assert pilot.app.screen._composer.editor.text == "Boma"


async def test_an_empty_reply_is_not_sent(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        screen = await open_reply(pilot)
        await pilot.press("ctrl+d")
        assert not screen.query_one(ConfirmLine).asking
        assert any("empty" in str(each.message) for each in pilot.app._notifications)


async def test_an_unseen_order_is_said_before_the_last_key_and_logged(desk: Desk) -> None:
    read(desk.database, channel(desk.database), ticket())
    async with DeskApp(desk).run_test() as pilot:
        screen = await open_reply(pilot)
        await type_words(pilot, "oi!")
        await pilot.press("ctrl+d")
        assert "The order was NOT seen." in str(screen.query_one(ConfirmLine).content)
        await pilot.press("y")
        await settle(pilot)
    assert "order=unseen" in desk.database.value("SELECT detail FROM audit")


async def test_a_disk_that_is_full_keeps_the_words_on_the_screen(
    busy: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **_named: object) -> None:
        raise CacheFull(path="cache.db", detail="full")

    async with DeskApp(busy).run_test() as pilot:
        screen = await open_reply(pilot)
        await type_words(pilot, "Chega hoje")
        monkeypatch.setattr(replying, "send", full)
        await pilot.press("ctrl+d", "y")
        await settle(pilot)
        assert pilot.app.screen is screen
        assert screen.query_one(TextArea).text == "Chega hoje"
        assert any("is full" in str(each.message) for each in pilot.app._notifications)
        # What could not be sent is saved all the same, and so is what is written after it.
        await type_words(pilot, "!")
        while not busy.database.value("SELECT 1 FROM draft WHERE text = 'Chega hoje!'"):
            await pilot.pause()


async def test_no_word_is_out_of_sight_in_a_narrower_terminal(busy: Desk) -> None:
    async with DeskApp(busy).run_test(size=(120, 40)) as pilot:
        screen = await open_reply(pilot)
        # Two lines in both widths, so that only the words move.
        words = "Prezado, verificamos o extravio e reenviaremos. Seu novo código: aguarde."
        screen.query_one(TextArea).insert(words)
        await settle(pilot)
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert "Seu novo código: aguarde." in painted(pilot)


@contextmanager
def colleague(desk: Desk) -> Iterator[Desk]:
    """Bea, at a desk of her own on the same cache."""
    database = Database(desk.database.place)
    yield Desk(database, desk.settings, desk.home, "bea", desk.clock)
    database.close()


async def test_a_colleague_who_opens_the_ticket_moves_nothing_for_its_reader(desk: Desk) -> None:
    long = message("m", "\n".join(f"Linha {number}" for number in range(60)))
    read(desk.database, channel(desk.database), ticket("long", 20, messages=(long,)))
    async with DeskApp(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("pageup")
        screen = pilot.app.screen
        assert isinstance(screen, ConversationScreen)
        before = screen._thread.scroll_y
        with colleague(desk) as bea:
            claiming.take(bea, 1)
        screen._look()
        await settle(pilot)
        assert "bea" in shown(screen, "title")
        assert screen._thread.scroll_y == before < screen._thread.max_scroll_y


async def test_j7_a_colleague_was_faster_so_the_reply_is_held(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        screen = await open_reply(pilot)
        with colleague(busy) as bea:
            loaded = conversation.load(bea, 1)
            assert loaded.writer
            assert loaded.writer.agent == "ana"
            replying.send(bea, loaded, Draft("Já respondi.", Audience.BOTH))
        screen._look()
        await settle(pilot)
        assert "Já respondi." in shown(screen, "messages")
        await type_words(pilot, "Chega hoje")
        await pilot.press("ctrl+d")
        await pilot.pause()
        assert isinstance(pilot.app.screen, HeldScreen)
        assert "Já respondi." in str(pilot.app.screen.query_one(Static).content)
        await pilot.press("x", "n")
        await settle(pilot)
        assert isinstance(pilot.app.screen, HeldScreen)
        assert screen.query_one(TextArea).text == "Chega hoje"
        await pilot.press("x", "y")
        await settle(pilot)
        assert isinstance(pilot.app.screen, QueueScreen)
    assert sent(busy) == [("Já respondi.", "both")]
    assert drafts.find(busy.database, 1, "ana") is None


async def test_j7_edit_and_send_after_all(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        await open_reply(pilot)
        await type_words(pilot, "Chega hoje")
        again = message("t1-m2", "Ainda nada!", 0.5)
        shop = busy.channel("Carrefour")
        read(busy.database, shop, ticket("first", 40, updated_at=NOW, messages=(again,)))
        await pilot.press("ctrl+d")
        await pilot.pause()
        assert "Ainda nada!" in str(pilot.app.screen.query_one(Static).content)
        await pilot.press("e")
        await type_words(pilot, ".")
        await pilot.press("ctrl+d", "y")
        await settle(pilot)
    assert sent(busy) == [("Chega hoje.", "both")]


async def test_a_colleague_is_told_who_is_writing_and_may_draft_all_the_same(busy: Desk) -> None:
    with colleague(busy) as bea:
        claiming.take(bea, 1)
    async with DeskApp(busy).run_test(size=(120, 30)) as pilot:
        screen = await open_reply(pilot)
        assert "bea is writing, 0 s" in shown(screen, "title")
        await type_words(pilot, "oi")
        assert screen.query_one(TextArea).text == "oi"


async def test_leaving_lets_the_ticket_go(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        await open_reply(pilot)
        await settle(pilot)
        with colleague(busy) as bea:
            assert claiming.writer(bea, 1)
            await pilot.press("escape")
            await settle(pilot)
            assert claiming.writer(bea, 1) is None


async def test_undo_send_gives_the_words_back(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        await open_reply(pilot)
        await type_words(pilot, "Chega hoje")
        await pilot.press("ctrl+d", "y")
        await settle(pilot)
        await pilot.press("z")
        await settle(pilot)
        assert queries.count(busy.database, QueueFilter(QueueState.OPEN)) == 3
        await pilot.press("z")
        assert any("nothing to take back" in str(each.message) for each in pilot.app._notifications)
    assert drafts.find(busy.database, 1, "ana") == Draft("Chega hoje", Audience.BOTH, seen=1)
    assert busy.database.value("SELECT state FROM operation") == "recalled"


def leave_in_doubt(desk: Desk, ticket_id: int = 1) -> str:
    """A reply whose confirmation never came."""
    loaded = conversation.load(desk, ticket_id)
    operation = replying.send(desk, loaded, Draft("Chega hoje", Audience.BOTH))
    operations.claim(desk.database, 1, "worker", desk.clock(), timedelta(minutes=1))
    error = Doubtful(channel="Carrefour", detail="time-out")
    settling.settle_unknown(desk.database, operation, error, NOW, NOW)
    return operation


async def test_j6_a_doubtful_reply_that_is_in_the_thread(busy: Desk) -> None:
    operation = leave_in_doubt(busy)
    ours = MessageSnapshot("r9", Role.SHOP, "Loja", (Role.CUSTOMER,), "Chega  hoje\n", NOW)
    read(
        busy.database,
        busy.channel("Carrefour"),
        ticket("first", None, updated_at=NOW, messages=(ours,)),
    )
    async with DeskApp(busy).run_test() as pilot:
        await settle(pilot)
        await pilot.press("u")
        await pilot.pause()
        assert "Found in the thread at" in str(
            pilot.app.screen.query_one("#unsent Static", Static).content
        )
        await pilot.press("enter")
        await settle(pilot)
    assert operations.outcome(busy.database, operation) == (OperationState.SENT, None, "r9")


async def test_j6_a_doubtful_reply_that_is_not_there_needs_a_typed_yes(busy: Desk) -> None:
    operation = leave_in_doubt(busy)
    async with DeskApp(busy).run_test() as pilot:
        await settle(pilot)
        await pilot.press("u", "enter", "s")
        await type_words(pilot, "no")
        await pilot.press("enter")
        assert busy.database.value("SELECT state FROM operation") == "unknown"
        await pilot.press("s", "ctrl+u")
        await type_words(pilot, "yes")
        await pilot.press("enter")
        await settle(pilot)
    outcome = operations.outcome(busy.database, operation)
    assert outcome
    assert outcome.state is OperationState.QUEUED
    acts = [row[0] for row in busy.database.rows("SELECT act FROM audit ORDER BY id")]
    assert acts == ["reply.queued", "reply.sent-again"]


async def test_j6_a_ticket_in_doubt_leads_to_its_own_doubt(busy: Desk) -> None:
    leave_in_doubt(busy)
    later = leave_in_doubt(busy, 2)
    async with DeskApp(busy).run_test() as pilot:
        await settle(pilot)
        await pilot.press("down")
        assert await doubted(pilot, "u") == later
        await pilot.press("escape", "enter")
        await settle(pilot)
        assert await doubted(pilot, "u") == later


async def test_j6_what_is_settled_meanwhile_is_asked_no_more(busy: Desk) -> None:
    operation = leave_in_doubt(busy)
    async with DeskApp(busy).run_test() as pilot:
        await settle(pilot)
        await pilot.press("u", "s")
        with closing(Database(busy.database.place)) as other:
            settling.settle_found(other, operation, "r9", "worker", NOW)
        screen = pilot.app.screen
        assert isinstance(screen, DoubtScreen)
        screen.look()
        await settle(pilot)
        assert isinstance(pilot.app.screen, QueueScreen)
        assert [each.message for each in pilot.app._notifications] == [
            "Settled meanwhile: it has arrived."
        ]


async def test_j6_the_newest_message_is_beside_the_doubt_and_escape_leaves_the_question_first(
    desk: Desk,
) -> None:
    long = message("m", "\n".join(f"Linha {number}" for number in range(60)))
    read(desk.database, channel(desk.database), ticket("long", 20, messages=(long,)))
    leave_in_doubt(desk)
    async with DeskApp(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("u")
        await pilot.pause()
        pane = pilot.app.screen.query_one("#shown")
        assert pane.scroll_y == pane.max_scroll_y > 0
        await pilot.press("s", "escape")
        assert isinstance(pilot.app.screen, DoubtScreen)
        assert not pilot.app.screen.has_class("asking")
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, QueueScreen)


async def doubted(pilot: Pilot[Any], key: str) -> str:
    await pilot.press(key)
    await pilot.pause()
    assert isinstance(pilot.app.screen, DoubtScreen)
    return pilot.app.screen._doubt.place.operation


async def test_a_long_ticket_is_whole_after_a_short_one(desk: Desk) -> None:
    shop = channel(desk.database)
    long = message("m", "\n".join(f"Linha {number}" for number in range(60)))
    short = ticket("short", 30, order_number=None)
    read(desk.database, shop, short, ticket("long", 20, messages=(long,)), registered_at=None)
    read_orders(desk.database, shop, replace(FULL, number="100-A"))
    async with DeskApp(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("escape", "down", "enter")
        await settle(pilot)
        screen = pilot.app.screen
        assert screen.query_one("#thread").virtual_size.height > 60
        assert screen.query_one("#order").virtual_size.height > 60


async def test_the_next_ticket_shows_nothing_of_the_last(busy: Desk) -> None:
    async with DeskApp(busy).run_test(size=(140, 40)) as pilot:
        first = await open_reply(pilot)
        await type_words(pilot, "Chega hoje")
        await pilot.press("tab", "escape")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        # A ticket with a draft opens with it, wherever it was left.
        assert first.query_one(TextArea).text == "Chega hoje"
        assert shown(first, "audience").startswith("To:  marketplace only ")
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("down", "enter")
        await settle(pilot)
        second = pilot.app.screen
        assert isinstance(second, ConversationScreen)
        assert "second" in shown(second, "title")
        assert not second.query("Composer.open")
        await pilot.press("h", "v", "escape")
        await settle(pilot)
        await pilot.press("down")
        third = await open_reply(pilot)
        assert "third" in shown(third, "title")
        assert "Order 100-A" in shown(third, "sheet")
        assert "Only" not in shown(third, "messages")
        assert third.query_one(TextArea).text == ""
        assert third.query_one(TextArea).has_focus
        assert shown(third, "audience").startswith("To:  customer AND marketplace ")
        await type_words(pilot, "oi!")
        await pilot.press("ctrl+z", "ctrl+z", "ctrl+z", "ctrl+z")
        assert third.query_one(TextArea).text == ""
        await pilot.press("escape")
        await settle(pilot)
    assert drafts.find(busy.database, 1, "ana") == Draft("Chega hoje", Audience.OPERATOR, seen=1)
    assert drafts.find(busy.database, 3, "ana") is None


async def test_a_ticket_left_is_claimed_no_more(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        left = await open_reply(pilot)
        await settle(pilot)
        assert busy.database.rows("SELECT agent FROM claim") == [("ana",)]
        await pilot.press("escape")
        await settle(pilot)
        left._composer._claim()
        await settle(pilot)
        assert busy.database.rows("SELECT agent FROM claim") == []


def looks(screen: ConversationScreen) -> bool:
    return screen._looking._active.is_set()


async def test_a_ticket_left_looks_at_the_cache_no_more(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        await settle(pilot)
        await pilot.press("enter")
        left = pilot.app.screen
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(left, ConversationScreen)
        assert not looks(left)
        await pilot.press("down", "enter")
        await settle(pilot)
        assert looks(left)
        assert pilot.app.screen is left


@pytest.mark.parametrize("width", range(28, 48, 3))
async def test_the_keys_of_a_question_are_never_broken(width: int) -> None:
    """`y = sì` over two lines is read as a question of its own."""

    class Asking(App[None]):
        def compose(self) -> ComposeResult:
            yield ConfirmLine()

    async with Asking().run_test(size=(width, 24)) as pilot:
        line = pilot.app.query_one(ConfirmLine)
        line.ask(Text("Send to the customer Gabriela Correia, order 54723474-A?"))
        await pilot.pause()
        drawn = [strip.text for strip in line.render_lines(line.size.region)]
        assert any("y = yes, n = no" in each for each in drawn)
