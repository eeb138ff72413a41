"""How long a ticket has waited, and how urgent its deadline makes it.

Pure rules over instants (UTC) and zones: T6 days pending, T7 colour, T8 the 24 hours, T20
PRIORIDADE; thresholds of features.md, 3.2.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum, StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from mkt_tui.domain.tickets import Situation

ANSWER_WITHIN: Final = timedelta(hours=24)
PRIORITY_AFTER: Final = timedelta(hours=24)


class Urgency(Enum):
    """How pressing an open ticket is; the value is the glyph that says it without colour."""

    CALM = "."
    SOON = "!"
    URGENT = "!!"
    LATE = ">>"


class PriorityEdge(StrEnum):
    """When the second day of pendency begins; the values are what the settings take."""

    ELAPSED = "elapsed"
    NEXT_DAY = "next-day"


@dataclass(frozen=True, slots=True)
class HouseRules:
    """The seller's own figures; a marketplace's rules come per channel.

    Attributes:
        priority_edge: Whether PRIORIDADE comes after `priority_after`, or with the desk's midnight.
    """

    answer_within: timedelta = ANSWER_WITHIN
    priority_after: timedelta = PRIORITY_AFTER
    soon: timedelta = timedelta(hours=12)
    urgent: timedelta = timedelta(hours=4)
    priority_edge: PriorityEdge = PriorityEdge.ELAPSED


def is_late(due: datetime, now: datetime) -> bool:
    """Tell whether `due` has passed; the very instant of 24:00:00 is already late (T8)."""
    return now >= due


def days_pending(registered_at: datetime, now: datetime, zone: ZoneInfo) -> int:
    """Return for how many days the ticket has been pending in our system (T6).

    Whole calendar days in the desk's zone: what came in yesterday at 23:59 shows 1 after midnight.
    Never negative, even if a clock was set back.
    """
    days = now.astimezone(zone).date() - registered_at.astimezone(zone).date()
    return max(days.days, 0)


def situation(
    registered_at: datetime, now: datetime, rules: HouseRules, zone: ZoneInfo | None = None
) -> Situation:
    """Return PENDENTE, or PRIORIDADE from the second day of pendency on (T20).

    Args:
        zone: The desk's; needed only where the second day is the next calendar day.
    """
    if rules.priority_edge is PriorityEdge.NEXT_DAY and zone is not None:
        late = days_pending(registered_at, now, zone) >= 1
    else:
        late = now - registered_at >= rules.priority_after
    return Situation.PRIORITY if late else Situation.PENDING


def priority_until(now: datetime, rules: HouseRules, zone: ZoneInfo) -> datetime:
    """Return the last instant at which a wait was registered that has PRIORIDADE now (T20)."""
    if rules.priority_edge is PriorityEdge.NEXT_DAY:
        today = datetime.combine(now.astimezone(zone).date(), time(), zone)
        return today - timedelta(milliseconds=1)
    return now - rules.priority_after


def urgency(due: datetime, now: datetime, rules: HouseRules) -> Urgency:
    """Return the colour class of a ticket from its hard deadline alone (T7)."""
    if is_late(due, now):
        return Urgency.LATE
    left = due - now
    if left < rules.urgent:
        return Urgency.URGENT
    return Urgency.SOON if left <= rules.soon else Urgency.CALM
