"""A table over a list of any length: it holds and draws only the rows in view.

Rows come from a source by their place; nothing is kept per row. On a slow link bytes count, so a
row is one plain segment with at most one coloured part, and the list moves by half pages.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar

from rich.style import Style
from textual import on
from textual.binding import Binding, BindingType
from textual.events import Click, MouseScrollDown, MouseScrollUp, Resize
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollDown, ScrollTo, ScrollUp

from mkt_tui.i18n import N_
from mkt_tui.widgets.columns import Column
from mkt_tui.widgets.drawn_table import Deep, DrawnTable, Row, Source

__all__ = ["Column", "Source", "VirtualTable"]

# The rows that one step of the mouse's wheel scrolls.
_WHEEL = 3
# The rows made ready before keys are looked for.
_BREATH = 8


class VirtualTable(DrawnTable[Row], can_focus=True):
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
        super().__init__(source, columns, lead_style, id=id)
        self._chosen = chosen
        self._steady = False
        self._ahead: set[asyncio.Task[None]] = set()

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

    async def prepare(self, source: Source[Row], cursor: int) -> None:
        """Have a source look for what `renew` will draw, the views beside it, and both ends."""
        if isinstance(source, Deep):
            height, total = self._rows_in_view, source.total
            await source.ahead(cursor - 2 * height, cursor + 2 * height)
            await source.ahead(total - height, total)
            await source.ahead(0, height)

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
            self.call_after_refresh(self._look_ahead, 1 if new_value > old_value else -1)

    def _look_ahead(self, way: int) -> None:
        """Have the views beside this one made ready: the next page waits for no cache."""
        task = asyncio.create_task(self._make_ready(way))
        self._ahead.add(task)
        task.add_done_callback(self._ahead.discard)

    async def _make_ready(self, way: int) -> None:
        source, cursor, height = self.source, self.cursor, self._rows_in_view
        await self.prepare(source, cursor)
        if isinstance(source, Deep):
            # A key that is held comes again before a server far away has answered.
            furthest = cursor + way * 4 * height
            await source.ahead(min(cursor, furthest), max(cursor, furthest))
        for number in range(max(self._top - height, 0), self._top + 2 * height):
            self._texts_of(number)
            if number % _BREATH == 0:
                await asyncio.sleep(0)  # a key goes first

    def _refresh_lines(self, first: int, count: int) -> None:
        self.refresh(Region(0, first, self._row_width, count))

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

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Scroll down."""
        self._wheel(event, _WHEEL)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Scroll up."""
        self._wheel(event, -_WHEEL)

    def _wheel(self, event: MouseScrollDown | MouseScrollUp, rows: int) -> None:
        event.stop()
        event.prevent_default()
        self._scroll_rows(self._top + rows)
        self._follow()

    @on(ScrollTo)
    @on(ScrollUp)
    @on(ScrollDown)
    def _bar_used(self) -> None:
        self.call_after_refresh(self._follow)

    def _follow(self) -> None:
        """Keep the cursor in view: no key shall act on a row that nobody sees."""
        self._go(max(self._top, min(self.cursor, self._top + self._rows_in_view - 1)))

    def on_click(self, event: Click) -> None:
        """Put the cursor on the clicked row; a second click opens it."""
        if event.y == 0:
            if column := self._now.column_at(event.x):
                self.post_message(self.HeaderClicked(column.sort))
        elif self._top + event.y - 1 < self.source.total:
            self._go(self._top + event.y - 1)
            if event.chain == 2:
                self.post_message(self.RowOpened())
