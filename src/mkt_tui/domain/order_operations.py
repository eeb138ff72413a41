"""Operations on orders, their parcels, documents and returns.

Amounts are whole minor units of the currency beside them.
"""

from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.returns import ReturnStep


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


class ParcelStep(StrEnum):
    """What is done about parcels before they leave; MOVE says from where they do."""

    PREPARE = "prepare"
    DELETE = "delete"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class HandleParcel:
    """Parcels of an order prepared at the marketplace, to be sent later; or one of these changed.

    Attributes:
        parcels: Those that are prepared, with the pieces in each.
        shipment: The one that is deleted or moved.
        warehouse: The marketplace's code of the place that it leaves from.
    """

    kind: ClassVar[Kind] = Kind.PARCEL

    operation: str
    order_number: str
    step: ParcelStep
    queued_at: datetime
    parcels: tuple[Parcel, ...] = ()
    shipment: Prepared | None = None
    warehouse: str = ""


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
class DeleteDocument:
    """A document taken away from its order; `document` is the marketplace's number of it."""

    kind: ClassVar[Kind] = Kind.DELETE_DOCUMENT

    operation: str
    order_number: str
    document: str
    name: str
    queued_at: datetime


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
class EndIncident:
    """The incident of an order declared settled; `reason` is the marketplace's code of why."""

    kind: ClassVar[Kind] = Kind.INCIDENT

    operation: str
    order_number: str
    reason: str | None
    queued_at: datetime
