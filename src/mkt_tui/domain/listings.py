"""What a channel offers under a SKU (M13)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Listing:
    """One offer; texts already made safe.

    Attributes:
        quantity: Pieces in stock; None = not told.
        active: Whether customers can buy it.
        as_of: When the channel knew it so; None = when it was read.
    """

    sku: str
    title: str
    quantity: int | None = None
    active: bool = True
    as_of: datetime | None = None
