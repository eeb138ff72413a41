"""What is written, what leaves, and the audit log."""

from typing import ClassVar

from sqlalchemy import Column, Index, String
from sqlmodel import Field, SQLModel

from mkt_tui.cache.tables.columns import instant


class DraftRow(SQLModel, table=True):
    """What an agent is writing on a ticket; it goes only when it became an operation.

    `seen` is the newest message row the ticket had when the draft was begun: what came later, its
    writer may not know.
    """

    __tablename__: ClassVar[str] = "draft"

    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id", ondelete="RESTRICT")
    agent: str = Field(primary_key=True)
    text: str
    audience: str
    seen: int = Field(default=0, sa_column=instant())
    begun_at: int = Field(sa_column=instant())
    saved_at: int = Field(sa_column=instant())


class OperationRow(SQLModel, table=True):
    """The outbox: everything that leaves, under an id made before the first try.

    It concerns a ticket, or an order by its number. `text` and `audience` are of what somebody
    is to read; `payload` is a JSON object of whatever else its kind needs (`cache.payloads`).
    `answered` is the `received_at` of the wait that it ends.
    """

    __tablename__: ClassVar[str] = "operation"
    __table_args__ = (
        Index("operation_due", "state", "channel_id", "queued_at", "id"),
        Index("operation_ticket", "ticket_id"),
        Index("operation_order", "channel_id", "order_number"),
    )

    id: str = Field(primary_key=True)
    kind: str
    channel_id: int = Field(foreign_key="channel.id", ondelete="RESTRICT")
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", ondelete="RESTRICT")
    order_number: str | None = None
    agent: str
    audience: str | None = None
    text: str | None = None
    payload: str = Field(
        default="{}", sa_column=Column(String, nullable=False, server_default="{}")
    )
    state: str
    queued_at: int = Field(sa_column=instant())
    next_try_at: int = Field(sa_column=instant())
    tries: int = 0
    claimed_by: str | None = None
    claim_expires_at: int | None = Field(default=None, sa_column=instant(nullable=True))
    settled_at: int | None = Field(default=None, sa_column=instant(nullable=True))
    remote_code: str | None = None
    error: str | None = None
    answered: int | None = Field(default=None, sa_column=instant(nullable=True))


class UploadRow(SQLModel, table=True):
    """How much of an operation's file has left."""

    __tablename__: ClassVar[str] = "upload"

    operation: str = Field(primary_key=True)
    sent: int = Field(sa_column=instant())
    size: int = Field(sa_column=instant())
    at: int = Field(sa_column=instant())


class AuditRow(SQLModel, table=True):
    """Who did what, when; append-only, no foreign keys so that it outlives what it names."""

    __tablename__: ClassVar[str] = "audit"
    __table_args__ = (
        Index("audit_at", "at"),
        Index("audit_ticket", "ticket"),
        Index("audit_order", "order_number"),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: int = Field(sa_column=instant())
    agent: str
    act: str
    channel: str | None = None
    ticket: str | None = None
    order_number: str | None = None
    detail: str | None = None
