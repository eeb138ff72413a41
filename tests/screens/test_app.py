"""The frame around the screens: bugs, the last wall, the palette."""

import pytest
from rich.segment import Segment
from textual.color import Color
from textual.command import CommandList
from textual.widgets import TextArea

from mkt_tui.app import DeskApp
from mkt_tui.cache import drafts
from mkt_tui.cache.drafts import Draft
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.tickets import Audience
from mkt_tui.i18n import set_language
from mkt_tui.screens.help import HelpScreen
from mkt_tui.widgets.literal import Literal
from tests.worlds import channel, order, read, read_orders, ticket


async def test_a_bug_ends_with_one_sentence_keeps_the_words_and_tells_nobody(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    read(desk.database, channel(desk.database), ticket())
    app = DeskApp(desk)
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - the error leaves through run_test
        async with app.run_test() as pilot:
            await pilot.pause()
            await pilot.press("r", "o", "i")
            app.call_later(lambda customer="Maria Silva": 1 / len(customer[:0]))
            await pilot.pause()
    assert drafts.find(desk.database, 1, "ana") == Draft("oi", Audience.BOTH, seen=1)
    shown = capsys.readouterr()
    assert "Maria" not in shown.out + shown.err
    assert app.return_code == 1


def test_the_last_wall_stops_what_no_border_cleaned() -> None:
    segments = [Segment("fine"), Segment("\x1b[2J\x9b\u202e\n")]
    safe = Literal().apply(segments, Color(0, 0, 0))
    assert safe[0] is segments[0]
    assert safe[1].text == "␛[2J‹9B›‹RLO›␊"


async def test_the_palette_offers_what_the_keys_do(desk: Desk) -> None:
    read(desk.database, channel(desk.database), ticket())
    async with DeskApp(desk).run_test() as pilot:
        await pilot.pause()
        offered = [each.title for each in pilot.app.get_system_commands(pilot.app.screen)]
    assert {"Reply", "Channel", "Order", "Quit"} <= set(offered)


async def test_the_palette_says_in_the_agents_language_that_there_is_no_such_act(
    desk: Desk,
) -> None:
    set_language("pt_BR")
    async with DeskApp(desk).run_test() as pilot:
        await pilot.press("ctrl+p", *"qxz")
        await pilot.pause(0.7)
        found = pilot.app.screen.query_one(CommandList)
        assert [str(each.prompt) for each in found.options] == ["Nada tem esse nome."]


async def test_a_question_mark_helps_wherever_nothing_is_typed(desk: Desk) -> None:
    shop = channel(desk.database)
    read(desk.database, shop, ticket())
    read_orders(desk.database, shop, order())
    async with DeskApp(desk).run_test() as pilot:
        await pilot.pause(0.2)
        await pilot.press("p", "question_mark")
        assert isinstance(pilot.app.screen, HelpScreen)
        await pilot.press("escape", "escape", "r", "question_mark")
        assert pilot.app.screen.query_one(TextArea).text == "?"
