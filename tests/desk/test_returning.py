"""Returns: kept as they were told, seen with the order and found by filters, handled in their turn."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from mkt_tui.cache import operations, queries, returns
from mkt_tui.cache.places import Place
from mkt_tui.cache.streams import Stream
from mkt_tui.desk import order_acts, order_questions, returning
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.queue import View
from mkt_tui.desk.sheet import as_text
from mkt_tui.desk.sheet_json import as_json
from mkt_tui.domain.errors import NotAllowed, NotFound
from mkt_tui.domain.filters import parse
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.order_operations import Finding, HandleReturn
from mkt_tui.domain.returns import ReturnLine, ReturnSnapshot, ReturnState, ReturnStep
from mkt_tui.screens.act_dialogs import AskScreen
from mkt_tui.screens.returns import ReturnsScreen
from tests.desk.orders import FULL, NOW, make_desk, put, put_ticket

DAMAGED = "RETURN_NON_COMPLIANT_DAMAGED_PRODUCT"
LATE = "RETURN_REJECTION_WINDOW_CLOSED"
BACK = ReturnSnapshot(
    code="uuid-1",
    order_number=FULL.number,
    state=ReturnState.WAITING,
    marketplace_state="WAITING_ACCEPTANCE",
    created_at=NOW - timedelta(days=1),
    updated_at=NOW - timedelta(hours=5),
    rma="RMA-7",
    reason="RETURN_DEFECTIVE_ITEM",
    description="Não liga\x1b[31m.",
    lines=(ReturnLine("1", 2), ReturnLine("2", 1)),
)


@pytest.fixture
def desk(tmp_path: Path, place: Place) -> Iterator[Desk]:
    made = make_desk(tmp_path, place)
    yield made
    made.database.close()


def tell(desk: Desk, *told: ReturnSnapshot) -> None:
    stream = Stream(desk.channel("Carrefour").id, "returns", "", complete=True)
    returns.write(desk.database, stream, told)


def test_what_is_told_is_kept_and_what_is_overtaken_changes_nothing(desk: Desk) -> None:
    record = put(desk, FULL)
    tell(desk, BACK)
    tell(desk, replace(BACK, updated_at=NOW - timedelta(days=3), rma="RMA-OLD"))
    later = replace(
        *(BACK,), state=ReturnState.RECEIVED, marketplace_state="RECEIVED", rma=None, reason=None
    )
    tell(desk, replace(later, updated_at=NOW, lines=()))
    (found,) = returning.of_order(desk, record)
    assert (found.state, found.name) == ("received", "RMA-7")
    assert found.details["reason"] == "RETURN_DEFECTIVE_ITEM"
    assert [each["line"] for each in found.details["lines"]] == ["1", "2"]


def test_the_sheet_shows_returns_in_words_and_safe(desk: Desk) -> None:
    record = put(desk, FULL)
    assert "Returns" not in as_text(desk, record, revealed=False)
    lines = (ReturnLine("1", 2, compliant=False, finding=DAMAGED, note="Riscado"), BACK.lines[1])
    tell(desk, replace(BACK, lines=lines))
    told = as_text(desk, record, revealed=False)
    assert "RMA-7" in told
    assert "to be accepted or refused · defective" in told
    assert "2 × Grande Sertão: Veredas · not in order: damaged, Riscado" in told
    assert "The customer's words: Não liga" in told
    assert "\x1b" not in told
    (one,) = as_json(desk, record, revealed=False)["returns"]
    assert (one["return"], one["state"], one["lines"][0]["compliant"]) == (
        *("uuid-1", "waiting"),
        False,
    )


def found_by(desk: Desk, line: str) -> list[str]:
    terms = parse(line, [each.name for each in desk.channels().values()])
    wanted = View(terms=terms).filter(desk)
    rows = queries.page(desk.database, wanted, None, 0, 99)
    return sorted(row.code for row in rows)


def test_only_steps_that_fit_the_state_are_taken(desk: Desk) -> None:
    record = put(desk, FULL)
    offers = {each.kind: each.obstacle for each in order_acts.offers(desk, record)}
    assert offers[Kind.RETURN] == "The order has no open return"
    tell(desk, BACK)
    offers = {each.kind: each.obstacle for each in order_acts.offers(desk, record)}
    assert offers[Kind.RETURN] is None
    which = returning.chosen(desk, record, None)
    with pytest.raises(NotAllowed, match="to be accepted or refused"):
        returning.handle(desk, record, which, ReturnStep.CLOSE)
    with pytest.raises(NotAllowed, match=LATE):
        returning.handle(desk, record, which, ReturnStep.REFUSE, reason="BECAUSE")
    act = returning.handle(desk, record, which, ReturnStep.REFUSE, reason=LATE)
    asked = order_questions.question(desk, record, act)
    assert asked[0].startswith("Refuse the return (too late): order 0700123456-A at Carrefour")
    order_acts.perform(desk, record, act)
    assert operations.load(desk.database, act.operation) == act
    # Until the marketplace tells of it, the step stands beside its last word.
    assert "→ Refuse the return: on its way" in as_text(desk, record, revealed=False)
    desk.database.execute("UPDATE operation SET state = 'sent'")
    assert "→ Refuse the return: done at" in as_text(desk, record, revealed=False)
    desk.database.execute("UPDATE operation SET state = 'queued'")
    # One step at a time is on its way.
    again = returning.handle(desk, record, which, ReturnStep.ACCEPT)
    with pytest.raises(NotAllowed, match="still on its way"):
        order_acts.perform(desk, record, again, again=True)


def test_every_item_is_judged_or_nothing(desk: Desk) -> None:
    record = put(desk, FULL)
    tell(desk, replace(BACK, state=ReturnState.RECEIVED))
    which = returning.chosen(desk, record, "RMA-7")
    found = returning.findings(which, [f"2={DAMAGED}:Riscado"])
    assert found == (
        Finding("1", compliant=True),
        Finding("2", compliant=False, reason=DAMAGED, note="Riscado"),
    )
    act = returning.handle(desk, record, which, ReturnStep.JUDGE, findings=found)
    asked = order_questions.question(desk, record, act)
    assert asked[1:3] == [
        "  Grande Sertão: Veredas: found in order",
        "  Marcador de página: damaged, Riscado",
    ]
    with pytest.raises(NotAllowed, match="Every item"):
        returning.handle(desk, record, which, ReturnStep.JUDGE, findings=found[:1])
    for wrong in ("3=X", "0=X", "x", "1=", "²=X"):
        with pytest.raises(NotAllowed, match="names no item"):
            returning.findings(which, [wrong])


def test_a_return_is_meant_by_its_number_where_there_are_several(desk: Desk) -> None:
    record = put(desk, FULL)
    with pytest.raises(NotFound):
        returning.chosen(desk, record, None)
    ended = replace(BACK, code="uuid-0", rma=None, state=ReturnState.CLOSED)
    tell(desk, BACK, ended)
    assert returning.chosen(desk, record, None).code == "uuid-1"
    assert returning.chosen(desk, record, "uuid-0").code == "uuid-0"
    tell(desk, replace(BACK, code="uuid-2", rma="RMA-8"))
    with pytest.raises(NotAllowed, match="RMA-7, RMA-8"):
        returning.chosen(desk, record, None)


class Alone(App[None]):
    def __init__(self, first: Screen[Any]) -> None:
        super().__init__()
        self._first = first

    def on_mount(self) -> None:
        self.push_screen(self._first)


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


async def test_a_return_is_accepted_from_the_list(desk: Desk) -> None:
    put(desk, FULL)
    tell(desk, BACK, replace(BACK, code="uuid-9", rma="RMA-9", state=ReturnState.CLOSED))
    async with Alone(ReturnsScreen(desk)).run_test(size=(80, 24)) as pilot:
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        head = str(pilot.app.screen.query_one("#head", Static).visual)
        assert "1 To decide: 1" in head
        assert "3 Ended: 1" in head
        await press(pilot, "x", "a")
        assert type(pilot.app.screen) is AskScreen
        await press(pilot, "y")
        await pilot.app.workers.wait_for_complete()
    (row,) = desk.database.rows("SELECT id FROM operation")
    act = operations.load(desk.database, row[0])
    assert isinstance(act, HandleReturn)
    assert (act.step, act.return_code) == (ReturnStep.ACCEPT, "uuid-1")


async def test_items_are_judged_one_after_the_other(desk: Desk) -> None:
    put(desk, FULL)
    tell(desk, replace(BACK, state=ReturnState.RECEIVED))
    async with Alone(ReturnsScreen(desk)).run_test(size=(80, 24)) as pilot:
        await pilot.app.workers.wait_for_complete()
        await press(pilot, "2", "x", "j", "o", "3", *"Riscado", "enter", "y")
        await pilot.app.workers.wait_for_complete()
    (row,) = desk.database.rows("SELECT id FROM operation")
    act = operations.load(desk.database, row[0])
    assert isinstance(act, HandleReturn)
    assert act.findings == (
        Finding("1", compliant=True),
        Finding("2", compliant=False, reason=DAMAGED, note="Riscado"),
    )


def test_a_filter_finds_tickets_by_their_orders_returns(desk: Desk) -> None:
    put(desk, FULL)
    put_ticket(desk, "T-1", FULL.number, waiting=True)
    put_ticket(desk, "T-2", "other", waiting=True)
    assert found_by(desk, "return:any") == []
    tell(desk, BACK)
    for line in (
        "return:open",
        "return:waiting",
        "devolucao:aberto",
        "return:any",
        "-return:closed",
    ):
        assert "T-1" in found_by(desk, line)
    assert found_by(desk, "return:open") == ["T-1"]
    assert found_by(desk, "return:closed,refused") == []
    tell(desk, replace(BACK, state=ReturnState.CLOSED, updated_at=NOW))
    assert found_by(desk, "return:open") == []
    assert found_by(desk, "return:closed") == ["T-1"]
