"""Acts on an order: offered where they can be done, confirmed, noted, done once (C16-C18, A6)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mkt_tui.cache import erp, operations
from mkt_tui.cache.places import Place
from mkt_tui.cache.queries import OrderRecord
from mkt_tui.desk import order_acts
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.operations import Kind, Parcel, ShipOrder
from mkt_tui.domain.orders import OrderSnapshot, OrderStatus
from tests.desk.orders import EMPTY, FULL, acts, make_desk, put

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
    known = order_acts.touch(desk, record)
    assert known is not None
    assert (known.act, known.agent) == ("ship", "ana")
    assert erp.is_diverged(desk.database, (record.channel_id, record.number))
    assert acts(desk)[-1][:4] == ("ana", "order.ship", "Carrefour", FULL.number)


def test_a_second_act_asks_first(desk: Desk) -> None:
    record = waiting(desk)
    order_acts.perform(desk, record, order_acts.track(desk, record, PARCEL))
    second = order_acts.track(desk, record, PARCEL)
    assert "ana already did this order" in "\n".join(order_acts.question(desk, record, second))
    with pytest.raises(NotAllowed, match="Somebody has acted"):
        order_acts.perform(desk, record, second)
    assert len(queued(desk)) == 1
    order_acts.perform(desk, record, second, again=True)
    assert len(queued(desk)) == 2


def test_the_question_names_order_channel_and_what_does_not_change(desk: Desk) -> None:
    record = waiting(desk)
    told = "\n".join(order_acts.question(desk, record, order_acts.ship(desk, record, PARCEL)))
    for words in (FULL.number, "Carrefour", "BRT 156000000000001", "marketplace only"):
        assert words in told
    assert "does not change the order in your own system" in told


def test_a_refund_shows_the_amount_of_the_order_itself(desk: Desk) -> None:
    record = waiting(desk)
    act = order_acts.refund(desk, record, None)
    assert act.total == 12990 + 1500 + 500
    assert "R$149.90" in order_acts.question(desk, record, act)[0]
    bare = put(desk, replace(EMPTY, status=OrderStatus.SHIPPED))
    with pytest.raises(NotAllowed, match="prices"):
        order_acts.refund(desk, bare, None)


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
    assert order_acts.touch(desk, put(desk, later)) is not None
