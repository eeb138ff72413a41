"""Orders: the sections of the print view (T9) as plain records.

Every field is optional, for marketplaces hide what they may: a snapshot that lacks a field says
"not told", never "empty", and the cache keeps what it knew.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OrderStatus(StrEnum):
    """Where an order stands, over all marketplaces; OTHER keeps a word we do not know."""

    WAITING = "waiting"
    TO_SHIP = "to_ship"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address with the people who answer there."""

    name: str | None = None
    company: str | None = None
    street: str | None = None
    complement: str | None = None
    zip_code: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Tracking:
    """Order tracking (Acompanhamento do Pedido).

    Attributes:
        up_to_date: Whether the portal has what the seller did to the order (Situação, T31).
        in_erp: Whether the portal says that the seller's own system holds the order (ERP, T31).
    """

    carrier: str | None = None
    number: str | None = None
    url: str | None = None
    promised_from: datetime | None = None
    promised_until: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    up_to_date: bool | None = None
    in_erp: bool | None = None


@dataclass(frozen=True, slots=True)
class Shipment:
    """A parcel that a marketplace knows by a number of its own.

    Attributes:
        status: The marketplace's own word.
        sent: Whether it has been declared sent.
        pieces: Order lines with how many pieces of each.
        warehouse: The code of the place that it leaves from.
        cancelled: Whether it was called off, so that its pieces are free again.
    """

    code: str
    status: str
    sent: bool
    carrier: str | None = None
    number: str | None = None
    url: str | None = None
    pieces: tuple[tuple[str, int], ...] = ()
    warehouse: str | None = None
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Billing:
    """Billing data (Dados de Faturamento)."""

    address: Address | None = None
    tax_number: str | None = None
    payment_method: str | None = None
    transaction: str | None = None
    paid_at: datetime | None = None
    has_invoice: bool | None = None


@dataclass(frozen=True, slots=True)
class Personal:
    """Personal data (Informações Pessoais); all of it is masked until revealed."""

    customer_code: str | None = None
    name: str | None = None
    document: str | None = None
    email: str | None = None
    language: str | None = None
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing a customer chose for an item made to order: an engraving, a colour (C19)."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One line of the order; amounts in minor units of the order's currency.

    Attributes:
        customized: Whether the marketplace says that the customer had it made to order.
        customization: What was chosen; empty beside `customized` = the channel does not hand it out.
    """

    line: str
    sku: str | None
    title: str
    quantity: int
    unit_price: int | None
    price: int | None
    shipping: int | None
    status: str | None
    product_code: str | None = None
    customized: bool = False
    customization: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment; `amount` in minor units of the order's currency."""

    method: str
    instalments: int | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Fee:
    """What a marketplace keeps of an order, beside or within its commission; minor units."""

    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that went back to the customer; minor units of the order's currency.

    Attributes:
        line: The order line it is for, None where the marketplace does not tell it.
    """

    amount: int
    at: datetime | None = None
    reason: str | None = None
    code: str | None = None
    line: str | None = None


@dataclass(frozen=True, slots=True)
class Finance:
    """Money of the order (Financeiro), in minor units of the order's currency.

    Attributes:
        total: What the customer pays: items, shipping and taxes, less the discount.
        discount: How much less the customer pays, above zero.
        taxes: Taxes that are not within the prices.
        taxes_within: Taxes that are within the prices.
        surcharges: What the customer pays beside prices, shipping and taxes, such as for recycling.
        commission: What the marketplace keeps for the sale.
        fees: Everything the marketplace keeps, line by line, where it tells so.
        refunded: The sum of all refunds.
    """

    items: int | None = None
    shipping: int | None = None
    total: int | None = None
    commission: int | None = None
    refunded: int | None = None
    payments: tuple[Payment, ...] = ()
    discount: int | None = None
    taxes: int | None = None
    fees: tuple[Fee, ...] = ()
    refunds: tuple[Refund, ...] = ()
    taxes_within: int | None = None
    surcharges: int | None = None


@dataclass(frozen=True, slots=True)
class Transport:
    """How the parcel travels (Transporte)."""

    method: str | None = None
    zone: str | None = None
    ship_by: datetime | None = None
    days_to_ship: int | None = None
    ships_from: str | None = None


@dataclass(frozen=True, slots=True)
class OrderParcel:
    """A parcel of the order as the marketplace knows it."""

    number: str
    carrier: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class OrderDocument:
    """A file that the marketplace holds of an order, such as its invoice.

    Attributes:
        kind: The marketplace's own code of it; empty = not told.
        size: Bytes; None = not told.
    """

    code: str
    name: str
    kind: str = ""
    size: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the order's history (Histórico).

    Attributes:
        what: created, accepted, paid, shipped, moved, delivered, refunded, cancelled, closed,
            updated, incident.
        detail: The marketplace's own words or number, already safe; may be empty.
    """

    at: datetime
    what: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class OrderSnapshot:
    """One order as the marketplace holds it at `updated_at`; text already made safe.

    Attributes:
        number: The marketplace's order number (Pedido MktPlace, T15).
        site_number: The number in the seller's own system (Pedido Site, T16), if known.
        marketplace_status: The marketplace's own status word; empty = not told.
        parcels: Every parcel, where the marketplace knows more of them than one.
    """

    number: str
    site_number: str | None
    status: OrderStatus
    marketplace_status: str
    customer: str | None
    currency: str
    created_at: datetime
    updated_at: datetime
    tracking: Tracking = Tracking()
    billing: Billing = Billing()
    personal: Personal = Personal()
    items: tuple[OrderItem, ...] = ()
    finance: Finance = Finance()
    transport: Transport = Transport()
    history: tuple[Event, ...] = ()
    parcels: tuple[OrderParcel, ...] = ()

    @property
    def sent_parcels(self) -> tuple[OrderParcel, ...]:
        """The parcels that are told one by one, else the one of the order's tracking."""
        known = self.tracking
        if self.parcels or known.number is None:
            return self.parcels
        return (OrderParcel(known.number, known.carrier, known.url),)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An order that the marketplace told of and that could not be read; `why` in our words."""

    number: str
    why: str
