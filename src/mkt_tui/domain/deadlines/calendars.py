"""Which days and hours count: weekdays less the public holidays of a country or of one state."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from mkt_tui.domain.errors import SettingsWrong
from mkt_tui.i18n import _

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
# No deadline of any rule is this far away: a calendar without a business day is a mistake.
_HORIZON = 4000


@dataclass(frozen=True, slots=True)
class Calendar:
    """The business hours of one place.

    Attributes:
        place: Whose public holidays are free: BR, BR-SP (ISO 3166-1 and -2); None = nobody's.
        zone: The zone its days begin and end in.
        weekdays: Which days of the week count, Monday = 0.
        opens: When a business day begins.
        closes: When it ends; midnight is the end of the day.
        closed: Days on which this house does not work, in addition.
    """

    place: str | None
    zone: ZoneInfo
    weekdays: frozenset[int] = frozenset(range(5))
    opens: time = time(0)
    closes: time = time(0)
    closed: frozenset[date] = frozenset()

    def is_business_day(self, day: date) -> bool:
        """Tell whether people work on that day."""
        return (
            day.weekday() in self.weekdays
            and day not in self.closed
            and day not in holidays_of(self.place, day.year)
        )

    def business_days(self, first: date) -> Iterator[date]:
        """Yield the business days from `first` on."""
        for ahead in range(_HORIZON):
            day = first + ahead * _DAY
            if self.is_business_day(day):
                yield day
        raise SettingsWrong(
            what=_("The calendar {place} has no business day").format(place=self.place or "-"),
            remedy=_("Correct its weekdays."),
        )

    def hours(self, day: date) -> tuple[datetime, datetime]:
        """Return when a business day begins and ends (UTC)."""
        last = day + _DAY if self.closes == time(0) else day
        return self.at(day, self.opens), self.at(last, self.closes)

    def at(self, day: date, clock: time) -> datetime:
        """Return the first instant (UTC) at which the clocks there show that time or a later one.

        So a time that clocks skip when they go forward is the instant of the change.
        """
        wall = datetime.combine(day, clock)
        found = wall.replace(tzinfo=self.zone).astimezone(UTC)
        before = found - (self._shown(found) - wall)
        while found - before > _SECOND:
            middle = before + (found - before) / 2
            before, found = (before, middle) if self._shown(middle) >= wall else (middle, found)
        return found.replace(microsecond=clock.microsecond)

    def _shown(self, instant: datetime) -> datetime:
        return instant.astimezone(self.zone).replace(tzinfo=None)


@lru_cache(maxsize=512)
def holidays_of(place: str | None, year: int) -> Mapping[date, str]:
    """Return the public holidays of a country or state in a year.

    Raises:
        SettingsWrong: There is no such country or state.
    """
    if place is None:
        return {}
    # Costs 0.1 s, which no desk pays: deadlines are computed where tickets come in.
    import holidays

    country, _dash, state = place.partition("-")
    try:
        return dict(holidays.country_holidays(country, subdiv=state or None, years=year))
    except NotImplementedError as error:
        raise SettingsWrong(
            what=_("No holidays are known of {place}").format(place=place),
            remedy=_("Write a country or a state, as in BR or BR-SP."),
        ) from error
