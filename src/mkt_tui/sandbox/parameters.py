"""Query parameters, read as strictly as the contract allows."""

from collections.abc import Mapping
from datetime import datetime

from starlette.datastructures import QueryParams

from mkt_tui.sandbox.errors import bad_parameter
from mkt_tui.sandbox.instants import from_text


def whole(query: Mapping[str, str], name: str, default: int, lowest: int, highest: int) -> int:
    """Return a whole number between two bounds, `default` when it is not given."""
    text = query.get(name)
    if text is None:
        return default
    # Longer numbers are refused by their length: Python would not even convert the longest.
    digits = text.isascii() and text.isdigit() and len(text) <= len(str(highest))
    if not (digits and lowest <= int(text) <= highest):
        raise bad_parameter(name)
    return int(text)


def truth(query: Mapping[str, str], name: str) -> bool | None:
    """Return true or false, None when it is not given."""
    text = query.get(name)
    if text is None:
        return None
    if text not in ("true", "false"):
        raise bad_parameter(name)
    return text == "true"


def instant(query: Mapping[str, str], name: str) -> datetime | None:
    """Return an RFC 3339 instant, None when it is not given."""
    text = query.get(name)
    if text is None:
        return None
    try:
        return from_text(text)
    except ValueError:
        raise bad_parameter(name) from None


def listing(query: QueryParams, name: str) -> tuple[str, ...] | None:
    """Return a list, written with commas or by repeating the parameter; None when not given."""
    if name not in query:
        return None
    return tuple(word for text in query.getlist(name) for word in text.split(",") if word)


def choice(
    query: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str | None = None
) -> str | None:
    """Return one word of `allowed`, `default` when it is not given."""
    text = query.get(name, default)
    if text is not None and text not in allowed:
        raise bad_parameter(name)
    return text
