"""How often lists may be asked for, judged by the clock of the world.

Of all operations played here, only these name a number ("Call Frequency" in the document). One that
says "synchronous" besides is free where a page about single things is shown: `alone` names the
parameter that tells so. A look may have many pages; `goes_on` tells those after the first.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from starlette.datastructures import QueryParams
from starlette.requests import Request

from mkt_tui.sandbox.rates import Window


class Maximum(NamedTuple):
    """How often a list may be asked for: once in so many seconds."""

    path: str
    seconds: int
    alone: str
    goes_on: Callable[[QueryParams], bool]


MAXIMA = {
    "OR11": Maximum("/api/orders", 60, "order_ids", lambda query: query.get("offset", "0") != "0"),
    "RT11": Maximum("/api/returns", 300, "return_id", lambda query: "page_token" in query),
}


class Frequencies:
    """What of a shop was asked for when."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._windows = {
            each.path: (each, Window(1, timedelta(seconds=each.seconds), clock))
            for each in MAXIMA.values()
        }

    def take(self, request: Request) -> bool:
        """Let a request pass; False when its list was asked for too short a while ago."""
        path = "/api/" + request.url.path.partition("/api/")[2]
        if request.method != "GET" or path not in self._windows:
            return True
        most, window = self._windows[path]
        query = request.query_params
        return most.alone in query or most.goes_on(query) or window.take()
