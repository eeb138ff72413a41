"""The shop's own keys, the go-to menu, and the bell."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from mkt_tui import own_keys
from mkt_tui.app import DeskApp
from mkt_tui.config import load_settings
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import SettingsWrong
from mkt_tui.home import Home
from mkt_tui.screens.conversation import ConversationScreen
from mkt_tui.screens.queue import QueueScreen
from mkt_tui.widgets.key_bar import keys_now
from mkt_tui.widgets.virtual_table import VirtualTable
from tests.screens.settling import settle
from tests.worlds import NOW, channel, read, ticket


@pytest.fixture
def busy(desk: Desk) -> Desk:
    read(desk.database, channel(desk.database), ticket("t1", 9), ticket("t2", 2))
    return desk


def with_keys(desk: Desk, style: str | None = None, **keys: str) -> Desk:
    own = {name.replace("__", "."): key for name, key in keys.items()}
    return replace(desk, settings=replace(desk.settings, keys=own, key_style=style))


def place(pilot: Pilot[Any]) -> str:
    return type(pilot.app.screen).__name__


def told(pilot: Pilot[Any]) -> str:
    return "\n".join(each.message for each in pilot.app._notifications)


async def test_a_key_of_ones_own_works_and_is_shown_and_the_old_one_is_gone(busy: Desk) -> None:
    async with DeskApp(with_keys(busy, queue__open="e", ticket__compose="e")).run_test() as pilot:
        await settle(pilot)
        shown = {description: key for key, description, _name in keys_now(pilot.app.screen)}
        assert shown["Open"] == "e"
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, QueueScreen)
        await pilot.press("e")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ConversationScreen)
        await pilot.press("question_mark")
        await pilot.pause()
        help_words = str(pilot.app.screen.query_one("VerticalScroll > Static", Static).content)
        assert "e  Reply" in help_words
        assert "r  Reply" not in help_words
        assert told(pilot) == ""


async def test_letters_of_ones_own_are_typed_into_a_reply(busy: Desk) -> None:
    async with DeskApp(with_keys(busy, ticket__copy="e")).run_test() as pilot:
        await settle(pilot)
        await pilot.press("r", *"hey")
        assert isinstance(pilot.app.screen, ConversationScreen)
        assert pilot.app.screen._composer.editor.text == "hey"


@pytest.mark.parametrize(("style", "moved"), [("vim", 1), (None, 1), ("arrows", 0)])
async def test_vim_and_arrow_styles(busy: Desk, style: str | None, moved: int) -> None:
    async with DeskApp(with_keys(busy, style)).run_test() as pilot:
        await settle(pilot)
        assert isinstance(pilot.app.screen, QueueScreen)
        await pilot.press("j")
        assert pilot.app.screen.table.cursor == moved
        await pilot.press("up", "down")
        assert pilot.app.screen.table.cursor == 1


@pytest.mark.parametrize(
    ("keys", "style", "words"),
    [
        ({"queue.reply": "m"}, None, "m is both queue.channel and queue.reply"),
        (
            {"queue.reply": "m", "queue.channel": "m"},
            None,
            "m is both queue.channel and queue.reply",
        ),
        ({"queue.reply": "j"}, None, "j is both list.move-1 and queue.reply"),
        ({"list.edge-1": "q"}, None, "q is both"),
        ({"desk.help": "r"}, None, "r is both desk.help and"),
        ({"queue.mark": "?"}, None, "question_mark is both queue.help and queue.mark"),
        ({"queue.reply": "Ctrl+X"}, None, "Ctrl+X, given to queue.reply, is no key"),
        ({"queue.reply": "ctrl+m"}, None, "ctrl+m, given to queue.reply, is no key"),
        ({"queue.reply": ""}, None, '"", given to queue.reply, is no key'),
        ({"queue.reply": "v"}, "vim", ""),
        ({"queue.replay": "x"}, None, "no act queue.replay"),
        ({}, "emacs", "choose vim or arrows"),
    ],
)
async def test_what_cannot_go_together_is_said_at_the_start(
    busy: Desk, keys: dict[str, str], style: str | None, words: str
) -> None:
    found = own_keys.troubles(style, keys)
    assert words in "\n".join(found)
    assert len(found) == bool(words)
    settings = replace(busy.settings, keys=keys, key_style=style)
    async with DeskApp(replace(busy, settings=settings)).run_test() as pilot:
        await settle(pilot)
        assert words in told(pilot)


def test_a_letter_that_works_while_typing_would_type_nothing() -> None:
    assert "works while typing" in "\n".join(own_keys.troubles(None, {"ticket.send": "x"}))


async def test_signs_are_keys_as_they_are_written(busy: Desk) -> None:
    async with DeskApp(with_keys(busy, queue__open=";, f7")).run_test() as pilot:
        for key in ("semicolon", "f7"):
            await settle(pilot)
            await pilot.press(key)
            await pilot.pause()
            assert isinstance(pilot.app.screen, ConversationScreen)
            await pilot.press("escape")
            await pilot.pause()
        assert told(pilot) == ""


def test_our_own_keys_do_not_clash() -> None:
    known = own_keys.everything()
    as_own = {name: ",".join(each.keys) for name, each in known.items() if each.room == "queue"}
    assert own_keys.troubles(None, as_own) == []


def test_keys_in_the_settings_file(home: Home) -> None:
    home.settings_file.write_text('[keys]\nstyle = "vim"\n[keys.queue]\nreply = "e"\n')
    found = load_settings(home)
    assert (found.key_style, dict(found.keys)) == ("vim", {"queue.reply": "e"})
    home.settings_file.write_text('[keys]\nqueue = "e"\n')
    with pytest.raises(SettingsWrong, match="queue"):
        load_settings(home)


async def test_going_places(busy: Desk) -> None:
    async with DeskApp(busy).run_test() as pilot:
        await settle(pilot)
        await pilot.press("down", "g", "g")
        await settle(pilot)
        assert place(pilot) == "QueueScreen"
        assert pilot.app.query_one(VirtualTable).cursor == 0
        await pilot.press("g", "o")
        await settle(pilot)
        assert place(pilot) == "OrdersScreen"
        await pilot.press("g", "q")
        await settle(pilot)
        assert place(pilot) == "QueueScreen"


@pytest.mark.parametrize("kind", ["off", "bell", "osc9"])
async def test_a_bell_when_a_ticket_arrives(
    busy: Desk, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(DeskApp, "bell", lambda _app: rung.append("bell"))
    monkeypatch.setattr(DeskApp, "tell_terminal", lambda _app, words: rung.append(words))
    settings = replace(busy.settings, notify=kind)
    async with DeskApp(replace(busy, settings=settings)).run_test() as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, QueueScreen)
        screen.measure()
        await settle(pilot)
        read(busy.database, busy.channel("Carrefour"), ticket("t3", 1), registered_at=NOW)
        screen.measure()
        await settle(pilot)
        screen.measure()
        await settle(pilot)
    assert rung == {"off": [], "bell": ["bell"], "osc9": ["1 new ticket"]}[kind]


def test_a_notification_that_does_not_exist_is_named(home: Home, tmp_path: Path) -> None:
    home.settings_file.write_text('notify = "horn"\n')
    with pytest.raises(SettingsWrong, match="horn"):
        load_settings(home)
