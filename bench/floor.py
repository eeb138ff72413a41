"""What Textual itself costs: one Static, or a virtual list over computed rows.

python -m bench.floor static
python -m bench.floor 1000000
"""

import sys
from typing import ClassVar

from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Static


class BareApp(App[None]):
    """An app with one Static."""

    def compose(self) -> ComposeResult:
        """Show one word."""
        yield Static("READY")


class BareList(ScrollView, can_focus=True):
    """A cursor over computed rows, nothing kept per row."""

    DEFAULT_CSS = """
    BareList > .row { color: $foreground; }
    BareList > .cursor { background: $primary; color: $text; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"row", "cursor"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)"),
        Binding("down", "move(1)"),
        Binding("pageup", "page(-1)"),
        Binding("pagedown", "page(1)"),
        Binding("home", "move(-1000000000)"),
        Binding("end", "move(1000000000)"),
    ]

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._rows = rows
        self._cursor = 0

    def on_mount(self) -> None:
        """Be as long as the rows."""
        self.virtual_size = Size(100, self._rows)

    def action_page(self, pages: int) -> None:
        """Move by pages."""
        self.action_move(pages * self.size.height)

    def action_move(self, rows: int) -> None:
        """Move the cursor, and the view after it."""
        before, self._cursor = self._cursor, max(0, min(self._cursor + rows, self._rows - 1))
        top, height = self.scroll_offset.y, self.size.height
        if not top <= self._cursor < top + height:
            to = self._cursor if rows < 0 else self._cursor - height + 1
            self.scroll_to(y=to, animate=False, force=True, immediate=True)
        for row in (before, self._cursor):
            self.refresh(Region(0, row - self.scroll_offset.y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        row = self.scroll_offset.y + y
        style = self.get_component_rich_style("cursor" if row == self._cursor else "row")
        text = f"#{row:<9} Carrefour  Cliente {row % 997:<12} Pedido não chegou {row * 7 % 99991}"
        return Strip([Segment(text.ljust(self.size.width)[: self.size.width], style)])


class ListApp(App[None]):
    """An app with the list alone."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._rows = rows

    def compose(self) -> ComposeResult:
        """Show the list."""
        yield BareList(self._rows)

    def on_mount(self) -> None:
        """Give it the keys."""
        self.query_one(BareList).focus()


if __name__ == "__main__":
    chosen = sys.argv[1]
    (BareApp() if chosen == "static" else ListApp(int(chosen))).run()
