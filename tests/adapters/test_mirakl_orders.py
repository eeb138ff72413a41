"""Orders of Mirakl become orders with the seven sections of the print view."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from mkt_tui.adapters.fields import Misread
from mkt_tui.adapters.mirakl.orders import CustomFields, read_order
from mkt_tui.domain.orders import (
    Address,
    Billing,
    Choice,
    Event,
    Finance,
    OrderItem,
    OrderSnapshot,
    OrderStatus,
    Payment,
    Personal,
    Refund,
    Tracking,
    Transport,
)
from tests.adapters.marketplace import NOON, answers, order, orders
from tests.contract.openapi import shared_dir

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def snapshot(**changes: Any) -> OrderSnapshot:
    return read_order(order(**changes), CustomFields())


def line(**changes: Any) -> dict[str, Any]:
    return {"order_line_id": "5001-A-1", "product_title": "Livro", "quantity": 1, **changes}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.fixture
def official() -> OrderSnapshot:
    path = shared_dir() / "contracts" / "mirakl" / "examples" / "OR11.response200.0.json"
    [found] = json.loads(path.read_text(encoding="utf-8"))["body"]["orders"]
    return read_order(found, CustomFields())


def test_the_official_example_has_its_identity(official: OrderSnapshot) -> None:
    assert official.number == "Order_00010-A"
    assert official.site_number == "ref_seller"
    assert official.status is OrderStatus.DELIVERED
    assert official.marketplace_status == "RECEIVED"
    assert official.customer == "Smith Taylor"
    assert official.currency == "USD"
    assert official.created_at == at("2019-04-02T14:18:43Z")
    assert official.updated_at == at("2019-04-02T14:59:58Z")


def test_the_official_example_has_its_way(official: OrderSnapshot) -> None:
    assert official.tracking == Tracking(
        carrier="UPS",
        number="2344",
        url="https://wwwapps.ups.com/WebTracking/track?track=yes&trackNums=2344",
        promised_from=at("2019-09-02T08:07:22.326Z"),
        promised_until=at("2019-09-03T08:07:22.326Z"),
        shipped_at=at("2019-04-02T14:58:39Z"),
        delivered_at=at("2019-04-02T14:59:58Z"),
    )
    assert official.transport == Transport(
        method="Standard",
        zone="International 1",
        ship_by=at("2019-09-01T23:59:59.999Z"),
        days_to_ship=5,
        ships_from="New York City, New York, USA",
    )


def test_the_official_example_has_its_people(official: OrderSnapshot) -> None:
    home = Address(
        name="smith Taylor",
        company="LIMARK Company, Paris branch",
        street="113 MacDougal Street",
        complement="1st floor",
        zip_code="NY 10012",
        city="New York City",
        state="Manhattan",
        country="USA",
    )
    assert official.billing == Billing(
        address=home,
        tax_number="96-25472919",
        payment_method="Visa",
        transaction="TR_MIR-PHHV83UB",
        paid_at=at("2019-04-02T14:58:22.460Z"),
        has_invoice=False,
    )
    assert official.personal == Personal(
        customer_code="Customer_id_001",
        name="Smith Taylor",
        email="notification+ec1riop21ju4rfynl0helvzou.e0z0r7cj2@notification.mirakl.net",
        language="en_US",
        address=Address(
            name="Smith Taylor",
            company="LIMARK Company, Paris branch",
            street="113 MacDougal Street",
            complement="1st floor, One article per box",
            zip_code="NY 10012",
            city="New York",
            state="Manhattan",
            country="USA",
        ),
    )


def test_the_official_example_has_its_money(official: OrderSnapshot) -> None:
    [item] = official.items
    assert item == OrderItem(
        line="Order_00010-A-1",
        sku="S2000",
        title="Breville Cafe Roma Stainless Espresso/Cappuccino Machine - ESP8C",
        quantity=3,
        unit_price=5500,
        price=16500,
        shipping=800,
        status="RECEIVED",
        product_code="MKP100000000037254",
        customization=(Choice("delivery-countries", "USA"),),
    )
    assert official.finance == Finance(
        items=16500,
        shipping=800,
        total=17300 + 4000,
        taxes=4000,
        commission=2130,
        refunded=682 + 179,
        payments=(Payment("Visa", amount=21300),),
        refunds=(
            Refund(
                682 + 179,
                at=datetime(2022, 8, 4, 9, 40, 41, tzinfo=UTC),
                reason="19",
                code="1106",
                line="Order_00010-A-1",
            ),
        ),
    )


def test_taxes_are_told_beside_the_prices_or_within_them() -> None:
    taxed = line(
        price=100,
        shipping_price=10,
        taxes=[{"amount": 18, "code": "ICMS", "rate": 18}, {"amount": 1.25, "code": "PIS"}],
        shipping_taxes=[{"amount": 0.75, "code": "ICMS"}],
        fees=[{"amount": 2, "code": "RECYCLING"}],
    )
    told = {"order_lines": [taxed], "price": 100, "shipping_price": 10, "total_price": 112}
    beside = snapshot(**told, order_tax_mode="TAX_EXCLUDED").finance
    assert (beside.taxes, beside.taxes_within, beside.surcharges) == (2000, None, 200)
    # What the customer pays, although OR11 tells totals without these taxes.
    assert beside.total == 13200
    within = snapshot(**told, order_tax_mode="TAX_INCLUDED").finance
    assert (within.taxes, within.taxes_within, within.total) == (None, 2000, 11200)
    of_order = [{"code": "VAT", "rate": 20, "total_amount": 22}]
    assert snapshot(order_taxes=of_order).finance.taxes_within == 2200
    assert snapshot(order_lines=[line(taxes=[{"amount": 0}])]).finance.taxes_within is None


def test_the_official_example_has_its_history(official: OrderSnapshot) -> None:
    assert [(event.what, event.detail) for event in official.history] == [
        ("created", ""),
        ("accepted", ""),
        ("paid", ""),
        ("shipped", ""),
        ("delivered", ""),
        ("updated", ""),
        ("cancelled", "1122"),
        ("refunded", "1106"),
    ]


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("STAGING", OrderStatus.WAITING),
        ("WAITING_ACCEPTANCE", OrderStatus.WAITING),
        ("WAITING_DEBIT", OrderStatus.WAITING),
        ("WAITING_DEBIT_PAYMENT", OrderStatus.WAITING),
        ("SHIPPING", OrderStatus.TO_SHIP),
        ("SHIPPED", OrderStatus.SHIPPED),
        ("TO_COLLECT", OrderStatus.SHIPPED),
        ("RECEIVED", OrderStatus.DELIVERED),
        ("CLOSED", OrderStatus.DELIVERED),
        ("REFUSED", OrderStatus.REFUSED),
        ("CANCELED", OrderStatus.CANCELLED),
        ("TELEPORTED", OrderStatus.OTHER),
        (None, OrderStatus.OTHER),
    ],
)
def test_every_state_has_its_place_and_keeps_its_word(
    state: str | None, status: OrderStatus
) -> None:
    found = snapshot(order_state=state)
    assert found.status is status
    assert found.marketplace_status == (state or "")


def test_what_a_marketplace_hides_is_not_told_rather_than_empty() -> None:
    hidden = snapshot(
        customer={"firstname": " ", "billing_address": None, "shipping_address": None},
        customer_notification_email=None,
        order_lines=None,
        total_price=None,
        delivery_date=None,
        has_invoice=None,
    )
    assert hidden.customer is None
    assert hidden.tracking == Tracking()
    assert hidden.billing == Billing()
    assert hidden.personal == Personal()
    assert hidden.finance == Finance()
    assert hidden.transport == Transport()
    assert hidden.items == ()


def test_fields_that_operators_define_tell_document_and_payments() -> None:
    fields = [
        {"code": "customer-document", "type": "STRING", "value": "123.456.789-09"},
        {"code": "payment-1-method", "type": "STRING", "value": "cartão"},
        {"code": "payment-1-instalments", "type": "NUMERIC", "value": "10"},
        {"code": "payment-1-amount", "type": "NUMERIC", "value": 129.9},
        {"code": "payment-2-method", "type": "LIST", "value": ["vale", "cupom"]},
        {"code": "payment-2-instalments", "type": "NUMERIC", "value": "many"},
        {"code": "payment-4-method", "type": "STRING", "value": "after a gap"},
    ]
    found = snapshot(order_additional_fields=fields, payment_type="cartão + vale")
    assert found.personal.document == "123.456.789-09"
    assert found.finance.payments == (
        Payment("cartão", instalments=10, amount=12990),
        Payment("vale, cupom"),
    )


async def test_a_channel_may_name_these_fields_otherwise() -> None:
    fields = [
        {"code": "cpf", "type": "STRING", "value": "1"},
        {"code": "pagto-1-method", "type": "STRING", "value": "pix"},
    ]
    market = answers(orders(order(order_additional_fields=fields)))
    async with market.adapter({"document_field": "cpf", "payment_field": "pagto"}) as adapter:
        page = await anext(adapter.orders(None))
    assert page.items[0].personal.document == "1"
    assert page.items[0].finance.payments == (Payment("pix"),)


def test_an_order_is_delivered_when_its_last_line_is() -> None:
    first, second = line(received_date=NOON), line(received_date=None)
    assert snapshot(order_lines=[first, second]).tracking.delivered_at is None
    gone = line(order_line_state="CANCELED")
    assert snapshot(order_lines=[first, gone]).tracking.delivered_at == NOW


def test_an_incident_and_a_refusal_stand_in_the_history() -> None:
    refused = snapshot(
        order_state="REFUSED",
        order_state_reason_label="Sem estoque",
        acceptance_decision_date=NOON,
        has_incident=True,
    )
    assert {(event.what, event.detail) for event in refused.history} == {
        ("created", ""),
        ("updated", "Sem estoque"),
        ("cancelled", "Sem estoque"),
        ("incident", ""),
    }
    assert Event(NOW, "cancelled") in snapshot(order_state="CANCELED").history


def test_a_warehouse_says_where_an_order_ships_from() -> None:
    from_there = {"warehouse": {"code": "SP-2"}, "address": {"city": "Osasco"}}
    assert snapshot(order_lines=[line(shipping_from=from_there)]).transport.ships_from == "SP-2"
    center = {"center": {"code": "DEFAULT"}}
    assert snapshot(fulfillment=center).transport.ships_from == "DEFAULT"


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [(0.1, "BRL", 10), ("12.90", "EUR", 1290), (150, "CLP", 150), (1e3, "BRL", 100_000)],
)
def test_amounts_are_exact(amount: Any, currency: str, minor: int) -> None:
    found = snapshot(currency_iso_code=currency, total_price=amount)
    assert found.finance.total == minor


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": None},
        {"currency_iso_code": None},
        {"created_date": None, "last_updated_date": None},
        {"created_date": "soon"},
        {"total_price": "a lot"},
        {"total_price": True},
        {"total_price": 1e300},
        {"total_price": "inf"},
        {"customer": "Maria"},
        {"order_lines": [None]},
        {"order_lines": [line(quantity="two")]},
        {"order_lines": [line(order_line_id=None)]},
        {"has_invoice": "no"},
        {"leadtime_to_ship": 1.5},
    ],
)
def test_an_order_of_a_wrong_shape_is_not_guessed_at(changes: dict[str, Any]) -> None:
    with pytest.raises(Misread):
        snapshot(**changes)
