"""Enter a protocol of a portal by hand."""

from collections.abc import Mapping
from typing import ClassVar

from mkt_tui.desk import importing
from mkt_tui.desk.entries import TITLES
from mkt_tui.domain.channels import Channel
from mkt_tui.i18n import N_, _
from mkt_tui.screens.entry_form import EntryForm


class PortalEntryScreen(EntryForm):
    """The form of a protocol; it comes into the queue."""

    HEADING = N_("Enter a protocol of a portal")
    FIRST = "code"
    FIELDS: ClassVar = {"channel": N_("Channel"), **TITLES}
    HINTS: ClassVar = {
        "opened": N_("11/03/2026 14:30; empty = now"),
        "due": N_("what the portal says; empty = by the rules"),
        "reason": N_("cancellation/question/exchange/delivery/payment/complaint"),
        "kind": N_("message, chat, exchange, refund"),
        "party": N_("customer or operator"),
        "protocol": N_("of an exchange or a refund, where it has one"),
        "amount": N_("to be paid back, such as 129,90"),
    }

    def enter(self, channel: Channel, told: Mapping[str, str]) -> str:
        """Put it into the queue."""
        entry = importing.enter(self._desk, channel, told)
        return _("Protocol {code} is in the queue.").format(code=entry.code)
