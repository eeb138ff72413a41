"""Macros by `::`, marks while typing, and the line that stops a reply."""

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from mkt_tui.app import DeskApp
from mkt_tui.desk.desk import Desk
from mkt_tui.screens.checks import Checks
from mkt_tui.screens.conversation import ConversationScreen
from mkt_tui.screens.macro_chooser import MacroChooser
from mkt_tui.screens.spell_chooser import SpellChooser
from mkt_tui.widgets.confirm_line import ConfirmLine
from mkt_tui.widgets.editor import Editor
from mkt_tui.widgets.stop_line import StopLine
from tests.dictionaries import needs_dictionaries
from tests.screens.settling import settle
from tests.screens.test_conversation import open_reply, type_words
from tests.worlds import channel, order, read, read_orders, ticket


@pytest.fixture
def busy(desk: Desk) -> Desk:
    shop = channel(desk.database)
    read(desk.database, shop, ticket("first", 40))
    read_orders(desk.database, shop, order())
    rule = '[ours]\nchannels = ["Carrefour"]\nforbids = ["phone"]\nsource = "contract"\n'
    (desk.home.settings / "policies.toml").write_text(rule, encoding="utf-8")
    return desk


async def opened(pilot: Pilot[Any]) -> tuple[ConversationScreen, Editor]:
    screen = await open_reply(pilot)
    return screen, screen.query_one(Editor)


async def looked(pilot: Pilot[Any]) -> None:
    """Wait until the words were looked at."""
    await pilot.pause(0.4)
    await settle(pilot)


async def test_a_macro_goes_in_where_its_name_was_typed(busy: Desk) -> None:
    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        screen, editor = await opened(pilot)
        await type_words(pilot, "Bem ::atr")
        chooser = screen.query_one(MacroChooser)
        assert chooser.has_class("open")
        assert chooser.virtual_size.height == chooser.option_count  # one line each
        await pilot.press("enter")
        assert editor.text.startswith("Bem Olá, Maria! ")
        assert "100-A" in editor.text
        assert editor.selected_text == "{{tracking.carrier}}"
        await type_words(pilot, "Jadlog")
        assert "Jadlog, c" in editor.text
        assert not screen.query_one(MacroChooser).has_class("open")


async def test_the_chooser_closes_and_leaves_the_keys_alone(busy: Desk) -> None:
    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        screen, editor = await opened(pilot)
        await type_words(pilot, "::")
        await pilot.press("down", "escape", "enter", "x")
        assert editor.text == "::\nx"
        assert pilot.app.screen is screen
        await type_words(pilot, " ::zzz")
        await pilot.press("enter")
        assert editor.text == "::\nx ::zzz\n"


async def test_what_the_marketplace_would_not_take_is_marked_while_typing(busy: Desk) -> None:
    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        screen, editor = await opened(pilot)
        editor.insert("Ligue (11) 98765-4321 ok")
        await pilot.pause(0.5)
        await settle(pilot)
        line = str(screen.query_one(Checks).content)
        assert "phone number, col 7 (Carrefour)" in line
        (marked,) = editor.get_line(0).spans[-1:]
        assert (marked.start, marked.end) == (6, 21)
        drawn = editor.render_line(0)
        colours = {each.text: each.style.bgcolor for each in drawn if each.style}
        assert colours["(11) 98765-4321"] != colours["Ligue "]
        await pilot.press("f8")
        assert editor.selected_text == "(11) 98765-4321"


async def test_a_stopped_reply_leads_to_the_place_and_can_be_sent_then(busy: Desk) -> None:
    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        screen, editor = await opened(pilot)
        editor.insert("Ligue (11) 98765-4321 ou CPF 529.982.247-25")
        await pilot.press("ctrl+d")
        assert screen.query_one(StopLine).shown
        assert "phone number, col 7" in str(screen.query_one(StopLine).content)
        await pilot.press("ctrl+d", "n", "delete", "ctrl+d")
        assert editor.text == "Ligue  ou CPF 529.982.247-25"
        assert not screen.query_one(StopLine).shown
        question = str(screen.query_one(ConfirmLine).content)
        assert "Look again: CPF or CNPJ, col 15 (Carrefour)." in question
        await pilot.press("y")
        await settle(pilot)
    assert len(busy.database.rows("SELECT 1 FROM operation")) == 1


async def test_escape_only_goes_back_to_the_words(busy: Desk) -> None:
    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        screen, editor = await opened(pilot)
        editor.insert("{{order.total}}")
        await pilot.press("ctrl+d", "escape")
        assert editor.has_focus
        assert pilot.app.screen is screen
        assert str(screen.query_one("#audience", Static).content).startswith("To:")


async def test_a_file_goes_with_the_reply_and_is_named_before(busy: Desk, tmp_path: Path) -> None:
    (tmp_path / "foto.jpg").write_bytes(bytes(1200))
    async with DeskApp(busy).run_test(size=(120, 40)) as pilot:
        screen, editor = await opened(pilot)
        editor.insert("Segue a foto")
        await pilot.press("f7")
        line = pilot.app.screen.query_one(Input)
        line.value = f"{tmp_path}/f"
        await pilot.press("tab", "enter")
        await pilot.pause()
        assert pilot.app.screen is screen
        assert "With: foto.jpg (1.2 kB)" in str(screen.query_one("#audience", Static).content)
        await pilot.press("ctrl+d")
        assert "foto.jpg" in str(screen.query_one(ConfirmLine).content)
        await pilot.press("y")
        await settle(pilot)
    (payload,) = busy.database.rows("SELECT payload FROM operation")
    assert "foto.jpg" in payload[0]


async def test_an_empty_answer_takes_the_last_file_away(busy: Desk, tmp_path: Path) -> None:
    path = tmp_path / "foto.jpg"
    path.write_bytes(b"x")
    async with DeskApp(busy).run_test(size=(120, 40)) as pilot:
        screen, _editor = await opened(pilot)
        for value in (str(path), ""):
            await pilot.press("f7")
            pilot.app.screen.query_one(Input).value = value
            await pilot.press("enter")
            await pilot.pause()
        assert "With:" not in str(screen.query_one("#audience", Static).content)


@needs_dictionaries
async def test_a_misspelled_word_is_underlined_and_mended_with_two_keys(busy: Desk) -> None:
    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        screen, editor = await opened(pilot)
        editor.insert("Seu pedido está atrazado na Maria.")
        await looked(pilot)
        assert "Misspelled? atrazado" in str(screen.query_one(Checks).content)
        (marked,) = editor.get_line(0).spans[-1:]
        assert (marked.start, marked.end) == (16, 24)
        await pilot.press("f8")
        assert editor.selected_text == "atrazado"
        await settle(pilot)
        chooser = screen.query_one(SpellChooser)
        assert chooser.has_class("open")
        await pilot.press("enter")
        assert editor.text == "Seu pedido está atrasado na Maria."
        assert editor.before_cursor.endswith("atrasado")
        assert not chooser.has_class("open")
        await looked(pilot)
        assert not screen.query_one(Checks).has_class("shown")


@needs_dictionaries
async def test_a_word_is_added_and_typing_on_closes_the_list(busy: Desk) -> None:
    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        screen, editor = await opened(pilot)
        editor.insert("Frobnix e quuxar.")
        await looked(pilot)
        await pilot.press("ctrl+home", "f8")
        await settle(pilot)
        await pilot.press("end")
        assert not screen.query_one(SpellChooser).has_class("open")
        await pilot.press("ctrl+home", "f8")
        await settle(pilot)
        await pilot.press("up", "enter")
        await looked(pilot)
        assert screen.query_one(Checks).misspelled == ["quuxar"]
        assert editor.text == "Frobnix e quuxar."
    assert (busy.home.settings / "words-ana.txt").read_text("utf-8") == "Frobnix\n"


@needs_dictionaries
async def test_the_last_question_names_what_may_be_misspelled(busy: Desk) -> None:
    async with DeskApp(busy).run_test(size=(80, 24)) as pilot:
        screen, editor = await opened(pilot)
        editor.insert("Chega amanhã sem atrazo.")
        await looked(pilot)
        await pilot.press("ctrl+d")
        assert "Misspelled? atrazo." in str(screen.query_one(ConfirmLine).content)
