"""Operations: everything that leaves for a marketplace (architecture, 4).

An operation is a frozen record that an adapter is asked to carry out: a client-made id, when it
was queued, what it concerns (a ticket, an order), and what its kind needs besides.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias, get_args

from mkt_tui.domain.operation_kinds import Kind
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

Operation: TypeAlias = (
    Reply
    | StartThread
    | StartOperatorThread
    | CloseTicket
    | DecideOrder
    | TrackOrder
    | ShipOrder
    | HandleParcel
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
