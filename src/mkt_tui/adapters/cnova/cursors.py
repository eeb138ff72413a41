"""Where a read stands, kept as text that only this adapter understands."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

# No pass over the lists takes longer, so whatever changed lists during one is met by the next.
_OVERLAP: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a walk through several lists, one after the other.

    Attributes:
        since: For each list that takes a date, up to which date it was read.
        latest: The newest date that this walk has met in each list.
        step: Which list is being read.
        offset: Its next row.
        total: How many rows it had at the last page.
    """

    since: dict[str, datetime] = field(default_factory=dict)
    latest: dict[str, datetime] = field(default_factory=dict)
    step: int = 0
    offset: int = 0
    total: int | None = None

    @classmethod
    def from_text(cls, text: str | None) -> Self:
        """Return the place that `to_text` wrote; from any other text, everything is read anew."""
        if text is None:
            return cls()
        try:
            return cls._from(json.loads(text))
        except (ValueError, TypeError, AttributeError):
            return cls()

    @classmethod
    def _from(cls, fields: dict[str, Any]) -> Self:
        for name in ("since", "latest"):
            fields[name] = {
                key: datetime.fromisoformat(value).astimezone(UTC)
                for key, value in fields.get(name, {}).items()
            }
        return cls(**fields)

    def to_text(self) -> str:
        """Return the place as text."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(fields, default=datetime.isoformat, separators=(",", ":"))

    def after_page(
        self, name: str, dates: Iterable[datetime], rows: int, total: int | None
    ) -> Self:
        """Return the place behind a page of the list `name`."""
        known = [self.latest[name]] if name in self.latest else []
        newest = max([*known, *dates], default=None)
        latest = self.latest if newest is None else {**self.latest, name: newest}
        return replace(self, latest=latest, offset=self.offset + rows, total=total)

    def stepped_back(self, total: int | None) -> Self | None:
        """Return where to go on when rows have left the list: as many rows back as have gone.

        The list is counted by rows, so those that leave it pull others in front of the next page.
        """
        if total is None or self.total is None or total >= self.total or self.offset == 0:
            return None
        return replace(self, offset=max(0, self.offset - (self.total - total)), total=total)

    def next_list(self) -> Self:
        """Return the place at the beginning of the next list."""
        return replace(self, step=self.step + 1, offset=0, total=None)

    def finished(self, at: datetime | None) -> Self:
        """Return the place from which the next walk goes on.

        Args:
            at: The server's clock, where known: nothing is vouched for that lies in its future.
        """
        reached = {
            name: min(latest, at or latest) - _OVERLAP for name, latest in self.latest.items()
        }
        for name, before in self.since.items():
            reached[name] = max(before, reached.get(name, before))
        return type(self)(since=reached)
