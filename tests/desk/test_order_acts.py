"""Acts on an order: offered where they can be done, confirmed, noted, done once (C16-C18, A6)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mkt_tui.adapters.mirakl.adapter import MiraklAdapter
from mkt_tui.cache import erp, operations
from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.cache.places import Place
from mkt_tui.desk import order_acts, order_questions, refunding, shipping
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.order_operations import Parcel, RefundLine, RefundOrder, Share, ShipOrder
from mkt_tui.domain.orders import OrderSnapshot, OrderStatus, Refund
from tests.desk.orders import EMPTY, FULL, NOW, acts, make_desk, put

PARCEL = Parcel("BRT", "156000000000001")


@pytest.fixture
def desk(tmp_path: Path, place: Place) -> Iterator[Desk]:
    made = make_desk(tmp_path, place)
    yield made
    made.database.close()


def waiting(desk: Desk, status: OrderStatus = OrderStatus.TO_SHIP) -> OrderRecord:
    return put(desk, replace(FULL, status=status, marketplace_status=status.upper()))


def queued(desk: Desk) -> list[tuple[str, str, str]]:
    rows = desk.database.rows("SELECT id, kind, agent FROM operation ORDER BY queued_at, id")
    return [(row[0], row[1], row[2]) for row in rows]


def test_what_the_channel_and_the_state_allow_is_offered_the_rest_says_why(desk: Desk) -> None:
    obstacles = {each.kind: each.obstacle for each in order_acts.offers(desk, waiting(desk))}
    assert obstacles[Kind.SHIP] is None
    assert obstacles[Kind.TRACK] is None
    assert obstacles[Kind.DECIDE] == "The order is not in a state for that"
    assert all(obstacles[each] is None or obstacles[each] for each in order_acts.KINDS)


def test_an_act_is_queued_noted_and_flagged_in_one_go(desk: Desk) -> None:
    record = waiting(desk)
    act = order_acts.ship(desk, record, PARCEL, Parcel("BRT", "156000000000002"))
    order_acts.perform(desk, record, act)
    assert queued(desk) == [(act.operation, "ship", "ana")]
    loaded = operations.load(desk.database, act.operation)
    assert isinstance(loaded, ShipOrder)
    assert [each.number for each in loaded.parcels] == ["156000000000001", "156000000000002"]
    known = order_questions.touch(desk, record)
    assert known is not None
    assert (known.act, known.agent) == ("ship", "ana")
    assert erp.is_diverged(desk.database, (record.channel_id, record.number))
    assert acts(desk)[-1][:4] == ("ana", "ship.queued", "Carrefour", FULL.number)


def test_several_parcels_say_what_is_in_each_and_what_stays_behind(desk: Desk) -> None:
    record = waiting(desk)
    parcels = shipping.chosen(record, "BRT", "15600:1 AB:2:2", None)
    assert [(each.number, each.shares) for each in parcels] == [
        ("15600", (Share("1", 2),)),
        ("AB:2", (Share("2", 1),)),
    ]
    act = order_acts.ship(desk, record, *shipping.chosen(record, "BRT", "15600:1x1", None))
    told = order_questions.question(desk, record, act)
    assert told[1] == "  15600: 1 × Grande Sertão: Veredas"
    assert told[2] == ("! Not in these parcels: 1 × Grande Sertão: Veredas, 1 × Marcador de página")
    (first, rest) = shipping.chosen(record, "BRT", "15600:1x1 15601", None)
    assert rest.shares == (Share("1", 1), Share("2", 1))
    for wrong in ("A B", "A:3", "A:1x9", "A:1x", "A:", ":1", "A:1;2"):
        with pytest.raises(NotAllowed):
            shipping.chosen(record, "BRT", wrong, None)
    assert first.number == "15600"


def test_a_channel_that_takes_one_parcel_says_so_before_anything_leaves(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = waiting(desk)
    assert order_acts.takes_parcels(desk, record)
    monkeypatch.setattr(MiraklAdapter, "SHIPS_PARCELS", False)
    with pytest.raises(NotAllowed, match="one parcel"):
        order_acts.ship(desk, record, *shipping.chosen(record, "BRT", "A:1 B:2", None))
    assert order_acts.ship(desk, record, PARCEL).parcels == (PARCEL,)


def confirm(desk: Desk) -> None:
    """Let the marketplace have confirmed all that was queued."""
    desk.database.execute("UPDATE operation SET state = 'sent', settled_at = queued_at")


def test_one_act_at_a_time_is_on_its_way_for_an_order(desk: Desk, tmp_path: Path) -> None:
    record = waiting(desk)
    first = order_acts.ship(desk, record, PARCEL)
    order_acts.perform(desk, record, first)
    for late in (order_acts.track(desk, record, PARCEL), order_acts.ship(desk, record, PARCEL)):
        with pytest.raises(NotAllowed, match="still on its way"):
            order_acts.perform(desk, record, late, again=True)
    (tmp_path / "nota.pdf").write_bytes(b"%PDF")
    invoice = order_acts.document(desk, record, tmp_path / "nota.pdf", "CUSTOMER_INVOICE")
    order_acts.perform(desk, record, invoice, again=True)
    assert {kind for _id, kind, _agent in queued(desk)} == {"ship", "document"}


def test_a_second_act_asks_first(desk: Desk) -> None:
    record = waiting(desk)
    order_acts.perform(desk, record, order_acts.track(desk, record, PARCEL))
    confirm(desk)
    second = order_acts.track(desk, record, PARCEL)
    assert "ana already did this order" in "\n".join(order_questions.question(desk, record, second))
    with pytest.raises(NotAllowed, match="Somebody has acted"):
        order_acts.perform(desk, record, second)
    assert len(queued(desk)) == 1
    order_acts.perform(desk, record, second, again=True)
    assert len(queued(desk)) == 2


def test_the_question_names_order_channel_and_what_does_not_change(desk: Desk) -> None:
    record = waiting(desk)
    told = "\n".join(order_questions.question(desk, record, order_acts.ship(desk, record, PARCEL)))
    for words in (FULL.number, "Carrefour", "BRT 156000000000001", "marketplace only"):
        assert words in told
    assert "does not change the order in your own system" in told


def test_a_refund_shows_the_amount_of_the_order_itself(desk: Desk) -> None:
    record = waiting(desk)
    act = order_acts.refund(desk, record, None)
    assert act.total == 12990 + 1500 + 500
    assert "R$149.90" in order_questions.question(desk, record, act)[0]
    bare = put(desk, replace(EMPTY, status=OrderStatus.SHIPPED))
    with pytest.raises(NotAllowed, match="prices"):
        order_acts.refund(desk, bare, None)


@pytest.fixture
def _refunds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the channel pay back."""
    monkeypatch.setattr(order_acts, "can", lambda _adapter, _kind: True)


def pay_back(desk: Desk, record: OrderRecord, typed: str = "") -> RefundOrder:
    act = order_acts.refund(desk, record, "19", typed)
    order_acts.perform(desk, record, act, again=True)
    return act


@pytest.mark.usefixtures("_refunds")
def test_what_was_asked_for_is_not_proposed_again(desk: Desk) -> None:
    record = waiting(desk)
    first = pay_back(desk, record, "1=100,00")
    assert first.lines == (RefundLine("1", 10000, 0),)
    rest = refunding.left(desk, record)
    assert rest == (RefundLine("1", 2990, 1500), RefundLine("2", 500, 0, 1))
    assert refunding.proposal(rest, record) == "1=44.90 2=5.00"
    confirm(desk)
    # A second agent had the form open all the while.
    stale = replace(first, operation="late", lines=(RefundLine("1", 12990, 1500, 2),))
    with pytest.raises(NotAllowed, match="more than is left"):
        order_acts.perform(desk, record, stale, again=True)
    pay_back(desk, record)
    confirm(desk)
    with pytest.raises(NotAllowed, match="paid back already"):
        order_acts.refund(desk, record, "19")
    assert len(queued(desk)) == 2


@pytest.mark.usefixtures("_refunds")
def test_what_the_marketplace_tells_as_paid_back_counts_once(desk: Desk) -> None:
    pay_back(desk, waiting(desk), "2")
    confirm(desk)
    record = waiting(desk)
    assert [each.line for each in refunding.left(desk, record)] == ["1"]
    # The marketplace's next news of the order holds it.
    finance = replace(FULL.finance, refunded=500, refunds=(Refund(500, line="2"),))
    told = put(desk, replace(FULL, finance=finance, updated_at=NOW + timedelta(minutes=1)))
    assert refunding.left(desk, told) == (RefundLine("1", 12990, 1500, 2),)


def test_a_refund_of_unknown_items_is_left_to_the_portal(desk: Desk) -> None:
    record = put(desk, replace(FULL, finance=replace(FULL.finance, refunded=500)))
    with pytest.raises(NotAllowed, match="of which items"):
        order_acts.refund(desk, record, None)
    one = replace(FULL, items=FULL.items[:1], finance=replace(FULL.finance, refunded=500))
    assert order_acts.refund(desk, put(desk, one), None).total == 12990 + 1500 - 500


@pytest.mark.parametrize(
    "typed",
    ["3", "0", "1=", "1=x", "1=-5", "1=0.001", "1=NaN", "1=1e99999", "²", "1 1", "a=1", "1=145"],
)
def test_items_and_amounts_that_make_no_sense_pay_back_nothing(desk: Desk, typed: str) -> None:
    with pytest.raises(NotAllowed):
        order_acts.refund(desk, waiting(desk), None, typed)


def test_a_refund_is_confirmed_item_by_item(desk: Desk) -> None:
    record = waiting(desk)
    told = order_questions.question(
        desk, record, order_acts.refund(desk, record, None, "1=10.50 2")
    )
    assert told[0].startswith("Pay back R$15.50")
    assert told[1:3] == ["  Grande Sertão: Veredas: R$10.50", "  Marcador de página: R$5.00"]


@pytest.mark.parametrize("status", [OrderStatus.SHIPPED, OrderStatus.CANCELLED, OrderStatus.OTHER])
def test_an_order_in_another_state_is_not_shipped(desk: Desk, status: OrderStatus) -> None:
    record = waiting(desk, status)
    with pytest.raises(NotAllowed, match="not in a state"):
        order_acts.perform(desk, record, order_acts.ship(desk, record, PARCEL))
    assert queued(desk) == []


@pytest.mark.parametrize(("carrier", "number"), [("", "1"), ("BRT", ""), ("BRT", "1 2")])
def test_a_parcel_must_have_carrier_and_number(desk: Desk, carrier: str, number: str) -> None:
    with pytest.raises(NotAllowed, match="carrier and a number"):
        order_acts.track(desk, waiting(desk), Parcel(carrier, number))


def test_a_document_is_read_when_it_is_chosen(desk: Desk, tmp_path: Path) -> None:
    record, path = waiting(desk), tmp_path / "nota.pdf"
    with pytest.raises(NotAllowed, match="cannot be read"):
        order_acts.document(desk, record, path, "CUSTOMER_INVOICE")
    path.write_bytes(b"")
    with pytest.raises(NotAllowed, match="1 byte"):
        order_acts.document(desk, record, path, "CUSTOMER_INVOICE")
    path.write_bytes(b"%PDF")
    assert order_acts.document(desk, record, path, "CUSTOMER_INVOICE").data == b"%PDF"


def test_the_history_tells_the_act_and_where_it_stands(desk: Desk) -> None:
    from mkt_tui.desk.sheet import sheet

    record = waiting(desk)
    order_acts.perform(desk, record, order_acts.ship(desk, record, PARCEL))
    values = [each.value for each in sheet(desk, record, revealed=False).sections[-1].lines]
    assert "Shipment by ana: on its way" in values


def test_unrelated_snapshots_keep_the_flag(desk: Desk) -> None:
    record = waiting(desk)
    order_acts.perform(desk, record, order_acts.ship(desk, record, PARCEL))
    later: OrderSnapshot = replace(FULL, status=OrderStatus.SHIPPED)
    assert order_questions.touch(desk, put(desk, later)) is not None


def test_what_was_exchanged_is_named_piece_by_piece(desk: Desk) -> None:
    record = waiting(desk, OrderStatus.SHIPPED)
    parcel = Parcel("", "", shares=shipping.pieces(record, "1x1, 2"))
    act = order_acts.exchange(desk, record, parcel, returned=True)
    assert act.parcel.shares == (Share("1", 1), Share("2", 1))
    told = order_questions.question(desk, record, act)
    assert told[0].startswith("Tell that pieces came back: order")
    assert told[1] == "  1 × Grande Sertão: Veredas, 1 × Marcador de página"
    whole = order_acts.exchange(desk, record, Parcel("BRT", "AA1"), returned=False)
    told = order_questions.question(desk, record, whole)
    assert told[1:3] == ["  2 × Grande Sertão: Veredas, 1 × Marcador de página", "  BRT AA1"]
    for wrong in ("1x9", "3", "x"):
        with pytest.raises(NotAllowed):
            order_acts.exchange(
                desk,
                record,
                Parcel("", "", shares=shipping.pieces(record, wrong)),
                returned=True,
            )
