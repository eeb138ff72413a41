"""Where a read of the hub stands: it has no filter for what changed, so a read has three parts.

New orders by their purchase, then those still open by their status, then one by one those that
were open at the last read and are not any more.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Self

# Clocks, and times that tell no zone, may be hours apart.
_OVERLAP: Final = timedelta(days=2)


class Part(StrEnum):
    """The parts of a read."""

    NEW = "new"
    OPEN = "open"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a read.

    Attributes:
        since: The newest purchase that the last finished read saw; None = it is the first.
        newest: The newest purchase this read has seen.
        offset: How many orders of the part were seen.
        open: The hub's numbers of the orders that the last finished read saw open.
        still: Those that this read has seen open so far.
        ended: Those that it has seen ended.
    """

    since: str | None = None
    newest: str | None = None
    part: Part = Part.NEW
    offset: int = 0
    open: tuple[int, ...] = ()
    still: tuple[int, ...] = ()
    ended: tuple[int, ...] = ()

    @classmethod
    def from_text(cls, text: str | None) -> Self:
        """Return the place that `to_text` wrote; from any other text, everything is read anew."""
        try:
            fields = json.loads(text or "{}")
            lists = {name: tuple(map(int, fields[name])) for name in _LISTS if name in fields}
            for name in ("since", "newest"):
                datetime.fromisoformat(fields.get(name) or "2000-01-01")
            return cls(**fields | lists | {"part": Part(fields.get("part", Part.NEW))})
        except (ValueError, TypeError, AttributeError):
            return cls()

    def to_text(self) -> str:
        """Return the place as text."""
        empty = asdict(Cursor())
        fields = {name: value for name, value in asdict(self).items() if value != empty[name]}
        return json.dumps(fields, separators=(",", ":"))

    @property
    def from_purchase(self) -> datetime | None:
        """From which purchase on new orders are asked for."""
        return datetime.fromisoformat(self.since) - _OVERLAP if self.since else None

    @property
    def left(self) -> list[int]:
        """Return the orders of the last read that nobody has seen in this one."""
        return sorted(set(self.open) - set(self.still) - set(self.ended))

    def after(self, seen: dict[int, bool], newest: datetime | None, rows: int) -> Self:
        """Return the place behind a page: orders by number and whether they are still open."""
        known = [each for each in (self.newest, newest and newest.isoformat()) if each]
        return replace(
            self,
            newest=max(known, key=datetime.fromisoformat, default=None),
            offset=self.offset + rows,
            still=tuple(sorted({*self.still, *(n for n, is_open in seen.items() if is_open)})),
            ended=tuple(sorted({*self.ended, *(n for n, is_open in seen.items() if not is_open)})),
        )

    def next_part(self) -> Part | None:
        """Return what follows this part, None at the end; a first read sees everything at once."""
        if self.part is Part.NEW and self.since:
            return Part.OPEN
        return Part.ENDED if self.part is Part.OPEN and self.left else None

    def begin(self, part: Part) -> Self:
        """Return the beginning of a part."""
        return replace(self, part=part, offset=0)

    def finished(self) -> Self:
        """Return the place from which the next read goes on."""
        return type(self)(since=self.newest or self.since, open=self.still)


_LISTS: Final = ("open", "still", "ended")
