"""Forwarding, putting off, noting, on the queue and on a ticket, by an agent's keys."""

from dataclasses import replace
from typing import Any

import pytest
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input, Static, TextArea

from mkt_tui.app import DeskApp
from mkt_tui.cache import queries
from mkt_tui.cache.queries import QueueRow
from mkt_tui.desk import conversation, history, linking, noting, presence, rescue, sharing
from mkt_tui.desk.desk import Desk
from mkt_tui.screens.act_dialogs import AskScreen
from mkt_tui.screens.conversation import ConversationScreen
from mkt_tui.screens.forward import ForwardScreen
from mkt_tui.screens.note import NoteScreen
from mkt_tui.screens.panels import PanelScreen
from mkt_tui.screens.queue import QueueScreen
from mkt_tui.screens.results import ResultsScreen
from tests.screens.settling import settle
from tests.worlds import channel, order, read, read_orders, ticket

SIZES = [(80, 24), (120, 40)]


@pytest.fixture
def team(desk: Desk) -> Desk:
    """Ana, Bia and Rui; five tickets wait, the first the longest."""
    for name in ("ana", "bia", "rui"):
        presence.come(replace(desk, agent=name))
    shop = channel(desk.database)
    waiting = [ticket(f"t{n}", 20 - 4 * n) for n in range(5)]
    read(desk.database, shop, *waiting, registered_at=None)
    read_orders(desk.database, shop, order())
    return desk


async def start(pilot: Pilot[Any]) -> None:
    assert isinstance(pilot.app.screen, QueueScreen)
    pilot.app.screen.measure()
    await settle(pilot)


def row(desk: Desk, code: str) -> QueueRow:
    (found,) = queries.tickets_by_code(desk.database, code)
    return found


def said(pilot: Pilot[Any], selector: str) -> str:
    return str(pilot.app.screen.query_one(selector, Static).content)


def place(pilot: Pilot[Any]) -> type:
    return type(pilot.app.screen)


def told(pilot: Pilot[Any]) -> str:
    return "\n".join(each.message for each in pilot.app._notifications)


@pytest.mark.parametrize("size", SIZES)
async def test_marked_tickets_are_forwarded_by_the_beginning_of_a_name(
    team: Desk, size: tuple[int, int]
) -> None:
    async with DeskApp(team).run_test(size=size) as pilot:
        await start(pilot)
        await pilot.press("space", "space", "f", "b", "i")
        assert "bia" in said(pilot, "#agents")
        assert "rui" not in said(pilot, "#agents")
        await pilot.press("enter")
        await settle(pilot)
        assert [row(team, each).assignee for each in ("t0", "t1", "t2")] == ["bia", "bia", None]
        assert row(team, "t0").received_from == "ana"
        assert "2 tickets, each: forwarded to bia" in told(pilot)


async def test_a_forward_that_every_ticket_refuses_keeps_its_note(team: Desk) -> None:
    bia = next(each for each in presence.everybody(team) if each.name == "bia")
    sharing.forward(team, [row(team, "t0").id, row(team, "t1").id], [bia])
    async with DeskApp(team).run_test() as pilot:
        await start(pilot)
        await pilot.press("home", "space", "space", "f", *"bia", "tab", *"leia", "enter")
        assert place(pilot) is ForwardScreen
        assert said(pilot, "#trouble") == "bia has it already."
        assert pilot.app.screen.query_one("#note", Input).value == "leia"
        await pilot.press("shift+tab", "home", "ctrl+k", *"rui", "enter")
        assert place(pilot) is QueueScreen
    assert {row(team, each).assignee for each in ("t0", "t1")} == {"rui"}


async def test_a_colleague_is_chosen_with_the_mouse(team: Desk) -> None:
    async with DeskApp(team).run_test() as pilot:
        await start(pilot)
        await pilot.press("f")
        await pilot.pause()
        await pilot.click("#agents", offset=(3, 1))
        await pilot.press("enter")
        await settle(pilot)
        assert row(team, "t0").assignee == "bia"


async def test_a_name_that_is_nobodys_is_said_and_the_rest_stays(team: Desk) -> None:
    presence.set_away(team, away=True, name="rui")
    async with DeskApp(team).run_test() as pilot:
        await start(pilot)
        await pilot.press("f", "x", "enter")
        assert "There is no agent x" in said(pilot, "#trouble")
        await pilot.press("backspace", "r", "enter")
        assert "rui is away" in said(pilot, "#trouble")
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, QueueScreen)


async def test_a_note_to_go_with_tickets_is_not_lost_by_one_key(team: Desk) -> None:
    async with DeskApp(team).run_test() as pilot:
        await start(pilot)
        await pilot.press("f", "b", "tab", *"mind", "escape")
        assert isinstance(pilot.app.screen, AskScreen)
        await pilot.press("n")
        assert pilot.app.screen.query_one("#note", Input).value == "mind"
        await pilot.press("escape", "y")
        assert isinstance(pilot.app.screen, QueueScreen)


async def test_a_key_that_says_why_it_does_nothing_says_it_once(team: Desk) -> None:
    async with DeskApp(team).run_test() as pilot:
        await start(pilot)
        await pilot.press("d", "d", "d", "u", "u")
        assert told(pilot).splitlines() == ["You have no drafts.", "No reply is in doubt."]


async def test_what_was_not_done_is_listed_ticket_by_ticket(team: Desk) -> None:
    async with DeskApp(team).run_test() as pilot:
        await start(pilot)
        await pilot.press("f", "b", "enter", "space", "space", "f", "b", "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ResultsScreen)
        assert "Done: 1 of 2" in said(pilot, "VerticalScroll > Static")
        assert "x t0  bia has it already" in said(pilot, "VerticalScroll > Static")


async def test_taking_marking_and_going_away_from_the_menu(team: Desk) -> None:
    async with DeskApp(team).run_test() as pilot:
        await start(pilot)
        await pilot.press("A", "a")
        assert row(team, "t0").assignee == "ana"
        await pilot.press("A", "n")
        assert row(team, "t0").state == 1
        await pilot.press("A", "w")
        assert presence.is_away(team)
        await settle(pilot)
        await pilot.press("A", "w")
        assert not presence.is_away(team)


async def test_who_goes_away_is_asked_what_becomes_of_his_tickets(team: Desk) -> None:
    sharing.take(team, [row(team, each).id for each in ("t0", "t1", "t2")])
    sharing.let_go(team, [row(team, "t2").id])
    async with DeskApp(team).run_test() as pilot:
        await start(pilot)
        await pilot.press("A", "w")
        assert place(pilot) is AskScreen
        assert "You have 2 tickets that somebody waits for" in said(pilot, "#dialog Static")
        await pilot.press("n")
        assert row(team, "t0").assignee == "ana"
        await pilot.press("A", "w", "A", "w", "y")
        assert presence.is_away(team)
        assert {row(team, each).assignee for each in ("t0", "t1")} == {None}


async def test_why_a_ticket_goes_to_the_marketplace_is_not_lost_by_one_key(desk: Desk) -> None:
    read(desk.database, channel(desk.database, "Casas Bahia", adapter="cnova"), ticket())
    async with DeskApp(desk).run_test() as pilot:
        await start(pilot)
        await pilot.press("A", "m", *"ok", "escape")
        assert place(pilot) is QueueScreen
        why = "the customer asks for an exchange of the voltage"
        await pilot.press("A", "m", *why, "escape", "n")
        assert pilot.app.screen.query_one(Input).value == why


async def test_nothing_that_was_told_lies_over_a_question(team: Desk) -> None:
    async with DeskApp(team).run_test() as pilot:
        await start(pilot)
        await pilot.press("ctrl+c")
        assert told(pilot) == "Ctrl+Q leaves the desk; drafts are kept."
        await pilot.press("f")
        await pilot.pause()
        assert not [each for screen in pilot.app.screen_stack for each in screen.query("Toast")]


async def test_drafts_are_opened_one_after_the_other(team: Desk) -> None:
    async with DeskApp(team).run_test() as pilot:
        await start(pilot)
        await pilot.press("r", *"one", "escape", "down", "r", *"two", "escape")
        await start(pilot)
        found = []
        for _time in range(3):
            await pilot.press("d")
            screen = pilot.app.screen
            assert isinstance(screen, ConversationScreen)
            found.append(screen._composer.editor.text)
            await pilot.press("escape")
        assert found in (["two", "one", "two"], ["one", "two", "one"])


async def test_dealing_out_is_asked_with_how_many_and_to_whom(team: Desk) -> None:
    presence.set_away(team, away=True, name="rui")
    async with DeskApp(team).run_test() as pilot:
        await start(pilot)
        await pilot.press("A", "d")
        asked = said(pilot, "#dialog > Static")
        assert "Deal out 5 tickets" in asked
        assert "ana, bia" in asked
        await pilot.press("n")
        assert row(team, "t0").assignee is None
        await pilot.press("A", "d", "y")
        assert "5 tickets dealt out" in told(pilot)
        assert row(team, "t0").assignee in ("ana", "bia")
        await pilot.press("A", "d")
        assert "Every open ticket is somebody's" in told(pilot)


async def test_dealing_out_with_nobody_there_is_a_sentence(desk: Desk) -> None:
    read(desk.database, channel(desk.database), ticket())
    async with DeskApp(desk).run_test() as pilot:
        await start(pilot)
        presence.leave(desk)
        await pilot.press("A", "d")
        await settle(pilot)
        assert "No agent is present" in told(pilot)


async def test_putting_off_by_a_letter_and_by_a_time(team: Desk) -> None:
    async with DeskApp(team).run_test() as pilot:
        await start(pilot)
        await pilot.press("end", "S", "2")
        await settle(pilot)
        assert row(team, "t4").state == 2
        await pilot.press("home", "S", "1")
        assert "too near" in told(pilot)
        assert row(team, "t0").state == 0
        await pilot.press("down", "down", "S", "o", *"never", "enter")
        assert "never is no time" in said(pilot, "#trouble")
        await pilot.press(*["backspace"] * 5, *"30m", "enter")
        await settle(pilot)
        assert row(team, "t2").state == 2


@pytest.mark.parametrize("size", SIZES)
async def test_a_note_is_written_shown_apart_and_tells_whom_it_names(
    team: Desk, size: tuple[int, int]
) -> None:
    async with DeskApp(team).run_test(size=size) as pilot:
        await start(pilot)
        await pilot.press("enter", "N", *"@bia look", "ctrl+d")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ConversationScreen)
        assert "NOTE of ana, never sent" in said(pilot, "#messages")
        assert "told: bia" in told(pilot)
    bia = replace(team, agent="bia")
    async with DeskApp(bia).run_test(size=size) as pilot:
        await start(pilot)
        assert "names you: press @" in said(pilot, "#banner")
        await pilot.press("at")
        await settle(pilot)
        assert isinstance(pilot.app.screen, QueueScreen)
        assert pilot.app.screen.table.source.total == 1
        await pilot.press("enter")
        await settle(pilot)
    assert queries.count(team.database, queries.QueueFilter(mentioned="bia")) == 0


async def test_words_and_the_last_key_in_one_burst_keep_their_order(team: Desk) -> None:
    """As a slow link or a paste delivers them: nothing waits between the keys."""
    async with DeskApp(team).run_test() as pilot:
        await start(pilot)
        await pilot.press("N")
        for key in "mind the voltage":
            pilot.app.post_message(Key("space" if key == " " else key, key))
        pilot.app.post_message(Key("ctrl+d", None))
        await pilot.pause()
        await settle(pilot)
        (note,) = history.notes_of(team, row(team, "t0").id)
        assert note.text == "mind the voltage"
        await pilot.press("f")
        for key in "bia":
            pilot.app.post_message(Key(key, key))
        pilot.app.post_message(Key("enter", None))
        await pilot.pause()
        await settle(pilot)
        assert row(team, "t0").assignee == "bia"


async def test_a_note_survives_the_end_of_the_desk(team: Desk) -> None:
    async with DeskApp(team).run_test() as pilot:
        await start(pilot)
        await pilot.press("N", *"mind", "ctrl+q")
    (path,) = rescue.left(team.home)
    assert path.read_text().endswith("\n\nmind\n")
    assert "t0" in path.read_text()


async def test_a_note_that_cannot_be_kept_keeps_its_words(team: Desk) -> None:
    async with DeskApp(team).run_test() as pilot:
        await start(pilot)
        await pilot.press("N", *"@zoe", "ctrl+d")
        assert isinstance(pilot.app.screen, NoteScreen)
        assert "There is no agent zoe" in said(pilot, "#trouble")
        await pilot.click(offset=(1, 1))
        await pilot.press("escape", "n")
        assert isinstance(pilot.app.screen, NoteScreen)
        assert pilot.app.screen.query_one(TextArea).text == "@zoe"
        await pilot.press("escape", "y")
        await settle(pilot)
        assert isinstance(pilot.app.screen, QueueScreen)


async def test_a_colleague_is_found_by_the_beginning_of_a_login(team: Desk) -> None:
    async with DeskApp(team).run_test() as pilot:
        await start(pilot)
        await pilot.press("N", *"ask @", "enter", *"or @r", "enter", *"first")
        words = pilot.app.screen.query_one(TextArea).text
        assert words == "ask @bia or @rui first"
        await pilot.press("ctrl+d")
        await settle(pilot)
        assert isinstance(pilot.app.screen, QueueScreen)
    (kept,) = conversation.load(team, row(team, "t0").id).notes
    assert kept.text == words


async def test_no_word_of_a_note_is_out_of_sight_in_a_narrower_terminal(team: Desk) -> None:
    async with DeskApp(team).run_test(size=(80, 24)) as pilot:
        await start(pilot)
        await pilot.press("N")
        # Two lines in both widths, so that only the words move.
        words = "The customer called twice; the parcel stands at the depot of Osasco since Monday."
        pilot.app.screen.query_one(TextArea).insert(words)
        await settle(pilot)
        await pilot.resize_terminal(64, 24)
        await settle(pilot)
        strips = pilot.app.screen._compositor.render_strips()
        shown = " ".join("".join(segment.text for segment in each).strip("┃ ") for each in strips)
        assert words in " ".join(shown.split())


async def test_a_list_of_colleagues_that_is_closed_leaves_the_words(team: Desk) -> None:
    async with DeskApp(team).run_test() as pilot:
        await start(pilot)
        await pilot.press("N", *"ask @b", "escape", "enter", *"now")
        assert isinstance(pilot.app.screen, NoteScreen)
        assert pilot.app.screen.query_one(TextArea).text == "ask @b\nnow"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("t", "Protocols of this order"),
        ("n", "Internal notes"),
        ("h", "Through whose hands"),
        ("i", "Order 100-A"),
    ],
)
async def test_the_panels_beside_a_thread(team: Desk, key: str, words: str) -> None:
    noting.add(team, row(team, "t0").id, "mind the voltage")
    async with DeskApp(team).run_test(size=(120, 40)) as pilot:
        await start(pilot)
        await pilot.press("enter", key)
        assert words in said(pilot, "#sheet")
    async with DeskApp(team).run_test(size=(80, 24)) as pilot:
        await start(pilot)
        await pilot.press("enter", key)
        assert place(pilot) is PanelScreen
        assert words in said(pilot, "VerticalScroll > Static")
        await pilot.press("n" if key != "n" else "t", key)
        assert words in said(pilot, "VerticalScroll > Static")
        await pilot.press(key)
        assert place(pilot) is ConversationScreen
        await pilot.press(key, "N")
        assert place(pilot) is NoteScreen


async def test_a_panel_opens_while_writing_and_the_words_stay(team: Desk) -> None:
    async with DeskApp(team).run_test(size=(120, 40)) as pilot:
        await start(pilot)
        await pilot.press("r", *"Bom", "f3", "f5")
        assert "What happened" in said(pilot, "#sheet")
        screen = pilot.app.screen
        assert isinstance(screen, ConversationScreen)
        assert screen._composer.editor.text == "Bom"


async def test_after_a_reply_the_most_urgent_ticket_is_next(team: Desk) -> None:
    async with DeskApp(team).run_test(size=(120, 40)) as pilot:
        await start(pilot)
        await pilot.press("down", "down", "r", *"Tudo certo", "ctrl+d", "y")
        await settle(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, QueueScreen)
        screen.measure()
        await settle(pilot)
        assert screen.selected
        assert screen.selected.code == "t0"


async def test_marked_tickets_are_linked_and_stand_beside_each_other(team: Desk) -> None:
    def beside(code: str) -> list[str]:
        return [each.code for each in linking.linked(team, row(team, code).id)]

    async with DeskApp(team).run_test(size=(80, 24)) as pilot:
        await start(pilot)
        await pilot.press("space", "space", "A", "l")
        await settle(pilot)
        assert (beside("t0"), beside("t1")) == (["t1"], ["t0"])
        await pilot.press("home", "enter")
        await settle(pilot)
        await pilot.press("A", "l", "t", "4", "enter")
        await settle(pilot)
        await pilot.press("t")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PanelScreen)
        assert "Linked tickets" in said(pilot, "Static")
    assert beside("t0") == ["t1", "t4"]
