"""How the open API pages and sorts lists."""

from collections.abc import Sequence
from datetime import datetime

from starlette.requests import Request

from mkt_tui.sandbox import parameters
from mkt_tui.sandbox.errors import ApiError
from mkt_tui.sandbox.instants import from_text

Json = dict[str, object]


def page(request: Request, rows: Sequence[Json], *, size: int, farthest: int) -> Json:
    """Return the page that was asked for; an offset beyond `farthest` is refused with 422."""
    limit = _number(request, "_limit", size, 1, 100)
    offset = _number(request, "_offset", 0, 0, farthest)
    shown = list(rows[offset : offset + limit])
    following = f"?_offset={offset + limit}&_limit={limit}" if offset + limit < len(rows) else None
    return {
        "meta": {
            "page": {"limit": limit, "offset": offset, "count": len(shown), "max_limit": 100},
            "links": {
                "self": f"?_offset={offset}&_limit={limit}",
                "next": following,
                "previous": f"?_offset={max(offset - limit, 0)}&_limit={limit}",
            },
        },
        "results": shown,
    }


def instant(request: Request, name: str) -> datetime | None:
    """Return an instant of the query, 422 when it is none."""
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        return from_text(text)
    except ValueError:
        raise _wrong(name, "Input should be a valid datetime") from None


def descending(request: Request, field: str) -> bool:
    """Tell whether the list is to be sorted the other way round."""
    order = request.query_params.get("_sort", f"{field}:asc")
    if order not in (f"{field}:asc", f"{field}:desc"):
        raise _wrong("_sort", "Sorting by this field is not played")
    return order.endswith(":desc")


def _number(request: Request, name: str, default: int, lowest: int, highest: int) -> int:
    try:
        return parameters.whole(request.query_params, name, default, lowest, highest)
    except ApiError:
        raise _wrong(name, f"Input should be less than or equal to {highest}") from None


def _wrong(name: str, message: str) -> ApiError:
    return ApiError(422, message, field=name)
