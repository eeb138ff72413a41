"""A desk with a real cache, and orders to put into it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from mkt_tui.cache.channels import add_channel
from mkt_tui.cache.database import Database
from mkt_tui.cache.order_records import OrderRecord, orders
from mkt_tui.cache.order_upserts import write_orders
from mkt_tui.cache.places import Place
from mkt_tui.cache.streams import Stream
from mkt_tui.cache.ticket_upserts import write_tickets
from mkt_tui.config import Settings
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.orders import (
    Address,
    Billing,
    Event,
    Finance,
    OrderItem,
    OrderSnapshot,
    OrderStatus,
    Payment,
    Personal,
    Tracking,
    Transport,
)
from mkt_tui.domain.tickets import Role, TicketSnapshot
from mkt_tui.home import find_home
from tests.worlds import clocks

NOW: Final = datetime(2024, 6, 12, 13, 30, tzinfo=UTC)
ZONE: Final = ZoneInfo("America/Sao_Paulo")

EMPTY: Final = OrderSnapshot(
    number="C-1",
    site_number=None,
    status=OrderStatus.OTHER,
    marketplace_status="",
    customer=None,
    currency="BRL",
    created_at=NOW - timedelta(days=4),
    updated_at=NOW - timedelta(hours=1),
)
_HOME: Final = Address(
    name="Mariana Figueiredo",
    company="Figueiredo Livros ME",
    street="Rua Jacarandá 4711",
    complement="Bloco Turquesa ap 93",
    zip_code="04538-133",
    city="São Paulo",
    state="SP",
    country="BR",
    phone="(11) 98765-4321",
)
FULL: Final = replace(
    EMPTY,
    number="0700123456-A",
    site_number="S-99812",
    status=OrderStatus.SHIPPED,
    marketplace_status="SHIPPED",
    customer="Mariana Figueiredo",
    tracking=Tracking(
        carrier="Correios",
        number="QB123456789BR",
        url="https://rastreio.example/QB123456789BR",
        promised_from=NOW + timedelta(days=1),
        promised_until=NOW + timedelta(days=4),
        shipped_at=NOW - timedelta(days=2),
    ),
    billing=Billing(
        address=_HOME,
        tax_number="52998224725",
        payment_method="Cartão de crédito",
        transaction="TX-5512",
        paid_at=NOW - timedelta(days=4),
        has_invoice=True,
    ),
    personal=Personal(
        customer_code="CUST-7788991",
        name="Mariana Figueiredo",
        document="11222333000181",
        email="mariana.fig@correio.example",
        language="pt_BR",
        address=_HOME,
    ),
    items=(
        OrderItem("1", "LIV-001", "Grande Sertão: Veredas", 2, 6495, 12990, 1500, "SHIPPED"),
        OrderItem("2", None, "Marcador de página", 1, None, 500, None, None),
    ),
    finance=Finance(
        items=13490,
        shipping=1500,
        total=14990,
        commission=2248,
        payments=(Payment("Cartão de crédito", 6, 14990),),
    ),
    transport=Transport("Expresso", "Sudeste", NOW, 1, "São Paulo"),
    history=(
        Event(NOW - timedelta(days=2), "shipped", "QB123456789BR"),
        Event(NOW - timedelta(days=4), "created"),
    ),
)
# Pieces that must not be found where personal data is masked.
SECRETS: Final = (
    *("Mariana", "ariana", "Figueiredo", "Livros", "Jacarand", "4711", "Turquesa", "93\n"),
    *("04538", "133", "98765", "4321", "529", "982", "11222333", "0001", "77889"),
    *("mariana", ".fig", "correio.example"),
)


def make_desk(folder: Path, place: Place | None = None, **settings: Any) -> Desk:
    """Return a desk of ana with the channels Carrefour and Leroy, at the instant NOW."""
    database = Database(place or folder / "cache.db")
    for name in ("Carrefour", "Leroy"):
        channel = Channel(0, name, "mirakl", "BR", "http://x", "env:X", "America/Sao_Paulo")
        add_channel(database, channel, NOW, "ana")
    return Desk(
        database, Settings(zone=ZONE, **settings), find_home(folder), "ana", clock=lambda: NOW
    )


def put(desk: Desk, snapshot: OrderSnapshot, channel: str = "Carrefour") -> OrderRecord:
    """Write the order as a sync does, and read it back."""
    channel_id = desk.channel(channel).id
    write_orders(desk.database, Stream(channel_id, "orders", "", complete=True), [snapshot])
    found = orders(desk.database, snapshot.number, channel_id)
    return next(each for each in found if each.number == snapshot.number)


def put_ticket(desk: Desk, code: str, order_number: str, *, waiting: bool) -> None:
    """Write a ticket of the order in Carrefour's channel."""
    ticket = TicketSnapshot(
        code=code,
        order_number=order_number,
        customer=None,
        subject=f"Onde está {code}?",
        waiting_since=NOW - timedelta(hours=30) if waiting else None,
        waiting=Role.CUSTOMER if waiting else None,
        created_at=NOW - timedelta(days=3),
        updated_at=NOW - timedelta(hours=2),
        participants=(Role.CUSTOMER,),
    )
    stream = Stream(desk.channel("Carrefour").id, "tickets", "", complete=True)
    write_tickets(desk.database, stream, [ticket], NOW, clocks(desk.channel("Carrefour")))


def acts(desk: Desk) -> list[tuple[str, str, str, str, str | None]]:
    """Return the audit: agent, act, channel, order, detail."""
    rows = desk.database.rows(
        "SELECT agent, act, channel, order_number, detail FROM audit ORDER BY id"
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]
