"""Another key for a channel; nothing of the old one or the new one is shown (C2)."""

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from mkt_tui.desk import channel_setup
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import UserError
from mkt_tui.i18n import N_, _
from mkt_tui.widgets.modal import Modal
from mkt_tui.widgets.secret_fields import SecretFields, SecretInput


class KeyScreen(Modal[bool | None]):
    """Ends with True once the new key is kept."""

    DEFAULT_CSS = """
    KeyScreen { align: center middle; }
    KeyScreen > Vertical {
        width: 70; max-width: 98%; height: auto;
        border: round $primary; background: $surface; padding: 0 1;
    }
    KeyScreen #title { text-style: bold; }
    KeyScreen #trouble { color: $text-error; height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+d", "keep", N_("Keep the key"), priority=True),
        Binding("enter", "onwards", N_("Next field"), priority=True),
        Binding("down", "app.focus_next", N_("Next field"), priority=True, show=False),
        Binding("up", "app.focus_previous", N_("Previous field"), priority=True, show=False),
        Binding("escape", "dismiss(None)", N_("Back")),
    ]

    def __init__(self, desk: Desk, channel: Channel, names: Sequence[str]) -> None:
        super().__init__()
        self._desk, self._channel, self._names = desk, channel, names

    def compose(self) -> ComposeResult:
        """Ask for every part of the key."""
        title = _("New key of {channel}; it is not shown").format(channel=self._channel.name)
        with Vertical():
            yield Static(title, id="title", markup=False)
            yield SecretFields(self._names)
            yield Static(_("^D keeps it, Enter goes on, Esc leaves."), markup=False)
            yield Static(id="trouble", markup=False)

    def on_mount(self) -> None:
        """Begin with the first part."""
        self.query(SecretInput).first().focus()

    def action_onwards(self) -> None:
        """Go to the next part, and keep the key after the last one."""
        fields = list(self.query(SecretInput))
        empty = [each for each in fields if not each.value]
        if self.focused is fields[-1] or not empty:
            self.action_keep()
        else:
            self.app.action_focus_next()

    def action_keep(self) -> None:
        """Keep it, or say why not."""
        fields = self.query_one(SecretFields)
        fields.fill(next(iter(fields.values.values())).strip())
        try:
            channel_setup.change_key(self._desk, self._channel.name, fields.values)
        except UserError as error:
            self.query_one("#trouble", Static).update(Text(str(error)))
        else:
            self.dismiss(result=True)
