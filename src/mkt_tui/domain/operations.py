"""Operations: everything that leaves for a marketplace, and the states it passes (architecture, 4).

An operation is a frozen record that an adapter is asked to carry out: a client-made id, when it
was queued, what it concerns (a ticket, an order), and what its kind needs besides. Amounts are
whole minor units of the currency beside them.
"""

from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final, TypeAlias, get_args

from mkt_tui.domain.returns import ReturnStep
from mkt_tui.domain.tickets import Audience, MessageSnapshot, Role

# No clock of a marketplace is believed to be further off.
CLOCKS_APART: Final = timedelta(days=2)


class OperationState(StrEnum):
    """Where an operation stands.

    UNKNOWN may have arrived and is never retried blindly; RECALLED was taken back by its agent
    before it left, or put aside by a person after it had failed.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    RECALLED = "recalled"


class Kind(StrEnum):
    """What leaves; one record below and one protocol in `adapters.acts` for each."""

    REPLY = "reply"
    THREAD = "thread"
    CLOSE = "close"
    DECIDE = "decide"
    TRACK = "track"
    SHIP = "ship"
    CANCEL = "cancel"
    REFUND = "refund"
    DOCUMENT = "document"
    INCIDENT = "incident"
    DELIVER = "deliver"
    EXCHANGE = "exchange"
    HAND = "hand"
    RETURN = "return"
    OPERATOR_THREAD = "operator_thread"
    DELETE_DOCUMENT = "delete_document"
    ASSIGN = "assign"
    CORRECT = "correct"
    DISPUTE = "dispute"


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes with a message; `content` is base64, so it leaves even when it has gone."""

    name: str
    content: str

    @property
    def data(self) -> bytes:
        """The file."""
        return b64decode(self.content)

    @property
    def size(self) -> int:
        """Its bytes."""
        return len(self.content) * 3 // 4 - self.content[-2:].count("=")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a ticket.

    Attributes:
        operation: The client-made id, the same on every try.
        known: The codes of the messages that cannot be it: they were there when it was queued,
            or are other replies of ours.
        not_before: Nothing that the marketplace dates earlier can be it; days before the thread's
            newest message of then, so that no clock need be right.
    """

    kind: ClassVar[Kind] = Kind.REPLY

    operation: str
    ticket_code: str
    text: str
    audience: Audience
    queued_at: datetime
    known: tuple[str, ...] = ()
    not_before: datetime | None = None
    files: tuple[File, ...] = ()

    def can_be(self, message: MessageSnapshot) -> bool:
        """Tell whether `message` may be this reply, as far as anything but its words tells."""
        earliest = self.not_before or self.queued_at - CLOCKS_APART
        told = set(message.recipients) - {Role.SHOP}
        return (
            message.author is Role.SHOP
            and message.code not in self.known
            # Recipients that are not told prove nothing; a second copy is worse than a third look.
            and (not told or told == set(self.audience.roles))
            and message.sent_at >= earliest
        )


@dataclass(frozen=True, slots=True)
class StartThread:
    """A first message about an order; `topic` is its subject."""

    kind: ClassVar[Kind] = Kind.THREAD

    operation: str
    order_number: str
    text: str
    audience: Audience
    topic: str
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class StartOperatorThread:
    """A first message to the marketplace itself, tied to no order; `topic` is its subject."""

    kind: ClassVar[Kind] = Kind.OPERATOR_THREAD

    operation: str
    text: str
    topic: str
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class CloseTicket:
    """A ticket declared settled; whoever waits is told so by the marketplace."""

    kind: ClassVar[Kind] = Kind.CLOSE

    operation: str
    ticket_code: str
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class DecideOrder:
    """The lines of a new order that are accepted, and those that are refused."""

    kind: ClassVar[Kind] = Kind.DECIDE

    operation: str
    order_number: str
    accepted: tuple[str, ...]
    refused: tuple[str, ...]
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class Share:
    """So many pieces of an order line."""

    line: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel and its tracking; `shares` are what is in it, none = all that is left to ship."""

    carrier: str
    number: str
    carrier_code: str | None = None
    url: str | None = None
    shares: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class TrackOrder:
    """The tracking of an order entered or corrected, its state left as it is (A6, C13).

    `shipment` is the marketplace's number of the parcel, where it keeps several of an order.
    """

    kind: ClassVar[Kind] = Kind.TRACK

    operation: str
    order_number: str
    parcel: Parcel
    queued_at: datetime
    shipment: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A parcel prepared at the marketplace: its number there, and what people know it by."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ShipOrder:
    """An order handed to a carrier, in one parcel or several.

    `shipments` are parcels that were prepared at the marketplace; `parcels` is empty then.
    """

    kind: ClassVar[Kind] = Kind.SHIP

    operation: str
    order_number: str
    parcels: tuple[Parcel, ...]
    queued_at: datetime
    shipments: tuple[Prepared, ...] = ()


@dataclass(frozen=True, slots=True)
class DeliverOrder:
    """An order declared delivered, by who carries it himself."""

    kind: ClassVar[Kind] = Kind.DELIVER

    operation: str
    order_number: str
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class ExchangeOrder:
    """Pieces that were exchanged or came back, told with the tracking of their parcel.

    Attributes:
        returned: They came back for good; else others leave for them.
    """

    kind: ClassVar[Kind] = Kind.EXCHANGE

    operation: str
    order_number: str
    parcel: Parcel
    returned: bool
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """An order cancelled, or shares of it; no shares = the whole order.

    Attributes:
        reason: The marketplace's code of a reason; None where it asks for none.
    """

    kind: ClassVar[Kind] = Kind.CANCEL

    operation: str
    order_number: str
    shares: tuple[Share, ...]
    reason: str | None
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class RefundLine:
    """What is paid back for an order line, in minor units; `quantity` None = an amount only."""

    line: str
    amount: int
    shipping: int = 0
    quantity: int | None = None


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """Money paid back; see `CancelOrder` for the reason."""

    kind: ClassVar[Kind] = Kind.REFUND

    operation: str
    order_number: str
    lines: tuple[RefundLine, ...]
    currency: str
    reason: str | None
    queued_at: datetime

    @property
    def total(self) -> int:
        """All of it, in minor units."""
        return sum(each.amount + each.shipping for each in self.lines)


@dataclass(frozen=True, slots=True)
class UploadDocument:
    """A document of an order, such as its invoice.

    Attributes:
        type: The marketplace's code of the document's kind.
        content: The file in base64: it leaves even when the file has gone meanwhile.
    """

    kind: ClassVar[Kind] = Kind.DOCUMENT

    operation: str
    order_number: str
    type: str
    name: str
    content: str
    queued_at: datetime

    @property
    def data(self) -> bytes:
        """The file."""
        return b64decode(self.content)


@dataclass(frozen=True, slots=True)
class Finding:
    """What an order line was found to be when it came back.

    Attributes:
        reason: The marketplace's code of what is wrong, `note` the shop's own words on it.
    """

    line: str
    compliant: bool
    reason: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class HandleReturn:
    """A step about a return of an order: accepted, refused, received, judged, closed.

    Attributes:
        reason: The marketplace's code of why it is refused.
        findings: What is said of its lines; of all of them, where they are judged.
    """

    kind: ClassVar[Kind] = Kind.RETURN

    operation: str
    order_number: str
    return_code: str
    step: ReturnStep
    queued_at: datetime
    reason: str | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class DeleteDocument:
    """A document taken away from its order; `document` is the marketplace's number of it."""

    kind: ClassVar[Kind] = Kind.DELETE_DOCUMENT

    operation: str
    order_number: str
    document: str
    name: str
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class AssignTicket:
    """A publisher's ticket given to the account manager (P11), with a word to him or her."""

    kind: ClassVar[Kind] = Kind.ASSIGN

    operation: str
    ticket_code: str
    text: str
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class HandTicket:
    """A shop's ticket handed to the marketplace's own people, with the words for them."""

    kind: ClassVar[Kind] = Kind.HAND

    operation: str
    ticket_code: str
    text: str
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is too large for a row: it waits at `path` until it has left; `size` in bytes."""

    path: str
    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class CorrectTitle:
    """A title declared corrected: by another file, or with a written reason (P11).

    Attributes:
        isbn: The title.
        file: What is delivered to the shops; None = nothing new, `text` says why.
        text: The reason, or what there is to say of the file.
        again: The same file once more, for the shops that did not take it (P12).
        along: The operation that delivers the file, where it mends the tickets of several shops
            (P6): this one only tells the portal, once that one has arrived.
    """

    kind: ClassVar[Kind] = Kind.CORRECT

    operation: str
    ticket_code: str
    isbn: str
    file: KeptFile | None
    text: str
    queued_at: datetime
    again: bool = False
    along: str = ""


@dataclass(frozen=True, slots=True)
class DisputeTicket:
    """A ticket opened by mistake, told so, with the check's report beside the words."""

    kind: ClassVar[Kind] = Kind.DISPUTE

    operation: str
    ticket_code: str
    text: str
    report: File | None
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class EndIncident:
    """The incident of an order declared settled; `reason` is the marketplace's code of why."""

    kind: ClassVar[Kind] = Kind.INCIDENT

    operation: str
    order_number: str
    reason: str | None
    queued_at: datetime


Operation: TypeAlias = (
    Reply
    | StartThread
    | StartOperatorThread
    | CloseTicket
    | DecideOrder
    | TrackOrder
    | ShipOrder
    | CancelOrder
    | RefundOrder
    | UploadDocument
    | DeleteDocument
    | EndIncident
    | HandleReturn
    | AssignTicket
    | CorrectTitle
    | DisputeTicket
    | DeliverOrder
    | ExchangeOrder
    | HandTicket
)
OPERATIONS: Final[dict[Kind, type[Operation]]] = {each.kind: each for each in get_args(Operation)}


@dataclass(frozen=True, slots=True)
class Delivery:
    """The marketplace's word that it has done it; `remote_code` is its number of the message.

    The number is empty where the marketplace gives none.
    """

    remote_code: str
