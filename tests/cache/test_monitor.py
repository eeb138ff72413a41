"""The counts made by the database are those of the rules, on ten thousand generated orders."""

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mkt_tui.cache import erp as erp_cache
from mkt_tui.cache import monitor
from mkt_tui.cache.database import Database
from mkt_tui.cache.erp import ErpOrder
from mkt_tui.cache.instants import from_cache, to_cache
from mkt_tui.cache.monitor import Asked
from mkt_tui.cache.order_upserts import write_orders
from mkt_tui.cache.streams import Stream
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.monitor import (
    ErpCopy,
    ErpLink,
    Facts,
    Report,
    Stage,
    Watch,
    milestones,
    report_of,
)
from mkt_tui.domain.orders import (
    Billing,
    Event,
    OrderSnapshot,
    OrderStatus,
    Tracking,
    Unreadable,
)
from tests.monitor_orders import invent
from tests.thorough import examples
from tests.worlds import HOUR, NOW, channel, order, read, read_orders, ticket

ORDERS = 10_000
BEFORE_THE_READING = {Report.ERP_DUPLICATES, Report.DESYNCHRONISED, Report.NOT_TRANSMITTED}


def asked(database: Database, now: datetime = NOW, **watch: timedelta) -> Asked:
    ids = [row[0] for row in database.rows("SELECT id FROM channel")]
    return Asked(ids, to_cache(now), Watch(**watch))


def numbers(database: Database, report: Report, now: datetime = NOW) -> list[str]:
    return [each.number for each in monitor.cases(database, asked(database, now), report)]


def erp(database: Database, channel_id: int, at: datetime, *rows: tuple[str, str, Stage]) -> None:
    orders = [ErpOrder(erp_id, number, stage, stage) for erp_id, number, stage in rows]
    with database.transaction():
        erp_cache.replace(database, channel_id, "magento", orders, "ana", at)


def test_ten_thousand_orders_are_counted_as_the_rules_say(desk: Desk) -> None:
    database = desk.database
    shop, magento = channel(database, "Carrefour"), channel(database, "Magento")
    orders = invent(ORDERS, random.Random(1))
    read_orders(database, shop, *orders[::2])
    read_orders(database, magento, *orders[1::2])
    links = link_to_erp(database, magento.id, orders[1::2], random.Random(1))
    facts = [Facts(milestones(each), links.get(each.number)) for each in orders]

    for hours in (-60, -30, 0, 20):
        now = NOW + hours * HOUR
        expected = Counter(report_of(each, now, Watch()) for each in facts)
        counted = monitor.counts(database, asked(database, now))

        assert counted == {report: expected[report] for report in Report}
        assert sum(counted.values()) + expected[None] == ORDERS
        missing = {report for report in Report if not counted[report]} - {Report.NOT_CREATED}
        assert missing <= BEFORE_THE_READING if hours < -40 else not missing
        for report in Report:
            assert len(numbers(database, report, now)) == counted[report]


def link_to_erp(
    database: Database, channel_id: int, orders: list[OrderSnapshot], rng: random.Random
) -> dict[str, ErpLink]:
    """Let the ERP hold most of the orders, some twice, some with another word."""
    read_at, rows, links = NOW - 40 * HOUR, [], {}
    for each in orders:
        stages = rng.choices(list(Stage), k=rng.choice((0, 1, 1, 1, 2)))
        copies = tuple(
            ErpCopy(f"{each.number}-{place}", stage) for place, stage in enumerate(stages)
        )
        rows += [(copy.erp_id, each.number, copy.stage) for copy in copies]
        links[each.number] = ErpLink(read_at, copies, duplicates=True)
    erp(database, channel_id, read_at, *rows)
    return links


def test_the_most_pressing_order_comes_first_with_its_deadline(desk: Desk) -> None:
    shop = channel(desk.database)
    for number, hours in (("B", 20), ("A", 6), ("C", 47)):
        read_orders(desk.database, shop, to_ship(number, hours))

    found = monitor.cases(desk.database, asked(desk.database), Report.SHIP_AT_RISK)
    assert [each.number for each in found] == ["A", "B", "C"]
    assert from_cache(found[0].deadline or 0) == NOW + 6 * HOUR
    assert [
        each.number
        for each in monitor.cases(desk.database, asked(desk.database), Report.SHIP_AT_RISK, 1)
    ] == ["A"]


def to_ship(number: str, hours: float) -> OrderSnapshot:
    plain = order(number, status=OrderStatus.TO_SHIP)
    return replace(plain, transport=replace(plain.transport, ship_by=NOW + hours * HOUR))


def test_an_order_that_cannot_be_read_is_listed_until_it_comes(desk: Desk) -> None:
    shop = channel(desk.database)
    page = Stream(shop.id, "orders", "c", complete=True)
    broken = (Unreadable("666", "currency_iso_code"),)
    write_orders(desk.database, page, [], broken, NOW - HOUR)

    assert numbers(desk.database, Report.NOT_CREATED) == ["666"]
    assert numbers(desk.database, Report.NOT_CREATED, NOW - 2 * HOUR) == []
    (case,) = monitor.cases(desk.database, asked(desk.database), Report.NOT_CREATED)
    assert case.detail == "currency_iso_code"

    read_orders(desk.database, shop, order("666"))
    assert numbers(desk.database, Report.NOT_CREATED) == []


def test_an_order_that_only_a_ticket_names_is_listed_once_orders_were_read(desk: Desk) -> None:
    shop = channel(desk.database)
    read(desk.database, shop, ticket("t1", order_number="gone"), registered_at=NOW - 2 * HOUR)
    assert numbers(desk.database, Report.NOT_CREATED) == []

    read_orders(desk.database, shop, order("another"))
    mark = "UPDATE sync SET last_success_at = :at WHERE stream = 'orders'"
    desk.database.execute(mark, {"at": to_cache(NOW - HOUR)})
    assert numbers(desk.database, Report.NOT_CREATED) == ["gone"]


def test_what_the_marketplace_no_longer_tells_stays_known(desk: Desk) -> None:
    shop = channel(desk.database)
    read_orders(desk.database, shop, to_ship("A", 6))
    read_orders(desk.database, shop, order("A", status=OrderStatus.TO_SHIP, updated_at=NOW))
    assert numbers(desk.database, Report.SHIP_AT_RISK) == ["A"]

    read_orders(desk.database, shop, order("A", status=OrderStatus.CANCELLED, updated_at=NOW))
    assert numbers(desk.database, Report.SHIP_AT_RISK) == []


ago = st.integers(0, 400).map(lambda hours: NOW - hours * HOUR)


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    shipped=ago,
    moves=st.lists(ago, max_size=4),
    promised=st.integers(-100, 100).map(lambda hours: NOW + hours * HOUR),
    asked_at=ago,
)
def test_an_earlier_movement_counts_for_an_earlier_instant(
    desk: Desk,
    shipped: datetime,
    moves: list[datetime],
    promised: datetime,
    asked_at: datetime,
) -> None:
    database = desk.database
    database.execute("DELETE FROM channel")
    plain = order(
        "M",
        status=OrderStatus.SHIPPED,
        billing=Billing(paid_at=NOW - 500 * HOUR),
        tracking=Tracking(shipped_at=shipped, promised_until=promised),
    )
    shop = channel(database)
    # Told one by one, as a carrier does: what was told before is not told again.
    for move in [None, *moves]:
        event = (Event(move, "moved"),) if move else ()
        read_orders(database, shop, replace(plain, history=event))

    told = replace(plain, history=tuple(Event(at, "moved") for at in moves))
    expected = report_of(Facts(milestones(told)), asked_at, Watch())
    counted = monitor.counts(database, asked(database, asked_at))
    assert [report for report, count in counted.items() if count] == (
        [expected] if expected else []
    )
