"""The rules of the monitor, by stories and by what must hold of any order (M1-M10, M14)."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkt_tui.domain.monitor import (
    ErpCopy,
    ErpLink,
    Facts,
    Milestones,
    Report,
    Stage,
    Watch,
    is_open,
    milestones,
    report_of,
    stage,
)
from mkt_tui.domain.orders import Event, OrderStatus
from tests.monitor_orders import invent
from tests.worlds import HOUR, NOW, order

PAID = Milestones(approved_at=NOW - 100 * HOUR)
WATCH = Watch()
DEADLINES = (Report.SHIP_LATE, Report.SHIP_AT_RISK)
TRANSIT = (Report.TRANSIT_DUE, Report.TRANSIT_AT_RISK, Report.TRANSIT_LATE)

Change = Callable[[Milestones, datetime], Milestones]
EVENTS: list[Change] = [
    lambda known, at: replace(known, approved_at=at),
    lambda known, at: replace(known, shipped_at=at),
    lambda known, at: replace(known, moves=(*known.moves, at)),
    lambda known, at: replace(known, delivered_at=at),
]

instants = st.integers(-600, 600).map(lambda hours: NOW + hours * HOUR)
maybe = st.none() | instants
known = st.builds(
    Milestones,
    approved_at=maybe,
    ship_by=maybe,
    shipped_at=maybe,
    moves=st.lists(instants, max_size=3).map(tuple),
    promised_at=maybe,
    delivered_at=maybe,
    gone=st.booleans(),
)
copies = st.lists(
    st.builds(ErpCopy, st.sampled_from("abc"), st.sampled_from(Stage)), max_size=3
).map(tuple)
links = st.none() | st.builds(ErpLink, instants, copies, st.booleans())
facts = st.builds(Facts, known, links, maybe)


def at(milestones: Milestones, now: datetime = NOW) -> Report | None:
    return report_of(Facts(milestones), now, WATCH)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (-0.01, Report.SHIP_LATE),
        (0, Report.SHIP_AT_RISK),
        (48, Report.SHIP_AT_RISK),
        (48.01, None),
    ],
)
def test_late_is_after_the_deadline_and_near_is_within_the_horizon(
    hours: float, expected: Report | None
) -> None:
    assert at(replace(PAID, ship_by=NOW + hours * HOUR)) is expected


@pytest.mark.parametrize(
    ("hours", "expected"), [(72, Report.TRANSIT_DUE), (72.01, Report.TRANSIT_AT_RISK)]
)
def test_a_parcel_that_has_not_moved_may_become_late(hours: float, expected: Report) -> None:
    promised = replace(PAID, shipped_at=NOW - 90 * HOUR, promised_at=NOW + HOUR)
    assert at(replace(promised, moves=(NOW - hours * HOUR,))) is expected


def test_of_several_movements_the_newest_one_by_then_counts() -> None:
    promised = replace(PAID, shipped_at=NOW - 300 * HOUR, promised_at=NOW + HOUR)
    moved = replace(promised, moves=(NOW - 100 * HOUR, NOW - 20 * HOUR, NOW + 30 * HOUR))
    assert at(moved) is Report.TRANSIT_DUE
    assert at(moved, NOW - 21 * HOUR) is Report.TRANSIT_AT_RISK
    assert at(moved, NOW - 30 * HOUR) is Report.TRANSIT_DUE


def test_an_event_that_lies_ahead_has_not_happened() -> None:
    whole = replace(
        PAID,
        ship_by=NOW - 30 * HOUR,
        shipped_at=NOW - 20 * HOUR,
        moves=(NOW - 2 * HOUR,),
        promised_at=NOW + 5 * HOUR,
        delivered_at=NOW + HOUR,
    )
    story = [
        (-101, None),
        (-60, Report.SHIP_AT_RISK),
        (-25, Report.SHIP_LATE),
        (-10, Report.TRANSIT_DUE),
    ]
    assert [(hours, at(whole, NOW + hours * HOUR)) for hours, _report in story] == story
    assert at(whole, NOW + 2 * HOUR) is None


def test_what_is_gone_unpaid_or_without_a_date_is_in_no_report() -> None:
    late = replace(PAID, ship_by=NOW - HOUR)
    assert at(replace(late, gone=True)) is None
    assert at(replace(late, approved_at=None)) is None
    assert at(PAID) is None


def test_the_erp_may_have_it_twice_otherwise_or_not_at_all() -> None:
    def linked(*copies: ErpCopy, duplicates: bool = True) -> Report | None:
        return report_of(Facts(PAID, ErpLink(NOW, copies, duplicates)), NOW, WATCH)

    same = ErpCopy("1", Stage.TO_SHIP)
    assert linked(same) is None
    assert linked(same, ErpCopy("2", Stage.GONE)) is Report.ERP_DUPLICATES
    assert linked(same, ErpCopy("2", Stage.TO_SHIP), duplicates=False) is None
    assert linked(ErpCopy("1", Stage.GONE)) is Report.DESYNCHRONISED
    assert linked(ErpCopy("1", Stage.OTHER)) is None
    assert linked() is Report.NOT_TRANSMITTED


def test_an_order_cancelled_at_the_marketplace_that_the_erp_still_ships_is_told() -> None:
    gone = replace(PAID, gone=True)
    link = ErpLink(NOW, (ErpCopy("1", Stage.TO_SHIP),))
    assert report_of(Facts(gone, link), NOW, WATCH) is Report.DESYNCHRONISED
    settled = replace(link, accepted=(ErpCopy("1", Stage.TO_SHIP), Stage.GONE))
    assert report_of(Facts(gone, settled), NOW, WATCH) is None
    moved_on = replace(settled, copies=(ErpCopy("1", Stage.SHIPPED),))
    assert report_of(Facts(gone, moved_on), NOW, WATCH) is Report.DESYNCHRONISED


def test_what_the_erp_could_not_know_yet_is_no_contradiction() -> None:
    shipped = replace(PAID, shipped_at=NOW - HOUR)
    read_before = ErpLink(NOW - 2 * HOUR, (ErpCopy("1", Stage.TO_SHIP),))
    assert report_of(Facts(shipped, read_before), NOW, WATCH) is None
    read_after = replace(read_before, read_at=NOW)
    assert report_of(Facts(shipped, read_after), NOW, WATCH) is Report.DESYNCHRONISED


def test_an_order_that_is_being_shipped_is_never_unseen_for_want_of_a_date() -> None:
    plain = order(status=OrderStatus.TO_SHIP)
    assert milestones(plain).approved_at == plain.created_at
    accepted = replace(plain, history=(Event(NOW - HOUR, "accepted"),))
    assert milestones(accepted).approved_at == NOW - HOUR
    assert milestones(replace(plain, status=OrderStatus.WAITING)).approved_at is None


def test_every_order_is_in_one_class() -> None:
    """M14: of ten thousand orders, the reports and the healthy ones make ten thousand."""
    classes = [
        (each.number, report_of(Facts(milestones(each)), NOW, WATCH))
        for each in invent(10_000, random.Random(7))
    ]
    in_reports = {number for number, report in classes if report}
    healthy = {number for number, report in classes if report is None}
    assert len(in_reports) + len(healthy) == 10_000
    assert not in_reports & healthy
    assert {report for _number, report in classes} == {None, *DEADLINES, *TRANSIT}


@given(facts, instants, instants)
def test_as_time_passes_an_order_only_goes_from_risk_to_late(
    some: Facts, one: datetime, other: datetime
) -> None:
    """Without an event in between, no order leaves a report of deadlines but for a worse one."""
    before, after = sorted((one, other))
    still = replace(some, erp=None, diverged_at=None)
    if stage(still.milestones, before) is not stage(still.milestones, after):
        return
    if any(before < moved <= after for moved in still.milestones.moves):
        return
    worse = (
        [None, *DEADLINES[::-1]]
        if report_of(still, after, WATCH) in DEADLINES
        else [None, *TRANSIT]
    )
    first, then = report_of(still, before, WATCH), report_of(still, after, WATCH)
    assert worse.index(first) <= worse.index(then)


@given(
    facts,
    instants,
    st.sampled_from(EVENTS),
    instants,
)
def test_another_event_never_makes_two_classes(
    some: Facts, now: datetime, event: Change, when: datetime
) -> None:
    happened = replace(some, milestones=event(some.milestones, when))
    found = report_of(happened, now, WATCH)
    assert found is None or found in Report
    assert report_of(happened, now, WATCH) is found
    if found in DEADLINES:
        assert stage(happened.milestones, now) is Stage.TO_SHIP
    if found in TRANSIT:
        assert stage(happened.milestones, now) is Stage.SHIPPED
    if found not in (None, Report.DESYNCHRONISED):
        assert is_open(happened.milestones, now)


@given(facts, instants, st.integers(0, 500), st.integers(0, 500))
def test_a_wider_horizon_never_hides_an_order(
    some: Facts, now: datetime, one: int, other: int
) -> None:
    near, far = (Watch(timedelta(hours=each)) for each in sorted((one, other)))
    if report_of(some, now, near):
        assert report_of(some, now, far) is report_of(some, now, near)
