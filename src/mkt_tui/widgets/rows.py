"""A sequence as a list for the table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True)
class Rows(Generic[Row]):
    """What is held whole, row by row."""

    found: Sequence[Row] = ()

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.found)

    def row(self, number: int) -> Row | None:
        """Return the row at a place."""
        return self.found[number] if 0 <= number < len(self.found) else None
