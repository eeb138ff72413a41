"""Acts on one parcel of several: which one, and its number; where there is one, the order's own form."""

import asyncio
from collections.abc import Sequence
from string import ascii_lowercase, digits
from typing import Final

from textual.app import App

from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.desk import order_acts, shipments
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.operations import Kind, Operation, Parcel
from mkt_tui.domain.orders import Shipment
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _
from mkt_tui.widgets.letter_menu import Entry, LetterMenu

_PLACES: Final = digits[1:] + ascii_lowercase.replace("n", "")


async def fill(
    app: App[None], desk: Desk, record: OrderRecord, kind: Kind
) -> tuple[Operation | None, bool]:
    """Return the act on one parcel, and whether the order as a whole is meant instead.

    Raises:
        NotAllowed: What was typed makes no sense.
    """
    try:
        found = await asyncio.to_thread(shipments.listed, desk, record)
    except UserError:
        # What cannot be asked now can be entered all the same.
        found = ()
    if kind is Kind.SHIP:
        found = tuple(each for each in found if not each.sent)
    if not found:
        return None, True
    which = await app.push_screen_wait(_menu(record, found, kind))
    if which is None:
        return None, False
    if not which:
        return None, True
    if kind is Kind.SHIP:
        return order_acts.ship_prepared(desk, record, which), False
    return await _track(app, desk, record, which[0]), False


def _menu(
    record: OrderRecord, found: Sequence[Shipment], kind: Kind
) -> LetterMenu[tuple[Shipment, ...]]:
    entries: list[Entry[tuple[Shipment, ...]]] = [
        Entry(_PLACES[place], shipments.in_words(record, each), (each,))
        for place, each in enumerate(found[: len(_PLACES)])
    ]
    if kind is Kind.SHIP:
        entries.append(Entry("n", _("Another parcel, not prepared there"), ()))
    number = clean_line(record.number)
    return LetterMenu(_("Parcels of order {number}").format(number=number), entries)


async def _track(
    app: App[None], desk: Desk, record: OrderRecord, which: Shipment
) -> Operation | None:
    from mkt_tui.screens.order_acts import ActForm

    title = _("Enter tracking") + ": " + shipments.in_words(record, which)
    form = ActForm(title, [_("Carrier"), _("Tracking number"), _("Tracking page")])
    form.known = which.carrier or ""
    told = await app.push_screen_wait(form)
    if told is None:
        return None
    parcel = Parcel(told[0], told[1], url=told[2] or None)
    return order_acts.track(desk, record, parcel, which.code)
