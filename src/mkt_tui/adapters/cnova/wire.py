"""How the seller API writes dates, ranges and the size of a list."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mkt_tui.adapters.fields import Json, Misread, line, parts


def moment(instant: datetime) -> str:
    """Return `instant` as the API wants it: ISO 8601, milliseconds, with its zone."""
    return instant.isoformat(timespec="milliseconds")


def since(instant: datetime) -> str:
    """Return the range from `instant` on; * is the open end."""
    return f"{moment(instant)},*"


def entry(data: Json, name: str) -> str | None:
    """Return the value of a {key, value} entry of `metadata`."""
    for each in parts(data, "metadata"):
        if each.get("key") == name and isinstance(each.get("value"), str | int):
            return line(each, "value")
    return None


def total_rows(data: Mapping[str, Any]) -> int | None:
    """Return how many rows the whole list has, None where it does not say.

    Raises:
        Misread: It says something else than a number.
    """
    text = entry(data, "totalRows")
    if text is None:
        return None
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    raise Misread("totalRows")
