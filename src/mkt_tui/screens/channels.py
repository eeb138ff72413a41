"""The channels of this installation: how each stands, and the way to new ones (J12, C1-C7)."""

import asyncio
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from mkt_tui.desk import channel_sight
from mkt_tui.desk.channel_sight import Sight
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import UserError
from mkt_tui.i18n import N_, _
from mkt_tui.screens import channels_words as words
from mkt_tui.screens.channel import ChannelScreen
from mkt_tui.widgets.changing_lines import ChangingLines
from mkt_tui.widgets.exact import ExactScreen
from mkt_tui.widgets.key_bar import KeyBar
from mkt_tui.widgets.rows import Rows
from mkt_tui.widgets.steady import put
from mkt_tui.widgets.virtual_table import VirtualTable

_LOOK_EVERY: Final = 2.0


class ChannelsScreen(ExactScreen[None]):
    """The list, and the channel under the cursor in three lines."""

    DEFAULT_CSS = """
    ChannelsScreen #head {
        height: 1; background: $primary-darken-2; color: $text; text-wrap: nowrap;
    }
    ChannelsScreen #detail { height: 3; background: $surface; }
    ChannelsScreen #empty { height: 1fr; padding: 1 2; display: none; }
    ChannelsScreen.nothing #empty { display: block; }
    ChannelsScreen.nothing #table { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "new", N_("New channel")),
        Binding("enter,right,o", "open", N_("Open")),
        Binding("question_mark", "app.help", N_("Help")),
        Binding("escape,q", "app.pop_screen", N_("Back")),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def compose(self) -> ComposeResult:
        """Lay out title, list, detail and keys."""
        yield Static(id="head", markup=False)
        yield VirtualTable[Sight](
            Rows[Sight](), words.columns(), words.colour, chosen=self._show_detail, id="table"
        )
        yield Static(_("There is no channel yet. n adds one."), id="empty", markup=False)
        yield ChangingLines(id="detail")
        yield KeyBar()

    def on_mount(self) -> None:
        """Look now and again, for engines work behind the desk."""
        self._table.focus()
        self._look()
        self.set_interval(_LOOK_EVERY, self._look)

    def on_screen_resume(self) -> None:
        """Show what was done elsewhere."""
        self._look()

    @property
    def _table(self) -> "VirtualTable[Sight]":
        return self.query_one("#table", VirtualTable)

    @work(exclusive=True, group="look")
    async def _look(self) -> None:
        try:
            found = await asyncio.to_thread(channel_sight.look, self._desk)
        except UserError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        if self.is_attached and self.query(VirtualTable):
            self._show(found)

    def _show(self, found: list[Sight]) -> None:
        current = self._table.current
        names = [each.channel.id for each in found]
        kept = names.index(current.channel.id) if current and current.channel.id in names else 0
        self._table.show(Rows(found), kept)
        self.set_class(not found, "nothing")
        put(self.query_one("#head", Static), words.head(found), layout=False)
        self._show_detail()

    def _show_detail(self) -> None:
        if self.query("#detail"):
            current, zone = self._table.current, self._desk.settings.zone
            self.query_one("#detail", ChangingLines).show(words.detail(current, zone))

    def action_new(self) -> None:
        """Add a channel (C1-C3)."""
        from mkt_tui.screens.channel_entry import ChannelEntry  # only when it is asked for

        self.app.push_screen(ChannelEntry(self._desk), self._added)

    def _added(self, name: str | None) -> None:
        if name is not None:
            self.app.push_screen(ChannelScreen(self._desk, name))

    def action_open(self) -> None:
        """Look at one channel and set it up."""
        if current := self._table.current:
            self.app.push_screen(ChannelScreen(self._desk, current.channel.name))

    @on(VirtualTable.RowOpened)
    def _opened(self) -> None:
        self.action_open()
