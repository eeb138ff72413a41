"""The keys of what is done to tickets, the same on the queue and on a ticket."""

from typing import Final

from textual.binding import Binding

from mkt_tui.i18n import N_

WORK: Final = (
    Binding("f", "work('forward')", N_("Forward")),
    Binding("A", "work('assign')", N_("Assign, mark")),
    Binding("S", "work('snooze')", N_("Put off")),
    Binding("N", "work('note')", N_("Internal note")),
)
