"""Operations: everything that leaves for a marketplace, and the states it passes (architecture, 4)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mkt_tui.domain.tickets import Audience


class OperationState(StrEnum):
    """Where an operation stands.

    UNKNOWN may have arrived and is never retried blindly; RECALLED was taken back by its agent
    before it left.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    RECALLED = "recalled"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a ticket, as an adapter is asked to deliver it.

    Attributes:
        operation: The client-made id, the same on every try.
        queued_at: When the agent sent it; nothing older at the marketplace can be this reply.
    """

    operation: str
    ticket_code: str
    text: str
    audience: Audience
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """The marketplace's word that it has the reply; `remote_code` is its number of the message."""

    remote_code: str
