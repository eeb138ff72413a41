"""What of a snapshot goes into its JSON: the fields that hold something."""

from datetime import datetime
from typing import Any, Final

# Most values, which hold something whatever they are.
_PLAIN: Final = frozenset({str, int, bool, datetime})


def told(section: Any) -> dict[str, Any]:
    """Return the fields that hold something; what is left out is left as the cache knows it."""
    found = {}
    for name in section.__dataclass_fields__:
        value = getattr(section, name)
        if value is None:
            continue
        if type(value) not in _PLAIN:
            if hasattr(value, "__dataclass_fields__"):
                value = told(value)
            if value in ((), {}):
                continue
        found[name] = value
    return found
