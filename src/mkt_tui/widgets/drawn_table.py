"""The lines of a table: drawn from its source, kept as long as they are the same."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Final, Generic, Protocol, Self, TypeAlias, TypeVar, runtime_checkable

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

from mkt_tui.widgets.columns import Column, Layout
from mkt_tui.widgets.table_lines import Dress, same_cells

Row = TypeVar("Row")
Found = TypeVar("Found", covariant=True)
_Texts: TypeAlias = tuple[str, str, Style | None]
# Some views of a tall terminal; else the words of all rows ever seen would be kept.
_MOST_TEXTS: Final = 512


class Source(Protocol[Found]):
    """A list of rows reached by place."""

    @property
    def total(self) -> int:
        """How many rows there are."""
        ...

    def row(self, number: int) -> Found | None:
        """Return the row at a place, None past the end."""
        ...


@runtime_checkable
class Deep(Protocol):
    """A source that has to look for its rows."""

    @property
    def total(self) -> int:
        """How many rows there are."""
        ...

    async def ahead(self, first: int, end: int) -> None:
        """Look for the rows from `first` to before `end` beside the event loop."""
        ...


class DrawnTable(ScrollView, Generic[Row]):
    """A table as it is painted: a head, and the rows in view with the cursor on one of them."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"table--header", "table--cursor", "table--row"}

    def __init__(
        self,
        source: Source[Row],
        columns: Sequence[Column[Row]],
        lead_style: Callable[[Row], Style | None],
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self.source = source
        self.cursor = 0
        self._columns = columns
        self._lead_style = lead_style
        self._sorted = ("", "")
        self._layout: Layout[Row] = Layout((), 0)
        self._strips: dict[int, tuple[object, Strip]] = {}
        self._texts: dict[int, tuple[Row, _Texts]] = {}
        self._dress: Dress | None = None

    def show_columns(self, columns: Sequence[Column[Row]]) -> None:
        """Show these columns."""
        self._columns = columns
        self._layout = Layout((), 0)
        self._texts.clear()
        self.refresh()

    def mark_order(self, sort: str, mark: str) -> None:
        """Put a mark at the titles of the columns that show what the list is sorted by."""
        self._sorted = (sort, mark)
        self.refresh(Region(0, 0, self._row_width, 1))

    def redraw_changed(self) -> None:
        """Draw again the rows in view whose words or colours have changed, and only those."""
        self._texts.clear()
        dress = self._dress_now()
        for line in range(1, self.size.height):
            drawn = self._strips.get(line)
            if drawn is None or drawn[0] != self._look(line):
                self._draw_line(line, dress)

    @property
    def _top(self) -> int:
        return self.scroll_offset.y

    @property
    def _row_width(self) -> int:
        """The cells of a row: one stays clear before the scroll bar.

        Textual sends what touches the right edge of a changed region along with it; with a cell
        between them a row goes without the bar's (35 bytes each).
        """
        return max(self.scrollable_content_region.width - 1, 1)

    def _draw_row(self, number: int) -> None:
        line = number - self._top + 1
        if 1 <= line < self.size.height:
            self._draw_line(line, self._dress_now())

    def _draw_line(self, line: int, dress: Dress) -> None:
        """Draw a line again from the first part on that is no longer the same."""
        before = self._strips.pop(line, None)
        strip = self._line(line, dress)
        drawn = self._strips[line]
        same = same_cells(before[1], strip) if before else 0
        self.refresh(Region(same, line, self._row_width - same, 1))
        self._strips[line] = drawn

    def _look(self, line: int) -> object:
        number = self._top + line - 1
        texts = self._texts_of(number)
        return None if texts is None else (number == self.cursor, *texts)

    def _texts_of(self, number: int) -> "_Texts | None":
        """Return the words and the colour of a row; they are kept, for most are made ahead of it."""
        row = self.source.row(number)
        if row is None:
            return None
        known = self._texts.get(number)
        if known is None or known[0] is not row:
            if len(self._texts) >= _MOST_TEXTS:
                self._texts.clear()
            texts = *self._now.texts(row), self._lead_style(row)
            known = self._texts[number] = row, texts
        return known[1]

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
        if not regions:
            self._texts.clear()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines of a region, those that have not changed as they were.

        Textual's own way would put borders, padding and opacity around every line: half the time
        of a page, and the table has none of them.
        """
        dress = self._dress_now()
        if dress != self._dress:
            self._strips.clear()
            self._texts.clear()
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
            self._texts.clear()
        return self._layout
