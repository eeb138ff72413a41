"""How the three screens look, in the three languages, on the smallest and a common terminal."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from mkt_tui import i18n
from mkt_tui.app import DeskApp
from mkt_tui.cache import channels
from mkt_tui.cache.instants import to_cache
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.orders import OrderStatus
from mkt_tui.screens.queue import QueueScreen
from tests.desk.orders import FULL
from tests.screens.settling import settle
from tests.worlds import HOUR, NOW, channel, order, read, read_orders, ticket

LANGUAGES = ["en", "pt_BR", "it"]
SIZES = [(80, 24), (120, 40)]
Compare = Callable[..., bool]


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Every colour of the queue, an order with all its sections, everything synced."""
    carrefour, leroy = channel(desk.database), channel(desk.database, "Leroy Merlin")
    waiting = (ticket("4711-a", 80), ticket("4711-b", 30), ticket("4712", 21), ticket("4713", 1))
    read(desk.database, carrefour, *waiting, registered_at=None)
    read(desk.database, leroy, ticket("9001", 50, customer="João Conceição"), registered_at=None)
    read(desk.database, leroy, ticket("9002", 15, subject="Troca de voltagem"), registered_at=None)
    read_orders(desk.database, carrefour, replace(FULL, number="100-A"))
    for each in (carrefour, leroy):
        for stream in ("tickets", "orders"):
            channels.mark_success(desk.database, each.id, stream, NOW, NOW)
    return desk


def after(*keys: str) -> Callable[[Pilot[Any]], Any]:
    async def press(pilot: Pilot[Any]) -> None:
        assert isinstance(pilot.app.screen, QueueScreen)
        pilot.app.screen.measure()
        await settle(pilot)
        await pilot.press(*keys)
        await settle(pilot)

    return press


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
class TestLooks:
    """One picture a screen, a size and a language."""

    def test_queue(
        self, busy: Desk, snap_compare: Compare, language: str, size: tuple[int, int]
    ) -> None:
        i18n.set_language(language)
        assert snap_compare(DeskApp(busy), terminal_size=size, run_before=after("down"))

    def test_order(
        self, busy: Desk, snap_compare: Compare, language: str, size: tuple[int, int]
    ) -> None:
        i18n.set_language(language)
        assert snap_compare(DeskApp(busy), terminal_size=size, run_before=after("p"))

    def test_reply(
        self, busy: Desk, snap_compare: Compare, language: str, size: tuple[int, int]
    ) -> None:
        i18n.set_language(language)
        keys = ("r", "O", "l", "á", "tab", "ctrl+d")
        assert snap_compare(DeskApp(busy), terminal_size=size, run_before=after(*keys))

    def test_orders(
        self, busy: Desk, snap_compare: Compare, language: str, size: tuple[int, int]
    ) -> None:
        i18n.set_language(language)
        leroy = busy.channel("Leroy Merlin")
        statuses = (OrderStatus.TO_SHIP, OrderStatus.WAITING, OrderStatus.CANCELLED)
        for number, status in enumerate(statuses):
            plain = order(f"9001{number}-B", status=status, created_at=NOW - number * HOUR)
            read_orders(busy.database, leroy, plain)
        busy.database.execute(
            "UPDATE sales_order SET touched = 'ship', touched_at = :at, touched_by = 'bia'"
            " WHERE number = '90011-B'",
            {"at": to_cache(NOW)},
        )
        assert snap_compare(DeskApp(busy), terminal_size=size, run_before=after("O", "down"))

    def test_search(
        self, busy: Desk, snap_compare: Compare, language: str, size: tuple[int, int]
    ) -> None:
        i18n.set_language(language)
        keys = ("slash", *"maria pedido")
        keys = tuple("space" if each == " " else each for each in keys)
        assert snap_compare(DeskApp(busy), terminal_size=size, run_before=after(*keys))

    def test_order_acts(
        self, busy: Desk, snap_compare: Compare, language: str, size: tuple[int, int]
    ) -> None:
        i18n.set_language(language)

        async def press(pilot: Pilot[Any]) -> None:
            await after("p")(pilot)
            # The menu waits for its answer, so its worker does not end.
            await pilot.press("x")
            await pilot.pause()

        assert snap_compare(DeskApp(busy), terminal_size=size, run_before=press)
