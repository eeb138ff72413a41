"""Dates, money, sizes and spans of time as the current language writes them.

Babel is imported inside the functions that need it: the queue's first paint uses only those that
do without (`short_day`, `time_left`).
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from rich.cells import cell_len, chop_cells

from mkt_tui.cache.instants import from_cache
from mkt_tui.domain.money import Money
from mkt_tui.i18n import _, language

_SHORT_DAYS: Final = {"en": "{month:02}/{day:02}", "pt_BR": "{day:02}/{month:02}"}
_DAY_FIRST: Final = _SHORT_DAYS["pt_BR"]
# Babel joins with blanks that look alike but neither copy nor measure like a space.
_BLANKS: Final = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009", " "))
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAYS_FROM: Final = timedelta(hours=48)
_SIZES: Final = ("B", "kB", "MB", "GB")


def instant(value: datetime | int, zone: ZoneInfo) -> str:
    """Return date and time in short, seen from `zone`.

    Args:
        value: A zone-aware instant, or cache milliseconds.
        zone: Where the reader sits.
    """
    from babel.dates import format_datetime

    return _plain(format_datetime(_local(value, zone), "short", locale=language()))


def day(value: datetime | int, zone: ZoneInfo, locale: str | None = None) -> str:
    """Return the date in short, seen from `zone`, as the agent writes it or `locale` does."""
    from babel.dates import format_date

    return _plain(format_date(_local(value, zone), "short", locale=locale or language()))


def short_day(milliseconds: int, zone: ZoneInfo) -> str:
    """Return day and month in five characters, without Babel (the queue's date columns)."""
    local = _local(milliseconds, zone)
    pattern = _SHORT_DAYS.get(language(), _DAY_FIRST)
    return pattern.format(day=local.day, month=local.month)


def money(minor: int, currency: str) -> str:
    """Return an amount of minor units with its currency: R$ 129,90."""
    from babel.numbers import format_currency

    return _plain(format_currency(Money(minor, currency).major, currency, locale=language()))


def size(number: int) -> str:
    """Return a number of bytes in the unit that suits it: 340 B, 1.2 MB."""
    from babel.numbers import format_decimal

    amount, unit = Decimal(number), 0
    while amount >= 1000 and unit < len(_SIZES) - 1:
        amount, unit = amount / 1000, unit + 1
    return _plain(f"{format_decimal(amount, '#,##0.#', locale=language())} {_SIZES[unit]}")


def time_left(due: datetime, now: datetime) -> str:
    """Return how long until `due`, or for how long it has passed (M9).

    The instant of `due` itself is late already (T8).
    """
    if now >= due:
        return _("{span} late").format(span=duration(now - due))
    return _("{span} left").format(span=duration(due - now))


def signed(due: datetime, now: datetime) -> str:
    """Return the time until `due` with its sign: +6 h, -30 h, from 48 hours on days, -5 d (M9)."""
    late = now > due
    span = now - due if late else due - now
    return ("-" if late else "+") + duration(span)


def duration(span: timedelta) -> str:
    """Return a span in minutes below an hour, in hours below 48, then in days (M9)."""
    if span < _HOUR:
        return _("{minutes}min").format(minutes=span // _MINUTE)
    if span < _DAYS_FROM:
        return _("{hours}h").format(hours=span // _HOUR)
    return _("{days}d {hours}h").format(days=span.days, hours=span.seconds // 3600)


def wrap(text: str, width: int) -> list[str]:
    """Return `text` in lines of at most `width` terminal cells; a word too long is cut."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(joined) <= width:
            lines[-1] = joined
            continue
        pieces = [word] if cell_len(word) <= width else chop_cells(word, width)
        lines[len(lines) - (not lines[-1]) :] = pieces
    return lines


def _local(value: datetime | int, zone: ZoneInfo) -> datetime:
    moment = from_cache(value) if isinstance(value, int) else value
    try:
        return moment.astimezone(zone)
    except OverflowError:
        # Marketplaces write "never" as the first or the last day of the calendar.
        return moment


def _plain(text: str) -> str:
    return text.translate(_BLANKS)
