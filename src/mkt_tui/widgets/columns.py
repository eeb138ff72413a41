"""The columns of a table: which ones a width has room for, and their texts cut to cells."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rich.cells import cell_len, set_cell_size

from mkt_tui.domain.text import even
from mkt_tui.i18n import _

Row = TypeVar("Row")

# Western text, one cell a character; measuring each character takes ten times as long.
_PLAIN = re.compile("[ -~\u00a1-\u00ac\u00ae-\u024f\u2013\u2014\u2018-\u201d\u2026]*").fullmatch


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column: its title (an English message id), its text, and how it shares the width.

    Attributes:
        least: Cells it needs to be of use; a narrower table leaves the column out.
        ideal: Cells that show its usual content whole.
        rank: 0 stays longest when the table gets narrow.
        lead: Whether it belongs to the coloured part at the row's start.
        short: What to show instead of a text that does not fit, if not the same one cut off.
        sort: What the list can be sorted by that this column shows; "" when by nothing.
    """

    title: str
    text: Callable[[Row], str]
    least: int
    ideal: int
    rank: int
    lead: bool = False
    right: bool = False
    short: Callable[[Row], str] | None = None
    sort: str = ""

    @property
    def name(self) -> str:
        """What settings call it: its English title in one word."""
        return self.title.lower().replace(" ", "_")

    def cell(self, row: Row, cells: int) -> str:
        """Return its text for a row in exactly so many cells."""
        text = self.text(row)
        if self.short and cell_len(text) > cells:
            text = self.short(row)
        return _fit(text, cells, right=self.right)


class Layout(Generic[Row]):
    """The columns that a width has room for, each with its cells."""

    def __init__(self, columns: Sequence[Column[Row]], width: int) -> None:
        self.width = width
        self._shared = share(columns, width)
        self._lead = [each for each in self._shared if each[0].lead]
        self._rest = [each for each in self._shared if not each[0].lead]
        self._rest_cells = width - sum(cells + 1 for _, cells in self._lead) + 1

    def texts(self, row: Row) -> tuple[str, str]:
        """Return the coloured part of a row and the rest of it, together as wide as the table."""
        lead = " ".join([column.cell(row, cells) for column, cells in self._lead])
        rest = " ".join([column.cell(row, cells) for column, cells in self._rest])
        return lead, _fit(f" {rest}" if lead else rest, self._rest_cells - (not lead))

    def titles(self, sort: str, mark: str) -> str:
        """Return the head of the table; `mark` stands at the column sorted by `sort`."""
        titles = [
            _fit(
                _title(each, cells, mark if sort and each.sort == sort else ""),
                cells,
                right=each.right,
            )
            for each, cells in [*self._lead, *self._rest]
        ]
        return _fit(" ".join(titles), self.width)

    def column_at(self, x: int) -> Column[Row] | None:
        """Return the column at a cell of the head."""
        end = 0
        for each, cells in [*self._lead, *self._rest]:
            end += cells + 1
            if x < end:
                return each
        return None


def _title(column: Column[Row], cells: int, mark: str) -> str:
    title = _(column.title) if column.title else ""
    return title + mark if cell_len(title + mark) <= cells else title


def share(columns: Sequence[Column[Row]], width: int) -> list[tuple[Column[Row], int]]:
    """Return the columns that fit into `width` cells, each with its cells, in table order.

    The least important columns go first; what room is left fills the others up to their ideal in
    the order of their importance, and the rest of it goes to the widest.
    """
    chosen = sorted(columns, key=lambda each: each.rank)
    while len(chosen) > 1 and sum(each.least + 1 for each in chosen) - 1 > width:
        chosen.pop()
    # The last one stays however narrow the table is.
    cells = {id(each): min(each.least, width) for each in chosen}
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
    if _PLAIN(text):
        length = len(text)
        if length > cells:
            return text[: max(cells - 1, 0)] + "…"[:cells]
    else:
        text = even(text)
        length = cell_len(text)
        if length > cells:
            return set_cell_size(text, max(cells - 1, 0)) + "…"[:cells]
    padding = " " * (cells - length)
    return padding + text if right else text + padding
