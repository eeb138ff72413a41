"""Deadlines: the rules as dated data, the calendars they run on, and what colour they give.

`rules` says which rule holds for a ticket, `clocks` when it is up, `calendars` which hours count,
`urgency` what that means now.
"""

from mkt_tui.domain.deadlines.urgency import (
    HouseRules,
    PriorityEdge,
    Urgency,
    days_pending,
    is_late,
    priority_until,
    situation,
    urgency,
)

__all__ = [
    "HouseRules",
    "PriorityEdge",
    "Urgency",
    "days_pending",
    "is_late",
    "priority_until",
    "situation",
    "urgency",
]
