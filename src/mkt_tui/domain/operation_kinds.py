"""What an operation can be, and the states it passes (architecture, 4)."""

from enum import StrEnum


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
    PARCEL = "parcel"
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
