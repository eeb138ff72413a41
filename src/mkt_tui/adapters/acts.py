"""What leaves, and who can carry it out: a protocol with one method for each kind of operation.

A new kind of operation is its record, named in `domain.operations`, its protocol and its line in `WAYS`.
Every method carries its operation out once, and raises what `Replies.reply` raises.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, NamedTuple, Protocol, runtime_checkable

from mkt_tui.adapters.base import FindsSent, Replies, SendsFiles
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.operations import Delivery, Operation
from mkt_tui.domain.order_operations import (
    CancelOrder,
    DecideOrder,
    DeleteDocument,
    DeliverOrder,
    EndIncident,
    ExchangeOrder,
    HandleParcel,
    HandleReturn,
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
from mkt_tui.i18n import N_


@runtime_checkable
class StartsThreads(Protocol):
    """Opens a thread about an order.

    A marketplace that knows set topics only names in FIRST_TOPIC the one for a message of one's own.
    """

    async def start_thread(self, wanted: StartThread) -> Delivery:
        """Carry it out, once."""
        ...


@runtime_checkable
class StartsOperatorThreads(Protocol):
    """Opens a thread with the marketplace itself, tied to no order."""

    async def start_operator_thread(self, wanted: StartOperatorThread) -> Delivery:
        """Carry it out, once."""
        ...


@runtime_checkable
class ClosesTickets(Protocol):
    """Declares tickets settled."""

    async def close_ticket(self, wanted: CloseTicket) -> Delivery:
        """Carry it out, once."""
        ...


@runtime_checkable
class DecidesOrders(Protocol):
    """Accepts and refuses the lines of new orders."""

    async def decide_order(self, wanted: DecideOrder) -> Delivery:
        """Carry it out, once."""
        ...


@runtime_checkable
class TracksOrders(Protocol):
    """Enters and corrects the tracking of orders."""

    async def track_order(self, wanted: TrackOrder) -> Delivery:
        """Carry it out, once."""
        ...


@runtime_checkable
class ShipsOrders(Protocol):
    """Declares orders shipped.

    One that takes several parcels of an order, with the pieces in each, says so by SHIPS_PARCELS.
    """

    async def ship_order(self, wanted: ShipOrder) -> Delivery:
        """Carry it out, once."""
        ...


@runtime_checkable
class HandlesParcels(Protocol):
    """Prepares parcels, deletes them, and says from where they leave."""

    async def handle_parcel(self, wanted: HandleParcel) -> Delivery:
        """Carry it out, once."""
        ...


@runtime_checkable
class DeliversOrders(Protocol):
    """Declares orders delivered."""

    async def deliver_order(self, wanted: DeliverOrder) -> Delivery:
        """Carry it out, once."""
        ...


@runtime_checkable
class ExchangesOrders(Protocol):
    """Tells of pieces that were exchanged or came back."""

    async def exchange_order(self, wanted: ExchangeOrder) -> Delivery:
        """Carry it out, once."""
        ...


@runtime_checkable
class HandsTickets(Protocol):
    """Hands tickets to the marketplace's own people."""

    async def hand_ticket(self, wanted: HandTicket) -> Delivery:
        """Carry it out, once."""
        ...


@runtime_checkable
class CancelsOrders(Protocol):
    """Cancels orders, whole or in part."""

    async def cancel_order(self, wanted: CancelOrder) -> Delivery:
        """Carry it out, once."""
        ...


@runtime_checkable
class RefundsOrders(Protocol):
    """Pays money back."""

    async def refund_order(self, wanted: RefundOrder) -> Delivery:
        """Carry it out, once."""
        ...


@runtime_checkable
class UploadsDocuments(Protocol):
    """Puts documents to orders."""

    async def upload_document(self, wanted: UploadDocument) -> Delivery:
        """Carry it out, once."""
        ...


@runtime_checkable
class DeletesDocuments(Protocol):
    """Takes documents away from orders."""

    async def delete_document(self, wanted: DeleteDocument) -> Delivery:
        """Carry it out, once."""
        ...


@runtime_checkable
class AssignsTickets(Protocol):
    """Gives publishers' tickets to the account manager."""

    async def assign_ticket(self, wanted: AssignTicket) -> Delivery:
        """Carry it out, once."""
        ...


@runtime_checkable
class CorrectsTitles(Protocol):
    """Takes corrected files of titles and sends them to the shops."""

    async def correct_title(self, wanted: CorrectTitle) -> Delivery:
        """Carry it out, once.

        Raises:
            FileAway: The file waits on another server; its turn comes there.
        """
        ...


@runtime_checkable
class DisputesTickets(Protocol):
    """Tells the portal that a ticket was opened by mistake."""

    async def dispute_ticket(self, wanted: DisputeTicket) -> Delivery:
        """Carry it out, once."""
        ...


@runtime_checkable
class TellsProgress(Protocol):
    """Tells how much of an operation has left; `progress` is set by who carries operations out.

    One that goes on with a file where it broke off says so by RESUMES; else it begins anew.
    """

    progress: Callable[[int, int], None]
    """Called with the bytes that have left, and all there are."""


@runtime_checkable
class EndsIncidents(Protocol):
    """Declares incidents of orders settled."""

    async def end_incident(self, wanted: EndIncident) -> Delivery:
        """Carry it out, once."""
        ...


@runtime_checkable
class HandlesReturns(Protocol):
    """Takes the steps of returns.

    The marketplace's codes of why one is refused, or what was wrong with what came back, are in
    RETURN_REASONS by the step that may name them.
    """

    async def handle_return(self, wanted: HandleReturn) -> Delivery:
        """Carry it out, once."""
        ...


class KnownReason(NamedTuple):
    """A reason that the marketplace takes: its code and its own words."""

    code: str
    words: str


@runtime_checkable
class KnowsReasons(Protocol):
    """Tells the reasons that an act may name."""

    async def reasons(self, kind: Kind) -> tuple[KnownReason, ...]:
        """Return them as they are now; () = acts of this kind name none."""
        ...


@runtime_checkable
class FindsDone(Protocol):
    """Tells whether a doubtful operation that is no reply was carried out."""

    async def find_done(self, wanted: Operation) -> Delivery | None:
        """Return the marketplace's word on it, None when it surely was not carried out.

        Raises:
            NotAllowed: The marketplace cannot tell it of this kind; a person decides.
        """
        ...


WAYS: Final[Mapping[Kind, tuple[type, str]]] = {
    Kind.REPLY: (Replies, "reply"),
    Kind.THREAD: (StartsThreads, "start_thread"),
    Kind.OPERATOR_THREAD: (StartsOperatorThreads, "start_operator_thread"),
    Kind.CLOSE: (ClosesTickets, "close_ticket"),
    Kind.DECIDE: (DecidesOrders, "decide_order"),
    Kind.TRACK: (TracksOrders, "track_order"),
    Kind.SHIP: (ShipsOrders, "ship_order"),
    Kind.PARCEL: (HandlesParcels, "handle_parcel"),
    Kind.CANCEL: (CancelsOrders, "cancel_order"),
    Kind.REFUND: (RefundsOrders, "refund_order"),
    Kind.DOCUMENT: (UploadsDocuments, "upload_document"),
    Kind.DELETE_DOCUMENT: (DeletesDocuments, "delete_document"),
    Kind.RETURN: (HandlesReturns, "handle_return"),
    Kind.INCIDENT: (EndsIncidents, "end_incident"),
    Kind.ASSIGN: (AssignsTickets, "assign_ticket"),
    Kind.CORRECT: (CorrectsTitles, "correct_title"),
    Kind.DISPUTE: (DisputesTickets, "dispute_ticket"),
    Kind.DELIVER: (DeliversOrders, "deliver_order"),
    Kind.EXCHANGE: (ExchangesOrders, "exchange_order"),
    Kind.HAND: (HandsTickets, "hand_ticket"),
}


def can(adapter: type, kind: Kind) -> bool:
    """Tell whether adapters of this class carry out operations of this kind."""
    return issubclass(adapter, WAYS[kind][0])


async def carry_out(adapter: object, wanted: Operation) -> Delivery:
    """Carry the operation out, once; raises what `Replies.reply` raises."""
    protocol, name = WAYS[wanted.kind]
    if isinstance(wanted, Reply) and wanted.files and not isinstance(adapter, SendsFiles):
        raise NotAllowed(
            what=N_("No files can be sent to this channel from here"),
            remedy=N_(
                "Send the reply without them, and the files in the marketplace's own portal."
            ),
        )
    if not isinstance(adapter, protocol):
        raise NotAllowed(
            what=N_("This channel cannot do that from here"),
            remedy=N_("Do it in the marketplace's own portal."),
        )
    way: Callable[[Operation], Awaitable[Delivery]] = getattr(adapter, name)
    return await way(wanted)


async def look_for(adapter: object, wanted: Operation) -> Delivery | None:
    """Return the marketplace's word on a doubtful operation; see `FindsSent` and `FindsDone`."""
    if isinstance(wanted, Reply):
        if isinstance(adapter, FindsSent):
            return await adapter.find_sent(wanted)
    elif isinstance(adapter, FindsDone):
        return await adapter.find_done(wanted)
    raise NotAllowed(
        what=N_("This channel cannot tell whether it was carried out"),
        remedy=N_("Look in the marketplace's own portal."),
    )
