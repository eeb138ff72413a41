"""Offers of the shop with their stock (OF21), which has no filter by date: all of them, each time."""

from collections.abc import AsyncIterator
from typing import Final

from mkt_tui.adapters.base import Page
from mkt_tui.adapters.fields import Json, Misread, code, line, truth, whole
from mkt_tui.adapters.mirakl.connected import Connected
from mkt_tui.domain.listings import Listing

_OFFERS: Final = "/api/offers"
_PAGE: Final = 100


class Listings(Connected):
    """Reads offers."""

    async def listings(self, cursor: str | None) -> AsyncIterator[Page[Listing]]:
        """Yield all offers; a read that broke off goes on where it was."""
        offset = int(cursor) if cursor and cursor.isascii() and cursor.isdigit() else 0
        done = False
        while not done:
            query: dict[str, str | int] = {"max": _PAGE, "offset": offset, **self._shop}
            answer = await self._http.get(_OFFERS, query)
            rows = self._parts(answer.data, "offers")
            try:
                items = tuple(map(_listing, rows))
            except Misread as error:
                raise self._misread(error) from error
            offset += len(rows)
            total = answer.data.get("total_count")
            done = len(rows) < _PAGE or (isinstance(total, int) and offset >= total)
            yield Page(items, "0" if done else str(offset), complete=done)


def _listing(row: Json) -> Listing:
    sku = code(row, "shop_sku")
    return Listing(
        sku=sku,
        title=line(row, "product_title") or sku,
        quantity=whole(row, "quantity"),
        active=truth(row, "active") is not False,
    )
