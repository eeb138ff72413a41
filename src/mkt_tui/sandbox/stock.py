"""What a practice shop offers: all that it has ever sold, of some of it nothing is left."""

from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from mkt_tui.sandbox.records import Line
from mkt_tui.sandbox.world import Shop


@dataclass(frozen=True, slots=True)
class Offer:
    """One SKU on offer."""

    line: Line
    quantity: int
    since: datetime


def offers(shop: Shop) -> list[Offer]:
    """Return the offers by SKU; their pieces follow from the SKU, the same on every start."""
    found: dict[str, Offer] = {}
    for order in shop.orders.values():
        for each in order.lines:
            number = crc32(each.sku.encode()) % 50
            found.setdefault(each.sku, Offer(each, max(number - 4, 0), order.created))
    return [found[sku] for sku in sorted(found)]
