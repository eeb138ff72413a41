"""One reply to marked tickets, by an agent's keys."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static
from textual.worker import WorkerCancelled

from mkt_tui.app import DeskApp
from mkt_tui.desk import conversation, replying_many, rescue
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import CacheProblem
from mkt_tui.screens.act_dialogs import AskScreen
from mkt_tui.screens.conversation import ConversationScreen
from mkt_tui.screens.queue import QueueScreen
from mkt_tui.screens.reply_many import ReplyMany
from mkt_tui.screens.reply_many_results import PlanScreen, SentScreen
from mkt_tui.widgets.editor import Editor
from tests.worlds import channel, order, read, read_orders, ticket


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Two tickets whose orders are here, and one without an order."""
    shop = channel(desk.database)
    waiting = (ticket("t1", 9), ticket("t2", 8), ticket("t3", 7, order_number=None))
    read(desk.database, shop, *waiting, registered_at=None)
    read_orders(desk.database, shop, order())
    return desk


async def settle(pilot: Pilot[Any]) -> None:
    await pilot.pause()
    for _round in range(3):
        for worker in list(pilot.app.workers):
            # One that waits for the agent's answer does not end.
            if worker.name != "action_look":
                with suppress(WorkerCancelled):
                    await worker.wait()
        await pilot.pause(0.05)


async def until(pilot: Pilot[Any], kind: type) -> None:
    for _round in range(200):
        if isinstance(pilot.app.screen, kind):
            await pilot.pause()
            return
        await pilot.pause(0.02)
    raise AssertionError(pilot.app.screen)


def words(pilot: Pilot[Any]) -> str:
    return "\n".join(str(each.content) for each in pilot.app.screen.query(Static))


def queued(desk: Desk) -> list[str]:
    sql = "SELECT text FROM operation WHERE state = 'queued' ORDER BY id"
    return [row[0] for row in desk.database.rows(sql)]


async def begin(pilot: Pilot[Any], marks: int) -> None:
    assert isinstance(pilot.app.screen, QueueScreen)
    pilot.app.screen.measure()
    await settle(pilot)
    await pilot.press("home", *["space"] * marks, "r")


async def test_marked_tickets_are_looked_at_one_by_one_and_answered_at_once(busy: Desk) -> None:
    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        await begin(pilot, 3)
        await until(pilot, ReplyMany)
        await settle(pilot)
        assert "Reply to 3 tickets" in words(pilot)
        await pilot.press(*"::atr", "enter")
        editor = pilot.app.screen.query_one(Editor)
        assert "{{customer.first_name}}" in editor.text
        editor.text = "Oi {{customer.first_name}}, pedido {{order.number}}."
        await pilot.press("ctrl+d")
        await until(pilot, PlanScreen)
        told = words(pilot)
        assert "Send 2 replies to customer AND marketplace?" in told
        assert told.index("x t3") < told.index("✓ t1")
        assert "nothing known for {{order.number}}" in told
        assert "Oi Maria, pedido 100-A." in told
        assert queued(busy) == []
        await pilot.press("y")
        await until(pilot, SentScreen)
        assert "Done: 2 of 3" in words(pilot)
        await pilot.press("escape")
        await until(pilot, QueueScreen)
        assert queued(busy) == ["Oi Maria, pedido 100-A."] * 2


async def test_all_are_taken_back_with_one_key_and_the_words_are_still_there(busy: Desk) -> None:
    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        await begin(pilot, 2)
        await until(pilot, ReplyMany)
        await settle(pilot)
        await pilot.press(*"oi!", "tab", "ctrl+d")
        await until(pilot, PlanScreen)
        assert "Send 2 replies to marketplace only?" in words(pilot)
        await pilot.press("y")
        await until(pilot, SentScreen)
        await pilot.press("z")
        await until(pilot, ReplyMany)
        assert pilot.app.screen.query_one(Editor).text == "oi!"
        assert queued(busy) == []
        assert busy.database.rows("SELECT 1 FROM draft") == []


async def test_what_left_before_it_was_taken_back_is_not_sent_again(busy: Desk) -> None:
    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        await begin(pilot, 2)
        await until(pilot, ReplyMany)
        await settle(pilot)
        await pilot.press(*"oi!", "ctrl+d")
        await until(pilot, PlanScreen)
        await pilot.press("y")
        await until(pilot, SentScreen)
        busy.database.execute(
            "UPDATE operation SET state = 'sent' WHERE id = (SELECT MIN(id) FROM operation)"
        )
        await pilot.press("z")
        await until(pilot, ReplyMany)
        await settle(pilot)
        assert "Reply to 1 ticket" in words(pilot)
        await pilot.press("ctrl+d")
        await until(pilot, PlanScreen)
        assert "Send 1 reply" in words(pilot)


async def test_words_are_written_while_the_tickets_are_read(
    busy: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server far away takes half a second a ticket."""
    go, load = threading.Event(), conversation.load

    def slow(desk: Desk, ticket_id: int) -> Conversation:
        assert go.wait(20)
        return load(desk, ticket_id)

    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        monkeypatch.setattr(conversation, "load", slow)
        await begin(pilot, 2)
        await pilot.press(*"oi", "ctrl+d", *"!")
        assert "Reading" in words(pilot)
        go.set()
        await until(pilot, PlanScreen)
        assert "oi!" in words(pilot)


async def test_what_is_being_sent_or_taken_back_cannot_be_left(
    busy: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow server: who left here would never hear what was sent, or lose the words taken back."""
    go = threading.Event()

    def slowly(act: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *given: go.wait(20) and act(*given)

    monkeypatch.setattr(replying_many, "send", slowly(replying_many.send))
    monkeypatch.setattr(replying_many, "take_back", slowly(replying_many.take_back))
    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        await begin(pilot, 2)
        await until(pilot, ReplyMany)
        await pilot.press(*"oi!", "ctrl+d")
        await until(pilot, PlanScreen)
        await pilot.press("y", "escape")
        assert isinstance(pilot.app.screen, ReplyMany)
        assert "Sending" in words(pilot)
        go.set()
        await until(pilot, SentScreen)
        go.clear()
        await pilot.press("z", "escape", "q")
        assert isinstance(pilot.app.screen, SentScreen)
        go.set()
        await until(pilot, ReplyMany)
        assert pilot.app.screen.query_one(Editor).text == "oi!"
        assert queued(busy) == []


async def test_nothing_is_sent_to_tickets_that_cannot_be_read_anew(
    busy: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two replies one had left, and was not taken back; then the cache fails for a while."""
    broken, load = [False], conversation.load

    def failing(desk: Desk, ticket_id: int) -> Conversation:
        if broken[0]:
            raise CacheProblem(path="cache.db", detail="gone")
        return load(desk, ticket_id)

    monkeypatch.setattr(conversation, "load", failing)
    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        await begin(pilot, 2)
        await until(pilot, ReplyMany)
        await pilot.press(*"oi!", "ctrl+d")
        await until(pilot, PlanScreen)
        await pilot.press("y")
        await until(pilot, SentScreen)
        busy.database.execute(
            "UPDATE operation SET state = 'sent' WHERE id = (SELECT MIN(id) FROM operation)"
        )
        broken[0] = True
        await pilot.press("z")
        await until(pilot, ReplyMany)
        await settle(pilot)
        await pilot.press("ctrl+d")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ReplyMany)
        assert "cache.db" in words(pilot)
        broken[0] = False
        await pilot.press("ctrl+d")
        await until(pilot, PlanScreen)
        assert "Send 1 reply" in words(pilot)


async def test_tickets_of_a_portal_are_told_to_be_answered_there(busy: Desk) -> None:
    portal = channel(busy.database, "B2W", adapter="portal")
    read(busy.database, portal, ticket("p1", 40), registered_at=None)
    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        await begin(pilot, 1)
        await until(pilot, QueueScreen)
        (told,) = pilot.app._notifications
        assert told.message.startswith("None of them takes a reply from here")


async def test_where_nothing_can_be_sent_there_is_no_yes(busy: Desk) -> None:
    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        await begin(pilot, 2)
        await until(pilot, ReplyMany)
        await settle(pilot)
        await pilot.press("ctrl+d")
        await until(pilot, PlanScreen)
        assert "Nothing to send" in words(pilot)
        await pilot.press("y")
        assert isinstance(pilot.app.screen, PlanScreen)
        await pilot.press("n")
        await until(pilot, ReplyMany)


async def test_words_are_not_lost_by_one_key_nor_by_the_end_of_the_desk(busy: Desk) -> None:
    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        await begin(pilot, 2)
        await until(pilot, ReplyMany)
        await settle(pilot)
        await pilot.press(*"oi", "escape")
        await until(pilot, AskScreen)
        await pilot.press("n")
        await until(pilot, ReplyMany)
        screen = pilot.app.screen
        assert isinstance(screen, ReplyMany)
        path = screen.keep_at_once()
        assert path in rescue.left(busy.home)
        assert path is not None
        assert path.read_text("utf-8").endswith("oi\n")


async def test_without_marks_the_ticket_under_the_cursor_is_answered(busy: Desk) -> None:
    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await until(pilot, ConversationScreen)
