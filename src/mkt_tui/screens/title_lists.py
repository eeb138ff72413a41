"""What the two lists of a publisher's desk have in common: one filter, saved ones, their rows."""

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any, ClassVar, Final, Generic, TypeVar

from rich.style import Style
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from mkt_tui.desk import publisher
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.publisher_lists import Found, Rows
from mkt_tui.desk.publisher_words import defect_word
from mkt_tui.domain import title_filters
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.title_filters import TitleFilter
from mkt_tui.i18n import N_, _
from mkt_tui.screens import publisher_words as words
from mkt_tui.screens.watch import Watch
from mkt_tui.widgets.changing_lines import ChangingLines
from mkt_tui.widgets.columns import Column
from mkt_tui.widgets.exact import ExactScreen
from mkt_tui.widgets.key_bar import KeyBar
from mkt_tui.widgets.letter_menu import Entry, LetterMenu
from mkt_tui.widgets.virtual_table import VirtualTable

_LOOK_EVERY: Final = 1.0
_MINUTE: Final = 60.0
# A list that took a second to find rests for four.
_RESTS: Final = 4
Item = TypeVar("Item")
Row = TypeVar("Row")


class TitleListScreen(ExactScreen[None], Generic[Item, Row]):
    """A list with a filter: head, table, the row under the cursor in two lines, the keys.

    Which rows it has is found in a thread, what they say is read as they come into view.
    """

    DEFAULT_CSS = """
    TitleListScreen #head {
        height: 1; background: $primary-darken-2; color: $text; text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    TitleListScreen #detail { height: 2; background: $surface; }
    TitleListScreen #empty { height: 1fr; padding: 1 2; display: none; }
    TitleListScreen.nothing #empty { display: block; }
    TitleListScreen.nothing #table { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,right", "open", N_("Open")),
        Binding("t,b", "other", N_("Tickets/titles")),
        Binding("slash,F", "filter", N_("Filter")),
        Binding("x", "group", N_("Group by title")),
        Binding("V", "views", N_("Saved")),
        Binding("p", "narrow('presale')", N_("Pre-sale")),
        Binding("h", "shop", N_("Shop"), show=False),
        Binding("e", "kind", N_("Kind"), show=False),
        Binding("0", "clear", N_("All"), show=False),
        Binding("S", "sales", N_("Sales")),
        Binding("y", "copy", N_("Copy ISBN"), show=False),
        Binding("question_mark", "app.help", N_("Help")),
        Binding("escape,q", "back", N_("Back")),
    ]
    NAME: ClassVar[str]

    def __init__(self, desk: Desk, line: str = "") -> None:
        super().__init__()
        self.desk = desk
        self.line = line
        self._watch = Watch(desk.database, self._complain)
        self._reading, self._stale = True, False
        self._rest_until = 0.0

    @abstractmethod
    def find(self, wanted: TitleFilter) -> Found:
        """Return which rows the list has; runs in a thread."""

    @abstractmethod
    def rows(self, found: Found) -> Rows[Item, Row]:
        """Return these rows."""

    @abstractmethod
    def cells(self) -> tuple[tuple[Column[Row], ...], Callable[[Row], Style | None]]:
        """Return the columns and what colours a row."""

    @abstractmethod
    def key(self, row: Row) -> int:
        """Return the id that the cursor keeps to."""

    @abstractmethod
    def isbn(self, row: Row) -> str:
        """Return the ISBN of a row."""

    @abstractmethod
    def detail(self, row: Row | None) -> list[str]:
        """Return two lines on the row under the cursor."""

    @abstractmethod
    def open_row(self, row: Row) -> None:
        """Open a row."""

    def compose(self) -> ComposeResult:
        """Lay out head, list, detail and keys."""
        columns, colour = self.cells()
        yield Static(id="head", markup=False)
        yield VirtualTable[Row](
            self.rows(Found()), columns, colour, chosen=self._show_detail, id="table"
        )
        yield Static(id="empty", markup=False)
        yield ChangingLines(id="detail")
        yield KeyBar()

    def on_mount(self) -> None:
        """Find the rows, and again when they changed."""
        self.table.focus()
        self._watch.changed()
        self.narrow(self.line)
        self.set_interval(_LOOK_EVERY, self._look)
        self.set_interval(_MINUTE, self.changed)

    @property
    def takes_keys(self) -> bool:
        """Whether the rows that a key would act on are there."""
        return not self._reading

    @property
    def table(self) -> "VirtualTable[Row]":
        """The list."""
        return self.query_one("#table", VirtualTable)

    @property
    def wanted(self) -> TitleFilter:
        """What the list is narrowed to."""
        return title_filters.parse(self.line)

    def on_screen_resume(self) -> None:
        """Show what was done elsewhere."""
        if self.is_mounted and self.query(VirtualTable) and not self._reading:
            self._show_rows_again()
            self.changed()

    def _look(self) -> None:
        if self._watch.changed():
            self._show_rows_again()
            self._stale = True
        if self._stale and monotonic() >= self._rest_until:
            self.changed()

    def _show_rows_again(self) -> None:
        if isinstance(rows := self.table.source, Rows):
            rows.forget()
            self.table.redraw_changed()
            self._show_detail()

    @work(exclusive=True, group="find")
    async def changed(self) -> None:
        """Find the rows anew, keeping the cursor on its row."""
        self._stale, line, began = False, self.line, monotonic()
        try:
            found = await asyncio.to_thread(self.find, self.wanted)
        except UserError as error:
            self._complain(error)
            found = None
        self._reading = False
        # A long list is not found anew all the time while a sync writes.
        self._rest_until = monotonic() + _RESTS * (monotonic() - began)
        if found and self.is_attached and self.query(VirtualTable) and line == self.line:
            self._took(found)

    def _took(self, found: Found) -> None:
        table = self.table
        kept = found.place(self.key(table.current)) if table.current is not None else None
        table.renew(self.rows(found), table.cursor if kept is None else kept)
        self.set_class(not found.total, "nothing")
        if not found.total:
            self.query_one("#empty", Static).update(self._empty())
        self._show_head(str(found.total))
        self._show_detail()

    def _show_head(self, count: str) -> None:
        head = words.head(_(self.NAME), count, self.line)
        self.query_one("#head", Static).update(head, layout=False)

    def _empty(self) -> str:
        if self.line:
            return _("Nothing fits this filter. 0 takes it away.")
        return _("Nothing here yet. It comes with the first sync of a publisher's channel.")

    def _show_detail(self) -> None:
        if self.is_mounted and self.query(ChangingLines):
            self.query_one("#detail", ChangingLines).show(self.detail(self.table.current))

    def _complain(self, error: UserError) -> None:
        self.notify(str(error), severity="error", markup=False)

    def narrow(self, line: str) -> None:
        """Narrow the list to a filter."""
        self.line = line
        self._reading = True
        self._show_head("…")
        self.changed()

    def action_narrow(self, word: str) -> None:
        """Put a word into the filter, or take it out."""
        parts = self.line.split()
        if word in parts:
            parts.remove(word)
        else:
            parts.append(word)
        self.narrow(" ".join(parts))

    def action_clear(self) -> None:
        """Drop the filter."""
        self.narrow("")

    def action_back(self) -> None:
        """Drop the filter, then leave."""
        if self.line:
            self.action_clear()
        else:
            self.dismiss()

    @abstractmethod
    def action_other(self) -> None:
        """Go the other way to the same tickets, under the same filter (P7)."""

    def action_open(self) -> None:
        """Open the row under the cursor."""
        if (row := self.table.current) is not None:
            self.open_row(row)

    @on(VirtualTable.RowOpened)
    def _opened(self) -> None:
        self.action_open()

    def action_filter(self) -> None:
        """Write a filter (P8)."""
        from mkt_tui.screens.title_filter_line import TitleFilterLine  # only when asked for

        self.app.push_screen(TitleFilterLine(self.line), self._filtered)

    def _filtered(self, line: str | None) -> None:
        if line is not None:
            self.narrow(line)

    def action_views(self) -> None:
        """Choose a saved filter, save this one, or forget one (P8)."""
        from mkt_tui.screens.title_views import TitleViews  # only when it is asked for

        TitleViews(self.app, self.desk, self.line, self._filtered).choose()

    def action_shop(self) -> None:
        """Narrow to one shop."""
        found = publisher.shops(self.desk)
        letters = "123456789abcdefghij"
        entries = [Entry(letters[place], shop, shop) for place, shop in enumerate(found[:19])]
        self._choose(_("Shop"), "shop", entries)

    def action_kind(self) -> None:
        """Narrow to one kind of defect."""
        entries = [
            Entry(str(place), defect_word(each), each.value)
            for place, each in enumerate(publisher.DEFECTS, 1)
        ]
        self._choose(_("Kind"), "kind", entries)

    def _choose(self, title: str, field: str, entries: Sequence[Entry[str]]) -> None:
        def chosen(value: str | None) -> None:
            if value is not None:
                self.narrow(publisher.with_field(self.line, field, value))

        menu: LetterMenu[str] = LetterMenu(title, entries)
        self.app.push_screen(menu, chosen)

    def action_sales(self) -> None:
        """Show what was sold of the titles in view (P14)."""
        from mkt_tui.screens.sales import SalesScreen  # only when it is asked for

        row = self.table.current
        isbn: Any = self.isbn(row) if row is not None and self.wanted.isbn else None
        self.app.push_screen(SalesScreen(self.desk, isbn))

    def action_copy(self) -> None:
        """Hand the ISBN to the terminal's clipboard."""
        if (row := self.table.current) is not None:
            isbn = self.isbn(row)
            self.app.copy_to_clipboard(isbn)
            told = _("Sent to the terminal's clipboard: {codes}").format(codes=isbn)
            self.notify(told, markup=False)
