"""Where the reading of orders stands, as text that only this adapter understands."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Self

# Changes take a while until every page tells of them.
_MARGIN: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a read of everything that changed.

    Attributes:
        since: What the read under way asks for; None = nothing was read yet.
        reached: Up to which update it vouches for everything: the server's word of its first page.
        token: The next page; it lives for 24 hours.
    """

    since: datetime | None = None
    reached: datetime | None = None
    token: str | None = None

    @classmethod
    def from_text(cls, text: str | None) -> Self:
        """Return the place that `to_text` wrote; from any other text, everything is read anew."""
        try:
            told = json.loads(text or "{}")
            return cls(
                _instant(told.get("since")), _instant(told.get("reached")), told.get("token")
            )
        except (ValueError, TypeError, AttributeError):
            return cls()

    def to_text(self) -> str:
        """Return the place as text."""
        fields = {"since": self.since, "reached": self.reached, "token": self.token}
        told = {name: value for name, value in fields.items() if value is not None}
        return json.dumps(told, default=datetime.isoformat, separators=(",", ":"))

    def after_page(self, told: datetime | None, newest: datetime | None) -> Self:
        """Return the place with one more page seen.

        Args:
            told: The instant up to which the server says it tells of updates.
            newest: The newest update on the page, for servers that do not say.
        """
        if self.reached is not None:
            return self
        known = told or newest
        return replace(self, reached=known and known - _MARGIN)

    def finished(self) -> Self:
        """Return the place from which the next read goes on; never back from what was seen."""
        known = [each for each in (self.since, self.reached) if each]
        return type(self)(since=max(known, default=None))

    def anew(self) -> Self:
        """Return the place where the read under way began."""
        return type(self)(since=self.since)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)
