"""How the forms of acts on an order look, and the lists of items, in the three languages."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from mkt_tui import i18n
from mkt_tui.adapters import registry
from mkt_tui.adapters.mirakl import MiraklAdapter
from mkt_tui.app import DeskApp
from mkt_tui.cache import returns, stock
from mkt_tui.cache.streams import Stream
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.listings import Listing
from mkt_tui.domain.orders import OrderStatus, Shipment
from mkt_tui.domain.returns import Returnable, ReturnLine, ReturnSnapshot, ReturnState
from tests.desk.orders import FULL
from tests.screens.settling import settle
from tests.screens.test_looks import LANGUAGES, SIZES, Compare, after
from tests.worlds import HOUR, NOW, channel, read, read_orders, ticket


@pytest.fixture
def shop(desk: Desk) -> Desk:
    """An order with two lines that is to be shipped, and may be paid back."""
    carrefour = channel(desk.database)
    read(desk.database, carrefour, ticket("4711-a", 80), registered_at=None)
    waiting = replace(FULL, status=OrderStatus.TO_SHIP, marketplace_status="SHIPPING")
    read_orders(desk.database, carrefour, replace(waiting, number="100-A", created_at=NOW - HOUR))
    page = Stream(carrefour.id, "listings", "c", complete=True)
    offers = (Listing("LIV-001", "Grande Sertão: Veredas", 0), Listing("LIV-002", "Sagarana", 7))
    stock.write(desk.database, page, offers, NOW)
    return desk


def acting(*steps: tuple[str, ...]) -> Any:
    async def press(pilot: Pilot[Any]) -> None:
        await after("p")(pilot)
        for keys in (("x",), *steps):
            # The dialogs wait for their answer, so their worker does not end.
            await pilot.press(*keys)
            await pilot.pause()

    return press


@pytest.mark.parametrize("language", LANGUAGES)
class TestForms:
    """One picture a form and a language, on the smallest terminal."""

    def test_ship(self, shop: Desk, snap_compare: Compare, language: str) -> None:
        i18n.set_language(language)
        steps = (("s",), ("tab", *"QB1:1x1", "space", *"QB2"))
        assert snap_compare(DeskApp(shop), terminal_size=(80, 24), run_before=acting(*steps))

    def test_ship_asks(self, shop: Desk, snap_compare: Compare, language: str) -> None:
        i18n.set_language(language)
        steps = (("s",), ("tab", *"QB1:1x1", "enter", "enter"))
        assert snap_compare(DeskApp(shop), terminal_size=(80, 24), run_before=acting(*steps))

    def test_refund(self, shop: Desk, snap_compare: Compare, language: str) -> None:
        i18n.set_language(language)
        assert snap_compare(DeskApp(shop), terminal_size=(80, 24), run_before=acting(("r",)))

    def test_refund_asks(self, shop: Desk, snap_compare: Compare, language: str) -> None:
        i18n.set_language(language)
        steps = (("r",), ("enter", *"19", "enter"))
        assert snap_compare(DeskApp(shop), terminal_size=(80, 24), run_before=acting(*steps))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_items(shop: Desk, snap_compare: Compare, language: str, size: tuple[int, int]) -> None:
    i18n.set_language(language)

    async def press(pilot: Pilot[Any]) -> None:
        await after("g", "i")(pilot)
        await settle(pilot)

    assert snap_compare(DeskApp(shop), terminal_size=size, run_before=press)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_returns(shop: Desk, snap_compare: Compare, language: str, size: tuple[int, int]) -> None:
    i18n.set_language(language)
    page = Stream(shop.channel("Carrefour").id, "returns", "c", complete=True)
    back = ReturnSnapshot(
        *("r1", "100-A", ReturnState.WAITING, "WAITING_ACCEPTANCE", NOW - HOUR, NOW - HOUR),
        rma="RMA-7",
        reason="RETURN_DEFECTIVE_ITEM",
        description="Não liga, já testei em outra tomada.",
        lines=(ReturnLine("1", 2),),
    )
    coming = replace(
        back, code="r2", rma="RMA-8", state=ReturnState.COMING, reason="RETURN_CHANGED_MIND"
    )
    returns.write(shop.database, page, [back, coming])

    async def press(pilot: Pilot[Any]) -> None:
        await after("g", "r", "2")(pilot)
        await settle(pilot)

    assert snap_compare(DeskApp(shop), terminal_size=size, run_before=press)


class Parcelled(MiraklAdapter):
    """A marketplace at which one parcel was sent and another is prepared."""

    async def shipments(self, number: str) -> tuple[Shipment, ...]:
        del number
        return (
            Shipment("s1", "SHIPPED", sent=True, carrier="BRT", number="P1", pieces=(("1", 1),)),
            Shipment("s2", "SHIPPING", sent=False, number="P2", warehouse="SP-01"),
        )

    async def returnable(self, lines: Sequence[str]) -> tuple[Returnable, ...]:
        reasons = ("RETURN_CHANGED_MIND", "RETURN_DEFECTIVE_ITEM")
        return (Returnable(lines[0], 2, 14, ("RETURN_METHOD_BY_MAIL",), reasons),)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "keys", [("x", "p"), ("x", "p", "2"), ("x", "p", "+"), ("R",)], ids=" ".join
)
def test_what_is_asked_of_the_marketplace(
    shop: Desk,
    snap_compare: Compare,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    keys: tuple[str, ...],
) -> None:
    monkeypatch.setattr(registry, "load", lambda _name: Parcelled)
    # That it asks is told for two seconds, over what is pictured.
    monkeypatch.setattr(DeskApp, "notify", lambda *_told, **_how: None)
    i18n.set_language(language)

    async def press(pilot: Pilot[Any]) -> None:
        await after("p")(pilot)
        for key in keys:
            before = pilot.app.screen
            await pilot.press(key)
            # The marketplace is asked in a thread.
            while pilot.app.screen is before or type(pilot.app.screen).__name__ == "OrderScreen":
                await pilot.pause(0.01)
            await pilot.pause()

    assert snap_compare(DeskApp(shop), terminal_size=(80, 24), run_before=press)


@pytest.mark.parametrize("language", LANGUAGES)
def test_marked_returns_ask(shop: Desk, snap_compare: Compare, language: str) -> None:
    i18n.set_language(language)
    page = Stream(shop.channel("Carrefour").id, "returns", "c", complete=True)
    back = ReturnSnapshot(
        *("r1", "100-A", ReturnState.WAITING, "WAITING_ACCEPTANCE", NOW - HOUR, NOW - HOUR),
        rma="RMA-7",
    )
    returns.write(shop.database, page, [back, replace(back, code="r2", rma="RMA-8")])

    async def press(pilot: Pilot[Any]) -> None:
        await after("g", "r")(pilot)
        await settle(pilot)
        for key in ("space", "space", "x", "f", "1"):
            await pilot.press(key)
            await pilot.pause()

    assert snap_compare(DeskApp(shop), terminal_size=(80, 24), run_before=press)
