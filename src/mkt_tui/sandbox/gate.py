"""What every request of a shop passes first: its key, the rate limit, its shop number."""

import time

from starlette.requests import Request

from mkt_tui.sandbox.errors import ApiError, bad_parameter
from mkt_tui.sandbox.world import Shop


class Gate:
    """Lets requests pass at `rate_limit` a second, with a burst of one second's worth."""

    def __init__(self, shop: Shop, rate_limit: float | None) -> None:
        self._shop = shop
        self._rate = rate_limit
        self._allowance = self._burst = max(rate_limit or 1.0, 1.0)
        self._checked_at = time.monotonic()

    def check(self, request: Request) -> None:
        """Raise what the marketplace answers to a request it does not let in."""
        if not self._shop.accepts(request.headers.get("Authorization", "")):
            raise ApiError(401, "Unauthorized")
        if self._rate is not None and not self._take(self._rate):
            # No Retry-After: none is documented (facts.md), so no client may count on one.
            raise ApiError(429, "Too many requests")
        if request.query_params.get("shop_id", self._number) != self._number:
            raise bad_parameter("shop_id")

    @property
    def _number(self) -> str:
        return str(self._shop.identity.number)

    def _take(self, rate: float) -> bool:
        now = time.monotonic()
        self._allowance = min(self._burst, self._allowance + (now - self._checked_at) * rate)
        self._checked_at = now
        if self._allowance < 1:
            return False
        self._allowance -= 1
        return True
