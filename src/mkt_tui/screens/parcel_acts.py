"""Acts on one parcel of several: prepared, put right, sent, moved or deleted."""

import asyncio
from collections.abc import Sequence
from string import ascii_lowercase, digits
from typing import Final

from textual.app import App

from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.desk import order_acts, parcelling, shipments, shipping
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.operations import Operation
from mkt_tui.domain.order_operations import Parcel
from mkt_tui.domain.orders import Shipment
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _
from mkt_tui.widgets.ask_line import AskLine
from mkt_tui.widgets.letter_menu import Entry, LetterMenu

_PLACES: Final = digits[1:] + ascii_lowercase
_NEW: Final = Shipment("", "", sent=False)
_TRACK: Final = "track"


async def fill(app: App[None], desk: Desk, record: OrderRecord) -> Operation | None:
    """Let the agent choose a parcel and what is done about it; None = nothing. From a worker.

    Raises:
        ChannelError: Why the parcels cannot be had now.
        NotAllowed: What was typed makes no sense.
    """
    app.notify(_("Asking the marketplace ..."), markup=False, timeout=2)
    found = await asyncio.to_thread(shipments.listed, desk, record)
    entries = _entries(desk, record, found)
    if not entries:
        told = _("The marketplace knows no single parcel of this order.")
        app.notify(told, markup=False)
        return None
    title = _("Parcels of order {number}").format(number=clean_line(record.number))
    which = await app.push_screen_wait(LetterMenu(title, entries))
    if which is None:
        return None
    if which is _NEW:
        return await _prepare(app, desk, record, found)
    return await _change(app, desk, record, which)


def _entries(desk: Desk, record: OrderRecord, found: Sequence[Shipment]) -> list[Entry[Shipment]]:
    entries = [
        Entry(_PLACES[place], shipments.in_words(record, each), each)
        for place, each in enumerate(found[: len(_PLACES)])
    ]
    if parcelling.can_prepare(desk, record) and parcelling.left(record, found):
        entries.append(Entry("+", _("Prepare a parcel that leaves later"), _NEW))
    return entries


async def _change(
    app: App[None], desk: Desk, record: OrderRecord, which: Shipment
) -> Operation | None:
    match _TRACK if which.sent else await _step(app, desk, record, which):
        case "track":
            return await _track(app, desk, record, which)
        case "send":
            return parcelling.send(desk, record, [which])
        case "delete":
            return parcelling.delete(desk, record, which)
        case "move":
            question = _("The warehouse's code at the marketplace")
            answer = await app.push_screen_wait(AskLine(question, which.warehouse or ""))
            return None if answer is None else parcelling.move(desk, record, which, answer)
    return None


async def _step(app: App[None], desk: Desk, record: OrderRecord, which: Shipment) -> str | None:
    steps = [Entry("s", _("Declare it sent"), "send"), Entry("t", _("Enter tracking"), _TRACK)]
    if parcelling.can_prepare(desk, record):
        steps.append(Entry("w", _("Say from which warehouse it leaves"), "move"))
        steps.append(Entry("D", _("Delete it, so that its pieces are free again"), "delete"))
    return await app.push_screen_wait(LetterMenu(shipments.in_words(record, which), steps))


async def _prepare(
    app: App[None], desk: Desk, record: OrderRecord, found: Sequence[Shipment]
) -> Operation | None:
    from mkt_tui.screens.act_dialogs import ActForm
    from mkt_tui.screens.order_acts import PARCELS

    title = _("Prepare a parcel that leaves later") + ": " + clean_line(record.number)
    form = ActForm(title, [_("Carrier"), _(PARCELS), _("Tracking page")])
    left = parcelling.left(record, found)
    form.about = shipping.places(record, left)
    told = await app.push_screen_wait(form)
    if told is None:
        return None
    parcels = shipping.chosen(record, told[0], told[1], told[2] or None, left)
    return parcelling.prepare(desk, record, parcels, found)


async def _track(
    app: App[None], desk: Desk, record: OrderRecord, which: Shipment
) -> Operation | None:
    from mkt_tui.screens.act_dialogs import ActForm

    title = _("Enter tracking") + ": " + shipments.in_words(record, which)
    form = ActForm(title, [_("Carrier"), _("Tracking number"), _("Tracking page")])
    form.known = which.carrier or ""
    told = await app.push_screen_wait(form)
    if told is None:
        return None
    parcel = Parcel(told[0], told[1], url=told[2] or None)
    return order_acts.track(desk, record, parcel, which.code)
