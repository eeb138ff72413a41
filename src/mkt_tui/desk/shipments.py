"""The parcels of an order that its marketplace knows one by one, asked for when they are needed."""

import asyncio
from collections.abc import Sequence

from mkt_tui.adapters.base import ListsShipments
from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.desk import asking, returning
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotFound
from mkt_tui.domain.orders import Shipment
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _


def are_told(desk: Desk, record: OrderRecord) -> bool:
    """Tell whether the order's channel tells parcels one by one."""
    return asking.is_offered(desk, record, ListsShipments)


def listed(desk: Desk, record: OrderRecord) -> tuple[Shipment, ...]:
    """Return the order's parcels as they are there now; asks the marketplace, so for a thread.

    () where the channel never tells them one by one.

    Raises:
        NotAllowed: This marketplace takes one parcel for an order.
        ChannelError: Why they cannot be had now.
    """
    if not are_told(desk, record):
        return ()
    refusal = _("{channel} tells no parcels from here")
    number = record.number
    return asyncio.run(
        asking.asked(desk, record, ListsShipments, lambda each: each.shipments(number), refusal)
    )


def chosen(found: Sequence[Shipment], names: Sequence[str]) -> list[Shipment]:
    """Return the parcels of these codes or tracking numbers.

    Raises:
        NotFound: There is none such.
    """
    return [_one(found, each) for each in names]


def in_words(record: OrderRecord, each: Shipment) -> str:
    """Return a parcel on one line: its number, where it stands, what is in it."""
    titles = returning.titles(record)
    number = " ".join(filter(None, (each.carrier, each.number))) or _("no number yet")
    pieces = ", ".join(f"{count} × {titles.get(line, line)}" for line, count in each.pieces)
    place = _("from {warehouse}").format(warehouse=each.warehouse) if each.warehouse else ""
    return clean_line("  ".join(filter(None, (number, each.status, place, pieces))))


def _one(found: Sequence[Shipment], name: str) -> Shipment:
    for each in found:
        if name in (each.code, each.number):
            return each
    names = ", ".join(each.number or each.code for each in found) or "-"
    raise NotFound(kind=_("parcel"), name=name, remedy=_("There are: {names}.").format(names=names))
