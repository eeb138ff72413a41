"""Where an incremental read stands, kept as text that only this adapter understands."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

_MARGIN: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a read of everything that changed.

    Attributes:
        since: Up to which update the last finished read saw everything; None = nothing yet.
        latest: The newest update that the read under way has seen.
        started: The server's clock at the first page of the read under way.
        pages: How many pages the read under way has had.
        token: The next page, where pages have tokens (M11).
        offset: The next page, where pages are counted (OR11).
    """

    since: datetime | None = None
    latest: datetime | None = None
    started: datetime | None = None
    pages: int = 0
    token: str | None = None
    offset: int = 0

    @classmethod
    def from_text(cls, text: str | None) -> Self:
        """Return the place that `to_text` wrote; from any other text, everything is read anew."""
        if text is None:
            return cls()
        try:
            return cls._from(json.loads(text))
        except (ValueError, TypeError):
            return cls()

    @classmethod
    def _from(cls, fields: dict[str, Any]) -> Self:
        for name in ("since", "latest", "started"):
            if name in fields:
                fields[name] = datetime.fromisoformat(fields[name]).astimezone(UTC)
        return cls(**fields)

    def to_text(self) -> str:
        """Return the place as text."""
        empty = Cursor()
        fields = {
            name: getattr(self, name)
            for name in self.__slots__
            if getattr(self, name) != getattr(empty, name)
        }
        return json.dumps(fields, default=datetime.isoformat, separators=(",", ":"))

    def after_page(self, updates: Iterable[datetime], at: datetime | None) -> Self:
        """Return the place with one more page seen.

        Args:
            updates: When its items changed.
            at: The server's clock, where known.
        """
        known = () if self.latest is None else (self.latest,)
        return replace(
            self,
            latest=max((*known, *updates), default=None),
            started=at if self.pages == 0 else self.started,
            pages=self.pages + 1,
        )

    def finished(self) -> Self:
        """Return the place from which the next read goes on.

        What changes during a read of many pages may slip behind the page at hand, while a later
        change is seen in front of it. So such a read vouches for nothing newer than its own
        start; and none vouches for a time that has not come yet.
        """
        reached = self.latest
        if reached and self.started:
            margin = _MARGIN if self.pages == 1 else -_MARGIN
            reached = min(reached, self.started + margin)
        if reached and self.since:
            reached = max(reached, self.since)
        return type(self)(since=reached or self.since)

    def is_ahead_of(self, at: datetime | None) -> bool:
        """Tell whether the server's clock, now at `at`, has gone back since the last read.

        What it will tell of is then older than what that read vouched for, and would be missed.
        """
        return bool(self.since and at and self.since > at + 2 * _MARGIN)

    def anew(self) -> Self:
        """Return the place where the read under way began."""
        return type(self)(since=self.since)


def moment(instant: datetime) -> str:
    """Return `instant` as Mirakl wants it in a query, rounded down to its milliseconds."""
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")
