"""Acts on an order at its marketplace: what may be done, what it changes, and doing it once.

They act on the marketplace only (C18): the seller's own system learns nothing of them, so the
order counts as diverged afterwards. Each is an operation of the outbox; an order on which
somebody acted before is asked about a second time (C17).
"""

from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from mkt_tui.adapters import registry
from mkt_tui.adapters.acts import can
from mkt_tui.cache import erp
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.queries import OrderRecord
from mkt_tui.desk import formats, queuing, refunding
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.sheet import channel_name
from mkt_tui.desk.sheet_sections import act_word
from mkt_tui.domain.errors import NotAllowed, UserError
from mkt_tui.domain.operations import (
    CancelOrder,
    DecideOrder,
    Kind,
    Operation,
    Parcel,
    RefundOrder,
    ShipOrder,
    TrackOrder,
    UploadDocument,
)
from mkt_tui.domain.orders import OrderStatus
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import N_, _

KINDS: Final = (Kind.DECIDE, Kind.TRACK, Kind.SHIP, Kind.CANCEL, Kind.REFUND, Kind.DOCUMENT)
_LARGEST_DOCUMENT: Final = 10_000_000
_NAMES: Final = {
    Kind.DECIDE: N_("Accept or refuse"),
    Kind.TRACK: N_("Enter tracking"),
    Kind.SHIP: N_("Ship"),
    Kind.CANCEL: N_("Cancel order"),
    Kind.REFUND: N_("Refund"),
    Kind.DOCUMENT: N_("Send document"),
}
_FITS: Final = {
    Kind.DECIDE: (OrderStatus.WAITING,),
    Kind.TRACK: (OrderStatus.TO_SHIP, OrderStatus.SHIPPED),
    Kind.SHIP: (OrderStatus.TO_SHIP,),
    Kind.CANCEL: (OrderStatus.WAITING, OrderStatus.TO_SHIP),
    Kind.REFUND: (OrderStatus.TO_SHIP, OrderStatus.SHIPPED, OrderStatus.DELIVERED),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """An act, and why it cannot be done now; None = it can."""

    kind: Kind
    name: str
    obstacle: str | None


@dataclass(frozen=True, slots=True)
class Touch:
    """The last act that a person did on the order from here (C17)."""

    act: str
    agent: str
    at: int


def offers(desk: Desk, record: OrderRecord) -> list[Offer]:
    """Return all acts on the order, those that cannot be done with the reason (C16)."""
    return [Offer(each, _(_NAMES[each]), _obstacle(desk, record, each)) for each in KINDS]


def touch(desk: Desk, record: OrderRecord) -> Touch | None:
    """Return who acted on the order last, None when nobody did."""
    row = desk.database.row(
        "SELECT touched, touched_by, touched_at FROM sales_order"
        " WHERE channel_id = :id AND number = :number AND touched_at IS NOT NULL",
        {"id": record.channel_id, "number": record.number},
    )
    return Touch(row[0], row[1], row[2]) if row else None


def decide(desk: Desk, record: OrderRecord, *, accept: bool) -> DecideOrder:
    """Return the act that accepts or refuses every line of the order."""
    lines = tuple(str(each["line"]) for each in record.items)
    accepted, refused = (lines, ()) if accept else ((), lines)
    return DecideOrder(_new(), record.number, accepted, refused, desk.clock())


def track(desk: Desk, record: OrderRecord, parcel: Parcel) -> TrackOrder:
    """Return the act that enters or corrects the order's tracking (A6)."""
    return TrackOrder(_new(), record.number, _checked(parcel), desk.clock())


def ship(desk: Desk, record: OrderRecord, *parcels: Parcel) -> ShipOrder:
    """Return the act that declares the order shipped, in one parcel or several."""
    checked = tuple(map(_checked, parcels))
    return ShipOrder(_new(), record.number, checked, desk.clock())


def cancel(desk: Desk, record: OrderRecord, reason: str | None) -> CancelOrder:
    """Return the act that cancels the whole order."""
    return CancelOrder(_new(), record.number, (), reason or None, desk.clock())


def refund(desk: Desk, record: OrderRecord, reason: str | None, typed: str = "") -> RefundOrder:
    """Return the act that pays back what is left of the order, or of some items (T41).

    Args:
        typed: See `refunding.chosen`.

    Raises:
        NotAllowed: The prices are not known, nothing is left, or less than was typed.
    """
    rest = refunding.left(desk, record)
    if not rest:
        raise NotAllowed(
            what=_("All of this order is paid back already, or on its way to be"),
            remedy=_("Look at its history."),
        )
    lines = refunding.chosen(rest, record.items, record.currency, typed)
    now = desk.clock()
    return RefundOrder(_new(), record.number, lines, record.currency, reason or None, now)


def document(desk: Desk, record: OrderRecord, path: Path, kind: str) -> UploadDocument:
    """Return the act that puts a file to the order.

    Raises:
        NotAllowed: The file cannot be read, is empty or is too large.
    """
    try:
        content = path.expanduser().read_bytes()
    except OSError as error:
        raise NotAllowed(
            what=_("The file {path} cannot be read ({detail})").format(
                path=path, detail=error.strerror
            ),
            remedy=_("Choose another file."),
        ) from error
    if not 0 < len(content) <= _LARGEST_DOCUMENT:
        raise NotAllowed(
            what=_("A document must have 1 byte to 10 MB"), remedy=_("Choose another file.")
        )
    data = b64encode(content).decode()
    return UploadDocument(_new(), record.number, kind, path.name, data, desk.clock())


def question(desk: Desk, record: OrderRecord, act: Operation) -> list[str]:
    """Return what the act will change, and what it will not, for the agent to confirm (C18)."""
    place = _("order {number} at {channel}").format(
        number=clean_line(record.number), channel=clean_line(channel_name(desk, record))
    )
    lines = [
        f"{_act_in_words(act)}: {place}.",
        *_items_in_words(record, act),
        _("It changes the order at the marketplace only, and the customer may be told."),
        _("It does not change the order in your own system: do that there as well."),
    ]
    if known := touch(desk, record):
        lines.append(
            _("! {agent} already did this order: {act}, {instant}.").format(
                agent=clean_line(known.agent),
                act=act_word(known.act),
                instant=formats.instant(known.at, desk.settings.zone),
            )
        )
    return lines


def perform(desk: Desk, record: OrderRecord, act: Operation, *, again: bool = False) -> None:
    """Put the act into the outbox and mark the order as acted on, in one transaction.

    Args:
        again: Whether the agent has been told of an earlier act and wants this one too.

    Raises:
        NotAllowed: The channel or the order's state does not allow it, somebody acted on the
            order before and `again` was not said, or that act is still on its way.
    """
    if obstacle := _obstacle(desk, record, act.kind):
        raise NotAllowed(what=obstacle, remedy=_("Look at the order in the marketplace's portal."))
    channel = desk.channels()[record.channel_id]
    now = desk.clock()
    with desk.database.transaction():
        if not again and touch(desk, record):
            raise NotAllowed(
                what=_("Somebody has acted on this order before"),
                remedy=_("Look at its history, and confirm once more."),
            )
        if isinstance(act, RefundOrder):
            refunding.check(desk, record, act)
        queuing.queue(desk, channel, act)
        desk.database.execute(
            "UPDATE sales_order SET touched = :act, touched_at = :now, touched_by = :agent"
            " WHERE channel_id = :id AND number = :number",
            {
                "act": act.kind,
                "now": to_cache(now),
                "agent": desk.agent,
                "id": record.channel_id,
                "number": record.number,
            },
        )
        erp.diverge(desk.database, (record.channel_id, record.number), desk.agent, now)


def _obstacle(desk: Desk, record: OrderRecord, kind: Kind) -> str | None:
    channel = desk.channels().get(record.channel_id)
    if channel is None:
        return _("The order's channel was removed")
    try:
        able = can(registry.load(channel.adapter), kind)
    except UserError as error:
        return str(error)
    if not able:
        return _("{channel} does not offer that from here").format(channel=clean_line(channel.name))
    if kind in _FITS and record.status not in _FITS[kind]:
        return _("The order is not in a state for that")
    return None


def _items_in_words(record: OrderRecord, act: Operation) -> list[str]:
    """Return what is paid back for each item, by its title."""
    if not isinstance(act, RefundOrder):
        return []
    titles = {str(each["line"]): clean_line(str(each["title"])) for each in record.items}
    return [
        f"  {titles.get(each.line, each.line)}: "
        + formats.money(each.amount + each.shipping, act.currency)
        for each in act.lines
    ]


def _act_in_words(act: Operation) -> str:
    match act:
        case DecideOrder():
            return _("Accept") if act.accepted else _("Refuse")
        case TrackOrder():
            return _("Enter tracking {parcel}").format(parcel=_parcel(act.parcel))
        case ShipOrder():
            parcels = ", ".join(map(_parcel, act.parcels))
            return _("Declare shipped ({parcels})").format(parcels=parcels)
        case RefundOrder():
            return _("Pay back {amount}").format(amount=formats.money(act.total, act.currency))
        case UploadDocument():
            return _("Send the document {name}").format(name=clean_line(act.name))
    return _(_NAMES[act.kind])


def _parcel(parcel: Parcel) -> str:
    return clean_line(f"{parcel.carrier} {parcel.number}")


def _checked(parcel: Parcel) -> Parcel:
    carrier, number = clean_line(parcel.carrier), clean_line(parcel.number)
    if not carrier or not number or " " in number:
        raise NotAllowed(
            what=_("A parcel needs a carrier and a number without blanks"),
            remedy=_("Correct it and try again."),
        )
    return Parcel(carrier, number, parcel.carrier_code, parcel.url, parcel.shares)


def _new() -> str:
    return str(uuid4())
