"""Returns: what a customer sends back, and where that stands.

Reasons, methods and findings are the marketplace's own codes; `desk.return_words` has the words.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class ReturnState(StrEnum):
    """Where a return stands, over all marketplaces; OTHER keeps a word we do not know.

    WAITING for the shop to accept or refuse it; COMING, for it was accepted; MISSING, for it did
    not arrive.
    """

    WAITING = "waiting"
    COMING = "coming"
    RECEIVED = "received"
    MISSING = "missing"
    REFUSED = "refused"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    OTHER = "other"


ENDED: Final = (ReturnState.REFUSED, ReturnState.CLOSED, ReturnState.CANCELLED)


class ReturnStep(StrEnum):
    """What a shop does about a return; JUDGE says of its items whether they are as they must be."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    RECEIVE = "receive"
    JUDGE = "judge"
    CLOSE = "close"


# No contract says which step a state allows; where these are wrong the marketplace refuses.
_FITS: Final = {
    ReturnState.WAITING: (ReturnStep.ACCEPT, ReturnStep.REFUSE),
    ReturnState.COMING: (ReturnStep.RECEIVE,),
    ReturnState.MISSING: (ReturnStep.RECEIVE, ReturnStep.CLOSE),
    ReturnState.RECEIVED: (ReturnStep.JUDGE, ReturnStep.CLOSE),
    ReturnState.OTHER: tuple(ReturnStep),
}


def steps(state: str) -> tuple[ReturnStep, ...]:
    """Return what can be done about a return in that state; nothing where it has ended."""
    known = ReturnState(state) if state in {*ReturnState} else ReturnState.OTHER
    return _FITS.get(known, ())


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """So many pieces of an order line that come back.

    Attributes:
        compliant: Whether they were found as they must be; None = nobody has said so.
        finding: The marketplace's code of what is wrong with them, `note` the shop's own words.
    """

    line: str
    quantity: int
    reason: str | None = None
    compliant: bool | None = None
    finding: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Returnable:
    """Which pieces of an order line may be sent back now; codes are the marketplace's own.

    Attributes:
        window: Within how many days, None = not told.
    """

    line: str
    quantity: int
    window: int | None = None
    methods: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnSnapshot:
    """A return as the marketplace tells it; texts already made safe, None = not told.

    Attributes:
        rma: The number that stands on the parcel.
        refusal: Why it was refused.
        method: How it comes back.
        description: The customer's words.
    """

    code: str
    order_number: str
    state: ReturnState
    marketplace_state: str
    created_at: datetime
    updated_at: datetime
    rma: str | None = None
    reason: str | None = None
    refusal: str | None = None
    method: str | None = None
    description: str | None = None
    lines: tuple[ReturnLine, ...] = ()
    carrier: str | None = None
    tracking: str | None = None
    tracking_url: str | None = None
    label_url: str | None = None
