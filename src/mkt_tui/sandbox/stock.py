"""What a practice shop offers: all that it has ever sold, of some of it nothing is left."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from weakref import WeakKeyDictionary
from zlib import crc32

from mkt_tui.sandbox.records import Line
from mkt_tui.sandbox.world import Shop


@dataclass(frozen=True, slots=True)
class Offer:
    """One SKU on offer."""

    line: Line
    quantity: int
    since: datetime


_KNOWN: Final[WeakKeyDictionary[Shop, tuple[Offer, ...]]] = WeakKeyDictionary()


def offers(shop: Shop) -> tuple[Offer, ...]:
    """Return the offers by SKU; their pieces follow from the SKU, the same on every start."""
    # A shop gets no new orders, and every page of offers would look through all of them.
    if shop not in _KNOWN:
        _KNOWN[shop] = _offers(shop)
    return _KNOWN[shop]


def _offers(shop: Shop) -> tuple[Offer, ...]:
    found: dict[str, Offer] = {}
    for order in shop.orders.values():
        for each in order.lines:
            number = crc32(each.sku.encode()) % 50
            found.setdefault(each.sku, Offer(each, max(number - 4, 0), order.created))
    return tuple(found[sku] for sku in sorted(found))
