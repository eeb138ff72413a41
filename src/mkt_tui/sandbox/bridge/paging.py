"""Lists in the order of their changes, linked by an opaque cursor."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from starlette.requests import Request

from mkt_tui.sandbox import parameters
from mkt_tui.sandbox.errors import bad_parameter
from mkt_tui.sandbox.instants import ms_of

Json = dict[str, object]
Row = TypeVar("Row")


def page(
    request: Request, rows: Iterable[Row], place: Callable[[Row], str], show: Callable[[Row], Json]
) -> Json:
    """Return the page behind the cursor of the request.

    Args:
        place: Where a row stands; texts in the order of the list.
    """
    query = request.query_params
    limit = parameters.whole(query, "limit", 50, 1, 100)
    after = _place_in(query.get("cursor"))
    left = sorted((each for each in rows if place(each) > after), key=place)
    shown = left[:limit]
    following = urlsafe_b64encode(place(shown[-1]).encode()).decode() if left[limit:] else None
    return {"items": [show(each) for each in shown], "next_cursor": following}


def place_of(moment: datetime, name: str) -> str:
    """Return a place in a list by date."""
    return f"{ms_of(moment):015}/{name}"


def _place_in(cursor: str | None) -> str:
    if cursor is None:
        return ""
    try:
        return urlsafe_b64decode(cursor.encode()).decode()
    except ValueError:
        raise bad_parameter("cursor") from None
