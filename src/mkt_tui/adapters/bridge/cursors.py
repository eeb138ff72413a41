"""Where a read by date of change stands, kept as text that only this adapter understands."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self

_MARGIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list whose pages the bridge links by an opaque text.

    Attributes:
        since: From which change on the list is asked for; None = all of it.
        following: What the bridge calls the next page; None = the first one.
        latest: The newest change that was met.
    """

    since: datetime | None = None
    following: str | None = None
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

    def after_page(self, changes: Iterable[datetime], following: str | None) -> Self:
        """Return the place behind a page."""
        known = () if self.latest is None else (self.latest,)
        latest = max((*known, *changes), default=None)
        return replace(self, following=following, latest=latest)

    def afresh(self) -> Self:
        """Return the place at the newest change met: the oldest come first, so nothing is missed."""
        return replace(self, since=self.latest or self.since, following=None)

    def finished(self, at: datetime | None) -> Self:
        """Return the place from which the next read goes on.

        Args:
            at: The server's clock, where known: nothing is vouched for that lies in its future.
        """
        if self.latest is None:
            return type(self)(since=self.since)
        reached = min(self.latest, at or self.latest) - _MARGIN
        return type(self)(since=max(reached, self.since) if self.since else reached)
