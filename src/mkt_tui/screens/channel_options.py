"""Another address of a channel, or other options of its adapter; what is wrong is said, all stays."""

from dataclasses import replace
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from mkt_tui.desk import channel_options
from mkt_tui.desk.channel_setup import Changes
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import UserError
from mkt_tui.i18n import N_, _
from mkt_tui.widgets.editor import Editor
from mkt_tui.widgets.modal import Modal


class ChannelOptionsScreen(Modal[Changes | None]):
    """Ends with what is planned, with these in it; None when left."""

    DEFAULT_CSS = """
    ChannelOptionsScreen { align: center middle; }
    ChannelOptionsScreen > Vertical {
        width: 78; max-width: 98%; height: auto; max-height: 95%;
        border: round $primary; background: $surface; padding: 0 1;
    }
    ChannelOptionsScreen Static { height: auto; }
    ChannelOptionsScreen #title { text-style: bold; }
    ChannelOptionsScreen .name { color: $text-muted; }
    ChannelOptionsScreen Input { background: $boost; }
    ChannelOptionsScreen TextArea { height: 8; background: $boost; }
    ChannelOptionsScreen #trouble { color: $text-error; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+d", "keep", N_("Plan them"), priority=True),
        Binding("tab", "app.focus_next", N_("Next field"), priority=True),
        Binding("escape", "dismiss(None)", N_("Back")),
    ]

    def __init__(self, desk: Desk, channel: Channel, planned: Changes) -> None:
        super().__init__()
        self._desk, self._channel, self._planned = desk, channel, planned

    def compose(self) -> ComposeResult:
        """Show both as they are, or as they are planned."""
        options = self._planned.options
        if options is None:
            options = channel_options.settable(self._desk, self._channel)
        title = _("Address and options of {channel}").format(channel=self._channel.name)
        with Vertical():
            yield Static(title, id="title", markup=False)
            yield Static(_("Address"), classes="name", markup=False)
            yield Input(self._planned.address or self._channel.base_url, compact=True)
            told = _("Options, key=value, one a line (docs/channels.md names them)")
            yield Static(told, classes="name", markup=False)
            yield Editor("\n".join(channel_options.written(options)), compact=True)
            told = _("^D plans them, Tab goes on, Esc leaves. They hold with w.")
            yield Static(told, markup=False)
            yield Static(id="trouble", markup=False)

    def on_mount(self) -> None:
        """Begin with the options, which change more often."""
        self.query_one(Editor).focus()

    def action_keep(self) -> None:
        """End with them, or say why they cannot be."""
        address = self.query_one(Input).value.strip()
        try:
            options = channel_options.read(self.query_one(Editor).text.splitlines())
            channel_options.changed(self._desk, self._channel, address, options)
        except UserError as error:
            self.query_one("#trouble", Static).update(Text(str(error)))
            return
        same = options == channel_options.settable(self._desk, self._channel)
        self.dismiss(
            replace(
                self._planned,
                address=None if address == self._channel.base_url else address,
                options=None if same else options,
            )
        )
