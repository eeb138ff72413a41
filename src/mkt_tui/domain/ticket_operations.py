"""Operations on tickets: what is said in them, and what is told of them."""

from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final

from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.tickets import Audience, MessageSnapshot, Role

# No clock of a marketplace is believed to be further off.
CLOCKS_APART: Final = timedelta(days=2)


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
class KeptFile:
    """A file that is too large for a row: it waits at `path` until it has left; `size` in bytes."""

    path: str
    name: str
    sha256: str
    size: int


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
class HandTicket:
    """A shop's ticket handed to the marketplace's own people, with the words for them."""

    kind: ClassVar[Kind] = Kind.HAND

    operation: str
    ticket_code: str
    text: str
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
