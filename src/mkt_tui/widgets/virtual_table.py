"""A table over a list of any length: it holds and draws only the rows in view.

Rows come from a source by their place; nothing is kept per row. On a slow link bytes count, so a
row is one plain segment with at most one coloured part, and the list moves by half pages.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, Protocol, TypeVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from mkt_tui.i18n import N_, _

Row = TypeVar("Row")
Found = TypeVar("Found", covariant=True)

_JOINERS = dict.fromkeys((0x200D, 0xFE0E, 0xFE0F))


class Source(Protocol[Found]):
    """A list of rows reached by place."""

    @property
    def total(self) -> int:
        """How many rows there are."""
        ...

    def row(self, number: int) -> Found | None:
        """Return the row at a place, None past the end."""
        ...


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column: its title (an English message id), its text, and how it shares the width.

    Attributes:
        least: Cells it needs to be of use; a narrower table leaves the column out.
        ideal: Cells that show its usual content whole.
        rank: 0 stays longest when the table gets narrow.
        lead: Whether it belongs to the coloured part at the row's start.
        short: What to show instead of a text that does not fit, if not the same one cut off.
    """

    title: str
    text: Callable[[Row], str]
    least: int
    ideal: int
    rank: int
    lead: bool = False
    right: bool = False
    short: Callable[[Row], str] | None = None

    def cell(self, row: Row, cells: int) -> str:
        """Return its text for a row in exactly so many cells."""
        text = self.text(row)
        if self.short and cell_len(text) > cells:
            text = self.short(row)
        return _fit(text, cells, right=self.right)


class VirtualTable(ScrollView, Generic[Row], can_focus=True):
    """The table; `RowChosen` is posted when the cursor comes to rest on another row."""

    DEFAULT_CSS = """
    VirtualTable {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
    }
    VirtualTable > .table--header { text-style: bold; color: $text-muted; background: $panel; }
    VirtualTable > .table--cursor { background: $primary 60%; color: $text; }
    VirtualTable > .table--row { color: $foreground; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"table--header", "table--cursor", "table--row"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", N_("Up"), show=False),
        Binding("down,j", "move(1)", N_("Down"), show=False),
        Binding("pageup", "page(-1)", N_("Page up"), show=False),
        Binding("pagedown", "page(1)", N_("Page down"), show=False),
        Binding("home,g", "edge(0)", N_("First row"), show=False),
        Binding("end,G", "edge(1)", N_("Last row"), show=False),
    ]

    class RowOpened(Message):
        """A row was clicked twice."""

    def __init__(
        self,
        source: Source[Row],
        columns: Sequence[Column[Row]],
        lead_style: Callable[[Row], Style | None],
        *,
        chosen: Callable[[], None] = lambda: None,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self.source = source
        self.cursor = 0
        self._columns = columns
        self._lead_style = lead_style
        self._chosen = chosen
        self._shared: tuple[int, list[tuple[Column[Row], int]]] = (0, [])
        self._drawn: dict[int, object] = {}

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.source.row(self.cursor)

    def show(self, source: Source[Row], cursor: int) -> None:
        """Show `source` (the same one, changed, or another) with the cursor on a place."""
        self.source = source
        self._resize_list()
        self.cursor = max(0, min(cursor, source.total - 1))
        self._reveal()
        self._redraw_changed()
        self._chosen()

    def redraw_changed(self) -> None:
        """Draw again the rows in view whose words or colours have changed, and only those."""
        self._redraw_changed()

    def action_move(self, rows: int) -> None:
        """Move the cursor by rows."""
        self._go(self.cursor + rows)

    def action_page(self, pages: int) -> None:
        """Move cursor and view by pages."""
        height = self._rows_in_view
        self._scroll_rows(self._top + pages * height)
        self._go(self.cursor + pages * height)

    def action_edge(self, end: int) -> None:
        """Go to the first or the last row."""
        self._go(self.source.total - 1 if end else 0)

    def _go(self, number: int) -> None:
        number = max(0, min(number, self.source.total - 1))
        if number == self.cursor:
            return
        before, self.cursor = self.cursor, number
        self._draw_row(before)
        self._reveal()
        self._draw_row(number)
        self._chosen()

    @property
    def _top(self) -> int:
        return self.scroll_offset.y

    @property
    def _rows_in_view(self) -> int:
        return max(self.size.height - 1, 1)

    def _reveal(self) -> None:
        """Bring the cursor into view; by half a page, for a line scroll costs a whole repaint."""
        height = self._rows_in_view
        if self.cursor < self._top:
            self._scroll_rows(min(self.cursor, max(self._top - height // 2, 0)))
        elif self.cursor >= self._top + height:
            least = self.cursor - height + 1
            self._scroll_rows(max(least, self._top + height // 2))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Draw the rows anew, and the scroll bar only when its thumb moves by an eighth of a cell.

        The bar of a long list would else be sent whole with every page (1.2 KB).
        """
        finest = max(self.virtual_size.height / (8 * max(self.size.height, 1)), 1)
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = round(new_value / finest) * finest
        if round(old_value) != round(new_value):
            self._refresh_lines(0, self.size.height)

    def _refresh_lines(self, first: int, count: int) -> None:
        self.refresh(Region(0, first, self._row_width, count))

    @property
    def _row_width(self) -> int:
        """The cells of a row: one stays clear before the scroll bar.

        Textual sends what touches the right edge of a changed region along with it; with a cell
        between them a row goes without the bar's (35 bytes each).
        """
        return max(self.scrollable_content_region.width - 1, 1)

    def _scroll_rows(self, top: int) -> None:
        self.scroll_to(y=top, animate=False, force=True, immediate=True)

    def _resize_list(self) -> None:
        # One line more than rows: the header stands on the first line of the view.
        self.virtual_size = Size(self._row_width, self.source.total + 1)

    def on_resize(self, event: Resize) -> None:
        """Keep the cursor in view."""
        del event
        self._resize_list()
        self._reveal()

    def _draw_row(self, number: int) -> None:
        line = number - self._top + 1
        if 1 <= line < self.size.height:
            self._refresh_lines(line, 1)

    def _redraw_changed(self) -> None:
        shown = {line: self._look(line) for line in range(1, self.size.height)}
        for line, look in shown.items():
            if self._drawn.get(line) != look:
                self._refresh_lines(line, 1)

    def _look(self, line: int) -> object:
        number = self._top + line - 1
        row = self.source.row(number)
        if row is None:
            return None
        lead, rest = self._texts(row)
        return number == self.cursor, lead, rest, self._lead_style(row)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the view."""
        width = self._row_width
        strip = self._line(y, width)
        clear = Segment(" ", self.get_component_rich_style("table--row"))
        return Strip([*strip, clear], width + 1)

    def _line(self, y: int, width: int) -> Strip:
        if y == 0:
            titles = " ".join(
                _fit(_(each.title) if each.title else "", cells, right=each.right)
                for each, cells in self._cells_now
            )
            style = self.get_component_rich_style("table--header")
            return Strip([Segment(_fit(titles, width), style)], width)
        look = self._drawn[y] = self._look(y)
        if not isinstance(look, tuple):
            return Strip.blank(width, self.get_component_rich_style("table--row"))
        under_cursor, lead, rest, colour = look
        name = "table--cursor" if under_cursor else "table--row"
        base = self.get_component_rich_style(name)
        lead_style = base + colour if colour else base
        return Strip(
            [Segment(lead, lead_style), Segment(_fit(rest, width - cell_len(lead)), base)], width
        )

    @property
    def _cells_now(self) -> list[tuple[Column[Row], int]]:
        # By the width at hand, for a scroll bar comes and goes without a resize.
        if self._shared[0] != self._row_width:
            self._shared = self._row_width, share(self._columns, self._row_width)
        return self._shared[1]

    def _texts(self, row: Row) -> tuple[str, str]:
        lead = [each.cell(row, cells) for each, cells in self._cells_now if each.lead]
        rest = [each.cell(row, cells) for each, cells in self._cells_now if not each.lead]
        return " ".join(lead), " " + " ".join(rest)

    def on_click(self, event: Click) -> None:
        """Put the cursor on the clicked row; a second click opens it."""
        if event.y >= 1 and self._top + event.y - 1 < self.source.total:
            self._go(self._top + event.y - 1)
            if event.chain == 2:
                self.post_message(self.RowOpened())


def share(columns: Sequence[Column[Row]], width: int) -> list[tuple[Column[Row], int]]:
    """Return the columns that fit into `width` cells, each with its cells, in table order.

    The least important columns go first; what room is left fills the others up to their ideal in
    the order of their importance, and the rest of it goes to the widest.
    """
    chosen = sorted(columns, key=lambda each: each.rank)
    while len(chosen) > 1 and sum(each.least + 1 for each in chosen) - 1 > width:
        chosen.pop()
    cells = {id(each): each.least for each in chosen}
    room = width - sum(each.least + 1 for each in chosen) + 1
    for each in chosen:
        more = min(each.ideal - each.least, max(room, 0))
        cells[id(each)] += more
        room -= more
    if chosen and room > 0:
        cells[id(max(chosen, key=lambda each: each.ideal))] += room
    return [(each, cells[id(each)]) for each in columns if id(each) in cells]


def _fit(text: str, cells: int, *, right: bool = False) -> str:
    """Return `text` in exactly so many cells, with an ellipsis where it was cut."""
    if not text.isascii():
        text = text.translate(_JOINERS)
    length = len(text) if text.isascii() else cell_len(text)
    if length > cells:
        return set_cell_size(text, max(cells - 1, 0)) + "…"[:cells]
    padding = " " * (cells - length)
    return padding + text if right else text + padding
