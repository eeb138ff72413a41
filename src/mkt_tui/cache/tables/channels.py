"""Channels, how far each was read, and what it and the system behind it hold."""

from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from mkt_tui.cache.tables.columns import instant


class ChannelRow(SQLModel, table=True):
    """A sales channel; `secret` is a reference, never the secret.

    `rules` is the version of the deadline rules that its tickets' due instants come from.
    """

    __tablename__: ClassVar[str] = "channel"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    adapter: str
    country: str
    base_url: str
    secret: str
    zone: str
    enabled: bool = False
    options: str = "{}"
    created_at: int = Field(sa_column=instant())
    created_by: str
    rules: str | None = None
    key_expires_at: int | None = Field(default=None, sa_column=instant(nullable=True))


class SyncRow(SQLModel, table=True):
    """How far one stream (tickets, orders) of a channel was read, and how that went."""

    __tablename__: ClassVar[str] = "sync"

    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE")
    stream: str = Field(primary_key=True)
    cursor: str | None = None
    complete: bool = False
    last_try_at: int | None = Field(default=None, sa_column=instant(nullable=True))
    last_success_at: int | None = Field(default=None, sa_column=instant(nullable=True))
    next_try_at: int | None = Field(default=None, sa_column=instant(nullable=True))
    error: str | None = None
    error_streak: int = 0


class LeaseRow(SQLModel, table=True):
    """Who may pull a channel now; taken by compare-and-set, void when it expires."""

    __tablename__: ClassVar[str] = "lease"

    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE")
    holder: str
    expires_at: int = Field(sa_column=instant())


class StockRow(SQLModel, table=True):
    """What a channel offers under a SKU, and how many pieces of it there were at `as_of` (M13).

    `quantity` is NULL where the channel does not tell it.
    """

    __tablename__: ClassVar[str] = "stock"
    __table_args__ = (Index("stock_sku", "sku"), Index("stock_left", "channel_id", "quantity"))

    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE")
    sku: str = Field(primary_key=True)
    title: str
    quantity: int | None = None
    active: bool = True
    as_of: int = Field(sa_column=instant())


class ErpReadRow(SQLModel, table=True):
    """The last reading of the seller's own system for a channel."""

    __tablename__: ClassVar[str] = "erp_read"

    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE")
    system: str
    read_at: int = Field(sa_column=instant())
    read_by: str


class ErpOrderRow(SQLModel, table=True):
    """An order as the seller's own system holds it: its word, and the stage that stands for."""

    __tablename__: ClassVar[str] = "erp_order"
    __table_args__ = (Index("erp_order_number", "channel_id", "number"),)

    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE")
    erp_id: str = Field(primary_key=True)
    number: str
    status: str
    stage: str
