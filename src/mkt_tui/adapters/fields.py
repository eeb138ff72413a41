"""Reading single fields of marketplaces' JSON.

Contracts promise less than they say: Mirakl's official examples hold null where the schema wants
a value and leave out what it requires (facts.md). So null and absent are None everywhere; only a
value of a wrong kind is an error, for then nobody knows what the rest means.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from mkt_tui.domain.money import to_minor
from mkt_tui.domain.text import clean_line

Json = Mapping[str, Any]

LINE: Final = 500
_CODE: Final = 200
_NUMERIC: Final = (float, int, str)
_NOTHING: Final[Json] = {}
# What the cache's integer columns hold.
_LARGEST: Final = 2**63 - 1


class Misread(ValueError):
    """A field that lacks or is of a wrong kind; the text names the field only."""


def line(data: Json, key: str, limit: int = LINE) -> str | None:
    """Return a text made safe and put on one line, None when it is blank."""
    text = data.get(key)
    if type(text) is not str:
        if text is None:
            return None
        text = _text(key, text)
    # Nearly every text is in order; an order has sixty of them, and each call counts.
    if len(text) <= limit and text.isprintable() and "  " not in text:
        return text.strip() or None
    return clean_line(text, limit) or None


def raw(data: Json, key: str) -> str:
    """Return a text as it came, empty when there is none: the caller must make it safe."""
    value = data.get(key)
    return "" if value is None else _text(key, value)


def code(data: Json, key: str) -> str:
    """Return an identifier, which must be there and is never cut."""
    value = line(data, key, _CODE + 1)
    if value is None or len(value) > _CODE:
        raise Misread(key)
    return value


def instant(data: Json, key: str) -> datetime | None:
    """Return an instant in UTC."""
    value = data.get(key)
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is UTC:
            return moment
        # RFC 3339 demands a zone; where one is left out, the marketplaces' clocks run in UTC.
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        raise Misread(key) from None


def whole(data: Json, key: str) -> int | None:
    """Return a whole number."""
    value = data.get(key)
    if value is None:
        return None
    if type(value) is not int or abs(value) > _LARGEST:
        raise Misread(key)
    return value


def truth(data: Json, key: str) -> bool | None:
    """Return true or false."""
    value = data.get(key)
    if value is None or isinstance(value, bool):
        return value
    raise Misread(key)


def minor(data: Json, key: str, currency: str) -> int | None:
    """Return an amount in minor units of `currency`, told in major units."""
    value = data.get(key)
    if value is None:
        return None
    if type(value) not in _NUMERIC:
        raise Misread(key)
    try:
        amount = to_minor(value, currency)
    except (ValueError, ArithmeticError):
        raise Misread(key) from None
    if abs(amount) > _LARGEST:
        raise Misread(key)
    return amount


def part(data: Json, key: str) -> Json:
    """Return an object inside, empty when there is none."""
    value = data.get(key)
    if value is None:
        return _NOTHING
    if not isinstance(value, dict):
        raise Misread(key)
    return value


def parts(data: Json, key: str) -> list[Json]:
    """Return a list of objects, empty when there is none."""
    value = data.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Misread(key)
    for each in value:
        if not isinstance(each, dict):
            raise Misread(key)
    return value


def _text(key: str, value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return str(value)
    raise Misread(key)
