"""A table over a list of any length: it holds and draws only the rows in view.

Rows come from a source by their place; nothing is kept per row. On a slow link bytes count, so a
row is one plain segment with at most one coloured part, and the list moves by half pages.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar, Generic, Protocol, Self, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from mkt_tui.i18n import N_
from mkt_tui.widgets.columns import Column, Layout
from mkt_tui.widgets.table_lines import Dress, same_cells

__all__ = ["Column", "Source", "VirtualTable"]

Row = TypeVar("Row")
Found = TypeVar("Found", covariant=True)


class Source(Protocol[Found]):
    """A list of rows reached by place."""

    @property
    def total(self) -> int:
        """How many rows there are."""
        ...

    def row(self, number: int) -> Found | None:
        """Return the row at a place, None past the end."""
        ...


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
        Binding("home", "edge(0)", N_("First row"), show=False),
        Binding("end,G", "edge(1)", N_("Last row"), show=False),
    ]

    class RowOpened(Message):
        """A row was clicked twice."""

    class HeaderClicked(Message):
        """The title of a column was clicked."""

        def __init__(self, sort: str) -> None:
            super().__init__()
            self.sort = sort

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
        self._sorted = ("", "")
        self._layout: Layout[Row] = Layout((), 0)
        self._strips: dict[int, tuple[object, Strip]] = {}
        self._dress: Dress | None = None
        self._steady = False

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.source.row(self.cursor)

    def show(self, source: Source[Row], cursor: int) -> None:
        """Show another list with the cursor on a place."""
        self._take(source, cursor)
        self._reveal()
        self.redraw_changed()
        self._chosen()

    def renew(self, source: Source[Row], cursor: int) -> None:
        """Show the same list after it changed: the cursor's row stays where the eye is.

        At the top of the list the view stays instead, so that new first rows are seen.
        """
        moved = cursor - self.cursor if self._top else 0
        self._take(source, cursor)
        with self.prevent_drawing():
            self._scroll_rows(self._top + moved)
        self._reveal()
        self.redraw_changed()
        self._chosen()

    def show_columns(self, columns: Sequence[Column[Row]]) -> None:
        """Show these columns."""
        self._columns = columns
        self._layout = Layout((), 0)
        self.refresh()

    def mark_order(self, sort: str, mark: str) -> None:
        """Put a mark at the titles of the columns that show what the list is sorted by."""
        self._sorted = (sort, mark)
        self.refresh(Region(0, 0, self._row_width, 1))

    def redraw_changed(self) -> None:
        """Draw again the rows in view whose words or colours have changed, and only those."""
        for line in range(1, self.size.height):
            drawn = self._strips.get(line)
            if drawn is None or drawn[0] != self._look(line):
                self._draw_line(line)

    def _take(self, source: Source[Row], cursor: int) -> None:
        self.source = source
        self._resize_list()
        self.cursor = max(0, min(cursor, source.total - 1))

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

    @contextmanager
    def prevent_drawing(self) -> Iterator[None]:
        """Scroll without drawing the rows again: they are the same ones."""
        self._steady = True
        yield
        self._steady = False

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
        """Draw the rows anew, and the scroll bar only when its thumb moves by a cell.

        The bar is else drawn and sent whole with every page: half the time, 1.2 KB.
        """
        cell = max(self.virtual_size.height / max(self.size.height, 1), 1)
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = round(new_value / cell) * cell
        if round(old_value) != round(new_value) and not self._steady:
            self._refresh_lines(1, self.size.height - 1)

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
        size = Size(self._row_width, self.source.total + 1)
        if size != self.virtual_size:
            # Set plainly, a new length would have the whole screen laid out and painted anew.
            self.set_reactive(ScrollView.virtual_size, size)
            self._scroll_update(size)

    def on_resize(self, event: Resize) -> None:
        """Keep the cursor in view."""
        del event
        self._resize_list()
        self._reveal()

    def _draw_row(self, number: int) -> None:
        line = number - self._top + 1
        if 1 <= line < self.size.height:
            self._draw_line(line)

    def _draw_line(self, line: int) -> None:
        """Draw a line again from the first part on that is no longer the same."""
        before = self._strips.pop(line, None)
        strip = self._line(line, self._dress_now())
        drawn = self._strips[line]
        same = same_cells(before[1], strip) if before else 0
        self.refresh(Region(same, line, self._row_width - same, 1))
        self._strips[line] = drawn

    def _look(self, line: int) -> object:
        number = self._top + line - 1
        row = self.source.row(number)
        if row is None:
            return None
        lead, rest = self._now.texts(row)
        return number == self.cursor, lead, rest, self._lead_style(row)

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Have lines, or all of them, drawn again."""
        lines = [line for region in regions for line in region.line_range] or [*self._strips]
        for line in lines:
            self._strips.pop(line, None)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines of a region, those that have not changed as they were.

        Textual's own way would put borders, padding and opacity around every line: half the time
        of a page, and the table has none of them.
        """
        dress = self._dress_now()
        if dress != self._dress:
            self._strips.clear()
            self._dress = dress
        strips = [self._line(line, dress) for line in crop.line_range]
        if crop.column_span == (0, dress.whole):
            return strips
        return [strip.crop(*crop.column_span) for strip in strips]

    def render_line(self, y: int) -> Strip:
        """Draw one line of the view."""
        return self._line(y, self._dress_now())

    def _line(self, y: int, dress: Dress) -> Strip:
        drawn = self._strips.get(y)
        if drawn is None:
            look = self._look(y) if y else None
            drawn = self._strips[y] = look, dress.strip(self._segments(y, look, dress))
        return drawn[1]

    def _dress_now(self) -> Dress:
        return Dress(
            self._row_width,
            self.outer_size.width,
            self.get_component_rich_style("table--header"),
            self.get_component_rich_style("table--cursor"),
            self.get_component_rich_style("table--row"),
            self.background_colors[1],
            tuple(self.get_line_filters()),
        )

    def _segments(self, line: int, look: object, dress: Dress) -> list[Segment]:
        if line == 0:
            return [Segment(self._now.titles(*self._sorted), dress.header)]
        if not isinstance(look, tuple):
            return [Segment(" " * dress.width, dress.row)]
        under_cursor, lead, rest, colour = look
        base = dress.cursor if under_cursor else dress.row
        return [Segment(lead, base + colour if colour else base), Segment(rest, base)]

    @property
    def _now(self) -> "Layout[Row]":
        # By the width at hand, for a scroll bar comes and goes without a resize.
        if self._layout.width != self._row_width:
            self._layout = Layout(self._columns, self._row_width)
        return self._layout

    def on_click(self, event: Click) -> None:
        """Put the cursor on the clicked row; a second click opens it."""
        if event.y == 0:
            if column := self._now.column_at(event.x):
                self.post_message(self.HeaderClicked(column.sort))
        elif self._top + event.y - 1 < self.source.total:
            self._go(self._top + event.y - 1)
            if event.chain == 2:
                self.post_message(self.RowOpened())
