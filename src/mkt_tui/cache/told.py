"""What of a snapshot goes into its JSON: the fields that hold something."""

from typing import Any


def told(section: Any) -> dict[str, Any]:
    """Return the fields that hold something; what is left out is left as the cache knows it."""
    found = {}
    for name in section.__dataclass_fields__:
        value = getattr(section, name)
        if value is None:
            continue
        if hasattr(value, "__dataclass_fields__"):
            value = told(value)
        if value not in ((), {}):
            found[name] = value
    return found
