"""When a rule is up: running hours, business hours and business days from an instant.

- Running hours are elapsed hours.
- Business hours are elapsed hours within the opening hours of business days.
- N business days end at the same time of day on the N-th business day after; what comes in on a
  free day counts from the beginning of the next business day. "1 business day" from Saturday ends
  as Monday ends.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice

from mkt_tui.domain.channels import Channel
from mkt_tui.domain.deadlines.calendars import Calendar
from mkt_tui.domain.deadlines.rules import (
    DELIVER,
    SHIP,
    TOLD,
    Clock,
    Rule,
    RuleBook,
    Rules,
    Start,
    Unit,
)


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody waits for us.

    Attributes:
        kind: What kind of ticket it is.
        received: When the marketplace received what waits.
        registered: When it was registered here.
        told: The deadline the marketplace itself gives; it wins over every rule.
    """

    kind: str
    received: datetime
    registered: datetime
    told: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """Both deadlines of a wait and the names of the rules they come from.

    The colour and the order of the queue come from `hard`; `house` only advises.
    """

    hard: datetime
    hard_rule: str
    house: datetime
    house_rule: str


@dataclass(frozen=True, slots=True)
class Clocks:
    """The rules in force on one channel."""

    book: RuleBook
    channel: Channel

    def due(self, wait: Wait) -> Due:
        """Return both deadlines of a wait."""
        house, house_rule = self._first(self._rules(Clock.HOUSE, wait), wait)
        if wait.told is not None:
            return Due(wait.told, TOLD, house, house_rule)
        hard, hard_rule = self._first(self._rules(Clock.MARKETPLACE, wait), wait)
        return Due(hard, hard_rule, house, house_rule)

    def of_orders(self) -> "Clocks | None":
        """Return the rules that give orders a deadline, None without any; to be asked once a page."""
        book = self.book.of_orders(self.channel, (SHIP, DELIVER))
        return Clocks(book, self.channel) if book.rules else None

    def of_order(self, kind: str, approved: datetime) -> tuple[datetime, str] | None:
        """Return an order's deadline and the rule in force at its approval; None without a rule."""
        book = self.book.of_orders(self.channel, (kind,))
        rules = book.choose(Clock.MARKETPLACE, self.channel, kind, approved)
        return self._first(rules, Wait(kind, approved, approved)) if rules else None

    def _rules(self, clock: Clock, wait: Wait) -> Rules:
        return self.book.choose(clock, self.channel, wait.kind, wait.received)

    def _first(self, rules: Rules, wait: Wait) -> tuple[datetime, str]:
        return min((up(each, self.channel, wait), each.name) for each in rules)


def up(rule: Rule, channel: Channel, wait: Wait) -> datetime:
    """Return when a rule is up for a wait (UTC)."""
    start = wait.received if rule.start is Start.RECEIVED else wait.registered
    if rule.unit is Unit.RUNNING_HOURS:
        return start + timedelta(hours=rule.amount)
    calendar = rule.calendar(channel)
    if rule.unit is Unit.BUSINESS_HOURS:
        return after_hours(calendar, start, timedelta(hours=rule.amount))
    return after_days(calendar, start, int(rule.amount))


def after_hours(calendar: Calendar, start: datetime, left: timedelta) -> datetime:
    """Return when so many business hours have passed since `start` (UTC)."""
    for day in calendar.business_days(start.astimezone(calendar.zone).date()):
        opens, closes = calendar.hours(day)
        begins = max(opens, start)
        if closes - begins >= left:
            return begins + left
        left -= max(closes - begins, timedelta(0))
    raise AssertionError("business_days never ends")


def after_days(calendar: Calendar, start: datetime, days: int) -> datetime:
    """Return when so many business days have passed since `start` (UTC)."""
    local = start.astimezone(calendar.zone)
    clock = local.time() if calendar.is_business_day(local.date()) else time(0)
    business = islice(calendar.business_days(local.date()), days, None)
    return calendar.at(next(business), clock)
