"""The order sheet on the screen: a printed delivery note to scroll, reveal and print (T9, T10)."""

import asyncio
from typing import ClassVar, Final

from rich.cells import cell_len
from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.timer import Timer
from textual.widgets import Static

from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.desk import formats
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.sheet import Sheet, label_width, reveal, sheet
from mkt_tui.desk.sheet_view import Line, Section
from mkt_tui.domain.errors import UserError
from mkt_tui.i18n import N_, _
from mkt_tui.screens.print_dialog import print_orders
from mkt_tui.widgets.exact import ExactScreen
from mkt_tui.widgets.key_bar import KeyBar

REVEAL_SECONDS: Final = 60.0
_WIDEST: Final = 100
_FRAME: Final = 4


class OrderScreen(ExactScreen[None]):
    """One order in its seven sections; personal data is masked until `v` shows it for a minute.

    Raises:
        CacheProblem: When made, if the order's tickets cannot be read.
    """

    DEFAULT_CSS = """
    OrderScreen #head {
        height: auto;
        padding: 0 2;
        background: $panel;
    }
    OrderScreen #page {
        height: 1fr;
        padding: 0 2;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
    }
    OrderScreen #sheet {
        width: auto;
        height: auto;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", N_("Back")),
        Binding("v", "reveal", N_("Personal data")),
        Binding("x", "act", N_("Act on order")),
        Binding("m", "message", N_("Write to customer")),
        Binding("P", "print", N_("Print")),
        Binding("d", "documents", N_("Documents")),
        Binding("M", "ask", N_("Write to the marketplace")),
        Binding("R", "returnable", N_("What can come back")),
        Binding("y", "copy_number", N_("Copy number")),
        Binding("down,j", "scroll('down')", N_("Down"), show=False),
        Binding("up,k", "scroll('up')", N_("Up"), show=False),
        Binding("pagedown,space", "scroll('page_down')", N_("Next page"), show=False),
        Binding("pageup", "scroll('page_up')", N_("Previous page"), show=False),
        Binding("home,g", "scroll('home')", N_("Start"), show=False),
        Binding("end,G", "scroll('end')", N_("End"), show=False),
        Binding("question_mark", "app.help", N_("Help")),
    ]

    def __init__(self, desk: Desk, record: OrderRecord) -> None:
        super().__init__()
        self._desk = desk
        self._record = record
        self._revealed = False
        # Kept, so that masking again can never fail.
        self._masked = self._sheet = sheet(desk, record, revealed=False)
        self._mask_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the head, the page and the keys."""
        yield Static(id="head", markup=False)
        with VerticalScroll(id="page", can_focus=False):
            yield Static(id="sheet", markup=False)
        yield KeyBar()

    def on_resize(self) -> None:
        """Draw the sheet anew for the width there is."""
        self._draw()

    @property
    def number(self) -> str:
        """The marketplace's number of the order shown."""
        return self._sheet.number

    def action_scroll(self, where: str) -> None:
        """Move the page."""
        page = self.query_one("#page", VerticalScroll)
        getattr(page, f"scroll_{where}")(animate=False)

    def action_reveal(self) -> None:
        """Show the personal data for a minute, or hide it at once."""
        if self._revealed:
            self._mask()
        else:
            self._reveal()

    def action_copy_number(self) -> None:
        """Send the order number to the terminal's clipboard."""
        self.app.copy_to_clipboard(self._sheet.number)
        self._tell(_("The order number was sent to the terminal's clipboard."))

    @work(exclusive=True, group="print")
    async def action_print(self) -> None:
        """Ask where to, and print what is on the screen now."""
        await print_orders(self.app, self._desk, [self._record], revealed=self._revealed)

    @work(exclusive=True, group="documents")
    async def action_documents(self) -> None:
        """List what papers the marketplace holds of the order, and save one."""
        from mkt_tui.screens.documents import fetch  # brings HTTP along

        await fetch(self.app, self._desk, self._record)

    @work(exclusive=True, group="documents")
    async def action_returnable(self) -> None:
        """Ask the marketplace what of the order may be sent back."""
        from mkt_tui.screens.returnable import show  # brings HTTP along

        await show(self.app, self._desk, self._record)

    def action_ask(self) -> None:
        """Begin a conversation about the order: with the marketplace, the customer or both."""
        from mkt_tui.screens.first_message import begin_about  # heavy: the editor

        begin_about(self.app, self._desk, self._record)

    @work(exclusive=True, group="act")
    async def action_act(self) -> None:
        """Do something to the order at its marketplace (C16)."""
        from mkt_tui.screens.order_acts import act_on  # only when it is asked for

        if await act_on(self.app, self._desk, self._record):
            self._masked = sheet(self._desk, self._record, revealed=False)
            self._mask()

    def action_message(self) -> None:
        """Write in the customer's conversation, or begin one where the channel can (T28)."""
        from mkt_tui.desk import notices
        from mkt_tui.screens.conversation import ConversationScreen  # heavy: the editor
        from mkt_tui.screens.first_message import FirstMessage, tell

        channel = self._desk.channels()[self._record.channel_id]
        if ticket := notices.greet(self._desk, channel, self._record):
            self.app.push_screen(ConversationScreen(self._desk, ticket, composing=True))
            return
        first = notices.greeting(self._desk, channel, self._record)
        screen = FirstMessage(self._desk, channel, first)
        self.app.push_screen(screen, lambda sent: tell(self.app, sent))

    @work(exclusive=True, group="reveal")
    async def _reveal(self) -> None:
        try:
            page = await asyncio.to_thread(self._audited)
        except UserError as error:
            self.app.notify(str(error), severity="error", markup=False)
            return
        self._show(page, revealed=True)
        self._mask_timer = self.set_timer(REVEAL_SECONDS, self._time_is_up)
        self._tell(_("Personal data is shown for a minute. The audit log has noted it."))

    def _audited(self) -> Sheet:
        # The audit first: nobody sees what was not written down.
        reveal(self._desk, self._record)
        return sheet(self._desk, self._record, revealed=True)

    def _time_is_up(self) -> None:
        self._mask()
        self._tell(_("Personal data is masked again."))

    def _mask(self) -> None:
        self._show(self._masked, revealed=False)

    def _show(self, page: Sheet, *, revealed: bool) -> None:
        if self._mask_timer is not None:
            self._mask_timer.stop()
            self._mask_timer = None
        self._sheet = page
        self._revealed = revealed
        self._draw()

    def _draw(self) -> None:
        width = max(self.size.width - _FRAME, 1)
        self.query_one("#head", Static).update(self._head(width))
        # One more cell is the scroll bar's.
        self.query_one("#sheet", Static).update(_page(self._sheet, min(width - 1, _WIDEST)))

    def _head(self, width: int) -> Text:
        instant = formats.instant(self._sheet.as_of, self._desk.settings.zone)
        privacy = _("personal data shown") if self._revealed else _("personal data masked")
        number = self._sheet.title
        if self._sheet.site_number:
            number += " · " + _("site {number}").format(number=self._sheet.site_number)
        else:
            number += " · " + _("no site order linked")
        return Text("\n").join(
            (
                _two_ends(Text(number, "bold"), Text(self._sheet.channel, "bold"), width),
                _two_ends(
                    Text(f"{self._sheet.status} · {privacy}"),
                    Text(_("as of {instant}").format(instant=instant)),
                    width,
                ),
            )
        )

    def _tell(self, sentence: str) -> None:
        self.app.notify(sentence, markup=False)


def _two_ends(left: Text, right: Text, width: int) -> Text:
    """Return both texts at the ends of one line, or below each other where there is no room."""
    gap = width - left.cell_len - right.cell_len
    return Text.assemble(left, " " * gap if gap > 1 else "\n", right)


def _page(page: Sheet, width: int) -> Text:
    column = min(label_width(page) + 2, max(width // 2, 1))
    return Text("\n").join(
        line for section in page.sections for line in _section(section, column, width)
    )


def _section(section: Section, column: int, width: int) -> list[Text]:
    rule = "─" * max(width - cell_len(section.title) - 1, 0)
    lines = [Text(), Text.assemble((section.title, "bold"), " ", (rule, "dim"))]
    if not section.lines:
        lines.append(Text(_("No data"), "dim italic"))
    for line in section.lines:
        lines += _full_width(line, width) if not line.label else _labelled(line, column, width)
    return lines


def _full_width(line: Line, width: int) -> list[Text]:
    indent = " " * (len(line.value) - len(line.value.lstrip()))
    room = max(width - len(indent), 1)
    return [Text(indent + text) for text in formats.wrap(line.value, room)]


def _labelled(line: Line, column: int, width: int) -> list[Text]:
    label = Text.assemble((line.label, "dim"))
    label.truncate(column - 1)
    label.pad_right(column - label.cell_len)
    lines = []
    for text in formats.wrap(line.value, max(width - column, 1)):
        lines.append(label + Text(text))
        label = Text(" " * column)
    return lines
