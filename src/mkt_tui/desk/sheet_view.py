"""How an order is looked at: lines and sections, instants, amounts and masks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.desk import formats
from mkt_tui.domain import personal
from mkt_tui.domain.text import clean_line


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a section; without a label it takes the full width."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the sheet; no lines = the marketplace told nothing of it."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class View:
    """How an order is looked at: from which zone, and with personal data hidden or not.

    Attributes:
        closed: Why personal data cannot be revealed at all; None = they can.
    """

    record: OrderRecord
    zone: ZoneInfo
    revealed: bool
    closed: str | None = None

    def instant(self, value: str | None) -> str | None:
        """Return an instant of the cache's JSON as the reader writes it."""
        return None if value is None else formats.instant(datetime.fromisoformat(value), self.zone)

    def moment(self, milliseconds: int | None) -> str | None:
        """Return an instant of the cache's columns as the reader writes it."""
        return None if milliseconds is None else formats.instant(milliseconds, self.zone)

    def milliseconds(self, value: str) -> int:
        """Return an instant of the cache's JSON to compare with those of its columns."""
        return to_cache(datetime.fromisoformat(value))

    def money(self, minor: int | None) -> str | None:
        """Return an amount in the order's currency."""
        return None if minor is None else formats.money(minor, self.record.currency)

    def text(self, data: Mapping[str, Any], field: str) -> str | None:
        """Return a field as the reader may see it."""
        value = data.get(field)
        return personal.shown(field, str(value), revealed=self.revealed) if value else None

    def document(self, data: Mapping[str, Any], field: str) -> str | None:
        """Return a tax or identity number with its punctuation, as the reader may see it."""
        value = data.get(field)
        return self.text({field: personal.document(str(value))}, field) if value else None


def lines(*pairs: tuple[str, str | None]) -> tuple[Line, ...]:
    """Return the lines whose value is known, made safe once more for paper and terminals.

    What is set in by blanks stays so.
    """
    return tuple(
        Line(label, value[: len(value) - len(value.lstrip(" "))] + clean_line(value))
        for label, value in pairs
        if value
    )
