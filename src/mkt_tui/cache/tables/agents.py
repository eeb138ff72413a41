"""Who works here, what passes between them, and how they like the desk."""

from typing import ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from mkt_tui.cache.tables.columns import instant


class AgentRow(SQLModel, table=True):
    """Who may be given tickets: whoever opened a desk here or was named by a colleague.

    `present_until` is when the last sign of an open desk is too old to count.
    """

    __tablename__: ClassVar[str] = "agent"

    name: str = Field(primary_key=True)
    away: bool = False
    present_until: int = Field(default=0, sa_column=instant())
    added_at: int = Field(sa_column=instant())


class SavedViewRow(SQLModel, table=True):
    """A filter of the queue that an agent saved under a name; `text` is the filter language."""

    __tablename__: ClassVar[str] = "saved_view"
    __table_args__ = (UniqueConstraint("owner", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    owner: str
    shared: bool = False
    text: str
    created_at: int = Field(sa_column=instant())


class PreferenceRow(SQLModel, table=True):
    """How an agent wants the desk to look; `value` is JSON."""

    __tablename__: ClassVar[str] = "preference"

    agent: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    value: str


class ClaimRow(SQLModel, table=True):
    """Who is writing on a ticket; advisory, taken by compare-and-set, void when it expires."""

    __tablename__: ClassVar[str] = "claim"

    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id", ondelete="CASCADE")
    agent: str
    since: int = Field(sa_column=instant())
    expires_at: int = Field(sa_column=instant())


class HandoverRow(SQLModel, table=True):
    """A ticket given from hand to hand (T21, T22); append-only."""

    __tablename__: ClassVar[str] = "handover"
    __table_args__ = (Index("handover_ticket", "ticket_id"),)

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", ondelete="CASCADE")
    at: int = Field(sa_column=instant())
    agent: str
    before: str | None = None
    after: str | None = None
    note: str | None = None


class NoteRow(SQLModel, table=True):
    """An internal note on a ticket; append-only, never sent anywhere."""

    __tablename__: ClassVar[str] = "note"
    __table_args__ = (Index("note_ticket", "ticket_id"),)

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", ondelete="CASCADE")
    at: int = Field(sa_column=instant())
    agent: str
    text: str


class MentionRow(SQLModel, table=True):
    """A colleague named in a note, and when he or she saw it."""

    __tablename__: ClassVar[str] = "mention"
    __table_args__ = (Index("mention_agent", "agent", "seen_at"),)

    note_id: int = Field(primary_key=True, foreign_key="note.id", ondelete="CASCADE")
    agent: str = Field(primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", ondelete="CASCADE")
    seen_at: int | None = Field(default=None, sa_column=instant(nullable=True))
