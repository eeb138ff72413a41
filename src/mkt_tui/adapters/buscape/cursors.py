"""Where a walk through the lists of states stands, kept as text that only this adapter understands."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Self

# "poll every 30 minutes or slower"
PAUSE: Final = timedelta(minutes=30)
# Whose clock `lastUpdate` is compared with is not written, so a walk begins well before the last.
_MARGIN: Final = timedelta(hours=1)
# An order that changes its state leaves its list, and those behind it move up: so many may.
_AGAIN: Final = 10


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the walk.

    Attributes:
        state: Which of the states is walked through, by its place; 0 = a walk begins.
        offset: How many orders of that state are behind.
        since: From which change on the lists are asked for; None = all of them.
        began: When this walk began.
        ended: When the last one was finished.
    """

    state: int = 0
    offset: int = 0
    since: datetime | None = None
    began: datetime | None = None
    ended: datetime | None = None

    @classmethod
    def from_text(cls, text: str | None) -> Self:
        """Return the place that `to_text` wrote; from any other text, everything is read anew."""
        if text is None:
            return cls()
        try:
            fields = json.loads(text)
            for name in ("since", "began", "ended"):
                if fields.get(name):
                    fields[name] = datetime.fromisoformat(fields[name]).astimezone(UTC)
            found = cls(**fields)
            return found if found.state >= 0 and found.offset >= 0 else cls()
        except (ValueError, TypeError, AttributeError):
            return cls()

    def to_text(self) -> str:
        """Return the place as text."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(fields, default=datetime.isoformat, separators=(",", ":"))

    def is_too_soon(self, now: datetime) -> bool:
        """Tell whether a walk may not begin yet; a clock that was set back begins one."""
        return (
            self.state == 0
            and self.offset == 0
            and self.ended is not None
            and timedelta(0) <= now - self.ended < PAUSE
        )

    def begun(self, now: datetime) -> Self:
        """Return the place with the time at which this walk began."""
        return self if self.began else replace(self, began=now)

    def after_page(self, rows: int, page: int) -> Self:
        """Return the place behind a page of so many rows."""
        if rows < page:
            return replace(self, state=self.state + 1, offset=0)
        return replace(self, offset=self.offset + rows - _AGAIN)

    def finished(self, now: datetime) -> Self:
        """Return the place from which the next walk goes on."""
        since = self.began - _MARGIN if self.began else None
        return type(self)(since=since, ended=now)
