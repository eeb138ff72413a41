"""The invented world: believable, complete, and the same for the same seed."""

import json
import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.br import cpf

from mkt_tui.sandbox.errors import SandboxError
from mkt_tui.sandbox.invention import invent
from mkt_tui.sandbox.mirakl.order_json import order_json
from mkt_tui.sandbox.mirakl.thread_json import thread_json
from mkt_tui.sandbox.records import CUSTOMER, OPERATOR, Order, Thread
from mkt_tui.sandbox.server import SandboxOptions, build_world
from mkt_tui.sandbox.world import World
from tests.sandbox.conftest import NOW
from tests.thorough import examples


@pytest.fixture(scope="module")
def big() -> World:
    return invent(400, 1, NOW)


def threads_of(world: World) -> list[Thread]:
    return [each for shop in world.shops for each in shop.threads.values()]


def orders_of(world: World) -> list[Order]:
    return [each for shop in world.shops for each in shop.orders.values()]


def everything(world: World) -> str:
    content: list[Any] = []
    for shop in world.shops:
        content.append(shop.identity.api_key)
        content += [thread_json(shop.identity, each, None) for each in shop.threads.values()]
        content += [order_json(each, []) for each in shop.orders.values()]
    return json.dumps(content)


def test_a_seed_gives_the_same_world_every_time_and_another_seed_another() -> None:
    assert everything(invent(40, 3, NOW)) == everything(invent(40, 3, NOW))
    assert everything(invent(40, 3, NOW)) != everything(invent(40, 4, NOW))
    first, second = (each.identity.api_key for each in invent(0, 3, NOW).shops)
    assert first != second


def test_tickets_and_orders_are_as_many_as_asked_for(big: World) -> None:
    assert len(threads_of(big)) == 400
    assert len(orders_of(big)) == 600
    assert all(len(shop.threads) > 150 for shop in big.shops)


def test_a_queue_shows_every_colour(big: World) -> None:
    waits = [NOW - each.waiting_since for each in threads_of(big) if each.waiting_since]
    hours = sorted(each / timedelta(hours=1) for each in waits)

    assert len(waits) == 240
    assert hours[0] < 0.2
    assert hours[-1] <= 144
    assert sum(hour < 48 for hour in hours) > 0.75 * len(hours)
    for low, high in ((0, 12), (12, 20), (20, 24), (24, 48), (48, 144)):
        assert sum(low <= hour < high for hour in hours) >= 15


def test_the_newest_ticket_is_a_few_minutes_old_and_nothing_lies_in_the_future(
    big: World,
) -> None:
    newest = max(each.updated for each in threads_of(big))
    assert timedelta(0) < NOW - newest < timedelta(minutes=5)
    assert all(each.updated <= NOW for each in orders_of(big))


def test_conversations_are_told_in_sequence(big: World) -> None:
    for thread in threads_of(big):
        dates = [each.sent for each in thread.messages]
        assert dates == sorted(dates)
        assert dates[0] > thread.order.created
        assert thread.updated == dates[-1]
        assert all(each.sender in thread.participants for each in thread.messages)


def test_the_inbox_has_some_of_everything(big: World) -> None:
    threads = threads_of(big)
    messages = [message for each in threads for message in each.messages]
    bodies = [each.body for each in messages]

    assert sum(len(each.messages) > 2 for each in threads) > 20
    assert sum(each.sender == OPERATOR for each in messages) > 5
    assert sum(CUSTOMER not in each.participants for each in threads) > 1
    kinds = Counter(file.name.rpartition(".")[2] for each in messages for file in each.attachments)
    assert set(kinds) == {"png", "pdf", "txt"}
    assert sum("<p>" in body for body in bodies) == 2
    assert any(ord(char) > 0x1F000 for body in bodies for char in body)
    assert len({each.topic[1] for each in threads}) > 40
    assert not [body for body in bodies if "{" in body]


def test_customers_have_valid_tax_numbers_and_full_addresses(big: World) -> None:
    for order in orders_of(big):
        person = order.customer
        assert cpf.is_valid(person.document or "")
        assert person.place.zip_code
        assert person.place.city
        assert person.place.state
        assert person.phone


def test_money_adds_up(big: World) -> None:
    for order in orders_of(big):
        seen: Any = order_json(order, [])
        lines = seen["order_lines"]
        paid = [
            float(each["value"])
            for each in seen["order_additional_fields"]
            if each["code"].endswith("-amount")
        ]
        assert seen["total_price"] == pytest.approx(seen["price"] + seen["shipping_price"])
        assert seen["price"] == pytest.approx(sum(each["price"] for each in lines))
        assert seen["total_price"] == pytest.approx(sum(each["total_price"] for each in lines))
        assert seen["total_price"] == pytest.approx(sum(paid))
        assert 1 <= len(lines) <= 4
        for each in lines:
            assert each["price"] == pytest.approx(each["price_unit"] * each["quantity"])


def test_an_order_tells_its_payments_and_document_as_additional_fields(big: World) -> None:
    order = next(each for each in orders_of(big) if len(each.payments) == 2)
    seen: Any = order_json(order, [])
    fields = {each["code"]: each for each in seen["order_additional_fields"]}

    assert fields["customer-document"] == {
        "code": "customer-document",
        "type": "STRING",
        "value": order.customer.document,
    }
    assert set(fields) == {"customer-document"} | {
        f"payment-{number}-{what}"
        for number in (1, 2)
        for what in ("method", "instalments", "amount")
    }
    assert (
        fields["payment-1-instalments"]["type"] == fields["payment-2-amount"]["type"] == "NUMERIC"
    )
    assert seen["payment_type"] == " + ".join(each.method for each in order.payments)


def test_some_orders_have_no_number_of_ours_and_those_that_do_rise_with_age(big: World) -> None:
    numbered = sorted(
        (each for each in orders_of(big) if each.seller_reference),
        key=lambda each: each.created,
    )
    references = [each.seller_reference or "" for each in numbered]
    assert 0.8 * 600 < len(references) < 600
    assert references == sorted(references)
    assert len(set(references)) == len(references)


def test_what_happened_to_an_order_fits_its_state(big: World) -> None:
    for order in orders_of(big):
        happened = [order.created, order.accepted, order.debited, order.shipped, order.received]
        known = [each for each in happened if each]
        assert known == sorted(known)
        assert (order.shipped is not None) == (order.state in ("SHIPPED", "RECEIVED", "CLOSED"))
        assert (order.shipment.number is not None) == (order.shipped is not None)
        assert re.fullmatch(
            r"(?:[A-Z]{2}\d{9}BR|156\d{12})", order.shipment.number or "AA123456785BR"
        )


@settings(max_examples=examples(20), deadline=None)
@given(tickets=st.integers(0, 12), seed=st.integers(-(2**70), 2**70))
def test_any_seed_and_any_small_number_make_a_world(tickets: int, seed: int) -> None:
    world = invent(tickets, seed, NOW)
    assert len(threads_of(world)) == tickets


def test_a_negative_number_of_tickets_is_refused() -> None:
    with pytest.raises(SandboxError, match="--tickets must be 0 or more, not -1"):
        build_world(SandboxOptions(tickets=-1))
