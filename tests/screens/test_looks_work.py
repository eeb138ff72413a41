"""How sharing work looks: forwarding, a note in a thread, the panels; three languages, two sizes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from mkt_tui import i18n
from mkt_tui.app import DeskApp
from mkt_tui.desk import noting, presence, sharing
from mkt_tui.desk.desk import Desk
from mkt_tui.screens.reply_many import ReplyMany
from mkt_tui.screens.reply_many_results import PlanScreen
from tests.screens.test_looks import LANGUAGES, SIZES, Compare, after
from tests.screens.test_reply_many import until
from tests.worlds import channel, order, read, read_orders, ticket


@pytest.fixture
def team(desk: Desk) -> Desk:
    """Bia is present, Rui is away, Leo has opened no desk; a ticket has a history and a note."""
    for name in ("ana", "bia", "rui"):
        presence.come(replace(desk, agent=name))
    presence.add(desk, "leo")
    presence.set_away(desk, away=True, name="rui")
    shop = channel(desk.database)
    read(desk.database, shop, ticket("4711", 22, reason="Entrega"), ticket("4712", 9))
    read_orders(desk.database, shop, order())
    sharing.forward(desk, [1], presence.chosen(desk, "bia"), "conhece chaleiras")
    noting.add(desk, 1, "@bia a nota fiscal saiu com outro endereço")
    return desk


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", [("enter", "f"), ("enter", "h"), ("enter", "N")])
def test_sharing_work(
    team: Desk,
    snap_compare: Callable[..., bool],
    language: str,
    size: tuple[int, int],
    keys: tuple[str, ...],
) -> None:
    i18n.set_language(language)
    compare: Compare = snap_compare
    assert compare(DeskApp(team), terminal_size=size, run_before=after(*keys))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", [ReplyMany, PlanScreen], ids=["words", "plan"])
def test_one_reply_to_several(
    team: Desk, snap_compare: Callable[..., bool], language: str, size: tuple[int, int], kind: type
) -> None:
    i18n.set_language(language)
    words = "Olá, {{customer.first_name}}! O pedido {{order.number}} sai amanhã."

    async def press(pilot: Pilot[Any]) -> None:
        await after("space", "space", "r")(pilot)
        await pilot.press(*words, *(("ctrl+d",) if kind is PlanScreen else ()))
        await until(pilot, kind)

    compare: Compare = snap_compare
    assert compare(DeskApp(team), terminal_size=size, run_before=press)
