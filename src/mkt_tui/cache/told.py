"""What of a snapshot goes into its JSON: the fields that hold something."""

from functools import cache
from typing import Any


def told(section: object) -> dict[str, Any]:
    """Return the fields that hold something; what is left out is left as the cache knows it."""
    found = {}
    for name in _names(type(section)):
        value = getattr(section, name)
        if value is None:
            continue
        if hasattr(value, "__dataclass_fields__"):
            value = told(value)
        if value not in ((), {}):
            found[name] = value
    return found


@cache
def _names(kind: type[object]) -> tuple[str, ...]:
    return tuple(getattr(kind, "__dataclass_fields__", ()))
