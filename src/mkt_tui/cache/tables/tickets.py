"""Tickets with their messages, and the words they are found by."""

from typing import ClassVar

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from mkt_tui.cache.tables.columns import instant

# What the queue is narrowed by: with these in its index, an order needs no index per filter.
_FILTERED = ("channel_id", "assignee", "sort_at")
# Word for word what the filter asks, or no engine uses the index (`filtering.MEDIATION`).
_MEDIATION = "COALESCE(waiting, '') = 'operator' OR COALESCE(kind, '') = 'mediation'"


class TicketRow(SQLModel, table=True):
    """One ticket of one channel.

    `state` is 0 for open, 1 for answered, 2 for snoozed; `sort_at` is the due instant of an open
    ticket, minus the last activity of an answered one and the instant at which a snoozed one comes
    back, so (state, sort_at, id) is the queue's order.
    `due_at` is the hard deadline by the rule `due_rule`, `house_due_at` the soft one; `told_due_at`
    is what the marketplace itself said. `snoozed_after` is the newest message row when the ticket
    was put off: a later one of another side than ours brings it back.
    `answered_until` is the `received_at` that a reply of ours on its way has answered: the ticket
    counts as answered until the marketplace tells of a wait that began later.
    `registered_at` is when the wait that goes on now was registered here, so it starts anew when
    an answered ticket opens again.
    """

    __tablename__: ClassVar[str] = "ticket"
    __table_args__ = (
        UniqueConstraint("channel_id", "code"),
        Index("ticket_queue", "state", "sort_at", "id"),
        Index("ticket_channel_queue", "channel_id", "state", "sort_at", "id"),
        Index("ticket_assignee_queue", "assignee", "state", "sort_at", "id"),
        Index("ticket_registered_queue", "state", "registered_at", "id", *_FILTERED),
        Index("ticket_changed_queue", "state", "updated_at", "id", *_FILTERED),
        Index("ticket_order", "channel_id", "order_number"),
        Index("ticket_delivery", "delivery"),
        Index("ticket_customer", "customer"),
        Index(
            "ticket_mediation",
            *("state", "sort_at", "id"),
            sqlite_where=text(_MEDIATION),
            postgresql_where=text(_MEDIATION),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    channel_id: int = Field(foreign_key="channel.id", ondelete="CASCADE")
    code: str
    order_number: str | None = None
    customer: str | None = None
    subject: str
    state: int
    sort_at: int = Field(sa_column=instant())
    waiting: str | None = None
    participants: str = ""
    registered_at: int = Field(sa_column=instant())
    received_at: int = Field(sa_column=instant())
    due_at: int | None = Field(default=None, sa_column=instant(nullable=True))
    answered_until: int | None = Field(default=None, sa_column=instant(nullable=True))
    created_at: int = Field(sa_column=instant())
    updated_at: int = Field(sa_column=instant())
    assignee: str | None = None
    received_from: str | None = None
    delivery: str | None = None
    kind: str = "message"
    reason: str | None = None
    told_due_at: int | None = Field(default=None, sa_column=instant(nullable=True))
    due_rule: str | None = None
    house_due_at: int | None = Field(default=None, sa_column=instant(nullable=True))
    house_rule: str | None = None
    snoozed_after: int | None = Field(default=None, sa_column=instant(nullable=True))


class InstanceRow(SQLModel, table=True):
    """What an exchange or a refund is about: its protocol, and the amount in minor units (T41)."""

    __tablename__: ClassVar[str] = "instance"

    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id", ondelete="CASCADE")
    protocol: str | None = None
    amount: int | None = Field(default=None, sa_column=instant(nullable=True))
    currency: str | None = None


class HolderRow(SQLModel, table=True):
    """Who has a ticket at its marketplace: a side as `domain.tickets.Role`, and its own words."""

    __tablename__: ClassVar[str] = "holder"

    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id", ondelete="CASCADE")
    side: str | None = None
    team: str | None = None
    person: str | None = None


class TicketLinkRow(SQLModel, table=True):
    """Tickets that agents said are about the same thing: those of one `case_id`."""

    __tablename__: ClassVar[str] = "ticket_link"
    __table_args__ = (Index("ticket_link_case", "case_id"),)

    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id", ondelete="CASCADE")
    case_id: int


class ReminderRow(SQLModel, table=True):
    """When a ticket that needs no reply comes back; `received_at` is the wait it is about."""

    __tablename__: ClassVar[str] = "reminder"
    __table_args__ = (Index("reminder_at", "at"),)

    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id", ondelete="CASCADE")
    at: int = Field(sa_column=instant())
    received_at: int = Field(sa_column=instant())


class MessageRow(SQLModel, table=True):
    """One message of a ticket; `attachments` is a JSON list of {code, name, size}."""

    __tablename__: ClassVar[str] = "message"
    __table_args__ = (UniqueConstraint("ticket_id", "code"),)

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", ondelete="CASCADE")
    code: str
    author: str
    author_name: str
    recipients: str
    body: str
    sent_at: int = Field(sa_column=instant())
    attachments: str = "[]"


class TicketWordsRow(SQLModel, table=True):
    """The folded words a ticket is found by (`cache.indexing`), each once, with blanks between."""

    __tablename__: ClassVar[str] = "ticket_words"

    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id", ondelete="CASCADE")
    words: str
