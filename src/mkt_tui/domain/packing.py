"""Which pieces go in which parcel: never more than the order has of a line, none in two parcels."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.order_operations import Parcel, Share
from mkt_tui.i18n import N_

_MORE: Final = N_("The parcels hold more pieces than the order has of an item")
_UNTOLD: Final = N_("Several parcels need to say which pieces are in each")
_SAY_PIECES: Final = N_("Write behind each number what is in it, such as AA1:1,2x3 AA2:2x1.")


def packed(parcels: Sequence[Parcel], ordered: Sequence[Share]) -> tuple[Parcel, ...]:
    """Return the parcels with their pieces; the one that names none holds what is left.

    A single parcel without pieces stays without: it is the whole order, whatever that is by then.

    Args:
        ordered: The pieces of each line of the order.

    Raises:
        NotAllowed: More than one of several names none, nothing is left for it, or more pieces are
            named than there are.
    """
    left = {each.line: each.quantity for each in ordered}
    for each in (share for parcel in parcels for share in parcel.shares):
        left[each.line] = left.get(each.line, 0) - each.quantity
        if each.quantity < 1 or left[each.line] < 0:
            raise NotAllowed(what=_MORE, remedy=N_("Count again what is in each."))
    untold = [each for each in parcels if not each.shares]
    if len(parcels) == 1 or not untold:
        return tuple(parcels)
    rest = tuple(Share(line, count) for line, count in left.items() if count)
    if len(untold) > 1 or not rest:
        raise NotAllowed(what=_UNTOLD, remedy=_SAY_PIECES)
    return tuple(each if each.shares else replace(each, shares=rest) for each in parcels)


def staying(parcels: Iterable[Parcel], ordered: Sequence[Share]) -> tuple[Share, ...]:
    """Return the pieces that are in none of the parcels."""
    sent: Counter[str] = Counter()
    for parcel in parcels:
        if not parcel.shares:
            return ()
        for each in parcel.shares:
            sent[each.line] += each.quantity
    left = (Share(each.line, each.quantity - sent[each.line]) for each in ordered)
    return tuple(each for each in left if each.quantity > 0)
