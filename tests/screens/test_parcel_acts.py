"""One of several parcels is put right, or declared sent, from the sheet."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Static

from mkt_tui.adapters import registry
from mkt_tui.adapters.mirakl import MiraklAdapter
from mkt_tui.cache import operations
from mkt_tui.desk import parcelling, shipments
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed, NotFound, Unreachable
from mkt_tui.domain.operations import Operation
from mkt_tui.domain.order_operations import (
    HandleParcel,
    Parcel,
    ParcelStep,
    Prepared,
    Share,
    ShipOrder,
    TrackOrder,
)
from mkt_tui.domain.orders import OrderStatus, Shipment
from mkt_tui.domain.returns import Returnable
from mkt_tui.domain.text import clean_line
from mkt_tui.screens.act_dialogs import ActForm, AskScreen
from mkt_tui.screens.order import OrderScreen
from mkt_tui.screens.order_acts import ActMenu
from mkt_tui.widgets.letter_menu import LetterMenu
from mkt_tui.widgets.told_lines import ToldLines
from tests.desk.orders import FULL, make_desk, put

TO_SHIP = replace(FULL, status=OrderStatus.TO_SHIP, marketplace_status="SHIPPING")
HELD = (
    Shipment("s1", "SHIPPED", sent=True, carrier="BRT", number="P1", pieces=(("1", 1),)),
    Shipment("s2", "SHIPPING", sent=False, carrier="BRT", number="P2\x1b[31m", pieces=(("2", 1),)),
)


P2 = Prepared("s2", clean_line("BRT P2\x1b[31m"))


class Parcelled(MiraklAdapter):
    """A marketplace at which one parcel was sent and another is prepared."""

    held: tuple[Shipment, ...] = HELD
    away = False

    async def returnable(self, lines: Sequence[str]) -> tuple[Returnable, ...]:
        return (Returnable("1", 2, 14, ("RETURN_METHOD_BY_MAIL",), ("RETURN_OTHER",)),)

    async def shipments(self, number: str) -> tuple[Shipment, ...]:
        if self.away:
            raise Unreachable(channel="Carrefour", url="http://x", detail="away")
        return self.held if number == FULL.number else ()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(registry, "load", lambda _name: Parcelled)
    made = make_desk(tmp_path)
    yield made
    made.database.close()


class Alone(App[None]):
    def __init__(self, first: OrderScreen) -> None:
        super().__init__()
        self._first = first

    def on_mount(self) -> None:
        self.push_screen(self._first)


async def on_the_sheet(desk: Desk, *keys: str) -> list[Operation | None]:
    async with Alone(OrderScreen(desk, put(desk, TO_SHIP))).run_test(size=(80, 24)) as pilot:
        for key in keys:
            await pilot.press(key)
            await _answered(pilot, key)
        while not desk.database.value("SELECT 1 FROM operation"):
            await pilot.pause(0.01)
    rows = desk.database.rows("SELECT id FROM operation")
    return [operations.load(desk.database, each) for (each,) in rows]


async def _answered(pilot: Pilot[None], key: str) -> None:
    """Wait for what the key brings; the parcels are asked for in a thread."""
    await pilot.pause()
    brings: dict[str, tuple[type, ...]] = {"x": (ActMenu,), "p": (LetterMenu,), "s": (AskScreen,)}
    brings |= {"1": (ActForm, LetterMenu), "2": (LetterMenu,), "+": (ActForm,)}
    while key in brings and not isinstance(pilot.app.screen, brings[key]):
        await pilot.pause(0.01)


async def test_the_number_of_one_parcel_is_put_right(desk: Desk) -> None:
    typed = ("enter", *"QB9", "enter", "enter")
    (wanted,) = await on_the_sheet(desk, "x", "p", "1", *typed, "y")
    assert isinstance(wanted, TrackOrder)
    assert (wanted.shipment, wanted.parcel.carrier, wanted.parcel.number) == ("s1", "BRT", "QB9")


async def test_a_prepared_parcel_is_sent(desk: Desk) -> None:
    (wanted,) = await on_the_sheet(desk, "x", "p", "2", "s", "y")
    assert isinstance(wanted, ShipOrder)
    assert (wanted.shipments, wanted.parcels) == (
        (Prepared("s2", clean_line("BRT P2\x1b[31m")),),
        (),
    )


async def test_what_is_left_is_prepared_to_leave_later(desk: Desk) -> None:
    (wanted,) = await on_the_sheet(
        desk, "x", "p", "+", *"BRT", "enter", *"QB9", "enter", "enter", "y"
    )
    assert isinstance(wanted, HandleParcel)
    # Of the two pieces of the first item one has left.
    assert wanted.parcels == (Parcel("BRT", "QB9", shares=(Share("1", 1),)),)


async def test_a_prepared_parcel_is_deleted(desk: Desk) -> None:
    (wanted,) = await on_the_sheet(desk, "x", "p", "2", "D", "y")
    assert isinstance(wanted, HandleParcel)
    assert (wanted.step, wanted.shipment) == (ParcelStep.DELETE, P2)


async def test_a_prepared_parcel_leaves_from_another_place(desk: Desk) -> None:
    (wanted,) = await on_the_sheet(desk, "x", "p", "2", "w", *"SP", "enter", "y")
    assert isinstance(wanted, HandleParcel)
    assert (wanted.step, wanted.shipment, wanted.warehouse) == (ParcelStep.MOVE, P2, "SP")


def test_a_parcel_holds_no_more_than_is_left(desk: Desk) -> None:
    record = put(desk, TO_SHIP)
    with pytest.raises(NotAllowed, match="a parcel P1 already"):
        parcelling.prepare(desk, record, [Parcel("BRT", "P1")], HELD)
    every = Shipment("s3", "SHIPPING", sent=False, pieces=(("1", 1),))
    with pytest.raises(NotAllowed, match="Every piece"):
        parcelling.prepare(desk, record, [Parcel("BRT", "P9")], (*HELD, every))
    freed = replace(every, cancelled=True)
    act = parcelling.prepare(desk, record, [Parcel("BRT", "P9")], (*HELD, freed))
    assert act.parcels[0].shares == (Share("1", 1),)
    for refused in (parcelling.delete, partial(parcelling.move, warehouse="SP-01")):
        with pytest.raises(NotAllowed, match="was not sent"):
            refused(desk, record, HELD[0])
    with pytest.raises(NotAllowed, match="by its code"):
        parcelling.move(desk, record, HELD[1], " ")


async def test_what_may_come_back_is_asked_for_on_the_sheet(desk: Desk) -> None:
    async with Alone(OrderScreen(desk, put(desk, FULL))).run_test(size=(80, 24)) as pilot:
        await pilot.press("R")
        while not isinstance(pilot.app.screen, ToldLines):
            await pilot.pause(0.01)
        told = str(pilot.app.screen.query_one(Static).visual)
        assert "Grande Sertão: Veredas: 2 pieces, within 14 days" in told
        assert "How it comes back: by mail" in told
        assert "Marcador de página: nothing can be sent back" in told
        await pilot.press("escape")
        assert len(pilot.app.screen_stack) == 2


@pytest.mark.parametrize(
    ("away", "told"), [(True, "cannot be reached"), (False, "knows no single parcel")]
)
async def test_where_there_is_none_or_nobody_answers_it_is_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, away: bool, told: str
) -> None:
    monkeypatch.setattr(Parcelled, "away", away)
    monkeypatch.setattr(Parcelled, "held", ())
    async with Alone(OrderScreen(desk, put(desk, FULL))).run_test(size=(80, 24)) as pilot:
        await pilot.press("x")
        await _answered(pilot, "x")
        await pilot.press("p")
        while not any(told in each.message for each in pilot.app._notifications):
            await pilot.pause(0.01)
        assert type(pilot.app.screen) is OrderScreen


def test_parcels_are_named_by_either_number_and_shown_safe(desk: Desk) -> None:
    record = put(desk, TO_SHIP)
    found = shipments.listed(desk, record)
    assert shipments.chosen(found, ["P1", "s2"]) == list(HELD)
    with pytest.raises(NotFound, match="P1, P2"):
        shipments.chosen(found, ["none"])
    assert "\x1b" not in shipments.in_words(record, HELD[1])
    assert "1 × Marcador de página" in shipments.in_words(record, HELD[1])
    with pytest.raises(NotAllowed, match="was not sent"):
        parcelling.send(desk, record, HELD[:1])
