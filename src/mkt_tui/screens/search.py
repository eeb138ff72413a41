"""Find anything by any number or words, as it is typed (J3)."""

import asyncio
from dataclasses import replace
from typing import ClassVar

from rich.style import Style
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.widgets import Input, Static

from mkt_tui.cache.searching import EXACT
from mkt_tui.desk import search
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.search import Found, Hit
from mkt_tui.desk.sheet_sections import status_word
from mkt_tui.domain.errors import UserError
from mkt_tui.i18n import N_, _, ngettext
from mkt_tui.screens.queue_columns import QueueCells
from mkt_tui.widgets.exact import ExactScreen
from mkt_tui.widgets.key_bar import KeyBar
from mkt_tui.widgets.rows import Rows
from mkt_tui.widgets.virtual_table import Column, VirtualTable


class SearchLine(Input):
    """The line; Enter belongs to it, so that no Enter overtakes what was pasted before it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", N_("Open"))]


class SearchScreen(ExactScreen[None]):
    """A line to type into, and what it finds; the newest text wins over a search under way."""

    DEFAULT_CSS = """
    SearchScreen Input { background: $boost; }
    SearchScreen #note { height: 1; padding: 0 1; background: $surface; }
    SearchScreen #note.warning { color: $warning; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", N_("Back")),
        Binding("down", "move('move', 1)", N_("Next"), show=False),
        Binding("up", "move('move', -1)", N_("Previous"), show=False),
        Binding("pagedown", "move('page', 1)", N_("Page down"), show=False),
        Binding("pageup", "move('page', -1)", N_("Page up"), show=False),
        Binding("ctrl+o", "order", N_("Order")),
        Binding("ctrl+r", "reply", N_("Reply")),
        Binding("f1", "app.help", N_("Help")),
    ]

    def __init__(self, desk: Desk, text: str = "") -> None:
        super().__init__()
        self._desk = desk
        self._text = text
        self._found = Found("")
        self._searching = False
        self._opening: str | None = None
        self._cells = QueueCells(desk, desk.channels(), set())

    def compose(self) -> ComposeResult:
        """Lay out the line, what is told about it, the hits and the keys."""
        asked = _("ticket, order, delivery, CPF, tracking, ISBN, name, words of a message …")
        yield SearchLine(self._text, placeholder=asked, select_on_focus=False, compact=True)
        yield Static(id="note", markup=False)
        yield VirtualTable[Hit](Rows[Hit](), columns(self._cells), self._colour, id="hits")
        yield KeyBar()

    def on_mount(self) -> None:
        """Type at once; the table is moved from there."""
        self.query_one("#hits").can_focus = False
        self.set_focus(self.query_one(Input))
        self._tell()

    @property
    def table(self) -> "VirtualTable[Hit]":
        """The hits."""
        return self.query_one("#hits", VirtualTable)

    def on_key(self, event: Key) -> None:
        """Keep what is typed before the line is there."""
        line = self.query_one(Input)
        if event.character and event.is_printable and self.focused is not line:
            line.insert_text_at_cursor(event.character)

    @on(Input.Submitted)
    def _entered(self) -> None:
        self.action_open()

    @on(Input.Changed)
    def _typed(self) -> None:
        if not self._searching:
            self._searching = True
            self.run_worker(self._search(), group="search")

    async def _search(self) -> None:
        """Search until what was found is for what the line says now."""
        try:
            while self.is_attached and self._found.text != self._wanted:
                text = self._wanted
                self._show(await asyncio.to_thread(self._find, text), text)
        finally:
            self._searching = False
        if self.is_attached and self._opening == self._found.text:
            self._open_only()
        self._opening = None

    @property
    def _wanted(self) -> str:
        return self.query_one(Input).value

    def _find(self, text: str) -> Found:
        try:
            return search.find(self._desk, text)
        except UserError as error:
            return Found(text, note=str(error))

    def _show(self, found: Found, text: str) -> None:
        if self.is_attached:
            self._found = replace(found, text=text)
            self.table.show(Rows(found.hits), 0)
            self._tell()

    def _tell(self) -> None:
        note = self.query_one("#note", Static)
        note.set_class(bool(self._found.note), "warning")
        note.update(words(self._found), layout=False)

    def _colour(self, hit: Hit) -> Style | None:
        return self._cells.colour(hit.ticket) if hit.ticket else None

    def action_move(self, how: str, by: int) -> None:
        """Move in the hits while the line keeps the keys."""
        getattr(self.table, f"action_{how}")(by)

    def action_open(self) -> None:
        """Open what is under the cursor; of hits not seen yet only the one there is."""
        if self._searching or self._found.text != self._wanted:
            self._opening = self._wanted
        elif self._found.only and self.table.cursor == 0:
            self._open_only()
        elif hit := self.table.current:
            self._open(hit)

    def _open_only(self) -> None:
        if hit := self._found.only:
            if hit.rank == EXACT and self._open_order(hit):
                return
            self._open(hit)

    def _open(self, hit: Hit) -> None:
        if hit.ticket:
            self._converse(hit.ticket.id, composing=False)
        else:
            self._open_order(hit)

    @on(VirtualTable.RowOpened)
    def _clicked(self) -> None:
        if hit := self.table.current:
            self._open(hit)

    def action_order(self) -> None:
        """Open the order of the hit under the cursor."""
        hit = self.table.current
        if hit and not self._open_order(hit):
            self.notify(_("The order is not in the cache."), severity="warning", markup=False)

    def action_reply(self) -> None:
        """Answer the ticket under the cursor."""
        hit = self.table.current
        if hit and hit.ticket:
            self._converse(hit.ticket.id, composing=True)

    def _open_order(self, hit: Hit) -> bool:
        from mkt_tui.screens.order import OrderScreen  # not needed while typing

        order = search.order_of(self._desk, hit)
        if order:
            self.app.push_screen(OrderScreen(self._desk, order))
        return order is not None

    def _converse(self, ticket_id: int, *, composing: bool) -> None:
        from mkt_tui.screens.conversation import open_ticket  # heavy: the editor

        open_ticket(self.app, self._desk, ticket_id, composing=composing)


def words(found: Found) -> str:
    """Return what the line under the text says."""
    if found.note:
        return found.note
    if not found.text.strip():
        return _("Type or paste any number, or words; accents and capitals do not matter.")
    if not found.hits:
        return _("Nothing found.")
    told = ngettext("{count} found", "{count} found", len(found.hits)).format(count=len(found.hits))
    if found.only:
        return told + " · " + _("Enter opens it")
    return told + " · " + _("choose with the arrows")


def columns(cells: QueueCells) -> tuple[Column[Hit], ...]:
    """Return the queue's columns for hits: an order has its status where a ticket has its own."""
    of_ticket = {each.title: each for each in cells.columns()}

    def column(title: str, of_order: str, rank: int) -> Column[Hit]:
        base = of_ticket[title]

        def text(hit: Hit) -> str:
            return base.text(hit.ticket) if hit.ticket else order_cell(hit, of_order, cells)

        short = base.short

        def shorter(hit: Hit) -> str:
            return short(hit.ticket) if short and hit.ticket else text(hit)

        return Column(
            title, text, base.least, base.ideal, rank, base.lead, base.right,
            shorter if short else None,
        )  # fmt: skip

    return (
        column("", "kind", 0),
        column("Situation", "status", 1),
        column("MktPlace", "channel", 3),
        column("Name", "customer", 2),
        column("Subject", "what", 5),
        column("Ticket", "nothing", 6),
        column("Mkt order", "number", 4),
        column("Site order", "site_number", 7),
    )


def order_cell(hit: Hit, what: str, cells: QueueCells) -> str:
    """Return a cell of an order."""
    order = hit.order
    assert order
    if what == "status":
        return status_word(order.status) or _("Order")
    if what == "channel":
        return cells.channels[order.channel_id].name if order.channel_id in cells.channels else "?"
    if what == "what":
        return _("Order without a ticket")
    told = {"customer": order.customer, "number": order.number, "site_number": order.site_number}
    return told.get(what) or ""
