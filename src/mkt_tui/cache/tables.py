"""The schema, as SQLModel tables: the one source of the migrations.

Instants are whole milliseconds since 1970 UTC and money is whole minor units, so that SQLite and
PostgreSQL compare and order them alike. Codes from outside are text and kept whole.
Importing this module brings SQLAlchemy (about 30 MB and 0.3 s), so only migrations do: at work
every statement goes through `cache.database`, and a test holds those statements to these tables.
"""

from typing import ClassVar, Final

from sqlalchemy import BigInteger, Column, Index, Integer, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

# Each index of the watched orders serves one kind of report, or finds what lies ahead of an instant.
WATCHED: Final = (
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


def _instant(*, nullable: bool = False) -> Column[int]:
    return Column(BigInteger, nullable=nullable)


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
    created_at: int = Field(sa_column=_instant())
    created_by: str
    rules: str | None = None
    key_expires_at: int | None = Field(default=None, sa_column=_instant(nullable=True))


class SyncRow(SQLModel, table=True):
    """How far one stream (tickets, orders) of a channel was read, and how that went."""

    __tablename__: ClassVar[str] = "sync"

    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE")
    stream: str = Field(primary_key=True)
    cursor: str | None = None
    complete: bool = False
    last_try_at: int | None = Field(default=None, sa_column=_instant(nullable=True))
    last_success_at: int | None = Field(default=None, sa_column=_instant(nullable=True))
    next_try_at: int | None = Field(default=None, sa_column=_instant(nullable=True))
    error: str | None = None
    error_streak: int = 0


class LeaseRow(SQLModel, table=True):
    """Who may pull a channel now; taken by compare-and-set, void when it expires."""

    __tablename__: ClassVar[str] = "lease"

    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE")
    holder: str
    expires_at: int = Field(sa_column=_instant())


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
        Index("ticket_code", "code"),
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
    sort_at: int = Field(sa_column=_instant())
    waiting: str | None = None
    participants: str = ""
    registered_at: int = Field(sa_column=_instant())
    received_at: int = Field(sa_column=_instant())
    due_at: int | None = Field(default=None, sa_column=_instant(nullable=True))
    answered_until: int | None = Field(default=None, sa_column=_instant(nullable=True))
    created_at: int = Field(sa_column=_instant())
    updated_at: int = Field(sa_column=_instant())
    assignee: str | None = None
    received_from: str | None = None
    delivery: str | None = None
    kind: str = "message"
    reason: str | None = None
    told_due_at: int | None = Field(default=None, sa_column=_instant(nullable=True))
    due_rule: str | None = None
    house_due_at: int | None = Field(default=None, sa_column=_instant(nullable=True))
    house_rule: str | None = None
    snoozed_after: int | None = Field(default=None, sa_column=_instant(nullable=True))


class InstanceRow(SQLModel, table=True):
    """What an exchange or a refund is about: its protocol, and the amount in minor units (T41)."""

    __tablename__: ClassVar[str] = "instance"

    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id", ondelete="CASCADE")
    protocol: str | None = None
    amount: int | None = Field(default=None, sa_column=_instant(nullable=True))
    currency: str | None = None


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
    sent_at: int = Field(sa_column=_instant())
    attachments: str = "[]"


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
        Index("order_number", "number"),
        Index("order_site_number", "site_number"),
        Index(
            "order_monitor",
            *("open_until", "approved_at", "shipped_at", "ship_by", "promised_at", "moved_at"),
            "channel_id",
        ),
        *(
            Index(name, *columns, sqlite_where=text(rows), postgresql_where=text(rows))
            for name, columns, rows in WATCHED
        ),
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
    created_at: int = Field(sa_column=_instant())
    updated_at: int = Field(sa_column=_instant())
    tracking: str = "{}"
    billing: str = "{}"
    personal: str = "{}"
    items: str = "[]"
    finance: str = "{}"
    transport: str = "{}"
    history: str = "[]"
    approved_at: int | None = Field(default=None, sa_column=_instant(nullable=True))
    ship_by: int | None = Field(default=None, sa_column=_instant(nullable=True))
    shipped_at: int | None = Field(default=None, sa_column=_instant(nullable=True))
    moved_at: int | None = Field(default=None, sa_column=_instant(nullable=True))
    promised_at: int | None = Field(default=None, sa_column=_instant(nullable=True))
    delivered_at: int | None = Field(default=None, sa_column=_instant(nullable=True))
    open_until: int | None = Field(default=None, sa_column=_instant(nullable=True))
    ship_rule: str | None = None
    promised_rule: str | None = None
    watched: str | None = None
    touched: str | None = None
    touched_at: int | None = Field(default=None, sa_column=_instant(nullable=True))
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
    at: int = Field(sa_column=_instant())
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
        Index("parcel_first_number", "first_number"),
        Index("parcel_due", "channel_id", "next_look_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    channel_id: int = Field(foreign_key="channel.id", ondelete="CASCADE")
    order_number: str
    carrier: str | None = None
    number: str
    url: str | None = None
    seen_at: int = Field(sa_column=_instant())
    first_number: str | None = None
    corrected_at: int | None = Field(default=None, sa_column=_instant(nullable=True))
    state: str | None = None
    events: str = "[]"
    promised_at: int | None = Field(default=None, sa_column=_instant(nullable=True))
    delivered_at: int | None = Field(default=None, sa_column=_instant(nullable=True))
    looked_at: int | None = Field(default=None, sa_column=_instant(nullable=True))
    next_look_at: int | None = Field(default=None, sa_column=_instant(nullable=True))
    error: str | None = None


class NoticeRow(SQLModel, table=True):
    """An order that was notified and is not in the cache (M1); it goes when the order comes.

    `tries` is how often it was asked for by its number.
    """

    __tablename__: ClassVar[str] = "order_notice"

    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE")
    number: str = Field(primary_key=True)
    notified_at: int = Field(sa_column=_instant())
    error: str | None = None
    tries: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    last_try_at: int | None = Field(default=None, sa_column=_instant(nullable=True))


class CareRow(SQLModel, table=True):
    """What people do about an order in a report (M15); it stays when the order leaves it."""

    __tablename__: ClassVar[str] = "order_care"

    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE")
    number: str = Field(primary_key=True)
    cause: str | None = None
    owner: str | None = None
    note: str = ""
    changed_at: int = Field(sa_column=_instant())
    changed_by: str


class ErpReadRow(SQLModel, table=True):
    """The last reading of the seller's own system for a channel."""

    __tablename__: ClassVar[str] = "erp_read"

    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE")
    system: str
    read_at: int = Field(sa_column=_instant())
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
    at: int = Field(sa_column=_instant())
    agent: str


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
    as_of: int = Field(sa_column=_instant())


class TicketWordsRow(SQLModel, table=True):
    """The folded words a ticket is found by (`cache.indexing`), each once, with blanks between."""

    __tablename__: ClassVar[str] = "ticket_words"

    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id", ondelete="CASCADE")
    words: str


class OrderWordsRow(SQLModel, table=True):
    """The folded words and numbers an order is found by, each once, with blanks between."""

    __tablename__: ClassVar[str] = "order_words"

    order_id: int = Field(primary_key=True, foreign_key="sales_order.id", ondelete="CASCADE")
    words: str


class SavedViewRow(SQLModel, table=True):
    """A filter of the queue that an agent saved under a name; `text` is the filter language."""

    __tablename__: ClassVar[str] = "saved_view"
    __table_args__ = (UniqueConstraint("owner", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    owner: str
    shared: bool = False
    text: str
    created_at: int = Field(sa_column=_instant())


class ClaimRow(SQLModel, table=True):
    """Who is writing on a ticket; advisory, taken by compare-and-set, void when it expires."""

    __tablename__: ClassVar[str] = "claim"

    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id", ondelete="CASCADE")
    agent: str
    since: int = Field(sa_column=_instant())
    expires_at: int = Field(sa_column=_instant())


class AgentRow(SQLModel, table=True):
    """Who may be given tickets: whoever opened a desk here or was named by a colleague.

    `present_until` is when the last sign of an open desk is too old to count.
    """

    __tablename__: ClassVar[str] = "agent"

    name: str = Field(primary_key=True)
    away: bool = False
    present_until: int = Field(default=0, sa_column=_instant())
    added_at: int = Field(sa_column=_instant())


class HandoverRow(SQLModel, table=True):
    """A ticket given from hand to hand (T21, T22); append-only."""

    __tablename__: ClassVar[str] = "handover"
    __table_args__ = (Index("handover_ticket", "ticket_id"),)

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", ondelete="CASCADE")
    at: int = Field(sa_column=_instant())
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
    at: int = Field(sa_column=_instant())
    agent: str
    text: str


class MentionRow(SQLModel, table=True):
    """A colleague named in a note, and when he or she saw it."""

    __tablename__: ClassVar[str] = "mention"
    __table_args__ = (Index("mention_agent", "agent", "seen_at"),)

    note_id: int = Field(primary_key=True, foreign_key="note.id", ondelete="CASCADE")
    agent: str = Field(primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", ondelete="CASCADE")
    seen_at: int | None = Field(default=None, sa_column=_instant(nullable=True))


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
    seen: int = Field(default=0, sa_column=_instant())
    begun_at: int = Field(sa_column=_instant())
    saved_at: int = Field(sa_column=_instant())


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
    queued_at: int = Field(sa_column=_instant())
    next_try_at: int = Field(sa_column=_instant())
    tries: int = 0
    claimed_by: str | None = None
    claim_expires_at: int | None = Field(default=None, sa_column=_instant(nullable=True))
    settled_at: int | None = Field(default=None, sa_column=_instant(nullable=True))
    remote_code: str | None = None
    error: str | None = None
    answered: int | None = Field(default=None, sa_column=_instant(nullable=True))


class PreferenceRow(SQLModel, table=True):
    """How an agent wants the desk to look; `value` is JSON."""

    __tablename__: ClassVar[str] = "preference"

    agent: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    value: str


class AuditRow(SQLModel, table=True):
    """Who did what, when; append-only, no foreign keys so that it outlives what it names."""

    __tablename__: ClassVar[str] = "audit"
    __table_args__ = (
        Index("audit_at", "at"),
        Index("audit_ticket", "ticket"),
        Index("audit_order", "order_number"),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: int = Field(sa_column=_instant())
    agent: str
    act: str
    channel: str | None = None
    ticket: str | None = None
    order_number: str | None = None
    detail: str | None = None


class TitleRow(SQLModel, table=True):
    """A publisher's title; `on_sale_at` later than now is a pre-sale (P15)."""

    __tablename__: ClassVar[str] = "title"
    __table_args__ = (Index("title_isbn", "isbn"), Index("title_changed", "updated_at", "isbn"))

    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE")
    isbn: str = Field(primary_key=True)
    name: str
    author: str | None = None
    imprint: str | None = None
    state: str | None = None
    on_sale_at: int | None = Field(default=None, sa_column=_instant(nullable=True))
    manager: str | None = None
    words: str = ""
    updated_at: int = Field(sa_column=_instant())


class TitleFileRow(SQLModel, table=True):
    """A file of a title as the portal holds it; `problems` is a JSON list of its check."""

    __tablename__: ClassVar[str] = "title_file"

    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE")
    isbn: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    kind: str
    version: int
    sha256: str
    size: int = Field(sa_column=_instant())
    received_at: int | None = Field(default=None, sa_column=_instant(nullable=True))
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
    updated_at: int = Field(sa_column=_instant())


class ComplaintRow(SQLModel, table=True):
    """What makes a ticket a publisher's: its title, shop, defect, and whose turn it is.

    `defect_by` is the agent who chose the defect over the portal's, `defect_note` his own words.
    `manager` is a JSON object of the account manager; NULL where the ticket names none.
    """

    __tablename__: ClassVar[str] = "complaint"
    __table_args__ = (Index("complaint_title", "channel_id", "isbn"),)

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
    at: int = Field(sa_column=_instant())
    agent: str
    sha256: str | None = None
    name: str | None = None
    path: str | None = None
    size: int = Field(default=0, sa_column=_instant())
    reason: str = ""
    override: str | None = None
    report: str | None = None
    before: str = "{}"
    settled_at: int | None = Field(default=None, sa_column=_instant(nullable=True))


class FileCheckRow(SQLModel, table=True):
    """The last check of a file for a ticket; `report` is JSON."""

    __tablename__: ClassVar[str] = "file_check"

    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id", ondelete="CASCADE")
    path: str
    report: str
    agent: str
    at: int = Field(sa_column=_instant())


class UploadRow(SQLModel, table=True):
    """How much of an operation's file has left."""

    __tablename__: ClassVar[str] = "upload"

    operation: str = Field(primary_key=True)
    sent: int = Field(sa_column=_instant())
    size: int = Field(sa_column=_instant())
    at: int = Field(sa_column=_instant())


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
    amount: int = Field(sa_column=_instant())
    currency: str
    at: int = Field(sa_column=_instant())
