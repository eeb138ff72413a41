"""Keys that come in one packet, as over a slow link: each acts after the one before it."""

from collections.abc import Iterator
from typing import Any

import pytest
from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot

from mkt_tui.app import DeskApp
from mkt_tui.desk.desk import Desk
from mkt_tui.screens.conversation import ConversationScreen
from mkt_tui.screens.order import OrderScreen
from mkt_tui.widgets.confirm_line import ConfirmLine
from mkt_tui.widgets.editor import Editor
from tests.screens.settling import settle
from tests.screens.test_conversation import busy, sent

__all__ = ["busy"]
WORDS = "Bom dia! Obrigado, chega amanha."
SEND = "\x04"


def keys(typed: str) -> Iterator[Key]:
    for sign in typed:
        if sign == SEND:
            yield Key("ctrl+d", sign)
        elif sign == "\r":
            yield Key("enter", sign)
        else:
            yield Key(_character_to_key(sign), sign)


async def type_at_once(pilot: Pilot[Any], typed: str) -> None:
    """Put all keys before the app before it has acted on the first, and wait for their work."""
    app = pilot.app
    assert isinstance(app, DeskApp)
    for each in keys(typed):
        app.post_message(each)
    await pilot.pause()
    while app.catching_up:
        await pilot.pause()
    await settle(pilot)


@pytest.mark.parametrize("words", ["Bom dia.", WORDS * 10])
async def test_a_reply_typed_ahead_leaves_whole_and_once(busy: Desk, words: str) -> None:
    app = DeskApp(busy)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await type_at_once(pilot, "r" + words + SEND + "y")
        assert sent(busy) == [(words, "both")]
        assert not isinstance(app.screen, ConversationScreen)


async def test_the_question_stands_after_the_last_word(busy: Desk) -> None:
    app = DeskApp(busy)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await type_at_once(pilot, WORDS + SEND)
        assert app.screen.query_one(ConfirmLine).asking
        assert app.screen.query_one(Editor).text == WORDS


async def test_a_search_typed_ahead_finds_what_was_typed(busy: Desk) -> None:
    app = DeskApp(busy)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await type_at_once(pilot, "/100-A\r")
        assert isinstance(app.screen, OrderScreen)
