"""Orders with their parcels and movements, and what people do about them."""

from typing import ClassVar, Final

from sqlalchemy import BigInteger, Column, Index, Integer, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from mkt_tui.cache.tables.columns import instant

# Each index of the watched orders serves one kind of report, or finds what lies ahead of an instant.
_WATCHED: Final = (
    ("order_to_ship", ("ship_by", "channel_id", "number", "watched"), "watched = 'ship'"),
    (
        "order_in_transit",
        ("promised_at", "channel_id", "number", "shipped_at", "moved_at", "watched"),
        "watched = 'transit'",
    ),
    ("order_technical", ("watched", "channel_id"), "watched NOT IN ('ship', 'transit')"),
    ("order_approved", ("approved_at",), "watched IS NOT NULL"),
    ("order_shipped", ("shipped_at",), "watched IS NOT NULL"),
)


class OrderRow(SQLModel, table=True):
    """One order; each section of the print view is a JSON object of the fields known so far.

    The instants from `approved_at` on are what the monitor asks for (`domain.monitor`).
    `open_until` is when the order was delivered, the end of time while it was not, and NULL for
    one that is gone or not approved: what is open at an instant is one range of the index that
    holds all the monitor reads.
    `ship_rule` and `promised_rule` name the rule that gave the instant beside them; NULL where the
    marketplace told it (M17). `watched` is what `cache.monitor_present` counts it as.
    `touched` is the last act that a person did on it from here (C17).
    """

    __tablename__: ClassVar[str] = "sales_order"
    __table_args__ = (
        UniqueConstraint("channel_id", "number"),
        Index("order_site_number", "site_number"),
        Index(
            "order_monitor",
            *("open_until", "approved_at", "shipped_at", "ship_by", "promised_at", "moved_at"),
            "channel_id",
        ),
        *(
            Index(name, *columns, sqlite_where=text(rows), postgresql_where=text(rows))
            for name, columns, rows in _WATCHED
        ),
        # What a full-text hit is beside its id, without the rest of the row.
        Index("order_place", "id", "channel_id", "number"),
        Index("order_created", "created_at", "id"),
        Index("order_channel_created", "channel_id", "created_at", "id"),
        Index("order_status_created", "status", "created_at", "id"),
        Index(
            "order_touched",
            *("created_at", "id"),
            sqlite_where=text("touched_at IS NOT NULL"),
            postgresql_where=text("touched_at IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    channel_id: int = Field(foreign_key="channel.id", ondelete="CASCADE")
    number: str
    site_number: str | None = None
    status: str
    marketplace_status: str
    customer: str | None = None
    currency: str
    created_at: int = Field(sa_column=instant())
    updated_at: int = Field(sa_column=instant())
    tracking: str = "{}"
    billing: str = "{}"
    personal: str = "{}"
    items: str = "[]"
    finance: str = "{}"
    transport: str = "{}"
    history: str = "[]"
    approved_at: int | None = Field(default=None, sa_column=instant(nullable=True))
    ship_by: int | None = Field(default=None, sa_column=instant(nullable=True))
    shipped_at: int | None = Field(default=None, sa_column=instant(nullable=True))
    moved_at: int | None = Field(default=None, sa_column=instant(nullable=True))
    promised_at: int | None = Field(default=None, sa_column=instant(nullable=True))
    delivered_at: int | None = Field(default=None, sa_column=instant(nullable=True))
    open_until: int | None = Field(default=None, sa_column=instant(nullable=True))
    ship_rule: str | None = None
    promised_rule: str | None = None
    watched: str | None = None
    touched: str | None = None
    touched_at: int | None = Field(default=None, sa_column=instant(nullable=True))
    touched_by: str | None = None


class OrderMoveRow(SQLModel, table=True):
    """A movement that a carrier told of an order; the newest is `moved_at` of the order too."""

    __tablename__: ClassVar[str] = "order_move"
    __table_args__ = (Index("order_move_at", "at"),)

    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE")
    number: str = Field(primary_key=True)
    at: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))


class OrderStatusRow(SQLModel, table=True):
    """A change of an order's status that was seen here; append-only."""

    __tablename__: ClassVar[str] = "order_status"
    __table_args__ = (Index("order_status_order", "channel_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    channel_id: int = Field(foreign_key="channel.id", ondelete="CASCADE")
    number: str
    at: int = Field(sa_column=instant())
    was: str
    became: str


class ParcelRow(SQLModel, table=True):
    """A parcel of an order, and what its carrier tells of it.

    `first_number` is the number that the carrier's own one has replaced, once (C13). `events` is
    a JSON list of {at, state, text, place, code}. `looked_at` and the rest are of the last look
    at the carrier; `next_look_at` is NULL when nothing more is expected.
    """

    __tablename__: ClassVar[str] = "parcel"
    __table_args__ = (
        Index("parcel_order", "channel_id", "order_number"),
        Index("parcel_number", "number"),
        Index(
            "parcel_first_number",
            "first_number",
            sqlite_where=text("first_number IS NOT NULL"),
            postgresql_where=text("first_number IS NOT NULL"),
        ),
        Index("parcel_due", "channel_id", "next_look_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    channel_id: int = Field(foreign_key="channel.id", ondelete="CASCADE")
    order_number: str
    carrier: str | None = None
    number: str
    url: str | None = None
    seen_at: int = Field(sa_column=instant())
    first_number: str | None = None
    corrected_at: int | None = Field(default=None, sa_column=instant(nullable=True))
    state: str | None = None
    events: str = "[]"
    promised_at: int | None = Field(default=None, sa_column=instant(nullable=True))
    delivered_at: int | None = Field(default=None, sa_column=instant(nullable=True))
    looked_at: int | None = Field(default=None, sa_column=instant(nullable=True))
    next_look_at: int | None = Field(default=None, sa_column=instant(nullable=True))
    error: str | None = None


class NoticeRow(SQLModel, table=True):
    """An order that was notified and is not in the cache (M1); it goes when the order comes.

    `tries` is how often it was asked for by its number.
    """

    __tablename__: ClassVar[str] = "order_notice"

    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE")
    number: str = Field(primary_key=True)
    notified_at: int = Field(sa_column=instant())
    error: str | None = None
    tries: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    last_try_at: int | None = Field(default=None, sa_column=instant(nullable=True))


class CareRow(SQLModel, table=True):
    """What people do about an order in a report (M15); it stays when the order leaves it."""

    __tablename__: ClassVar[str] = "order_care"

    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE")
    number: str = Field(primary_key=True)
    cause: str | None = None
    owner: str | None = None
    note: str = ""
    changed_at: int = Field(sa_column=instant())
    changed_by: str


class LinkRow(SQLModel, table=True):
    """An order whose link to the ERP a person has settled, or an act has broken (M10).

    A settled one names the copy and the two stages that were found to belong together.
    """

    __tablename__: ClassVar[str] = "order_link"

    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE")
    number: str = Field(primary_key=True)
    diverged: bool
    erp_id: str | None = None
    erp_stage: str | None = None
    stage: str | None = None
    at: int = Field(sa_column=instant())
    agent: str


class OrderWordsRow(SQLModel, table=True):
    """The folded words and numbers an order is found by, each once, with blanks between."""

    __tablename__: ClassVar[str] = "order_words"

    order_id: int = Field(primary_key=True, foreign_key="sales_order.id", ondelete="CASCADE")
    words: str


class ReturnRow(SQLModel, table=True):
    """What a customer sends back; `details` is JSON of the fields that were told."""

    __tablename__: ClassVar[str] = "order_return"
    __table_args__ = (
        Index("order_return_order", "channel_id", "order_number"),
        Index("order_return_state", "state", "updated_at"),
        Index("order_return_id", "id", unique=True),
    )

    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE")
    code: str = Field(primary_key=True)
    id: int | None = None
    order_number: str
    state: str
    marketplace_state: str
    created_at: int = Field(sa_column=instant())
    updated_at: int = Field(sa_column=instant())
    rma: str | None = None
    tracking: str | None = None
    details: str = "{}"
