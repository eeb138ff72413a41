"""How the seller API writes dates and lists, and reads ranges of them."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request

from mkt_tui.sandbox import parameters
from mkt_tui.sandbox.errors import bad_parameter
from mkt_tui.sandbox.instants import from_text

Json = dict[str, object]

MOST = 50
_ZONE = ZoneInfo("America/Sao_Paulo")


def date(instant: datetime | None) -> str | None:
    """Return an instant as 2015-05-06T09:10:00.000-03:00."""
    return None if instant is None else instant.astimezone(_ZONE).isoformat(timespec="milliseconds")


def span(request: Request, name: str) -> tuple[datetime | None, datetime | None]:
    """Return the ends of a range "from,to"; * and a missing range are open."""
    text = request.query_params.get(name)
    if text is None:
        return None, None
    first, comma, last = text.partition(",")
    if not comma:
        raise bad_parameter(name)
    return _end(name, first), _end(name, last)


def inside(instant: datetime | None, ends: tuple[datetime | None, datetime | None]) -> bool:
    """Tell whether `instant` lies in a range; what has no date lies in the open one only."""
    first, last = ends
    if instant is None:
        return first is None and last is None
    return (first is None or instant >= first) and (last is None or instant <= last)


def page(request: Request, name: str, rows: Sequence[Json]) -> Json:
    """Return the page of `rows` that was asked for, with its metadata."""
    offset = parameters.whole(request.query_params, "_offset", 0, 0, 10**9)
    limit = parameters.whole(request.query_params, "_limit", MOST, 1, MOST)
    total = len(rows)
    last = max(total - 1, 0) // limit * limit
    links = {
        "first": 0,
        "previous": offset - limit if offset else None,
        "next": offset + limit if offset + limit < total else None,
        "last": last,
    }
    path = request.url.path
    told = {"totalRows": str(total), "offset": str(offset), "limit": str(limit)} | {
        key: "" if at is None else f"{path}?_offset={max(at, 0)}&_limit={limit}"
        for key, at in links.items()
    }
    return {
        name: list(rows[offset : offset + limit]),
        "metadata": [{"key": key, "value": value} for key, value in told.items()],
    }


def _end(name: str, text: str) -> datetime | None:
    if text == "*":
        return None
    try:
        return from_text(text)
    except ValueError:
        raise bad_parameter(name) from None
