"""Tickets: what a customer or a marketplace asks of us, and the words around it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from mkt_tui.domain.publishing import Complaint


class Role(StrEnum):
    """Who stands on one side of a thread (T36)."""

    CUSTOMER = "customer"
    OPERATOR = "operator"
    SHOP = "shop"


class Audience(StrEnum):
    """Whom a reply goes to (T28); the value is what `mkt-tui reply --to` takes."""

    BOTH = "both"
    OPERATOR = "operator"
    CUSTOMER = "customer"

    @property
    def roles(self) -> tuple[Role, ...]:
        """The sides that receive the reply."""
        return {
            Audience.BOTH: (Role.CUSTOMER, Role.OPERATOR),
            Audience.OPERATOR: (Role.OPERATOR,),
            Audience.CUSTOMER: (Role.CUSTOMER,),
        }[self]


def audiences_of(participants: Iterable[Role], *, together: bool = True) -> tuple[Audience, ...]:
    """Return the audiences a thread allows, the widest first.

    Args:
        together: Whether one reply may go to several sides.
    """
    present = set(participants)
    return tuple(
        each
        for each in Audience
        if set(each.roles) <= present and (together or len(each.roles) == 1)
    )


_TOGETHER: Final = ","
_APART: Final = "|"


def participants_text(ticket: "TicketSnapshot") -> str:
    """Return the sides of a ticket as the cache keeps them; see `audiences_in`."""
    return (_TOGETHER if ticket.together else _APART).join(ticket.participants)


def audiences_in(participants: str) -> tuple[Audience, ...]:
    """Return the audiences that a text of `participants_text` allows."""
    together = _APART not in participants
    roles = participants.split(_TOGETHER if together else _APART)
    return audiences_of([Role(each) for each in roles if each], together=together)


def answers(audience: Audience, waiting: Role | None) -> bool:
    """Tell whether a reply to `audience` ends the wait.

    Telling only the marketplace does not stop a customer's clock (features.md, 3.1).
    """
    return waiting is None or waiting in audience.roles


class TicketState(StrEnum):
    """Whether somebody still waits for our answer; snoozed = yes, and we look at it later."""

    OPEN = "open"
    ANSWERED = "answered"
    SNOOZED = "snoozed"


STATES: Final = tuple(TicketState)

OMBUDSMAN: Final = "ombudsman"
"""The kind of a ticket that came through an ombudsman; it stands before all others."""


class Situation(StrEnum):
    """Situação of an open ticket (T19, T20)."""

    PENDING = "pending"
    PRIORITY = "priority"


class AttachmentPlace(NamedTuple):
    """Where an attachment is at its marketplace: the codes of its ticket, its message and its own."""

    ticket: str
    message: str
    code: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on a message; `size` in bytes."""

    code: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class MessageSnapshot:
    """One message of a thread as the marketplace holds it; text already made safe.

    Attributes:
        rejected: Why the marketplace took it back and shows it to nobody; None = it stands.
    """

    code: str
    author: Role
    author_name: str
    recipients: tuple[Role, ...]
    body: str
    sent_at: datetime
    attachments: tuple[Attachment, ...] = ()
    rejected: str | None = None


@dataclass(frozen=True, slots=True)
class Instance:
    """What an exchange or a refund is about (T39, T41).

    Attributes:
        protocol: The protocol that it belongs to; an instance may have none (T46).
        amount: What is to be paid back, minor units of `currency`; None = not told.
    """

    protocol: str | None = None
    amount: int | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a ticket at its marketplace, which is never who has it here (T11).

    Attributes:
        side: Whose turn it is there; None = its word is not one that we know.
        team: The marketplace's word for that side.
        person: A login or a name of theirs.
    """

    side: Role | None = None
    team: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class TicketSnapshot:
    """One ticket as the marketplace holds it at `updated_at`; text already made safe.

    Attributes:
        code: The marketplace's number of the ticket (T14), kept whole.
        order_number: The marketplace's order number (T15), None when it is tied to no order.
        subject: What it is about; empty = not told, which keeps the one that is known.
        waiting_since: When the oldest message that awaits our answer came; None = nothing owed.
        waiting: Which side waits for us; None when nothing is owed.
        participants: The sides a reply may address.
        together: Whether one reply may address several of them; most marketplaces take one a call.
        messages: What the answer carried of the thread, oldest first; may be only its tail. One
            that a marketplace told twice is there once.
        kind: What kind of ticket it is, as the deadline rules name them: message, claim, sac ...
        reason: Why the customer writes, in the marketplace's words (T34); None = it does not say.
        due_at: The deadline that the marketplace itself gives; it wins over every rule.
        complaint: What a publisher's ticket says of a title; None = it is about no title.
        instance: What else is known of an exchange or a refund; None = it is none, or nothing is.
        holder: Who has the ticket at the marketplace; None = it does not say.
        news: The answer knew of these messages only, as where each message is a mail of its own:
            the wait told here is theirs alone, and goes on from the one that is known already.
    """

    code: str
    order_number: str | None
    customer: str | None
    subject: str
    waiting_since: datetime | None
    waiting: Role | None
    created_at: datetime
    updated_at: datetime
    participants: tuple[Role, ...] = ()
    messages: tuple[MessageSnapshot, ...] = ()
    kind: str = "message"
    reason: str | None = None
    due_at: datetime | None = None
    complaint: Complaint | None = None
    instance: Instance | None = None
    holder: Holder | None = None
    news: bool = False
    together: bool = True

    def __post_init__(self) -> None:
        """Keep each message once."""
        once = {each.code: each for each in reversed(self.messages)}
        if len(once) < len(self.messages):
            object.__setattr__(self, "messages", tuple(reversed(once.values())))

    @property
    def audiences(self) -> tuple[Audience, ...]:
        """Whom a reply may go to, the widest first."""
        return audiences_of(self.participants, together=self.together)


@dataclass(frozen=True, slots=True)
class Owed:
    """Who waits for our answer, and since when."""

    since: datetime
    side: Role


def owed_after(wait: Owed | None, messages: Iterable[MessageSnapshot]) -> Owed | None:
    """Return the customer's wait once `messages` (oldest first) are known too; None = none.

    Who else writes by mail, such as a server that could not deliver, writes for the customer.
    """
    for message in messages:
        if message.author is not Role.SHOP:
            wait = wait or Owed(message.sent_at, Role.CUSTOMER)
        elif wait and message.sent_at >= wait.since and wait.side in message.recipients:
            wait = None
    return wait
