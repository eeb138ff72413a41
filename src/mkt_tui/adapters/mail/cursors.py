"""How far each folder of a mailbox was read, as text that only these adapters understand."""

import json
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class Cursor:
    """By folder: its UIDVALIDITY and the last number read under it."""

    places: dict[str, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def from_text(cls, text: str | None) -> Self:
        """Return the place that `to_text` wrote; from any other text, everything is read anew."""
        try:
            told = json.loads(text or "{}")
            return cls({str(name): (int(each[0]), int(each[1])) for name, each in told.items()})
        except (ValueError, TypeError, IndexError, KeyError, AttributeError):
            return cls()

    def to_text(self) -> str:
        """Return the place as text."""
        return json.dumps(self.places, separators=(",", ":"))

    def uid(self, folder: str, validity: int) -> int:
        """Return the last number read; 0 when the server has numbered the folder anew."""
        known = self.places.get(folder)
        return known[1] if known and known[0] == validity else 0

    def after(self, folder: str, validity: int, uid: int) -> "Cursor":
        """Return the place with the folder read up to `uid`."""
        return Cursor({**self.places, folder: (validity, uid)})
