"""Deadline rules as dated data: per channel and kind, how long, on which clock, from which source.

The figures are in `deadlines.toml` of the package and in the shop's own file of that name, so that
a marketplace that changes its mind (features.md, 3.1) is a line of data.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from mkt_tui.domain.channels import Channel
from mkt_tui.domain.deadlines.calendars import Calendar
from mkt_tui.domain.deadlines.urgency import HouseRules
from mkt_tui.i18n import N_

_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LISTS: Final = ("marketplaces", "channels", "kinds", "countries", "closed", "weekdays")
FALLBACK: Final = "house-hours"
HOUSE: Final = "house"
TOLD: Final = "told"
# Kinds that are about an order, counted from its approval: a rule must name them to hold for them.
SHIP: Final = "ship"
DELIVER: Final = "deliver"


class Clock(StrEnum):
    """Whose deadline it is: the marketplace's is hard, the house's own is soft."""

    MARKETPLACE = "marketplace"
    HOUSE = "house"


class Unit(StrEnum):
    """What is counted."""

    RUNNING_HOURS = "running hours"
    BUSINESS_HOURS = "business hours"
    BUSINESS_DAYS = "business days"


class Start(StrEnum):
    """From when it is counted: the marketplace's receipt, or our registration."""

    RECEIVED = "received"
    REGISTERED = "registered"


@dataclass(frozen=True, slots=True)
class Rule:
    """One deadline; fields that are empty or None leave nothing out.

    Attributes:
        marketplaces: Adapters whose channels it holds for.
        channels: Beginnings of the names of the channels it holds for.
        kinds: Kinds of tickets: message, claim, return ...; or ship, deliver: an order's deadline.
        place: Whose holidays count; None = the channel's country, "" = nobody's.
        zone: Where its days begin; None = the channel's zone.
        valid_from: The first day on which a wait that begins has this deadline.
        valid_to: The last such day.
        source: Where the figure comes from.
        missed: What a missed one does to the seller's standing, {language: words} (A10).
    """

    name: str
    amount: float
    source: str
    clock: Clock = Clock.MARKETPLACE
    unit: Unit = Unit.RUNNING_HOURS
    start: Start = Start.RECEIVED
    marketplaces: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    place: str | None = None
    zone: str | None = None
    weekdays: tuple[str, ...] = _WEEKDAYS[:5]
    opens: time = time(0)
    closes: time = time(0)
    closed: tuple[date, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    own: bool = False
    # Words, which change no due time: the version of a rule book does not tell of them.
    missed: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)

    def holds_for(self, channel: Channel, kind: str) -> bool:
        """Tell whether it is a rule for tickets of that kind on that channel."""
        name = channel.name.casefold()
        return (
            (not self.marketplaces or channel.adapter in self.marketplaces)
            and (
                not self.channels or any(name.startswith(each.casefold()) for each in self.channels)
            )
            and (not self.countries or channel.country in self.countries)
            and (not self.kinds or kind in self.kinds)
        )

    def holds_on(self, day: date) -> bool:
        """Tell whether a wait that begins on that day has this deadline."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)

    @property
    def rank(self) -> tuple[bool, bool, bool, bool, bool]:
        """How closely it fits: the shop's own word first, then the narrower rule."""
        return (
            self.own,
            bool(self.channels),
            bool(self.kinds),
            bool(self.marketplaces),
            bool(self.countries),
        )

    def calendar(self, channel: Channel) -> Calendar:
        """Return the hours that count for it on a channel."""
        place = channel.country if self.place is None else self.place
        return Calendar(
            place or None,
            ZoneInfo(self.zone or channel.zone),
            frozenset(_WEEKDAYS.index(each) for each in self.weekdays),
            self.opens,
            self.closes,
            frozenset(self.closed),
        )


Rules: TypeAlias = tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules in force, the house's own included.

    Attributes:
        urgent: How long before its deadline a ticket that was put off is back at the latest.
    """

    rules: Rules
    urgent: timedelta = HouseRules().urgent

    @property
    def version(self) -> str:
        """A word that changes when a rule changes, so that due times are computed anew."""
        return hashlib.sha256(repr(self.rules).encode()).hexdigest()[:16]

    def choose(self, clock: Clock, channel: Channel, kind: str, received: datetime) -> Rules:
        """Return the closest rules of a clock for a wait that began at `received`.

        They may be several, as where 12 business or 24 running hours are given: each holds.
        """
        day = received.astimezone(ZoneInfo(channel.zone)).date()
        found = [
            each
            for each in self.rules
            if each.clock is clock and each.holds_for(channel, kind) and each.holds_on(day)
        ]
        best = max((each.rank for each in found), default=None)
        return tuple(each for each in found if each.rank == best)

    def of_orders(self, channel: Channel, kinds: Iterable[str]) -> "RuleBook":
        """Return the rules that give orders of a channel a deadline: only those that say so (M17)."""
        wanted = set(kinds)
        return RuleBook(
            tuple(
                each
                for each in self.rules
                if any(each.holds_for(channel, kind) for kind in wanted.intersection(each.kinds))
            )
        )

    def find(self, name: str) -> Rule | None:
        """Return the rule of that name, the shop's own before the one it stands for."""
        return next((each for each in reversed(self.rules) if each.name == name), None)


def book(figures: Mapping[str, Any], own: Mapping[str, Any], house: HouseRules) -> RuleBook:
    """Return the rule book of the package's figures and the shop's own.

    Args:
        figures: {name: fields of a Rule}, from the package.
        own: The same from the shop: a rule of a known name replaces it, `off = true` drops it.

    Raises:
        ValueError: A field or value that means nothing; the message names rule and field.
    """
    merged = {name: rule(name, fields) for name, fields in figures.items()}
    for name, fields in own.items():
        if fields.get("off"):
            merged.pop(name, None)
        else:
            merged[name] = rule(name, {**fields, "own": True})
    # The house's rules always stay below the shop's own, which may hold for some channels only.
    return RuleBook((*_house_rules(house), *merged.values()), house.urgent)


def rule(name: str, fields: Mapping[str, Any]) -> Rule:
    """Return one rule from its fields as TOML gives them.

    Raises:
        ValueError: A field or value that means nothing.
    """
    try:
        made = Rule(name=name, **{key: _value(key, value) for key, value in fields.items()})
        made.calendar(_ANYWHERE)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise ValueError(f"{name}: {error}") from error
    if made.amount <= 0 or (made.unit is Unit.BUSINESS_DAYS and made.amount % 1):
        raise ValueError(f"{name}: amount = {made.amount:g}")
    return made


_ANYWHERE: Final = Channel(0, "", "", "", "", "", "UTC")


def _value(key: str, value: Any) -> Any:
    if key in _LISTS:
        return tuple([value] if isinstance(value, str) else value)
    if key == "missed":
        return {str(language): str(words) for language, words in value.items()}
    if key in ("opens", "closes"):
        return value if isinstance(value, time) else time.fromisoformat(value)
    parsers = {"clock": Clock, "unit": Unit, "start": Start, "amount": float}
    return parsers[key](value) if key in parsers else value


def _house_rules(house: HouseRules) -> Iterable[Rule]:
    """The desk's manual: 24 hours from registration; and the same where no figure is public."""
    hours = house.answer_within.total_seconds() / 3600
    yield Rule(
        HOUSE,
        hours,
        N_("the desk's manual (settings: answer_within_hours)"),
        clock=Clock.HOUSE,
        start=Start.REGISTERED,
    )
    yield Rule(
        FALLBACK, hours, N_("no figure of this marketplace is public: the house's own hours")
    )
