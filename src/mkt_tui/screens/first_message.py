"""The first message to the customer of an order that has no conversation yet (M16)."""

from dataclasses import replace
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea

from mkt_tui.desk import acting
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.operations import StartThread
from mkt_tui.i18n import N_, _
from mkt_tui.screens.order_acts import AskScreen


class FirstMessage(ModalScreen[bool]):
    """Ends with whether the message was put into the outbox."""

    DEFAULT_CSS = """
    FirstMessage { align: center middle; }
    FirstMessage Vertical {
        width: 76; max-width: 100%; height: 18; max-height: 100%;
        border: round $primary; background: $surface; padding: 0 1;
    }
    FirstMessage Static { height: auto; }
    FirstMessage #title { text-style: bold; }
    FirstMessage #trouble { color: $text-error; }
    FirstMessage TextArea { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+d", "send", N_("Send"), priority=True),
        Binding("escape", "leave", N_("Back")),
    ]

    def __init__(self, desk: Desk, channel: Channel, prepared: StartThread) -> None:
        super().__init__()
        self._desk = desk
        self._channel = channel
        self._prepared = prepared

    def compose(self) -> ComposeResult:
        """Say to whom it goes, then give the prepared words to change."""
        title = _("First message about order {number}, to the customer, on {channel}").format(
            number=self._prepared.order_number, channel=self._channel.name
        )
        with Vertical():
            yield Static(title, id="title", markup=False)
            yield TextArea(self._prepared.text, tab_behavior="focus", compact=True)
            yield Static(_("^D sends it, Esc leaves."), markup=False)
            yield Static(id="trouble", markup=False)

    def action_leave(self) -> None:
        """Leave; words of the agent's own are thrown away only when he says so."""
        self._leave()

    @work
    async def _leave(self) -> None:
        if self.query_one(TextArea).text != self._prepared.text and not (
            await self.app.push_screen_wait(AskScreen([_("Throw these words away?")]))
        ):
            return
        self.dismiss(result=False)

    def action_send(self) -> None:
        """Ask once more, then send."""
        # Words typed right before are still on their way to the field; this comes after them.
        (self.focused or self).call_later(self._send)

    @work
    async def _send(self) -> None:
        wanted = replace(self._prepared, text=self.query_one(TextArea).text.strip())
        try:
            if not wanted.text:
                return
            told = acting.confirmation(self._channel, wanted)
            lines = [told.deed, *told.details, "", told.there, told.not_here]
            if await self.app.push_screen_wait(AskScreen(lines)):
                acting.send(self._desk, self._channel, wanted)
                self.dismiss(result=True)
        except UserError as error:
            self.query_one("#trouble", Static).update(Text(str(error)))
