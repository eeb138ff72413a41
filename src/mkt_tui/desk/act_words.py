"""Operations in words: what a person is asked before one leaves, and what is told of it after."""

from typing import assert_never

from mkt_tui.desk import parcel_words, return_words
from mkt_tui.desk.formats import money, size
from mkt_tui.desk.replying import audience_name
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.operations import Operation
from mkt_tui.domain.order_operations import (
    CancelOrder,
    DecideOrder,
    DeleteDocument,
    DeliverOrder,
    EndIncident,
    ExchangeOrder,
    Finding,
    HandleParcel,
    HandleReturn,
    Parcel,
    RefundOrder,
    ShipOrder,
    TrackOrder,
    UploadDocument,
)
from mkt_tui.domain.ticket_operations import (
    AssignTicket,
    CloseTicket,
    CorrectTitle,
    DisputeTicket,
    HandTicket,
    Reply,
    StartOperatorThread,
    StartThread,
)
from mkt_tui.i18n import _, ngettext


def kind_name(kind: Kind) -> str:
    """Return what is done, as the name of an act."""
    return {
        Kind.REPLY: _("reply"),
        Kind.THREAD: _("new conversation"),
        Kind.OPERATOR_THREAD: _("message to the marketplace"),
        Kind.CLOSE: _("ticket closed"),
        Kind.DECIDE: _("order accepted or refused"),
        Kind.TRACK: _("tracking"),
        Kind.SHIP: _("order shipped"),
        Kind.PARCEL: _("parcel prepared or changed"),
        Kind.CANCEL: _("cancellation"),
        Kind.REFUND: _("refund"),
        Kind.DOCUMENT: _("document"),
        Kind.DELETE_DOCUMENT: _("document deleted"),
        Kind.INCIDENT: _("end of an incident"),
        Kind.RETURN: _("return"),
        Kind.ASSIGN: _("given to the account manager"),
        Kind.CORRECT: _("title corrected"),
        Kind.DISPUTE: _("ticket disputed"),
        Kind.DELIVER: _("order delivered"),
        Kind.EXCHANGE: _("exchange or return"),
        Kind.HAND: _("handed to the marketplace"),
    }[kind]


def deed(wanted: Operation) -> str:
    """Return in one line what is to be done, with its order and amounts; not the words of it."""
    match wanted:
        case Reply():
            return _("Reply to ticket {code}, to: {audience}").format(
                code=wanted.ticket_code, audience=audience_name(wanted.audience)
            )
        case StartOperatorThread():
            return _("Write to the marketplace: {subject}").format(subject=wanted.topic)
        case CloseTicket():
            return _("Close ticket {code}").format(code=wanted.ticket_code)
        case HandTicket():
            return _("Hand ticket {code} to the marketplace").format(code=wanted.ticket_code)
        case AssignTicket() | CorrectTitle() | DisputeTicket():
            return _title_deed(wanted)
        case _:
            return _order_deed(wanted)


def details(wanted: Operation) -> list[str]:
    """Return what else there is to know of it, a line each: parcels, lines, words."""
    match wanted:
        case StartThread():
            return [wanted.topic, "", *wanted.text.splitlines()]
        case (
            Reply()
            | StartOperatorThread()
            | AssignTicket()
            | CorrectTitle()
            | DisputeTicket()
            | HandTicket()
        ):
            return wanted.text.splitlines()
        case TrackOrder() | ExchangeOrder():
            return [_parcel(wanted.parcel)]
        case ShipOrder():
            return [_parcel(each) for each in wanted.parcels] + [
                each.name or each.code for each in wanted.shipments
            ]
        case HandleParcel():
            return [_parcel(each) for each in wanted.parcels]
        case HandleReturn():
            return [_finding(each) for each in wanted.findings]
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
    if isinstance(wanted, StartOperatorThread):
        there = _("{channel} shows it to its own staff alone.").format(channel=channel.name)
        return there, _("No customer sees it, and no order changes.")
    if isinstance(wanted, Reply | StartThread | CloseTicket):
        there = _("{channel} shows it to those named.").format(channel=channel.name)
        return there, _("The order stays as it is.")
    if isinstance(wanted, HandTicket):
        there = _("{channel} makes it its own people's turn, and reads your words.").format(
            channel=channel.name
        )
        return there, _("The customer is told nothing, and the deadline there runs on.")
    if isinstance(wanted, AssignTicket | DisputeTicket):
        there = _("{channel} makes it the account manager's turn.").format(channel=channel.name)
        return there, _("The file at the shops stays as it is.")
    if isinstance(wanted, CorrectTitle):
        there = _("{channel} sends the title to the shops again.").format(channel=channel.name)
        return there, _("The ticket ends when every shop concerned has accepted it.")
    there = _("{channel} changes the order.").format(channel=channel.name)
    return there, _("Your own shop system, your stock and your carrier are not told.")


def _title_deed(wanted: AssignTicket | CorrectTitle | DisputeTicket) -> str:
    match wanted:
        case AssignTicket():
            return _("Give ticket {code} to the account manager").format(code=wanted.ticket_code)
        case DisputeTicket():
            return _("Dispute ticket {code}").format(code=wanted.ticket_code)
        case CorrectTitle(file=None):
            return _("Declare {isbn} corrected, without a new file").format(isbn=wanted.isbn)
        case CorrectTitle(along=along) if along:
            return _("Declare ticket {code} corrected by the same file").format(
                code=wanted.ticket_code
            )
        case CorrectTitle(file=file, again=True):
            return _("Send {name} of {isbn} to the shops once more").format(
                name=file and file.name, isbn=wanted.isbn
            )
        case CorrectTitle(file=file):
            return _("Declare {isbn} corrected and send {name} ({size})").format(
                isbn=wanted.isbn, name=file and file.name, size=size(file.size if file else 0)
            )


def _order_deed(
    wanted: StartThread
    | DecideOrder
    | TrackOrder
    | ShipOrder
    | CancelOrder
    | RefundOrder
    | UploadDocument
    | DeleteDocument
    | EndIncident
    | HandleReturn
    | HandleParcel
    | DeliverOrder
    | ExchangeOrder,
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
        case TrackOrder() | ShipOrder() | HandleParcel() | DeliverOrder() | ExchangeOrder():
            return _parcel_deed(wanted)
        case CancelOrder(shares=()):
            return _("Cancel the whole order {number}").format(number=number)
        case CancelOrder():
            return _("Cancel a part of order {number}").format(number=number)
        case RefundOrder():
            return _("Pay back {amount} of order {number}").format(
                amount=money(wanted.total, wanted.currency), number=number
            )
        case HandleReturn():
            words = _("Return {code} of order {number}: {step}")
            step = return_words.step(wanted.step)
            return words.format(code=wanted.return_code, number=number, step=step)
        case EndIncident():
            return _("End the incident of order {number}").format(number=number)
        case UploadDocument() | DeleteDocument():
            return _document_deed(wanted)
        case _:
            assert_never(wanted)


def _parcel_deed(
    wanted: TrackOrder | ShipOrder | HandleParcel | DeliverOrder | ExchangeOrder,
) -> str:
    number = wanted.order_number
    match wanted:
        case HandleParcel():
            return parcel_words.deed(wanted)
        case TrackOrder():
            return _("Tell the tracking of order {number}").format(number=number)
        case ShipOrder(parcels=()):
            count = len(wanted.shipments)
            return ngettext(
                "Declare {count} prepared parcel of order {number} sent",
                "Declare {count} prepared parcels of order {number} sent",
                count,
            ).format(number=number, count=count)
        case ShipOrder(parcels=parcels):
            return ngettext(
                "Ship order {number} in {count} parcel",
                "Ship order {number} in {count} parcels",
                len(parcels),
            ).format(number=number, count=len(parcels))
        case DeliverOrder():
            return _("Declare order {number} delivered").format(number=number)
        case ExchangeOrder(returned=True):
            return _("Tell that pieces of order {number} came back").format(number=number)
        case ExchangeOrder():
            return _("Tell of an exchange of order {number}").format(number=number)


def _document_deed(wanted: UploadDocument | DeleteDocument) -> str:
    name, number = wanted.name, wanted.order_number
    if isinstance(wanted, DeleteDocument):
        return _("Delete document {name} of order {number}").format(name=name, number=number)
    return _("Send document {name} ({size}) to order {number}").format(
        name=name, size=size(len(wanted.data)), number=number
    )


def _finding(found: Finding) -> str:
    told = [return_words.code(found.reason), found.note or ""]
    words = _("found in order") if found.compliant else ", ".join(filter(None, told))
    return f"{found.line}: {words}"


def _parcel(parcel: Parcel) -> str:
    line = " ".join(each for each in (parcel.carrier, parcel.number, parcel.url) if each)
    shares = ", ".join(f"{each.quantity} × {each.line}" for each in parcel.shares)
    return f"{line} ({shares})" if shares else line
