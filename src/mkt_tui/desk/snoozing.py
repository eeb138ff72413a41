"""Putting tickets off until a time that never passes their hard deadline."""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final

from mkt_tui.cache import marking, waking
from mkt_tui.cache.audit import Act
from mkt_tui.cache.instants import from_cache
from mkt_tui.cache.queries import QueueRow
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.formats import instant
from mkt_tui.desk.sharing import Result, on_each
from mkt_tui.domain.channels import TOLD_THERE
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.i18n import _, language

_MORNING: Final = time(8)
_SPAN: Final = re.compile(r"(\d{1,3})\s*(m|min|h|d|g)")
_UNITS: Final = {"m": "minutes", "min": "minutes", "h": "hours", "d": "days", "g": "days"}
_HOURS: Final = re.compile(r"(\d{1,2})\s*h\s*(\d{2})")
# As the desk shows a day: the month first in English only.
_DAY: Final = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{2}|\d{4}))?(?:\s+(\d{1,2}:\d{2}))?")


def until(desk: Desk, words: str) -> datetime:
    """Return the instant that `words` mean: 45m, 2h30, 3d, 14:30, 11/03, 2026-03-11 14:30.

    A time of day is the next one, and so is a day without its year; a day begins at eight. In the
    desk's zone.

    Raises:
        NotAllowed: They mean nothing, or an instant that has passed.
    """
    now, zone = desk.clock(), desk.settings.zone
    try:
        found = _parsed(words.strip().lower(), now.astimezone(zone))
    except (ValueError, OverflowError) as error:
        raise NotAllowed(
            what=_("{words} is no time").format(words=words.strip() or "-"),
            remedy=_("Write 45m, 2h30, 3d, 14:30, 3/11, 3/11 14:30 or 2026-03-11."),
        ) from error
    if found <= now:
        raise NotAllowed(
            what=_("{time} has passed").format(time=instant(found, zone)),
            remedy=_("Choose a later time."),
        )
    return found


def _parsed(words: str, now: datetime) -> datetime:
    if span := _SPAN.fullmatch(words):
        return now + timedelta(**{_UNITS[span[2]]: int(span[1])})
    if hours := _HOURS.fullmatch(words):
        return now + timedelta(hours=int(hours[1]), minutes=int(hours[2]))
    if day := _DAY.fullmatch(words):
        return _of_day(day, now)
    if re.fullmatch(r"\d{1,2}:\d{2}", words):
        clock = time.fromisoformat(words.zfill(5))
        today = datetime.combine(now.date(), clock, now.tzinfo)
        return today if today > now else datetime.combine(today + timedelta(1), clock, now.tzinfo)
    found = datetime.fromisoformat(words)
    if len(words) <= len("2026-03-11"):
        found = datetime.combine(found, _MORNING)
    return found.replace(tzinfo=now.tzinfo) if found.tzinfo is None else found


def _of_day(told: re.Match[str], now: datetime) -> datetime:
    first, second, year, clock = told.groups()
    day, month = (second, first) if language() == "en" else (first, second)
    at = time.fromisoformat(clock.zfill(5)) if clock else _MORNING
    found = datetime(int(year or now.year) % 100 + 2000, int(month), int(day), tzinfo=now.tzinfo)
    found = datetime.combine(found, at, now.tzinfo)
    return found if year or found > now else found.replace(year=found.year + 1)


def tomorrow(desk: Desk, days: int = 1) -> datetime:
    """Return eight o'clock of a coming day, in the desk's zone."""
    local = desk.clock().astimezone(desk.settings.zone)
    return datetime.combine(local + timedelta(days=days), _MORNING, local.tzinfo)


def to_monday(desk: Desk) -> int:
    """Return how many days it is to the next Monday."""
    return 7 - desk.clock().astimezone(desk.settings.zone).weekday()


def snooze(desk: Desk, tickets: Sequence[int], wanted: datetime) -> list[Result]:
    """Put tickets off; each comes back by itself, and at once when somebody writes.

    None sleeps into the last hours before its hard deadline (`urgent_hours`): it comes back then, and
    one that is so far already is not put off at all.
    """

    def one(row: QueueRow) -> str:
        if row.state == 1:
            raise NotAllowed(what=_("It is answered: nobody waits"), remedy="")
        at = _capped(desk, row, wanted)
        waking.snooze(desk.database, row.id, at)
        _record(desk, "ticket.snoozed", row, f"until={at:%Y-%m-%dT%H:%MZ}")
        told = instant(at, desk.settings.zone)
        if at < wanted:
            return _("put off until {time} only: its deadline is near").format(time=told)
        return _("put off until {time}").format(time=told)

    return on_each(desk, tickets, one)


def no_reply(desk: Desk, tickets: Sequence[int], wanted: datetime | None = None) -> list[Result]:
    """Mark open tickets as needing no reply; a new message opens them again.

    The marketplace is told nothing: where it counts such tickets, its portal must be told too.

    Args:
        wanted: When they come back all the same, never so late that their deadline is missed;
            None = they need not.
    """

    def one(row: QueueRow) -> str:
        at = _capped(desk, row, wanted) if wanted and row.state != 1 else None
        if not marking.close(desk.database, row.id, desk.clock(), at):
            raise NotAllowed(what=_("It is not open"), remedy="")
        _record(desk, "ticket.no_reply", row, f"until={at:%Y-%m-%dT%H:%MZ}" if at else None)
        adapter = desk.channels()[row.channel_id].adapter
        told = [_no_reply_until(desk, at, wanted)]
        told += [_(TOLD_THERE[adapter])] if adapter in TOLD_THERE else []
        return ". ".join(told)

    return on_each(desk, tickets, one)


def _no_reply_until(desk: Desk, at: datetime | None, wanted: datetime | None) -> str:
    if at is None or wanted is None:
        return _("needs no reply")
    time = instant(at, desk.settings.zone)
    if at < wanted:
        return _("needs no reply, and comes back {time} already: its deadline is near").format(
            time=time
        )
    return _("needs no reply, and comes back {time}").format(time=time)


def wake(desk: Desk, tickets: Sequence[int]) -> list[Result]:
    """Bring tickets back now."""

    def one(row: QueueRow) -> str:
        if not waking.wake(desk.database, row.id):
            raise NotAllowed(what=_("It was not put off"), remedy="")
        _record(desk, "ticket.woken", row, None)
        return _("is back in the queue")

    return on_each(desk, tickets, one)


def _capped(desk: Desk, row: QueueRow, wanted: datetime) -> datetime:
    """Return `wanted`, or the latest instant that leaves time to answer.

    Raises:
        NotAllowed: The deadline is too near to put the ticket off at all.
    """
    if row.due_at is None:
        return wanted
    latest = from_cache(row.due_at) - desk.settings.rules.urgent
    if latest <= desk.clock():
        raise NotAllowed(
            what=_("Its deadline is too near to put it off"), remedy=_("Answer it or forward it.")
        )
    return min(wanted, latest)


def _record(desk: Desk, act: str, row: QueueRow, detail: str | None) -> None:
    channel = desk.channels()[row.channel_id].name
    desk.record(Act(act, channel, row.code, row.order_number, detail))
