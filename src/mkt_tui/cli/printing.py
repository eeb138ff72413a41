"""Text for people and scripts on standard output: aligned tables and JSON.

What comes from outside was made safe when it entered the cache; here it is written literally.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from shutil import get_terminal_size
from typing import Any

import typer


def as_json(value: object) -> str:
    """Return `value` as JSON that standard output can carry in any locale."""
    is_utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    return json.dumps(value, ensure_ascii=not is_utf8)


def print_json(value: object) -> None:
    """Write one JSON value on a line of its own."""
    typer.echo(as_json(value))


def print_json_list(values: Iterable[Any]) -> None:
    """Write one JSON list, each value as soon as it is there."""
    before = "["
    for value in values:
        sys.stdout.write(f"{before}\n{as_json(value)}")
        before = ","
    sys.stdout.write("\n]\n" if before == "," else "[]\n")


class Table:
    """Aligned columns, written piece by piece; a later piece may widen them.

    On a terminal lines end at its edge, so that a long subject does not break the rows.
    """

    def __init__(self, heads: Sequence[str]) -> None:
        self._heads: Sequence[str] | None = heads
        self._widths = [0] * len(heads)
        self._edge = get_terminal_size().columns if sys.stdout.isatty() else None

    def write(self, rows: Sequence[Sequence[str]]) -> None:
        """Write some rows, below the heads if they are the first."""
        from rich.cells import cell_len, set_cell_size

        lines = rows if self._heads is None else [self._heads, *rows]
        self._heads = None
        for place, column in enumerate(zip(*lines, strict=True)):
            self._widths[place] = max(self._widths[place], *map(cell_len, column))
        for line in lines:
            text = "  ".join(map(set_cell_size, line, self._widths)).rstrip()
            if self._edge is not None and cell_len(text) > self._edge:
                text = set_cell_size(text, self._edge - 1) + "…"
            sys.stdout.write(text + "\n")
