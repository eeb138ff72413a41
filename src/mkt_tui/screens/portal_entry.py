"""Enter a protocol by hand: one line a field; what is wrong is said, and everything stays."""

from collections.abc import Sequence
from typing import ClassVar, Final

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mkt_tui.desk import importing
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import UserError
from mkt_tui.i18n import N_, _

_FIELDS: Final = {
    "channel": N_("Channel"),
    "code": N_("Protocol"),
    "order": N_("Order"),
    "customer": N_("Customer"),
    "subject": N_("Subject"),
    "message": N_("Message"),
    "opened": N_("Opened"),
    "due": N_("Deadline"),
    "reason": N_("Reason"),
    "kind": N_("Kind"),
    "party": N_("Opened by"),
    "protocol": N_("Its protocol"),
    "amount": N_("Amount"),
}
_HINTS: Final = {
    "opened": N_("11/03/2026 14:30; empty = now"),
    "due": N_("what the portal says; empty = by the rules"),
    "reason": N_("cancellation, question, exchange, delivery, payment, complaint"),
    "kind": N_("message, chat, exchange, refund"),
    "party": N_("customer or operator"),
    "protocol": N_("of an exchange or a refund, where it has one"),
    "amount": N_("to be paid back, such as 129,90"),
}


class PortalEntryScreen(ModalScreen[str | None]):
    """Ends with the protocol's number once it is in the queue; None when left."""

    DEFAULT_CSS = """
    PortalEntryScreen { align: center middle; }
    PortalEntryScreen > Vertical {
        width: 76; max-width: 98%; height: auto; max-height: 95%;
        border: round $primary; background: $surface; padding: 0 1;
    }
    PortalEntryScreen Horizontal { height: 1; }
    PortalEntryScreen .name { width: 14; color: $text-muted; }
    PortalEntryScreen Input { width: 1fr; background: $boost; }
    PortalEntryScreen #title { text-style: bold; }
    PortalEntryScreen #trouble { color: $text-error; height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+d", "keep", N_("Enter the protocol"), priority=True),
        Binding("enter,down", "app.focus_next", N_("Next field"), priority=True),
        Binding("up", "app.focus_previous", N_("Previous field"), priority=True, show=False),
        Binding("escape", "dismiss(None)", N_("Back")),
    ]

    def __init__(self, desk: Desk, channels: Sequence[Channel], first: str) -> None:
        super().__init__()
        self._desk, self._channels, self._first = desk, channels, first

    def compose(self) -> ComposeResult:
        """One line a field."""
        names = ", ".join(each.name for each in self._channels)
        with Vertical():
            yield Static(_("Enter a protocol of a portal"), id="title", markup=False)
            for name, title in _FIELDS.items():
                hint = _(_HINTS[name]) if name in _HINTS else ""
                with Horizontal():
                    yield Static(_(title), classes="name", markup=False)
                    yield Input(
                        self._first if name == "channel" else "",
                        placeholder=names if name == "channel" else hint,
                        id=name,
                        compact=True,
                    )
            yield Static(_("^D enters it, Enter goes on, Esc leaves."), markup=False)
            yield Static(id="trouble", markup=False)

    def on_mount(self) -> None:
        """Begin with the protocol; the channel is known."""
        self.query_one("#code", Input).focus()

    def action_keep(self) -> None:
        """Enter it, or say why not."""
        told = {name: self.query_one(f"#{name}", Input).value for name in _FIELDS}
        try:
            channel = self._desk.channel(told.pop("channel").strip())
            entry = importing.enter(self._desk, channel, told)
        except UserError as error:
            self.query_one("#trouble", Static).update(Text(str(error)))
        else:
            self.dismiss(entry.code)
