"""Believable orders of the invented world."""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mkt_tui.sandbox.carriers import BRT, carriers
from mkt_tui.sandbox.instants import whole_ms
from mkt_tui.sandbox.material import Category, Goods
from mkt_tui.sandbox.records import Line, Order, Payment, Person, Place, Refund, Shipment

CARD = "Cartão de crédito"
PAID = ("SHIPPING", "SHIPPED", "RECEIVED", "CLOSED", "CANCELED")
LEFT = ("SHIPPED", "RECEIVED", "CLOSED")

# How long an order has lived, in days, by the state it is found in.
_LIFE = {
    "WAITING_ACCEPTANCE": (0.05, 1.5),
    "WAITING_DEBIT_PAYMENT": (0.3, 4),
    "SHIPPING": (0.8, 5),
    "SHIPPED": (3, 14),
    "RECEIVED": (7, 26),
    "CLOSED": (25, 45),
    "CANCELED": (4, 25),
    "REFUSED": (0.5, 4),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the story around an order asks of it.

    Attributes:
        moment: By then everything known about the order has happened.
        late: The promised date lies before `moment`.
    """

    id: str
    shop: str
    state: str
    moment: datetime
    late: bool = False
    electric: bool = False
    refund: bool = False
    incident: bool = False


def invent_order(wanted: Wanted, customer: Person, goods: Goods, rng: random.Random) -> Order:
    """Return an order as `wanted`."""
    lines = _lines(wanted, goods, rng)
    life = timedelta(days=rng.uniform(*_LIFE[wanted.state]))
    created = whole_ms(wanted.moment - life)
    order = Order(
        id=wanted.id,
        customer=customer,
        state=wanted.state,
        created=created,
        updated=created,
        lines=lines,
        payments=_payments(sum(each.price + each.shipping for each in lines), rng),
        shipment=_shipment(wanted, customer, created, rng),
        has_incident=wanted.incident and rng.random() < 0.5,
        reason=_reason(wanted.state),
    )
    _live(order, life, rng)
    if wanted.refund and order.state in ("CANCELED", "RECEIVED"):
        _refund(order, wanted.moment, rng)
    return order


def _lines(wanted: Wanted, goods: Goods, rng: random.Random) -> tuple[Line, ...]:
    categories = [each for each in goods.categories if each.shop == wanted.shop]
    plugged = [each for each in categories if each.electric]
    count = rng.choices((1, 2, 3, 4), (70, 18, 8, 4))[0]
    first = rng.choice(plugged if wanted.electric else categories)
    chosen = [first, *rng.choices(categories, k=count - 1)]
    return tuple(_line(each, goods, rng) for each in chosen)


def _line(category: Category, goods: Goods, rng: random.Random) -> Line:
    words = rng.choice(category.models), rng.choice(category.variants), rng.choice(goods.brands)
    quantity = rng.choices((1, 2, 3, 6), (84, 10, 4, 2))[0]
    # Cheap things sell most: the square of a uniform draw leans to the low end.
    unit = round(category.low + (category.high - category.low) * rng.random() ** 2) * 100 - 10
    shipping = rng.choice((0, 990, 1490, 1999, 2790, 3890)) + rng.randrange(0, 300, 5)
    return Line(
        sku=f"{category.code}-{rng.randrange(10**5):05}",
        product_code=f"789{rng.randrange(10**10):010}",
        title=" ".join(words),
        category_code=category.code,
        category_label=category.label,
        quantity=quantity,
        unit_price=unit,
        shipping=shipping,
        commission=unit * quantity * rng.choice((12, 14, 16, 18)) // 100,
        ships_from=Place("Av. das Nações, 1500", "Galpão 4", "07034-911", "Guarulhos", "SP"),
    )


def _payments(total: int, rng: random.Random) -> tuple[Payment, ...]:
    method = rng.choices((CARD, "Pix", "Boleto", "Cartão de débito"), (60, 24, 11, 5))[0]
    instalments = rng.choice((1, 1, 1, 2, 3, 4, 5, 6, 8, 10, 12)) if method == CARD else 1
    if rng.random() > 0.06:
        return (Payment(method, instalments, total),)
    voucher = total * rng.randrange(10, 60) // 100
    return (Payment(method, instalments, total - voucher), Payment("Vale-compra", 1, voucher))


def _shipment(wanted: Wanted, customer: Person, created: datetime, rng: random.Random) -> Shipment:
    lead = rng.randrange(1, 6)
    promised = created + timedelta(days=lead + rng.randrange(3, 10))
    if wanted.late:
        promised = min(promised, wanted.moment - (wanted.moment - created) * rng.uniform(0.1, 0.4))
    elif wanted.state not in ("RECEIVED", "CLOSED"):
        promised = max(promised, wanted.moment + timedelta(days=rng.randrange(1, 8)))
    promised = whole_ms(promised)
    shipment = Shipment(
        label=rng.choice(("Entrega padrão", "Entrega expressa", "Econômica")),
        zone=f"Brasil ({customer.place.state})",
        lead_days=lead,
        ship_by=created + timedelta(days=lead),
        promised_from=promised - timedelta(days=1),
        promised_until=promised,
    )
    if wanted.state in LEFT:
        hand_over(shipment, rng)
    return shipment


def hand_over(shipment: Shipment, rng: random.Random) -> None:
    """Give the shipment to a carrier, who gives it a number."""
    carrier = rng.choices(list(carriers().values()), (60, 16, 10, 14))[0]
    number = f"156{rng.randrange(10**12):012}" if carrier.code == BRT else tracking_number(rng)
    shipment.carrier_code, shipment.carrier_name = carrier.code, carrier.name
    shipment.number, shipment.url = number, carrier.url(number)


def tracking_number(rng: random.Random) -> str:
    """Return a parcel number of the postal standard S10, such as AA123456785BR."""
    digits = [rng.randrange(10) for _ in range(8)]
    weighted = sum(map(int.__mul__, digits, (8, 6, 4, 2, 3, 5, 9, 7)))
    check = {10: 0, 11: 5}.get(11 - weighted % 11, 11 - weighted % 11)
    service = rng.choice(("AA", "NL", "OU", "QB", "TJ"))
    return f"{service}{''.join(map(str, digits))}{check}BR"


def _reason(state: str) -> tuple[str, str] | None:
    return {
        "CANCELED": ("30", "Cancelado a pedido do cliente"),
        "REFUSED": ("12", "Produto sem estoque"),
    }.get(state)


def _live(order: Order, life: timedelta, rng: random.Random) -> None:
    """Date what has happened to the order, in its sequence and all within its life."""
    at = [whole_ms(order.created + life * part) for part in (0.03, 0.05, 0.2, 0.75, 0.9)]
    if order.state != "WAITING_ACCEPTANCE":
        order.accepted = order.updated = at[0]
    if order.state in PAID:
        order.debited = order.updated = at[1]
        order.transaction = f"TR-{rng.getrandbits(40):010X}"
    if order.state in LEFT:
        order.shipped = order.updated = at[2]
        order.has_invoice = rng.random() < 0.9
    if order.state in ("RECEIVED", "CLOSED"):
        order.received = order.updated = at[3]
    if order.state in ("CANCELED", "CLOSED"):
        order.updated = at[4]


def _refund(order: Order, moment: datetime, rng: random.Random) -> None:
    first, others = order.lines[0], order.lines[1:]
    whole = order.state == "CANCELED" or rng.random() < 0.5
    amount = first.price if whole else first.price // 2
    created = whole_ms(order.updated + (moment - order.updated) / 2)
    refund = Refund(str(rng.randrange(1000, 99999)), amount, first.quantity, "19", created)
    order.lines = (replace(first, refunds=(refund,)), *others)
    order.updated = created
