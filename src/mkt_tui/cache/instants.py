"""Instants as the cache keeps them: whole milliseconds since 1970, UTC."""

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
FOREVER: Final = 2**62
"""After every instant: the end of what has none."""


def to_cache(instant: datetime) -> int:
    """Return `instant` (zone-aware) in milliseconds, rounded down."""
    return (instant - _EPOCH) // _MILLISECOND


def span_to_cache(span: timedelta) -> int:
    """Return `span` in milliseconds, rounded down."""
    return span // _MILLISECOND


def maybe_to_cache(instant: datetime | None) -> int | None:
    """Return `instant` in milliseconds, or None for None."""
    return None if instant is None else to_cache(instant)


def from_cache(milliseconds: int) -> datetime:
    """Return the instant in UTC."""
    return _EPOCH + milliseconds * _MILLISECOND


def maybe_from_cache(milliseconds: int | None) -> datetime | None:
    """Return the instant in UTC, or None for None."""
    return None if milliseconds is None else from_cache(milliseconds)
