"""What is in HTTP answers: JSON objects, refusals, dates and waits."""

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final, Never

import orjson

from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import N_, _

_LONGEST_WORDS: Final = 400
_DAY: Final = 86_400.0


class NotReadable(ValueError):
    """A body that is not what a contract can promise; the text says why, in our words."""


def json_object(body: bytes, rows: str | None = None) -> dict[str, Any]:
    """Return the JSON object in `body`; a bare list under the name `rows`, where there is one.

    Raises:
        NotReadable: It is not UTF-8, not JSON, cut off, or no object.
    """
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        data = _with_halves(body, error)
    if rows is not None and isinstance(data, list):
        return {rows: data}
    if not isinstance(data, dict):
        raise NotReadable(N_("not a JSON object"))
    return data


def _with_halves(body: bytes, error: orjson.JSONDecodeError) -> Any:
    """Read JSON that holds half a surrogate pair, which orjson refuses.

    Servers that cut texts to a length leave such halves of emoji behind. One of them must not
    hide every other ticket of the page; `clean` marks them later.
    """
    if b"\\ud" not in body and b"\\uD" not in body:
        raise NotReadable(_why(body, error)) from error
    try:
        return json.loads(body.decode(), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise NotReadable(_why(body, error)) from error


def _refuse(constant: str) -> Never:
    raise ValueError(constant)


def _why(body: bytes, error: orjson.JSONDecodeError) -> str:
    start = body[:200].lstrip()[:1]
    if start == b"<":
        return N_("a web page instead of JSON")
    return _("not JSON: {detail}").format(detail=error.msg)


def server_words(body: bytes) -> str:
    """Return a server's own reason, safe and on one line; empty when it gave none.

    In use are {status, message} and {errors: [{code, field, message}]} (Mirakl facts), {error} and
    {errors: {detail}} (SkyHub).
    """
    try:
        data = json_object(body)
    except NotReadable:
        return ""
    errors = data.get("errors")
    told = [_one(each) for each in (errors if isinstance(errors, list) else [errors])]
    told = [each for each in told if each] or [_one(data)]
    return clean_line("; ".join(told), _LONGEST_WORDS)


def _one(entry: object) -> str:
    if not isinstance(entry, dict):
        return ""
    field = entry.get("field")
    known = [entry.get(key) for key in ("message", "error", "detail")]
    message = next((each for each in known if isinstance(each, str)), "")
    return f"{field}: {message}" if message and isinstance(field, str) and field else message


def without_secret(words: str, authorization: str) -> str:
    """Return a server's words without the key of the request, which some servers repeat."""
    for secret in (authorization, authorization.rpartition(" ")[2]):
        if secret:
            words = words.replace(secret, "…")
    return words


def status_line(status: int) -> str:
    """Return a status with the words that RFC 9110 has for it."""
    known = status in {each.value for each in HTTPStatus}
    return f"HTTP {status} {HTTPStatus(status).phrase}" if known else f"HTTP {status}"


def retry_after(text: str | None) -> float | None:
    """Return the wait of a Retry-After header in seconds, at most a day (RFC 9110, 10.2.3)."""
    text = (text or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), _DAY)
    moment = http_instant(text)
    if moment is None:
        return None
    return min(max((moment - datetime.now(UTC)).total_seconds(), 0.0), _DAY)


def restored_after(text: str | None) -> float | None:
    """Return when one more request is allowed, from Amazon's x-amzn-RateLimit-Limit (a second)."""
    try:
        rate = float(text or "")
    except ValueError:
        return None
    return min(1.0 / rate, _DAY) if rate > 0 else None


def http_instant(text: str | None) -> datetime | None:
    """Return the instant of an HTTP date, None for anything else."""
    try:
        moment = parsedate_to_datetime(text or "")
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
