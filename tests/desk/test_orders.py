"""The list of orders: its order, its filters, every number that finds one, its money."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mkt_tui.cache import erp, order_list
from mkt_tui.cache.order_list import OrderFilter
from mkt_tui.cache.order_upserts import write_orders
from mkt_tui.cache.places import Place
from mkt_tui.cache.streams import Stream
from mkt_tui.desk import order_acts, orders, paging
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.order_operations import Parcel
from mkt_tui.domain.orders import Fee, Finance, OrderSnapshot, OrderStatus, Tracking
from tests.desk.orders import EMPTY, FULL, NOW, make_desk, put, put_ticket
from tests.thorough import examples


@pytest.fixture
def desk(tmp_path: Path, place: Place) -> Iterator[Desk]:
    made = make_desk(tmp_path, place)
    yield made
    made.database.close()


def numbers(desk: Desk, **wanted: object) -> list[str]:
    found = orders.pages(desk, OrderFilter(**wanted))  # type: ignore[arg-type]  # the test's own
    rows = [found.row(place) for place in range(found.total)]
    return [each.number for each in rows if each]


def aged(number: str, days: float, **changes: object) -> OrderSnapshot:
    plain = replace(EMPTY, number=number, created_at=NOW - timedelta(days=days))
    return replace(plain, **changes)  # type: ignore[arg-type]  # the caller names its fields


def test_the_newest_order_comes_first(desk: Desk) -> None:
    for number, days in (("A", 3), ("B", 1), ("C", 2)):
        put(desk, aged(number, days))
    put(desk, aged("D", 1.5), channel="Leroy")
    assert numbers(desk) == ["B", "D", "C", "A"]
    assert numbers(desk, channel_id=desk.channel("Leroy").id) == ["D"]


def test_a_status_narrows_the_list(desk: Desk) -> None:
    put(desk, aged("A", 1, status=OrderStatus.SHIPPED))
    put(desk, aged("B", 2, status=OrderStatus.CANCELLED))
    assert numbers(desk, status="shipped") == ["A"]
    assert order_list.counts(desk.database) == {"shipped": 1, "cancelled": 1}


def test_any_number_finds_its_order(desk: Desk) -> None:
    put(desk, FULL)
    put(desk, aged("0700999999-A", 9))
    put_ticket(desk, "PROT-77", FULL.number, waiting=True)
    for typed in (FULL.number, "07001", "S-99812", "QB123456789BR", "QB123", "PROT-77"):
        assert numbers(desk, number=orders.number(f"  {typed}\n")) == [FULL.number], typed
    assert numbers(desk, number="0700") == [FULL.number, "0700999999-A"]
    assert numbers(desk, number="700") == []
    assert numbers(desk, number="%") == []


def test_a_row_tells_money_items_and_tickets(desk: Desk) -> None:
    put(desk, FULL)
    put_ticket(desk, "T-1", FULL.number, waiting=True)
    put_ticket(desk, "T-2", FULL.number, waiting=False)
    row = orders.pages(desk, OrderFilter()).row(0)
    assert row is not None
    told = orders.told(row)
    assert (told.total, told.shipping, told.fee, told.items) == (14990, 1500, -2248, 3)
    assert (row.open_tickets, row.tickets) == (1, 2)
    assert orders.record(desk, row).number == FULL.number


def test_a_row_tells_whether_acts_arrived_and_what_the_own_system_holds(desk: Desk) -> None:
    record = put(desk, replace(FULL, status=OrderStatus.TO_SHIP))
    put(desk, replace(FULL, number="other"))

    def told() -> dict[str, tuple[int, int | None]]:
        found = order_list.page(desk.database, OrderFilter(), None, 0, 10)
        return {each.number: (each.under_way, each.erp) for each in found}

    assert told() == {FULL.number: (0, None), "other": (0, None)}
    copies = [erp.ErpOrder("E-1", FULL.number, "complete", "shipped")]
    with desk.database.transaction():
        erp.replace(desk.database, record.channel_id, "Magento", copies, "ana", NOW)
    assert told() == {FULL.number: (0, 1), "other": (0, 0)}
    parcel = Parcel("BRT", "156000000000001")
    order_acts.perform(desk, record, order_acts.ship(desk, record, parcel))
    assert told() == {FULL.number: (1, 2), "other": (0, 0)}


def test_the_fee_is_the_sum_of_its_lines_where_they_are_told(desk: Desk) -> None:
    finance = Finance(total=1000, commission=120, fees=(Fee("Referral", -150), Fee("Closing", -30)))
    put(desk, replace(EMPTY, finance=finance))
    row = orders.pages(desk, OrderFilter()).row(0)
    assert row is not None
    assert orders.told(row).fee == -180
    assert orders.as_json(row, desk.channels())["fee"] == "-1.80"


def test_a_list_longer_than_its_anchors_is_reached_anywhere(desk: Desk) -> None:
    snapshots = [aged(f"{number:05}", number / 100) for number in range(paging.STEP * 2 + 70)]
    stream = Stream(desk.channel("Carrefour").id, "orders", "", complete=True)
    write_orders(desk.database, stream, snapshots)
    wanted = order_list.page(desk.database, OrderFilter(), None, 1500, 1)[0]
    measured = orders.measured(desk.database, OrderFilter(), wanted.id)
    found = orders.pages(desk, measured)
    assert (measured.total, measured.place) == (len(snapshots), 1500)
    for place in (0, 63, 64, 1023, 1024, 2047, 2048, len(snapshots) - 1):
        row = found.row(place)
        assert row is not None
        assert row.number == f"{place:05}"
    assert found.row(len(snapshots)) is None
    listed = [row.number for page in orders.in_pages(desk, OrderFilter(), None) for row in page]
    assert listed == [each.number for each in snapshots]


def test_status_changes_are_kept_and_a_repeated_page_adds_none(desk: Desk) -> None:
    first = replace(FULL, marketplace_status="SHIPPING", updated_at=NOW - timedelta(hours=3))
    put(desk, first)
    for _time in range(2):
        put(desk, FULL)
    put(desk, first)  # overtaken
    rows = desk.database.rows("SELECT number, was, became FROM order_status")
    assert rows == [(FULL.number, "SHIPPING", "SHIPPED")]


def test_the_parcels_of_an_order_are_kept_once(desk: Desk) -> None:
    put(desk, EMPTY)
    for _time in range(2):
        put(desk, replace(EMPTY, tracking=Tracking("BRT", "0001")))
    put(desk, replace(EMPTY, tracking=Tracking("BRT", "0002")))
    rows = desk.database.rows("SELECT order_number, carrier, number FROM parcel ORDER BY id")
    assert rows == [("C-1", "BRT", "0001"), ("C-1", "BRT", "0002")]


def test_a_parcel_that_arrived_is_not_asked_for(desk: Desk) -> None:
    put(desk, replace(FULL, status=OrderStatus.DELIVERED))
    assert desk.database.value("SELECT next_look_at FROM parcel") is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(40))
@given(typed=st.text(max_size=30))
def test_whatever_is_typed_is_a_number_or_nothing(desk: Desk, typed: str) -> None:
    numbers(desk, number=orders.number(typed))
