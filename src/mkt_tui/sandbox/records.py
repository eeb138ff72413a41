"""Plain records of the practice marketplace; amounts in cents, instants in UTC."""

from dataclasses import dataclass, field
from datetime import datetime

SHOP = "SHOP"
CUSTOMER = "CUSTOMER"
OPERATOR = "OPERATOR"
EVERYBODY = (SHOP, CUSTOMER, OPERATOR)
CURRENCY = "BRL"
ORDERS = "MMP_ORDER"
OPERATORS = "SELLER_OPERATOR"


@dataclass(frozen=True, slots=True)
class Place:
    """A postal address; every part may be unknown."""

    street: str | None = None
    complement: str | None = None
    zip_code: str | None = None
    city: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A customer; `document` is the CPF."""

    id: str
    firstname: str
    lastname: str
    place: Place
    document: str | None = None
    email: str | None = None
    phone: str | None = None

    @property
    def name(self) -> str:
        """The name that threads display."""
        return f"{self.firstname} {self.lastname}"


@dataclass(frozen=True, slots=True)
class Refund:
    """Money given back on an order line, or what was cancelled of it."""

    id: str
    amount: int
    quantity: int
    reason_code: str
    created: datetime
    shipping: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """An order line; `commission` None means the marketplace does not tell."""

    sku: str
    product_code: str
    title: str
    category_code: str
    category_label: str
    quantity: int
    unit_price: int
    shipping: int
    commission: int | None = None
    ships_from: Place | None = None
    refunds: tuple[Refund, ...] = ()
    cancelations: tuple[Refund, ...] = ()

    @property
    def price(self) -> int:
        """Price of the line without shipping."""
        return self.unit_price * self.quantity

    @property
    def left(self) -> int:
        """Pieces that are not cancelled."""
        return self.quantity - sum(each.quantity for each in self.cancelations)


@dataclass(frozen=True, slots=True)
class Payment:
    """One of the payments of an order."""

    method: str
    instalments: int
    amount: int


@dataclass(slots=True)
class Shipment:
    """Who carries the parcel, and what was promised."""

    carrier_code: str | None = None
    carrier_name: str | None = None
    number: str | None = None
    url: str | None = None
    label: str | None = None
    zone: str | None = None
    lead_days: int | None = None
    ship_by: datetime | None = None
    promised_from: datetime | None = None
    promised_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document of an order."""

    id: int
    name: str
    type: str
    content: bytes
    at: datetime


@dataclass(slots=True)
class Package:
    """One of several shipments of an order, with pieces by line; prepared until it is shipped."""

    id: str
    pieces: dict[str, int]
    tracking: dict[str, object]
    at: datetime
    updated: datetime
    shipped: datetime | None = None
    warehouse: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What a shop told of pieces that were exchanged or came back."""

    kind: str
    items: tuple[str, ...]
    delivery: str | None
    number: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Compliance:
    """What the pieces of a returned line were found to be."""

    compliant: bool
    reason: str | None = None
    note: str | None = None


@dataclass(slots=True)
class Return:
    """What a customer sends back, with pieces by order line."""

    id: str
    rma: str
    state: str
    reason: str
    description: str
    lines: dict[str, int]
    created: datetime
    updated: datetime
    rejection: str | None = None
    tracking: str | None = None
    compliance: dict[str, Compliance] = field(default_factory=dict)


@dataclass(slots=True)
class Order:
    """An order; what shops do changes it."""

    id: str
    customer: Person
    state: str
    created: datetime
    updated: datetime
    lines: tuple[Line, ...] = ()
    payments: tuple[Payment, ...] = ()
    shipment: Shipment = field(default_factory=Shipment)
    seller_reference: str | None = None
    accepted: datetime | None = None
    debited: datetime | None = None
    shipped: datetime | None = None
    received: datetime | None = None
    transaction: str | None = None
    reason: tuple[str, str] | None = None
    has_incident: bool = False
    has_invoice: bool = False
    delivery: str | None = None
    documents: list[Document] = field(default_factory=list)
    packages: list[Package] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on a message."""

    id: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `sender` and `to` are SHOP, CUSTOMER or OPERATOR."""

    id: str
    sender: str
    sender_name: str
    to: tuple[str, ...]
    body: str
    sent: datetime
    attachments: tuple[Attachment, ...] = ()
    sender_login: str | None = None


@dataclass(slots=True)
class Thread:
    """A conversation on an order.

    Attributes:
        topic: Type (FREE_TEXT or REASON_CODE) and value.
        participants: Who may write and be written to (authorized_participants).
        waiting_since: When the oldest message that awaits the shop's answer came.
        closed: When the shop closed it, where it can.
        assigned: Who has to act, where a thread has such a person.
        about: What it is about, in Mirakl's words; `order` stands for none where it is no order.
    """

    id: str
    order: Order
    topic: tuple[str, str]
    participants: tuple[str, ...]
    messages: list[Message]
    updated: datetime
    waiting_since: datetime | None = None
    closed: datetime | None = None
    assigned: str = SHOP
    about: str = ORDERS
