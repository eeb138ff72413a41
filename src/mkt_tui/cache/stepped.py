"""Claims that outlive their clock: what ends impossibly late was taken before the clock was set back."""

from datetime import datetime, timedelta
from typing import Any, Final

from mkt_tui.cache.instants import to_cache

# Claims and leases are of minutes, renewed; the clocks of several servers differ by less.
_LONGEST: Final = timedelta(minutes=10)


def void_claim(column: str) -> str:
    """Return the condition that a claim which ends at `column` holds no longer; see `clock`."""
    return f"({column} <= :now OR {column} > :impossible)"


def clock(now: datetime) -> dict[str, Any]:
    """Return the parameters of `void_claim`."""
    return {"now": to_cache(now), "impossible": to_cache(now + _LONGEST)}


def holds(expires_at: datetime, now: datetime) -> bool:
    """Tell whether a claim that ends then still holds."""
    return now < expires_at <= now + _LONGEST
