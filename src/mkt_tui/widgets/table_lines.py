"""The drawn lines of a table: what they have in common, and what of one stays as it was."""

from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.strip import Strip


class Dress(NamedTuple):
    """What all lines have in common; drawn lines hold as long as it does."""

    width: int
    whole: int
    header: Style
    cursor: Style
    row: Style
    background: Color
    filters: tuple[LineFilter, ...]

    def strip(self, segments: list[Segment]) -> Strip:
        """Return a line as it goes to the terminal, clear beside its row."""
        segments.append(Segment(" " * (self.whole - self.width), self.row))
        for each in self.filters:
            segments = each.apply(segments, self.background)
        return Strip(segments, self.whole)


def same_cells(before: Strip, after: Strip) -> int:
    """Return how many cells at the start of two lines are surely the same."""
    cells = 0
    for old, new in zip(before, after, strict=False):
        if old != new:
            break
        cells += new.cell_length
    return cells
