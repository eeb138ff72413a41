"""Deadlines against an oracle that walks through time a quarter of an hour at a time."""

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkt_tui.domain.channels import Channel
from mkt_tui.domain.deadlines import HouseRules
from mkt_tui.domain.deadlines.clocks import Clocks, Wait, after_days, up
from mkt_tui.domain.deadlines.rules import FALLBACK, HOUSE, TOLD, Rule, RuleBook, Start, Unit, book
from mkt_tui.domain.errors import SettingsWrong

STEP: Final = timedelta(minutes=15)
PLACES: Final = [
    ("BR", "America/Sao_Paulo"),
    ("BR-SP", "America/Sao_Paulo"),
    ("BR-RS", "America/Sao_Paulo"),
    ("BR-AM", "America/Manaus"),
    ("IT", "Europe/Rome"),
    ("IT-MI", "Europe/Rome"),
    ("GB-ENG", "Europe/London"),
    ("US-NY", "America/New_York"),
    ("", "Pacific/Chatham"),
    ("ES-MD", "Europe/Madrid"),
]
HOURS: Final = [
    (time(0), time(0)),
    (time(9), time(18)),
    (time(8, 30), time(12)),
    (time(1), time(6)),
]
# What went wrong elsewhere (features.md, 4): changes of the clocks, year ends, long weekends. In
# Brazil clocks still changed until 2019, at midnight, so that some days there begin at one.
STARTS: Final = [
    datetime(2026, 3, 27), datetime(2026, 10, 23), datetime(2018, 11, 1), datetime(2019, 2, 14),
    datetime(2025, 12, 22), datetime(2026, 12, 30), datetime(2026, 2, 13), datetime(2026, 4, 1),
]  # fmt: skip


def channel(zone: str = "America/Sao_Paulo", name: str = "Carrefour") -> Channel:
    return Channel(1, name, "mirakl", "BR", "", "", zone)


def clocks(rules: Mapping[str, object], where: Channel | None = None) -> Clocks:
    return Clocks(book({}, rules, HouseRules()), where or channel())


def is_free(place: str, day: date) -> bool:
    """Tell it by the list of one year of the library, asked apart from the code under test."""
    country, _dash, state = place.partition("-")
    known = holidays.country_holidays(country, subdiv=state or None) if country else {}
    return day.weekday() > 4 or day in known


class Oracle:
    """Counts quarters of an hour; slow, and without a word in common with the code under test."""

    def __init__(self, place: str, zone: str, hours: tuple[time, time]) -> None:
        self._place, self._zone, self._hours = place, ZoneInfo(zone), hours
        self._free: dict[date, bool] = {}

    def _is_free(self, day: date) -> bool:
        if day not in self._free:
            self._free[day] = is_free(self._place, day)
        return self._free[day]

    def business_hours(self, start: datetime, hours: int) -> datetime:
        opens, closes = self._hours
        now, left = start, timedelta(hours=hours)
        while left > timedelta(0):
            local = now.astimezone(self._zone)
            working = opens <= local.time() and (closes == time(0) or local.time() < closes)
            if working and not self._is_free(local.date()):
                left -= STEP
            now += STEP
        return now

    def business_days(self, start: datetime, days: int) -> datetime:
        local = start.astimezone(self._zone)
        began_free = self._is_free(local.date())
        clock = time(0) if began_free else local.time()
        seen: set[date] = set()
        now = start
        while True:
            local = now.astimezone(self._zone)
            if not self._is_free(local.date()):
                seen.add(local.date())
            if len(seen) > days and (local.time() >= clock or len(seen) > days + 1):
                return now
            now += STEP


def case(chance: random.Random) -> tuple[Rule, Channel, Oracle, datetime]:
    place, zone = chance.choice(PLACES)
    hours = chance.choice(HOURS)
    unit = chance.choice([Unit.BUSINESS_HOURS, Unit.BUSINESS_DAYS])
    rule = Rule(
        "r",
        chance.randint(1, 30) if unit is Unit.BUSINESS_HOURS else chance.randint(1, 5),
        "a test",
        unit=unit,
        place=place,
        opens=hours[0],
        closes=hours[1],
    )
    near = chance.choice(STARTS) if chance.random() < 0.7 else datetime(2024, 1, 1)
    span = 96 * (6 if near.year != 2024 else 1000)
    start = (near + chance.randrange(span) * STEP).replace(tzinfo=UTC)
    return rule, channel(zone), Oracle(place, zone, hours), start


@pytest.mark.parametrize("seed", range(20))
def test_ten_thousand_deadlines_agree_with_walking_through_time(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(500):
        rule, where, oracle, start = case(chance)
        walked = (
            oracle.business_hours(start, int(rule.amount))
            if rule.unit is Unit.BUSINESS_HOURS
            else oracle.business_days(start, int(rule.amount))
        )
        found = up(rule, where, Wait("message", start, start))
        assert found == walked, (rule, where.zone, start)


@given(
    st.datetimes(datetime(2018, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.integers(1, 200),
    st.sampled_from([zone for _place, zone in PLACES]),
)
def test_running_hours_are_elapsed_hours_whatever_clocks_show(
    start: datetime, hours: int, zone: str
) -> None:
    rule = Rule("r", hours, "a test")
    found = up(rule, channel(zone), Wait("message", start, start))
    assert (found - start).total_seconds() == hours * 3600


@given(
    st.datetimes(datetime(2018, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(PLACES),
    st.integers(1, 5),
    st.timedeltas(timedelta(0), timedelta(days=3)),
)
def test_who_waits_longer_is_never_due_later(
    start: datetime, where: tuple[str, str], days: int, later: timedelta
) -> None:
    calendar = Rule("r", days, "a test", place=where[0]).calendar(channel(where[1]))
    assert after_days(calendar, start, days) <= after_days(calendar, start + later, days)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        # Friday afternoon in São Paulo, two business days: Tuesday at the same time.
        ("2026-03-06T18:00", "2026-03-10T18:00"),
        # Saturday counts from Monday's first minute.
        ("2026-03-07T18:00", "2026-03-11T03:00"),
        # Tiradentes, 21 April, is a holiday everywhere in Brazil.
        ("2026-04-20T12:00", "2026-04-23T12:00"),
        ("2025-12-30T12:00", "2026-01-02T12:00"),
    ],
)
def test_magalu_gives_two_business_days(received: str, due: str) -> None:
    rule = {"magalu": {"amount": 2, "unit": "business days", "source": "a test"}}
    at = datetime.fromisoformat(received).replace(tzinfo=UTC)
    found = clocks(rule).due(Wait("message", at, at))
    assert found.hard == datetime.fromisoformat(due).replace(tzinfo=UTC)
    assert found.hard_rule == "magalu"


def test_a_state_holiday_counts_in_its_state_only() -> None:
    # 9 July is a holiday in the state of São Paulo.
    at = datetime(2026, 7, 8, 15, tzinfo=UTC)
    day = {"amount": 1, "unit": "business days", "source": "a test"}
    due = {
        place: clocks({"r": {**day, "place": place}}).due(Wait("message", at, at)).hard
        for place in ("BR-SP", "BR-RJ")
    }
    assert due["BR-SP"] - due["BR-RJ"] == timedelta(days=1)


NOW: Final = datetime(2026, 3, 10, 12, tzinfo=UTC)
WAIT: Final = Wait("message", NOW - timedelta(hours=5), NOW)


def test_without_a_figure_the_house_hours_hold_for_both_clocks() -> None:
    found = clocks({}).due(WAIT)
    assert (found.hard_rule, found.house_rule) == (FALLBACK, HOUSE)
    assert found.hard == NOW + timedelta(hours=19)
    assert found.house == NOW + timedelta(hours=24)


def test_the_marketplaces_own_deadline_wins_over_a_rule() -> None:
    told = NOW + timedelta(hours=3)
    rules: dict[str, object] = {"r": {"amount": 1, "source": "a test"}}
    found = clocks(rules).due(Wait("message", NOW, NOW, told))
    assert (found.hard, found.hard_rule) == (told, TOLD)
    assert found.house_rule == HOUSE


def test_the_narrower_rule_holds_and_of_two_alike_the_earlier() -> None:
    figures = {
        "all": {"amount": 1, "source": "s"},
        "mirakl": {"amount": 50, "source": "s", "marketplaces": ["mirakl"]},
        "mirakl-too": {"amount": 40, "source": "s", "marketplaces": ["mirakl"]},
        "claims": {"amount": 90, "source": "s", "marketplaces": ["mirakl"], "kinds": ["claim"]},
    }
    made = Clocks(book(figures, {}, HouseRules()), channel())
    assert made.due(WAIT).hard_rule == "mirakl-too"
    assert made.due(Wait("claim", NOW, NOW)).hard_rule == "claims"
    own = {"ours": {"amount": 60, "source": "s"}, "mirakl": {"off": True}}
    assert Clocks(book(figures, own, HouseRules()), channel()).due(WAIT).hard_rule == "ours"


def test_a_rule_holds_for_waits_that_begin_while_it_is_valid() -> None:
    rules: dict[str, object] = {
        "before": {"amount": 48, "source": "s", "valid_to": date(2026, 3, 9)},
        "after": {"amount": 12, "source": "s", "valid_from": date(2026, 3, 10)},
    }
    made = clocks(rules)
    # 02:00 UTC is still the day before in São Paulo.
    early = datetime(2026, 3, 10, 2, tzinfo=UTC)
    assert made.due(Wait("message", early, early)).hard_rule == "before"
    assert made.due(Wait("message", NOW, NOW)).hard_rule == "after"


def test_a_house_rule_of_some_channels_leaves_the_others_their_own() -> None:
    rules: dict[str, object] = {
        "house": {
            "clock": "house", "amount": 8, "unit": "business hours", "opens": "09:00",
            "closes": "17:00", "start": "registered", "channels": "Leroy", "source": "s",
        }
    }  # fmt: skip
    here = clocks(rules).due(WAIT)
    there = clocks(rules, channel(name="Leroy Merlin")).due(WAIT)
    assert here.house == NOW + timedelta(hours=24)
    assert there.house == NOW + timedelta(hours=8)
    assert clocks(rules).book.find("house").start is Start.REGISTERED  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "fields",
    [
        {"amount": 0, "source": "s"},
        {"amount": 1.5, "unit": "business days", "source": "s"},
        {"amount": 24},
        {"amount": 24, "source": "s", "unit": "moons"},
        {"amount": 24, "source": "s", "zone": "Europe/Nowhere"},
        {"amount": 24, "source": "s", "weekdays": ["monday"]},
        {"amount": 24, "source": "s", "hurry": True},
    ],
)
def test_a_rule_that_means_nothing_is_named(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="rule-x"):
        book({}, {"rule-x": fields}, HouseRules())


def test_an_unknown_state_and_a_calendar_without_days_are_sentences() -> None:
    day: dict[str, object] = {"amount": 1, "unit": "business days", "source": "s"}
    with pytest.raises(SettingsWrong, match="XX"):
        clocks({"r": {**day, "place": "XX"}}).due(WAIT)
    with pytest.raises(SettingsWrong, match="no business day"):
        clocks({"r": {**day, "place": "", "weekdays": []}}).due(WAIT)


def test_the_version_follows_the_rules() -> None:
    first, second = book({}, {}, HouseRules()), book({}, {}, HouseRules())
    other = book({}, {"r": {"amount": 1, "source": "s"}}, HouseRules())
    assert first.version == second.version != other.version
    assert isinstance(other, RuleBook)
