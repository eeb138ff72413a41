"""Parcels as an agent writes them: `QB1:1x2,2 QB2` is two pieces of item 1 and item 2, then the rest."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.domain import packing
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.order_operations import Parcel, Share
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _

_PIECES: Final = re.compile(r"(\d{1,3})(?:x(\d{1,4}))?", re.ASCII | re.IGNORECASE)


def chosen(
    record: OrderRecord,
    carrier: str,
    typed: str,
    url: str | None,
    left: Sequence[Share] | None = None,
) -> tuple[Parcel, ...]:
    """Return the parcels that were typed, with blanks between them.

    Args:
        typed: For each its number and, behind a colon, the places of its items in the order, each
            with its pieces: `2x3`; without pieces it is all of that item.
        left: The pieces that may go into them; None = all of the order.

    Raises:
        NotAllowed: It is not understood, or the pieces do not fit the order.
    """
    parcels = [_parcel(record, carrier, word, url) for word in typed.split()]
    return packing.packed(parcels, ordered(record) if left is None else left)


def checked(parcels: Sequence[Parcel]) -> tuple[Parcel, ...]:
    """Return the parcels with their carrier and number made safe.

    Raises:
        NotAllowed: There is none, or one of them lacks either.
    """
    told = []
    for each in parcels:
        carrier, number = clean_line(each.carrier), clean_line(each.number)
        if carrier and number and " " not in number:
            told.append(replace(each, carrier=carrier, number=number))
    if not told or len(told) < len(parcels):
        raise NotAllowed(
            what=_("A parcel needs a carrier and a number without blanks"),
            remedy=_("Correct it and try again."),
        )
    return tuple(told)


def pieces(record: OrderRecord, typed: str) -> tuple[Share, ...]:
    """Return the pieces that were typed with blanks or commas between them; none = all of them.

    Raises:
        NotAllowed: It is not understood.
    """
    try:
        return tuple(_share(record.items, each) for each in typed.replace(",", " ").split())
    except NotAllowed as error:
        raise NotAllowed(
            what=error.parameters["what"],
            remedy=_("Write the items by their places, such as 1 or 2x3."),
        ) from error


def ordered(record: OrderRecord) -> tuple[Share, ...]:
    """Return the pieces of each line of the order."""
    return tuple(Share(str(each["line"]), int(each.get("quantity") or 0)) for each in record.items)


def places(record: OrderRecord, left: Sequence[Share] | None = None) -> list[str]:
    """Return the items with their places and pieces, as `chosen` names them.

    Args:
        left: The pieces to tell of; None = all of the order.
    """
    counts = {each.line: each.quantity for each in (ordered(record) if left is None else left)}
    return [
        f"{place:>2}  {counts[str(each['line'])]} × {clean_line(str(each['title']))}"
        for place, each in enumerate(record.items, 1)
        if str(each["line"]) in counts
    ]


def _parcel(record: OrderRecord, carrier: str, word: str, url: str | None) -> Parcel:
    number, colon, pieces = word.rpartition(":")
    if not colon:
        return Parcel(carrier, word, url=url)
    if not number or not pieces:
        raise _not_understood(word)
    shares = tuple(_share(record.items, each) for each in pieces.split(","))
    return Parcel(carrier, number, url=url, shares=shares)


def _share(items: Sequence[dict[str, Any]], piece: str) -> Share:
    found = _PIECES.fullmatch(piece)
    if found is None or not 0 < int(found[1]) <= len(items):
        raise _not_understood(piece)
    item = items[int(found[1]) - 1]
    return Share(str(item["line"]), int(found[2] or item.get("quantity") or 0))


def _not_understood(word: str) -> NotAllowed:
    return NotAllowed(
        what=_("{word} is not understood").format(word=word),
        remedy=_("Write each parcel's number and what is in it, such as AA1:1,2x3 AA2:2x1."),
    )
