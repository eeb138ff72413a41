"""A publisher's titles and sales, and what its tickets are about."""

from typing import ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from mkt_tui.cache.tables.columns import instant


class TitleRow(SQLModel, table=True):
    """A publisher's title; `on_sale_at` later than now is a pre-sale (P15).

    `id` is what lists hold of it: eight bytes a title.
    """

    __tablename__: ClassVar[str] = "title"
    __table_args__ = (
        Index("title_id", "id", unique=True),
        Index("title_isbn", "isbn"),
        Index("title_changed", "updated_at", "isbn"),
    )

    id: int | None = None
    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE")
    isbn: str = Field(primary_key=True)
    name: str
    author: str | None = None
    imprint: str | None = None
    state: str | None = None
    on_sale_at: int | None = Field(default=None, sa_column=instant(nullable=True))
    manager: str | None = None
    words: str = ""
    updated_at: int = Field(sa_column=instant())


class TitleFileRow(SQLModel, table=True):
    """A file of a title as the portal holds it; `problems` is a JSON list of its check."""

    __tablename__: ClassVar[str] = "title_file"

    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE")
    isbn: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    kind: str
    version: int
    sha256: str
    size: int = Field(sa_column=instant())
    received_at: int | None = Field(default=None, sa_column=instant(nullable=True))
    checked: str | None = None
    problems: str = "[]"


class TitleShopRow(SQLModel, table=True):
    """Where a title stands at a shop (P12)."""

    __tablename__: ClassVar[str] = "title_shop"

    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE")
    isbn: str = Field(primary_key=True)
    shop: str = Field(primary_key=True)
    state: str
    message: str | None = None
    updated_at: int = Field(sa_column=instant())


class ComplaintRow(SQLModel, table=True):
    """What makes a ticket a publisher's: its title, shop, defect, and whose turn it is.

    `defect_by` is the agent who chose the defect over the portal's, `defect_note` his own words.
    `manager` is a JSON object of the account manager; NULL where the ticket names none.
    """

    __tablename__: ClassVar[str] = "complaint"
    __table_args__ = (
        Index("complaint_title", "channel_id", "isbn"),
        Index(
            "complaint_open",
            *("channel_id", "isbn", "stage"),
            sqlite_where=text("stage <> 'closed'"),
            postgresql_where=text("stage <> 'closed'"),
        ),
    )

    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id", ondelete="CASCADE")
    channel_id: int = Field(foreign_key="channel.id", ondelete="CASCADE")
    isbn: str
    shop: str
    defect: str
    defect_by: str | None = None
    defect_note: str | None = None
    stage: str
    source: str | None = None
    rule: str | None = None
    manager: str | None = None


class CorrectionRow(SQLModel, table=True):
    """A title declared corrected (P11): by which file, or why without one, and what stood before.

    `override` is why a failed check did not stop it; `report` is that check's report. `before`
    is a JSON object of the deliveries as they stood, so that later what moved can be told.
    """

    __tablename__: ClassVar[str] = "correction"
    __table_args__ = (Index("correction_ticket", "ticket_id"),)

    operation: str = Field(primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", ondelete="CASCADE")
    at: int = Field(sa_column=instant())
    agent: str
    sha256: str | None = None
    name: str | None = None
    path: str | None = None
    size: int = Field(default=0, sa_column=instant())
    reason: str = ""
    override: str | None = None
    report: str | None = None
    before: str = "{}"
    settled_at: int | None = Field(default=None, sa_column=instant(nullable=True))


class FileCheckRow(SQLModel, table=True):
    """The last check of a file for a ticket; `report` is JSON."""

    __tablename__: ClassVar[str] = "file_check"

    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id", ondelete="CASCADE")
    path: str
    report: str
    agent: str
    at: int = Field(sa_column=instant())


class SaleRow(SQLModel, table=True):
    """A line of a publisher's sales (P14)."""

    __tablename__: ClassVar[str] = "sale"
    __table_args__ = (Index("sale_at", "at"),)

    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE")
    code: str = Field(primary_key=True)
    isbn: str | None = None
    shop: str | None = None
    kind: str
    units: int | None = None
    amount: int = Field(sa_column=instant())
    currency: str
    at: int = Field(sa_column=instant())
