"""Where a walk through a whole list stands, kept as text that only this adapter understands."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self

# No first walk, at a call a second, takes longer.
_FIRST_WALK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list that is walked through whole, for what changed.

    What changes during a walk may be behind it already. So a walk looks for what changed since the
    one before the last began: `known` becomes `since`, and `latest` becomes `known`.

    Attributes:
        since: Changes that are older are known; None = nothing is.
        known: The newest change that was met when this walk began.
        latest: The newest change that was met.
        following: The next page: its number, or what the list calls it; None = the first one.
    """

    since: datetime | None = None
    known: datetime | None = None
    latest: datetime | None = None
    following: str | None = None

    @classmethod
    def from_text(cls, text: str | None) -> Self:
        """Return the place that `to_text` wrote; from any other text, everything is read anew."""
        if text is None:
            return cls()
        try:
            fields = json.loads(text)
            for name in ("since", "known", "latest"):
                if fields.get(name):
                    fields[name] = datetime.fromisoformat(fields[name]).astimezone(UTC)
            return cls(**fields)
        except (ValueError, TypeError, AttributeError):
            return cls()

    def to_text(self) -> str:
        """Return the place as text."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(fields, default=datetime.isoformat, separators=(",", ":"))

    def is_news(self, changed: datetime | None) -> bool:
        """Tell whether a change of then may be unknown."""
        return self.since is None or changed is None or changed >= self.since

    def after_page(self, changes: Iterable[datetime | None], following: str | None) -> Self:
        """Return the place behind a page; behind the last one, at the beginning of the next walk."""
        known = [each for each in (self.latest, *changes) if each]
        latest = max(known, default=None)
        if following:
            return replace(self, latest=latest, following=following)
        since = self.known or (latest - _FIRST_WALK if latest else None)
        return type(self)(since=since, known=latest, latest=latest)
