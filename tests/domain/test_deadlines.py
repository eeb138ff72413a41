"""When a ticket is late, how many days it has been pending, and what colour that is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkt_tui.domain import deadlines
from mkt_tui.domain.deadlines import (
    HouseRules,
    PriorityEdge,
    Urgency,
    priority_until,
    situation,
)
from mkt_tui.domain.tickets import Situation

RULES = HouseRules()
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
ROME = ZoneInfo("Europe/Rome")
CAME = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("elapsed", "late"),
    [
        (timedelta(0), False),
        (timedelta(hours=23, minutes=59, seconds=59), False),
        (timedelta(hours=24), True),
        (timedelta(days=3), True),
    ],
)
def test_a_ticket_is_late_from_the_very_second_of_24_hours(elapsed: timedelta, late: bool) -> None:
    assert deadlines.is_late(CAME + RULES.answer_within, CAME + elapsed) is late


@pytest.mark.parametrize(
    ("elapsed", "expected"),
    [
        (timedelta(hours=23, minutes=59, seconds=59), Situation.PENDING),
        (timedelta(hours=24), Situation.PRIORITY),
        (timedelta(days=9), Situation.PRIORITY),
        (timedelta(hours=-1), Situation.PENDING),
    ],
)
def test_prioridade_begins_with_the_second_day(elapsed: timedelta, expected: Situation) -> None:
    assert deadlines.situation(CAME, CAME + elapsed, RULES) is expected


@given(
    registered=st.datetimes(datetime(2024, 10, 1), datetime(2024, 12, 1), timezones=st.just(UTC)),
    hours=st.integers(0, 60 * 24 * 3600).map(lambda seconds: timedelta(seconds=seconds / 30)),
    zone=st.sampled_from(["America/Sao_Paulo", "Europe/Rome", "Pacific/Chatham"]).map(ZoneInfo),
    edge=st.sampled_from(PriorityEdge),
)
def test_what_is_looked_for_as_prioridade_is_what_is_shown_so(
    registered: datetime, hours: timedelta, zone: ZoneInfo, edge: PriorityEdge
) -> None:
    registered = registered.replace(microsecond=0)
    now, rules = registered + hours, HouseRules(priority_edge=edge)
    shown = situation(registered, now, rules, zone) is Situation.PRIORITY
    assert shown == (registered <= priority_until(now, rules, zone))


@pytest.mark.parametrize(
    ("left", "urgency"),
    [
        (timedelta(hours=12, seconds=1), Urgency.CALM),
        (timedelta(hours=12), Urgency.SOON),
        (timedelta(hours=4), Urgency.SOON),
        (timedelta(hours=3, minutes=59), Urgency.URGENT),
        (timedelta(seconds=1), Urgency.URGENT),
        (timedelta(0), Urgency.LATE),
        (timedelta(days=-2), Urgency.LATE),
    ],
)
def test_the_colour_follows_the_time_left(left: timedelta, urgency: Urgency) -> None:
    assert deadlines.urgency(CAME + left, CAME, RULES) is urgency


@pytest.mark.parametrize(
    ("zone", "registered", "now", "days"),
    [
        # Midnight in São Paulo is 03:00 UTC: one second is enough for a day.
        (SAO_PAULO, "2026-03-10T02:59:59", "2026-03-10T03:00:00", 1),
        (SAO_PAULO, "2026-03-10T03:00:00", "2026-03-11T02:59:59", 0),
        (UTC, "2026-03-10T03:00:00", "2026-03-11T02:59:59", 1),
        (SAO_PAULO, "2026-02-28T15:00:00", "2026-03-01T15:00:00", 1),
        (SAO_PAULO, "2028-02-28T15:00:00", "2028-03-01T15:00:00", 2),
        (SAO_PAULO, "2025-12-31T15:00:00", "2026-01-01T15:00:00", 1),
        # Clocks go forward on 29 March 2026 in Rome: a day of 23 hours is a day.
        (ROME, "2026-03-28T23:30:00", "2026-03-29T22:30:00", 1),
        (ROME, "2026-10-24T22:30:00", "2026-10-25T22:30:00", 0),
        (ROME, "2026-10-24T22:30:00", "2026-10-25T23:30:00", 1),
        # A clock set back never makes a negative age.
        (ROME, "2026-03-12T10:00:00", "2026-03-10T10:00:00", 0),
    ],
)
def test_days_pending_count_midnights_of_the_desk(
    zone: ZoneInfo, registered: str, now: str, days: int
) -> None:
    begun = datetime.fromisoformat(registered).replace(tzinfo=UTC)
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert deadlines.days_pending(begun, at, zone) == days


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.timedeltas(timedelta(0), timedelta(days=400)),
    st.sampled_from([SAO_PAULO, ROME, ZoneInfo("UTC"), ZoneInfo("Pacific/Chatham")]),
)
def test_days_pending_agree_with_counting_midnights_one_by_one(
    begun: datetime, waited: timedelta, zone: ZoneInfo
) -> None:
    day, last, midnights = (
        begun.astimezone(zone).date(),
        (begun + waited).astimezone(zone).date(),
        0,
    )
    while day < last:
        day += timedelta(days=1)
        midnights += 1
    assert deadlines.days_pending(begun, begun + waited, zone) == midnights
