"""Acts on one parcel of several: its number put right, or declared sent where it is only prepared."""

import asyncio
from string import ascii_lowercase, digits
from typing import Final

from textual.app import App

from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.desk import order_acts, shipments
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.operations import Operation
from mkt_tui.domain.order_operations import Parcel
from mkt_tui.domain.orders import Shipment
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _
from mkt_tui.widgets.letter_menu import Entry, LetterMenu

_PLACES: Final = digits[1:] + ascii_lowercase


async def fill(app: App[None], desk: Desk, record: OrderRecord) -> Operation | None:
    """Let the agent choose a parcel and what is done about it; None = nothing. From a worker.

    Raises:
        ChannelError: Why the parcels cannot be had now.
        NotAllowed: What was typed makes no sense.
    """
    app.notify(_("Asking the marketplace ..."), markup=False, timeout=2)
    found = await asyncio.to_thread(shipments.listed, desk, record)
    if not found:
        told = _("The marketplace knows no single parcel of this order.")
        app.notify(told, markup=False)
        return None
    entries = [
        Entry(_PLACES[place], shipments.in_words(record, each), each)
        for place, each in enumerate(found[: len(_PLACES)])
    ]
    title = _("Parcels of order {number}").format(number=clean_line(record.number))
    which = await app.push_screen_wait(LetterMenu(title, entries))
    if which is None:
        return None
    step = Kind.TRACK if which.sent else await _step(app, record, which)
    if step is None:
        return None
    if step is Kind.SHIP:
        return order_acts.ship_prepared(desk, record, [which])
    return await _track(app, desk, record, which)


async def _step(app: App[None], record: OrderRecord, which: Shipment) -> Kind | None:
    steps = [
        Entry("s", _("Declare it sent"), Kind.SHIP),
        Entry("t", _("Enter tracking"), Kind.TRACK),
    ]
    return await app.push_screen_wait(LetterMenu(shipments.in_words(record, which), steps))


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
