"""Where a read by date of change stands, kept as text that only this adapter understands."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self

_MARGIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list that is sorted by date of change and can be counted through so far only.

    Attributes:
        since: From which change on the list is asked for; None = all of it.
        offset: The next row of that list.
        latest: The newest change that was met.
    """

    since: datetime | None = None
    offset: int = 0
    latest: datetime | None = None

    @classmethod
    def from_text(cls, text: str | None) -> Self:
        """Return the place that `to_text` wrote; from any other text, everything is read anew."""
        if text is None:
            return cls()
        try:
            fields = json.loads(text)
            for name in ("since", "latest"):
                if fields.get(name):
                    fields[name] = datetime.fromisoformat(fields[name]).astimezone(UTC)
            return cls(**fields)
        except (ValueError, TypeError, AttributeError):
            return cls()

    def to_text(self) -> str:
        """Return the place as text."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(fields, default=datetime.isoformat, separators=(",", ":"))

    def after_page(self, changes: Iterable[datetime], rows: int) -> Self:
        """Return the place behind a page."""
        known = () if self.latest is None else (self.latest,)
        latest = max((*known, *changes), default=None)
        return replace(self, offset=self.offset + rows, latest=latest)

    def next_window(self) -> Self | None:
        """Return the place at the newest change met, counted anew; None when it is no newer."""
        if self.latest is None or self.latest == self.since:
            return None
        return replace(self, since=self.latest, offset=0)

    def finished(self, at: datetime | None) -> Self:
        """Return the place from which the next read goes on.

        Args:
            at: The server's clock, where known: nothing is vouched for that lies in its future.
        """
        if self.latest is None:
            return type(self)(since=self.since)
        reached = min(self.latest, at or self.latest) - _MARGIN
        return type(self)(since=max(reached, self.since) if self.since else reached)
