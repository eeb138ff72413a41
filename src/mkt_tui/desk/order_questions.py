"""What an agent reads before an act on an order leaves: what it changes, and what it does not (C18)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.desk import formats, parcel_words, return_words, shipping
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.sheet import channel_name
from mkt_tui.desk.sheet_sections import act_word
from mkt_tui.domain import packing
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.operations import Operation
from mkt_tui.domain.order_operations import (
    DecideOrder,
    DeleteDocument,
    ExchangeOrder,
    Finding,
    HandleParcel,
    HandleReturn,
    Parcel,
    RefundOrder,
    Share,
    ShipOrder,
    TrackOrder,
    UploadDocument,
)
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import N_, _

_NAMES: Final = {
    Kind.DECIDE: N_("Accept or refuse"),
    Kind.TRACK: N_("Enter tracking"),
    Kind.SHIP: N_("Ship"),
    Kind.PARCEL: N_("Handle parcels"),
    Kind.CANCEL: N_("Cancel order"),
    Kind.REFUND: N_("Refund"),
    Kind.DOCUMENT: N_("Send document"),
    Kind.DELETE_DOCUMENT: N_("Delete document"),
    Kind.INCIDENT: N_("End incident"),
    Kind.RETURN: N_("Handle return"),
    Kind.DELIVER: N_("Declare delivered"),
    Kind.EXCHANGE: N_("Exchange or return"),
}


@dataclass(frozen=True, slots=True)
class Touch:
    """The last act that a person did on the order from here (C17)."""

    act: str
    agent: str
    at: int


def act_name(kind: Kind) -> str:
    """Return what an act is called."""
    return _(_NAMES[kind])


def touch(desk: Desk, record: OrderRecord) -> Touch | None:
    """Return who acted on the order last, None when nobody did."""
    row = desk.database.row(
        "SELECT touched, touched_by, touched_at FROM sales_order"
        " WHERE channel_id = :id AND number = :number AND touched_at IS NOT NULL",
        {"id": record.channel_id, "number": record.number},
    )
    return Touch(row[0], row[1], row[2]) if row else None


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


def _items_in_words(record: OrderRecord, act: Operation) -> list[str]:
    """Return what is paid back for each item, or what is in each parcel, by the items' titles."""
    titles = {str(each["line"]): clean_line(str(each["title"])) for each in record.items}
    match act:
        case RefundOrder():
            return [
                f"  {titles.get(each.line, each.line)}: "
                + formats.money(each.amount + each.shipping, act.currency)
                for each in act.lines
            ]
        case ExchangeOrder():
            every = act.parcel.shares or shipping.ordered(record)
            return [f"  {_pieces(every, titles)}", *_tracked(act.parcel)]
        case HandleReturn():
            return [
                f"  {titles.get(each.line, each.line)}: {_found(each)}" for each in act.findings
            ]
        case HandleParcel():
            return [f"  {each.number}: {_pieces(each.shares, titles)}" for each in act.parcels]
        case ShipOrder() if any(each.shares for each in act.parcels):
            stays = packing.staying(act.parcels, shipping.ordered(record))
            lines = [f"  {each.number}: {_pieces(each.shares, titles)}" for each in act.parcels]
            told = _("! Not in these parcels: {pieces}").format(pieces=_pieces(stays, titles))
            return [*lines, told] if stays else lines
    return []


def _found(finding: Finding) -> str:
    told = [return_words.code(finding.reason), clean_line(finding.note or "")]
    return _("found in order") if finding.compliant else ", ".join(filter(None, told))


def _pieces(shares: Sequence[Share], titles: Mapping[str, str]) -> str:
    return ", ".join(f"{each.quantity} × {titles.get(each.line, each.line)}" for each in shares)


def _act_in_words(act: Operation) -> str:
    match act:
        case DecideOrder():
            return _("Accept") if act.accepted else _("Refuse")
        case TrackOrder() | ShipOrder() | HandleParcel():
            return _parcels_in_words(act)
        case RefundOrder():
            return _("Pay back {amount}").format(amount=formats.money(act.total, act.currency))
        case ExchangeOrder():
            return _("Tell that pieces came back") if act.returned else _("Tell of an exchange")
        case HandleReturn():
            words = return_words.step(act.step)
            return f"{words} ({return_words.code(act.reason)})" if act.reason else words
        case UploadDocument():
            return _("Send the document {name}").format(name=clean_line(act.name))
        case DeleteDocument():
            return _("Delete the document {name}").format(name=clean_line(act.name))
    return act_name(act.kind)


def _parcels_in_words(act: TrackOrder | ShipOrder | HandleParcel) -> str:
    match act:
        case TrackOrder():
            return _("Enter tracking {parcel}").format(parcel=_parcel(act.parcel))
        case HandleParcel():
            return parcel_words.act(act)
    told = [_parcel(each) for each in act.parcels]
    told = told or [each.name or each.code for each in act.shipments]
    return _("Declare shipped ({parcels})").format(parcels=", ".join(told))


def _tracked(parcel: Parcel) -> list[str]:
    return [f"  {_parcel(parcel)}"] if parcel.number else []


def _parcel(parcel: Parcel) -> str:
    return clean_line(f"{parcel.carrier} {parcel.number}")
