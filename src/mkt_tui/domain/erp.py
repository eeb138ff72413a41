"""What the seller's own system says of an order, in our stages."""

from collections.abc import Mapping
from typing import Final

from mkt_tui.domain.monitor import Stage

# The states a Magento shop comes with, those of the bridge's contract, and our own words.
_STAGES: Final[Mapping[str, Stage]] = {
    **dict.fromkeys(
        ("new", "waiting", "pending", "pending_payment", "payment_review"), Stage.WAITING
    ),
    **dict.fromkeys(("processing", "to_ship", "approved", "invoiced"), Stage.TO_SHIP),
    **dict.fromkeys(("complete", "shipped"), Stage.SHIPPED),
    "delivered": Stage.DELIVERED,
    **dict.fromkeys(("canceled", "cancelled", "closed", "refunded", "gone"), Stage.GONE),
}


def stage_of(word: str) -> Stage:
    """Return the stage of a system's word; one that nobody has mapped is compared with nothing."""
    return _STAGES.get(word.casefold().replace(" ", "_"), Stage.OTHER)
