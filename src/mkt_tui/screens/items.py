"""Items in two lists: what was sold, and what cannot be sold now (M13, A7)."""

import asyncio
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from mkt_tui.desk import formats, items
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.items import DAYS, Item, Items
from mkt_tui.domain.errors import UserError
from mkt_tui.i18n import N_, _
from mkt_tui.widgets.ask_line import AskLine
from mkt_tui.widgets.changing_lines import ChangingLines
from mkt_tui.widgets.columns import Column
from mkt_tui.widgets.exact import ExactScreen
from mkt_tui.widgets.key_bar import KeyBar
from mkt_tui.widgets.rows import Rows
from mkt_tui.widgets.virtual_table import VirtualTable


def _pieces(item: Item) -> str:
    if item.left is None:
        return "—"
    return f"! {item.left}" if item.is_out else str(item.left)


_COLUMNS: tuple[Column[Item], ...] = (
    Column(N_("SKU"), lambda item: item.sku, 12, 18, 0, lead=True),
    Column(N_("In stock"), _pieces, 8, 8, 1, lead=True, right=True),
    Column(N_("Sold"), lambda item: str(item.sold), 5, 8, 2, right=True),
    Column(N_("Orders"), lambda item: str(item.orders), 6, 7, 4, right=True),
    Column(
        *(N_("MktPlace"), lambda item: item.channel.name, 5, 12, 3),
        short=lambda item: item.channel.short,
    ),
    Column(N_("Title"), lambda item: item.title, 16, 60, 5),
)


def _colour(item: Item) -> Style:
    return Style.parse("bold red" if item.is_out else "none")


class ItemsScreen(ExactScreen[None]):
    """Counts of both lists above, the chosen one below."""

    DEFAULT_CSS = """
    ItemsScreen #head { height: 1; background: $primary-darken-2; color: $text; text-wrap: nowrap; }
    ItemsScreen #empty { height: 1fr; padding: 1 2; display: none; }
    ItemsScreen.nothing #empty { display: block; }
    ItemsScreen.nothing #table { display: none; }
    ItemsScreen #detail { height: 2; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "app.pop_screen", N_("Back")),
        Binding("1", "list(False)", N_("Sold")),
        Binding("2", "list(True)", N_("Unavailable")),
        Binding("slash", "search", N_("Search")),
        Binding("y", "copy", N_("Copy SKU")),
        Binding("M", "ask", N_("Write to the marketplace")),
        Binding("question_mark", "app.help", N_("Help")),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._typed = ""
        self._unavailable = False
        self._found = Items((), ())

    def compose(self) -> ComposeResult:
        """Lay out the counts, the list, the detail and the keys."""
        yield Static(id="head", markup=False)
        yield VirtualTable[Item](
            Rows[Item](), _COLUMNS, _colour, chosen=self._show_detail, id="table"
        )
        yield Static(id="empty", markup=False)
        yield ChangingLines(id="detail")
        yield KeyBar()

    def on_mount(self) -> None:
        """Read both lists in a thread."""
        self._table.focus()
        self._read()

    @property
    def _table(self) -> "VirtualTable[Item]":
        return self.query_one("#table", VirtualTable)

    @work(exclusive=True, group="read")
    async def _read(self) -> None:
        try:
            self._found = await asyncio.to_thread(items.items, self.desk, self._typed)
        except UserError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        if self.is_attached:
            self._show()

    def _show(self) -> None:
        rows = self._found.unavailable if self._unavailable else self._found.sold
        self._table.show(Rows(rows), 0)
        self.set_class(not rows, "nothing")
        if not rows:
            self.query_one("#empty", Static).update(_("No item is in this list."))
        self.query_one("#head", Static).update(self._head(), layout=False)
        self._show_detail()

    def _head(self) -> Text:
        text = Text(" ")
        names = (_("Sold in {days} days").format(days=DAYS), _("Unavailable"))
        lists = (self._found.sold, self._found.unavailable)
        for number, (name, rows) in enumerate(zip(names, lists, strict=True), 1):
            chosen = self._unavailable == (number == 2)
            text.append(f" {number} {name}: {len(rows)} ", "reverse" if chosen else "")
            text.append(" ")
        if self._typed:
            text.append(f"[{self._typed}]", "bold yellow")
        return text

    def _show_detail(self) -> None:
        item = self._table.current if self.is_mounted else None
        lines = []
        if item:
            lines = [f" {item.sku}  {item.title}"]
            if item.as_of is not None:
                at = formats.instant(item.as_of, self.desk.settings.zone)
                told = _("{pieces} in stock at {channel}, as of {instant}")
                lines.append(
                    " " + told.format(pieces=_pieces(item), channel=item.channel.name, instant=at)
                )
            else:
                lines.append(
                    " " + _("{channel} tells no stock here.").format(channel=item.channel.name)
                )
        self.query_one("#detail", ChangingLines).show(lines)

    def action_list(self, unavailable: bool) -> None:
        """Show one of the two lists."""
        self._unavailable = unavailable
        self._show()

    def action_search(self) -> None:
        """Narrow both lists to a SKU or words of a title."""

        def chosen(answer: str | None) -> None:
            if answer is not None:
                self._typed = answer.strip()
                self._read()

        self.app.push_screen(AskLine(_("SKU or words of the title"), self._typed, 60), chosen)

    def action_ask(self) -> None:
        """Write to the marketplace about the item under the cursor."""
        from mkt_tui.screens.first_message import begin_with  # heavy: the editor

        if item := self._table.current:
            begin_with(self.app, self.desk, item.channel, f"{item.sku} {item.title}")

    def action_copy(self) -> None:
        """Send the SKU under the cursor to the terminal's clipboard."""
        if item := self._table.current:
            self.app.copy_to_clipboard(item.sku)
            self.notify(_("The SKU was sent to the terminal's clipboard."), markup=False)
