"""Operations in words: what a person is asked before one leaves, and what is told of it after."""

from typing import assert_never

from mkt_tui.desk.formats import money, size
from mkt_tui.desk.replying import audience_name
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.operations import (
    CancelOrder,
    CloseTicket,
    DecideOrder,
    Kind,
    Operation,
    Parcel,
    RefundOrder,
    Reply,
    ShipOrder,
    StartThread,
    TrackOrder,
    UploadDocument,
)
from mkt_tui.i18n import _, ngettext


def kind_name(kind: Kind) -> str:
    """Return what is done, as the name of an act."""
    return {
        Kind.REPLY: _("reply"),
        Kind.THREAD: _("new conversation"),
        Kind.CLOSE: _("ticket closed"),
        Kind.DECIDE: _("order accepted or refused"),
        Kind.TRACK: _("tracking"),
        Kind.SHIP: _("order shipped"),
        Kind.CANCEL: _("cancellation"),
        Kind.REFUND: _("refund"),
        Kind.DOCUMENT: _("document"),
    }[kind]


def deed(wanted: Operation) -> str:
    """Return in one line what is to be done, with its order and amounts; not the words of it."""
    match wanted:
        case Reply():
            return _("Reply to ticket {code}, to: {audience}").format(
                code=wanted.ticket_code, audience=audience_name(wanted.audience)
            )
        case CloseTicket():
            return _("Close ticket {code}").format(code=wanted.ticket_code)
        case _:
            return _order_deed(wanted)


def details(wanted: Operation) -> list[str]:
    """Return what else there is to know of it, a line each: parcels, lines, words."""
    match wanted:
        case Reply() | StartThread():
            return wanted.text.splitlines()
        case TrackOrder():
            return [_parcel(wanted.parcel)]
        case ShipOrder():
            return [_parcel(each) for each in wanted.parcels]
        case CancelOrder():
            return [f"{each.quantity} × {each.line}" for each in wanted.shares]
        case RefundOrder():
            return [
                f"{each.line}: {money(each.amount + each.shipping, wanted.currency)}"
                for each in wanted.lines
            ]
        case _:
            return []


def elsewhere(channel: Channel, wanted: Operation) -> tuple[str, str]:
    """Return what changes at the marketplace with it, and what does not change by it."""
    if isinstance(wanted, Reply | StartThread | CloseTicket):
        there = _("{channel} shows it to those named.").format(channel=channel.name)
        return there, _("The order stays as it is.")
    there = _("{channel} changes the order.").format(channel=channel.name)
    return there, _("Your own shop system, your stock and your carrier are not told.")


def _order_deed(
    wanted: StartThread
    | DecideOrder
    | TrackOrder
    | ShipOrder
    | CancelOrder
    | RefundOrder
    | UploadDocument,
) -> str:
    number = wanted.order_number
    match wanted:
        case StartThread():
            return _("Write about order {number}, to: {audience}").format(
                number=number, audience=audience_name(wanted.audience)
            )
        case DecideOrder():
            return _("Order {number}: accept {accepted} lines, refuse {refused}").format(
                number=number, accepted=len(wanted.accepted), refused=len(wanted.refused)
            )
        case TrackOrder():
            return _("Tell the tracking of order {number}").format(number=number)
        case ShipOrder(parcels=parcels):
            return ngettext(
                "Ship order {number} in {count} parcel",
                "Ship order {number} in {count} parcels",
                len(parcels),
            ).format(number=number, count=len(parcels))
        case CancelOrder(shares=()):
            return _("Cancel the whole order {number}").format(number=number)
        case CancelOrder():
            return _("Cancel a part of order {number}").format(number=number)
        case RefundOrder():
            return _("Pay back {amount} of order {number}").format(
                amount=money(wanted.total, wanted.currency), number=number
            )
        case UploadDocument():
            return _("Send document {name} ({size}) to order {number}").format(
                name=wanted.name, size=size(len(wanted.data)), number=number
            )
        case _:
            assert_never(wanted)


def _parcel(parcel: Parcel) -> str:
    line = " ".join(each for each in (parcel.carrier, parcel.number, parcel.url) if each)
    shares = ", ".join(f"{each.quantity} × {each.line}" for each in parcel.shares)
    return f"{line} ({shares})" if shares else line
