"""Instants as the contract writes them: UTC, whole milliseconds, 2018-10-02T08:36:36.479Z."""

import re
from datetime import UTC, datetime

# RFC 3339 "date-time": `fromisoformat` alone would also take dates, week dates and local times.
_PATTERN = r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)"


def utc_now() -> datetime:
    """Return the present instant, in whole milliseconds."""
    return whole_ms(datetime.now(UTC))


def whole_ms(instant: datetime) -> datetime:
    """Return `instant` without what JSON would lose, so that filters and answers agree."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def ms_of(instant: datetime) -> int:
    """Return milliseconds since 1970: a sort key without rounding surprises."""
    return int(instant.timestamp()) * 1000 + instant.microsecond // 1000


def to_json(instant: datetime | None) -> str | None:
    """Return the contract's text of an instant; None stays null."""
    if instant is None:
        return None
    text = instant.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z"


def from_text(text: str) -> datetime:
    """Return the instant of an RFC 3339 date-time.

    Raises:
        ValueError: It is not one, or names no zone.
    """
    if not re.fullmatch(_PATTERN, text):
        raise ValueError(text)
    return datetime.fromisoformat(text.upper()).astimezone(UTC)
