"""Listings with their stock."""

from typing import Final

from mkt_tui.adapters.fields import Json, code, instant, line, whole
from mkt_tui.domain.listings import Listing

LISTINGS: Final = "/v1/listings"
# Any other word of a status is a shop's own; the contract names none.
_OFF: Final = frozenset({"inactive", "paused", "blocked", "closed", "deleted"})


def read_listing(row: Json) -> Listing:
    """Return a listing in our words.

    Raises:
        Misread: A field without which it is none, or of a wrong kind.
    """
    sku = code(row, "sku")
    return Listing(
        sku=sku,
        title=line(row, "title") or sku,
        quantity=whole(row, "stock"),
        active=(line(row, "status") or "").casefold() not in _OFF,
        as_of=instant(row, "updated_at"),
    )
