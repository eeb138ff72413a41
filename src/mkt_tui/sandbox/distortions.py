"""Answers spoilt on their way, and requests bent so that the spoilt answers hang together."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import orjson
from starlette.types import Scope, Send

from mkt_tui.sandbox.wire import BACKWARDS, date_header

# Every form in which a marketplace here writes an instant.
_FORM: Final = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?"
_INSTANT: Final = re.compile(f'"({_FORM})"'.encode())
_ASKED: Final = re.compile(_FORM)
_PARTS: Final = re.compile(r"(.{10})([T ])(.{8})(\.\d+)?(.*)")
# How pages are asked for, with the least each may be; a page by number stays, for its size halves.
_SIZES: Final = {
    **dict.fromkeys(("limit", "max", "_limit", "per_page", "maxResultsPerPage", "pageSize"), 1),
    **dict.fromkeys(("offset", "_offset"), 0),
}
_TOTALS: Final = frozenset({"total_count", "total", "totalRows"})
_ORDER: Final = "order"
_METADATA: Final = "metadata"

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer of the marketplace."""

    status: int
    headers: Headers
    body: bytes

    def with_body(self, body: bytes) -> "Answer":
        """Return the answer with another body, of the length it says."""
        kept = [each for each in self.headers if each[0] != b"content-length"]
        return Answer(self.status, [*kept, (b"content-length", b"%d" % len(body))], body)

    async def send(self, send: Send) -> None:
        """Send it."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})


def truncated(answer: Answer) -> Answer:
    """Return the answer with half of its JSON; its headers say nothing of that."""
    return answer.with_body(answer.body[: len(answer.body) // 2])


def not_utf8(answer: Answer) -> Answer:
    """Return the answer in Latin-1, with at least one letter that is no UTF-8."""
    body = answer.body.decode().encode("latin-1", "replace")
    head, quote, tail = body.rpartition(b'"')
    return answer.with_body(head + b"\xe7\xe3" + quote + tail)


def half_as_many(scope: Scope) -> Scope:
    """Return a request for half of the page."""
    return _asking(scope, lambda name, value: _half(value, _SIZES.get(name)))


def doubled(answer: Answer) -> Answer:
    """Return the answer with every row twice."""
    return _with_rows(answer, lambda rows: [*rows, *rows], double_total=True)


def from_the_end(scope: Scope) -> Scope:
    """Return a request whose list begins at its end."""
    return {
        **_asking(scope, lambda name, value: "desc" if name == _ORDER else value),
        BACKWARDS: True,
    }


def reversed_rows(answer: Answer, scope: Scope) -> Answer:
    """Return the answer with its rows in reverse, but for lists that come so already."""
    asked = dict(parse_qsl(scope["query_string"].decode()))
    return answer if _ORDER in asked else _with_rows(answer, lambda rows: rows[::-1])


def asked_at(scope: Scope, seconds: float) -> Scope:
    """Return the request with every instant it asks for moved by `seconds`."""
    return _asking(
        scope, lambda _name, value: _ASKED.sub(lambda found: _moved(found[0], seconds), value)
    )


def told_at(answer: Answer, seconds: float) -> Answer:
    """Return the answer with every instant in it, and its Date, moved by `seconds`."""
    body = _INSTANT.sub(
        lambda found: b'"%b"' % _moved(found[1].decode(), seconds).encode(), answer.body
    )
    kept = [each for each in answer.headers if each[0] != b"date"]
    date = date_header(_told(answer) + seconds)
    return replace(answer, headers=[*kept, date]).with_body(body)


def _told(answer: Answer) -> float:
    dates = [value.decode() for name, value in answer.headers if name == b"date"]
    return parsedate_to_datetime(dates[0]).timestamp() if dates else time.time()


def _moved(text: str, seconds: float) -> str:
    """Return an instant moved, in the form in which it was written."""
    parts = _PARTS.fullmatch(text)
    if parts is None:
        return text
    day, between, clock, fraction, zone = parts.groups()
    try:
        moved = datetime.fromisoformat(f"{day}T{clock}") + timedelta(seconds=seconds)
    except (ValueError, OverflowError):
        return text
    return moved.isoformat(between, "seconds") + (fraction or "") + zone


def _half(text: str, least: int | None) -> str:
    return text if least is None or not text.isdecimal() else str(max(int(text) // 2, least))


def _asking(scope: Scope, change: Callable[[str, str], str]) -> Scope:
    asked = parse_qsl(scope["query_string"].decode(), keep_blank_values=True)
    query = urlencode([(name, change(name, value)) for name, value in asked])
    return {**scope, "query_string": query.encode()}


def _metadata(entry: Any, *, double_total: bool) -> Any:
    """Return an entry {key, value} about a list, which is no row of it."""
    if double_total and entry["key"] in _TOTALS:
        return {**entry, "value": str(int(entry["value"]) * 2)}
    return entry


def _with_rows(
    answer: Answer, change: Callable[[list[Any]], list[Any]], *, double_total: bool = False
) -> Answer:
    content = orjson.loads(answer.body) if answer.status == 200 else None
    if isinstance(content, list):
        return answer.with_body(orjson.dumps(change(content)))
    if not isinstance(content, dict):
        return answer
    for name, value in content.items():
        if name == _METADATA and isinstance(value, list):
            content[name] = [_metadata(each, double_total=double_total) for each in value]
        elif isinstance(value, list) and all(isinstance(row, dict) for row in value):
            content[name] = change(value)
        elif double_total and name in _TOTALS and isinstance(value, int):
            content[name] = value * 2
    return answer.with_body(orjson.dumps(content))
