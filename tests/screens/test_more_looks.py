"""How what opens over the queue and a reply looks: lines, menus, stops."""

from collections.abc import Callable, Collection
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from mkt_tui import i18n
from mkt_tui.app import DeskApp
from mkt_tui.cache.drafts import Draft
from mkt_tui.desk import conversation, replying, spelling
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.spelling import Slip
from mkt_tui.domain.tickets import Audience
from tests.screens.settling import settle
from tests.screens.test_looks import LANGUAGES, SIZES, Compare, after, busy
from tests.worlds import message, read, ticket

__all__ = ["busy"]

pytestmark = [
    pytest.mark.parametrize("language", LANGUAGES),
    pytest.mark.parametrize("size", SIZES),
]


def still(*keys: str) -> Callable[[Pilot[Any]], Any]:
    """Press keys, wait for what looks at words that were typed, and keep the cursor from blinking."""

    async def press(pilot: Pilot[Any]) -> None:
        await after(*keys)(pilot)
        await pilot.pause(0.4)
        await hold_still(pilot)

    return press


async def hold_still(pilot: Pilot[Any]) -> None:
    for field in pilot.app.screen.query(Input):
        field.cursor_blink = False
    await settle(pilot)


def _slips(_language: str, text: str, _known: Collection[str] = ()) -> list[Slip]:
    at = text.find("atrazo")
    return [] if at < 0 else [Slip(at, at + 6, "atrazo")]


def test_filter_line(
    busy: Desk, snap_compare: Compare, language: str, size: tuple[int, int]
) -> None:
    i18n.set_language(language)
    keys = ("F", *"late carr")
    keys = tuple("space" if each == " " else each for each in keys)
    assert snap_compare(DeskApp(busy), terminal_size=size, run_before=still(*keys))


def test_macros_that_fit(
    busy: Desk, snap_compare: Compare, language: str, size: tuple[int, int]
) -> None:
    i18n.set_language(language)
    keys = ("r", *"Bem ::a", "down")
    keys = tuple("space" if each == " " else each for each in keys)
    assert snap_compare(DeskApp(busy), terminal_size=size, run_before=still(*keys))


def test_what_a_slip_may_mean(
    busy: Desk,
    snap_compare: Compare,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    size: tuple[int, int],
) -> None:
    """The picture is of the list; what a dictionary has in it differs from one edition to the next."""
    i18n.set_language(language)
    monkeypatch.setattr(spelling, "slips", _slips)
    monkeypatch.setattr(spelling, "suggestions", lambda _language, _word: ["atraso", "atrás"])

    async def misspell(pilot: Pilot[Any]) -> None:
        await still("r", *"Sem", "space", *"atrazo", "space")(pilot)
        await pilot.press("f8")
        await hold_still(pilot)

    assert snap_compare(DeskApp(busy), terminal_size=size, run_before=misspell)


def test_views(busy: Desk, snap_compare: Compare, language: str, size: tuple[int, int]) -> None:
    i18n.set_language(language)
    assert snap_compare(DeskApp(busy), terminal_size=size, run_before=still("V"))


def test_columns(busy: Desk, snap_compare: Compare, language: str, size: tuple[int, int]) -> None:
    i18n.set_language(language)
    assert snap_compare(DeskApp(busy), terminal_size=size, run_before=still("C", "down", "space"))


def test_stale_reply(
    busy: Desk, snap_compare: Compare, language: str, size: tuple[int, int]
) -> None:
    """Ana's draft has not seen what Bia sent meanwhile."""
    i18n.set_language(language)
    carrefour = busy.channel("Carrefour")
    talk = conversation.load(busy, 1)
    replying.keep(busy, 1, Draft("Chega amanhã.", Audience.BOTH, talk.newest))
    later = message("m9", "E agora, quando chega?", 0)
    read(busy.database, carrefour, ticket("4711-a", 80, messages=(message(hours=80), later)))
    assert snap_compare(DeskApp(busy), terminal_size=size, run_before=still("d", "ctrl+d"))
