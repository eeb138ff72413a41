"""A few lines that change with every key: what is sent is their words, not the blanks behind."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class ChangingLines(Widget, can_focus=False):
    """Plain lines over the widget's whole width.

    A Static would have the whole screen laid out anew (30 ms) and send its lines to their ends.
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.lines: list[str] = []

    def show(self, lines: Sequence[str]) -> None:
        """Show these lines instead, as many as the widget is high."""
        before, self.lines = self.lines, list(lines)
        for place in range(max(len(before), len(lines))):
            old, new = _line(before, place), _line(self.lines, place)
            if old != new:
                self.refresh(Region(0, place, max(cell_len(old), cell_len(new)), 1))

    def render_line(self, y: int) -> Strip:
        """Draw a line."""
        width = self.size.width
        return Strip([Segment(set_cell_size(_line(self.lines, y), width), self.rich_style)], width)


def _line(lines: Sequence[str], place: int) -> str:
    return lines[place] if place < len(lines) else ""
