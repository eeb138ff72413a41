"""Whatever a marketplace sends, nothing that commands a terminal comes out of the adapter."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mkt_tui.adapters.fields import Misread
from mkt_tui.adapters.mirakl.orders import CustomFields, read_order
from mkt_tui.adapters.mirakl.threads import read_thread
from mkt_tui.adapters.testing import check_texts, texts_of
from tests.adapters.marketplace import NOON, message, order, thread
from tests.thorough import examples

ATTACKS = [
    "\x1b]52;c;cm0gLXJmIH4=\x07",
    "\x9b31mred\x9d0;title\x9c",
    "\x1b[2J\x1b[6n",
    "nota\u202efdp.exe",
    "[/x] [bold red]enviado[/]",
    "a\r\nb\x00\x08\x7f",
    "\ud83d",
    "\U000e0041\u200b\ufeff",
    "<p>&#27;]52;c;x&#7;</p>",
]

hostile = st.one_of(
    st.sampled_from(ATTACKS),
    st.text(max_size=40),
    st.lists(
        st.sampled_from(["<p>", "</p>", "<a href='", "'>", "&#27;", "&#x9b;", "\x1b[", "x"])
    ).map("".join),
)


def hostile_thread(text: Callable[[], str]) -> dict[str, Any]:
    def side(kind: str) -> dict[str, str]:
        return {"type": kind, "id": text(), "display_name": text()}

    attachment = {"id": "f" + text(), "name": text(), "size": 1}
    sender = side("CUSTOMER_USER")
    evil = message(id="m" + text(), body=text(), attachments=[attachment], **{"from": sender})
    return thread(
        id="t" + text(),
        topic={"type": text(), "value": text()},
        entities=[{"type": "MMP_ORDER", "id": "o" + text(), "label": text()}],
        authorized_participants=[side("CUSTOMER"), side(text())],
        messages=[evil],
    )


def hostile_order(text: Callable[[], str]) -> dict[str, Any]:
    address = {
        key: text()
        for key in (
            *("firstname", "lastname", "company", "company_2", "street_1", "street_2"),
            *("additional_info", "zip_code", "city", "state", "country_iso_code", "phone"),
        )
    }
    customer = {
        **{key: text() for key in ("customer_id", "firstname", "lastname", "locale")},
        "billing_address": address,
        "shipping_address": address,
        "organization": {"tax_identification_number": text()},
    }
    line = {
        **{key: text() for key in ("offer_sku", "product_title", "product_sku")},
        "order_line_id": "l" + text(),
        "order_line_state": text(),
        "shipping_from": {"address": {"city": text()}},
        "refunds": [{"id": text(), "created_date": NOON, "amount": 1}],
    }
    extra = ("customer-document", "payment-1-method", text())
    words = {
        key: text()
        for key in (
            *("order_state", "order_state_reason_label", "customer_notification_email"),
            *("shipping_company", "shipping_tracking", "shipping_tracking_url", "payment_type"),
            *("transaction_number", "shipping_type_label", "shipping_zone_label"),
        )
    }
    return order(
        **words,
        order_id="o" + text(),
        references={"order_reference_for_seller": text()},
        customer=customer,
        order_lines=[line],
        order_additional_fields=[{"code": code, "value": [text(), text()]} for code in extra],
    )


@given(st.data())
def test_no_ticket_holds_a_control_character(data: st.DataObject) -> None:
    try:
        check_texts(read_thread(hostile_thread(lambda: data.draw(hostile))))
    except Misread:
        # An id that is too long to be one.
        return


@given(st.data())
@settings(max_examples=examples(50))
def test_no_order_holds_a_control_character(data: st.DataObject) -> None:
    try:
        check_texts(read_order(hostile_order(lambda: data.draw(hostile)), CustomFields()))
    except Misread:
        return


@pytest.mark.parametrize("attack", ATTACKS)
def test_known_attacks_come_out_visible(attack: str) -> None:
    ticket = read_thread(hostile_thread(lambda: attack))
    check_texts(ticket)
    check_texts(read_order(hostile_order(lambda: attack), CustomFields()))
    assert not any("\x1b" in text or "\u202e" in text for text in texts_of(ticket))


def test_markup_is_left_for_the_screen_to_show_as_text() -> None:
    ticket = read_thread(hostile_thread(lambda: "[/x] [bold]oi[/]"))
    assert ticket.subject == "[/x] [bold]oi[/]"
    assert ticket.messages[0].body == "[/x] [bold]oi[/]"


def test_texts_without_measure_are_cut() -> None:
    page = hostile_thread(lambda: "x")
    page["topic"]["value"] = "x" * 10_000_000
    page["messages"][0]["body"] = "y" * 10_000_000
    ticket = read_thread(page)
    assert len(ticket.subject) == 500
    assert len(ticket.messages[0].body) == 200_000


scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), hostile, st.sampled_from(["", NOON])
)
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value inside `value`."""
    if isinstance(value, dict):
        inner = list(value.items())
    else:
        inner = list(enumerate(value)) if isinstance(value, list) else []
    return [way] * bool(way) + [each for key, part in inner for each in places(part, (*way, key))]


@given(st.data())
def test_any_field_of_any_kind_is_read_or_named_but_never_crashes(data: st.DataObject) -> None:
    for make, read in (
        (hostile_thread, read_thread),
        (hostile_order, lambda found: read_order(found, CustomFields())),
    ):
        whole = json.loads(json.dumps(make(lambda: "x")))
        *way, last = data.draw(st.sampled_from(places(whole)))
        target = whole
        for key in way:
            target = target[key]
        target[last] = data.draw(anything)
        try:
            snapshot = read(whole)
        except Misread:
            continue
        check_texts(snapshot)
