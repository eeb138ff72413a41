"""The order sheet: seven sections, masks, money, and the ways to find an order."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from stdnum.br import cpf

from mkt_tui import i18n
from mkt_tui.cache.places import Place
from mkt_tui.desk import sheet_history
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.sheet import as_text, find, reveal, sheet
from mkt_tui.desk.sheet_json import as_json
from mkt_tui.desk.sheet_view import Line
from mkt_tui.domain import personal
from mkt_tui.domain.errors import NotAllowed, NotFound
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.orders import (
    Address,
    Choice,
    Fee,
    Finance,
    OrderItem,
    OrderStatus,
    Payment,
    Personal,
    Refund,
)
from tests.desk.orders import EMPTY, FULL, NOW, SECRETS, acts, make_desk, put, put_ticket

TITLES = [
    *("Order tracking", "Billing data", "Personal data", "Order items"),
    *("Financial", "Transport", "History"),
]


@pytest.fixture
def desk(tmp_path: Path, place: Place) -> Iterator[Desk]:
    made = make_desk(tmp_path, place)
    yield made
    made.database.close()


def test_an_order_of_which_nothing_is_known_has_all_sections_saying_so(desk: Desk) -> None:
    record = put(desk, EMPTY)
    page = sheet(desk, record, revealed=False)
    assert [(each.title, each.lines) for each in page.sections] == [(each, ()) for each in TITLES]
    text = as_text(desk, record, revealed=False)
    assert text.count("No data") == 7
    assert "no order linked" in text
    assert [line for line in text.splitlines() if line in TITLES] == TITLES


def test_the_full_order_fills_every_section(desk: Desk) -> None:
    page = sheet(desk, put(desk, FULL), revealed=False)
    assert all(each.lines for each in page.sections)
    assert (page.channel, page.number, page.site_number) == ("Carrefour", FULL.number, "S-99812")
    assert page.status == "Shipped"
    assert page.as_of == FULL.updated_at


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_sheet_has_one_shape_in_every_language(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    record = put(desk, FULL)
    put_ticket(desk, "T-1", FULL.number, waiting=True)
    shape = [len(each.lines) for each in sheet(desk, record, revealed=False).sections]
    monkeypatch.setattr(i18n, "_language", language)
    assert [len(each.lines) for each in sheet(desk, record, revealed=False).sections] == shape
    text = as_text(desk, record, revealed=False)
    assert {"en": "6/8/24", "pt_BR": "08/06/2024", "it": "08/06/24"}[language] in text
    assert {"en": "R$149.90", "pt_BR": "R$ 149,90", "it": "149,90 BRL"}[language] in text


def test_nothing_personal_is_readable_until_revealed(desk: Desk) -> None:
    record = put(desk, FULL)
    masked = as_text(desk, record, revealed=False)
    script = json.dumps(as_json(desk, record, revealed=False), ensure_ascii=False)
    assert [each for each in SECRETS if each in masked or each in script] == []
    assert "São Paulo" in masked
    assert "•••.•••.•••-25" in masked
    shown = as_text(desk, record, revealed=True)
    for each in ("Mariana Figueiredo", "529.982.247-25", "11.222.333/0001-81", "04538-133"):
        assert each in shown


def test_a_document_that_is_none_is_shown_as_it_came(desk: Desk) -> None:
    record = put(desk, replace(EMPTY, personal=Personal(document="RSSMRA85T10A562S")))
    assert "RSSMRA85T10A562S" in as_text(desk, record, revealed=True)
    assert "••••••••••••••2S" in as_text(desk, record, revealed=False)


def test_the_customer_of_the_order_stands_in_for_an_untold_name(desk: Desk) -> None:
    record = put(desk, replace(EMPTY, customer="Joana"))
    assert sheet(desk, record, revealed=True).sections[2].lines == (Line("Name", "Joana"),)
    assert sheet(desk, record, revealed=False).sections[2].lines == (Line("Name", "J••••"),)


def _check_digits(digits: str) -> str:
    wanted = (f"{each:02}" for each in range(100))
    return next(each for each in wanted if cpf.is_valid(digits + each))


@given(st.integers(1, 999_999_999), st.booleans())
def test_of_a_cpf_only_the_last_two_digits_survive(number: int, punctuated: bool) -> None:
    digits = f"{number:09}"
    whole = digits + _check_digits(digits)
    written = personal.document(whole) if punctuated else whole
    hidden = personal.shown("document", written, revealed=False)
    assert [char for char in hidden if char.isdigit()] == list(whole[-2:])
    assert len(hidden) == len(written)


@given(st.sampled_from(["name", "street", "zip_code", "company", "complement"]), st.text())
def test_masked_words_keep_no_digit_and_one_letter_at_most(field: str, text: str) -> None:
    for word in personal.shown(field, text, revealed=False).split():
        kept = [char for char in word if char.isalnum()]
        assert len(kept) <= 1
        assert not any(map(str.isdigit, kept))


@given(st.emails())
def test_a_masked_address_keeps_first_letters_and_the_country(email: str) -> None:
    hidden = personal.shown("email", email, revealed=False)
    name, _at, host = hidden.rpartition("@")
    stem, _dot, suffix = host.rpartition(".")
    assert sum(map(str.isalnum, name)) <= 1
    assert sum(map(str.isalnum, stem)) <= 1
    assert email.endswith(suffix)


def test_short_words_and_numbers_are_hidden_whole() -> None:
    assert personal.shown("name", "Li Wu", revealed=False) == "•• ••"
    assert personal.shown("phone", "0800", revealed=False) == "••••"
    assert personal.shown("email", "no address here", revealed=False) == "•• a•••••• h•••"
    assert personal.shown("city", "Curitiba", revealed=False) == "Curitiba"


@pytest.mark.parametrize(
    ("total", "warned"), [(14990, False), (14991, True), (0, True), (None, False)]
)
def test_a_total_that_is_not_the_sum_is_warned_of(
    desk: Desk,
    total: int | None,
    warned: bool,
) -> None:
    record = put(desk, replace(EMPTY, finance=Finance(items=13490, shipping=1500, total=total)))
    text = as_text(desk, record, revealed=False)
    assert ("Items and shipping make R$149.90" in text) is warned


@pytest.mark.parametrize(
    ("payment", "told"),
    [
        (Payment("Visa", 1, 500), "Visa, R$5.00, in 1 instalment"),
        (Payment("Visa", 12, None), "Visa, in 12 instalments"),
        (Payment("Boleto"), "Boleto"),
    ],
)
def test_payments_tell_their_instalments(desk: Desk, payment: Payment, told: str) -> None:
    record = put(desk, replace(EMPTY, finance=Finance(payments=(payment,))))
    assert sheet(desk, record, revealed=False).sections[4].lines == (Line("Payment", told),)


def test_history_lists_events_by_time_and_all_protocols(desk: Desk) -> None:
    record = put(desk, FULL)
    put_ticket(desk, "T-1", FULL.number, waiting=True)
    put_ticket(desk, "T-2", FULL.number, waiting=False)
    values = [each.value for each in sheet(desk, record, revealed=False).sections[6].lines]
    assert values == [
        "Created",
        "Shipped: QB123456789BR",
        "2 tickets of this order",
        "T-1 · open · Onde está T-1?",
        "T-2 · answered · Onde está T-2?",
    ]


@pytest.mark.parametrize(
    ("status", "own", "told"),
    [
        (OrderStatus.SHIPPED, "SHIPPED", "Shipped"),
        (OrderStatus.TO_SHIP, "SHIPPING", "To ship (SHIPPING)"),
        (OrderStatus.OTHER, "STAGING", "STAGING"),
        (OrderStatus.OTHER, "", "Unknown"),
    ],
)
def test_the_status_keeps_the_marketplaces_word(
    desk: Desk, status: OrderStatus, own: str, told: str
) -> None:
    record = put(desk, replace(EMPTY, status=status, marketplace_status=own))
    assert sheet(desk, record, revealed=False).status == told


def test_the_text_fits_78_cells_whatever_it_holds(desk: Desk) -> None:
    long = "配送 " * 60 + "x" * 200
    record = put(
        desk,
        replace(
            FULL,
            number="N" * 90,
            items=(OrderItem("1", "S" * 100, long, 1, 1, 1, None, None),),
            personal=Personal(name=long, address=Address(street=long)),
        ),
    )
    lines = as_text(desk, record, revealed=True).splitlines()
    assert max(map(cell_len, lines)) == 78


def test_control_codes_that_slipped_into_the_cache_reach_no_paper(desk: Desk) -> None:
    evil = "a\x1b]52;c;eA==\x07\u202eb\x9b2J\nc"
    record = put(
        desk,
        replace(
            EMPTY,
            site_number=evil,
            marketplace_status=evil,
            personal=Personal(name=evil, language=evil),
            items=(OrderItem("1", evil, evil, 1, None, None, None, evil),),
        ),
    )
    for text in (
        as_text(desk, record, revealed=True),
        json.dumps(as_json(desk, record, revealed=True), ensure_ascii=False),
    ):
        assert not set(text) & {"\x1b", "\x07", "\u202e", "\x9b"}


def test_json_is_stable_and_says_null_where_nothing_is_known(desk: Desk) -> None:
    known = as_json(desk, put(desk, FULL), revealed=True)
    unknown = as_json(desk, put(desk, EMPTY), revealed=True)
    assert list(known) == list(unknown)
    assert known["customer"] == "Mariana Figueiredo"
    assert known["created_at"] == "2024-06-08T13:30:00Z"
    assert known["tracking"]["shipped_at"] == "2024-06-10T13:30:00Z"
    assert known["items"][0]["price"] == {"amount": "129.90", "currency": "BRL"}
    assert known["finance"]["payments"][0]["instalments"] == 6
    assert known["billing"]["has_invoice"] is True
    assert unknown["site_order"] is None
    assert unknown["tracking"] == dict.fromkeys(known["tracking"])
    assert unknown["personal"] == dict.fromkeys(known["personal"])
    assert unknown["items"] == unknown["history"] == unknown["protocols"] == []
    json.dumps(known)


def test_json_lists_the_protocols(desk: Desk) -> None:
    record = put(desk, FULL)
    put_ticket(desk, "T-1", FULL.number, waiting=True)
    (protocol,) = as_json(desk, record, revealed=False)["protocols"]
    assert (protocol["code"], protocol["state"]) == ("T-1", "open")
    assert datetime.fromisoformat(protocol["due_at"]).tzinfo == UTC


def test_an_order_is_found_by_either_number(desk: Desk) -> None:
    put(desk, FULL)
    assert find(desk, f" {FULL.number} ").number == FULL.number
    assert find(desk, "S-99812", "carrefour").number == FULL.number


def test_an_order_that_is_not_here_is_said_to_be_missing(desk: Desk) -> None:
    put(desk, FULL)
    with pytest.raises(NotFound, match="There is no order 404"):
        find(desk, "404")
    with pytest.raises(NotFound, match="There is no order"):
        find(desk, FULL.number, "Leroy")
    with pytest.raises(NotFound, match="There is no channel Magalu"):
        find(desk, FULL.number, "Magalu")


def test_a_number_in_two_channels_asks_for_the_channel(desk: Desk) -> None:
    put(desk, FULL)
    put(desk, FULL, "Leroy")
    with pytest.raises(NotAllowed, match=r"several channels: Carrefour, Leroy\. Name one"):
        find(desk, FULL.number)
    assert find(desk, FULL.number, "Leroy").channel_id == desk.channel("Leroy").id


def test_a_marketplace_number_wins_over_a_site_number(desk: Desk) -> None:
    put(desk, replace(EMPTY, number="A-1", site_number="A-2"))
    put(desk, replace(EMPTY, number="A-2", site_number="S"))
    put(desk, replace(EMPTY, number="A-3", site_number="S"))
    assert find(desk, "A-2").number == "A-2"
    with pytest.raises(NotAllowed, match="several orders: A-2, A-3"):
        find(desk, "S")


def test_revealing_leaves_a_row_in_the_audit(desk: Desk) -> None:
    reveal(desk, put(desk, FULL))
    assert acts(desk) == [("ana", "order.revealed", "Carrefour", FULL.number, None)]


def test_items_made_to_order_show_what_was_chosen_or_why_not(desk: Desk) -> None:
    engraved = OrderItem(
        *("1", "SKU", "Anel", 1, 100, 100, 0, None),
        customized=True,
        customization=(Choice("Gravação", "Ana & Zé"),),
    )
    hidden = replace(engraved, line="2", customization=())
    text = as_text(desk, put(desk, replace(EMPTY, items=(engraved, hidden))), revealed=False)
    assert "    Gravação: Ana & Zé" in text
    assert "Customisation not available" in text
    assert "Seller Central" in text


def test_money_that_does_not_add_up_is_shown_with_its_difference(desk: Desk) -> None:
    finance = Finance(
        items=10000,
        shipping=1000,
        discount=500,
        taxes=200,
        total=10900,
        refunded=900,
        payments=(Payment("pix", amount=10000),),
        fees=(Fee("Referral", 1500), Fee("Closing", 300)),
        refunds=(Refund(400, reason="late"), Refund(400)),
    )
    whole = Finance(
        items=10000, shipping=1000, taxes=200, surcharges=50, total=11250, taxes_within=90
    )
    record = put(desk, replace(EMPTY, number="W", finance=whole))
    scripted = as_json(desk, record, revealed=False)["finance"]
    assert scripted["surcharges"] == {"amount": "0.50", "currency": "BRL"}
    text = as_text(desk, record, revealed=False)
    assert "apart" not in text
    assert all(each in text for each in ("Surcharges", "R$0.50", "Taxes within", "R$0.90"))
    text = " ".join(
        as_text(desk, put(desk, replace(EMPTY, finance=finance)), revealed=False).split()
    )
    assert "make R$107.00, but the total is R$109.00: R$2.00 apart" in text
    assert "Payments make R$100.00, but the total is R$109.00: R$9.00 apart" in text
    assert "The refunds make R$8.00, but R$9.00 is told" in text
    assert "Referral: -R$15.00" in text
    assert "Fees together -R$18.00" in text
    right = Finance(items=10000, shipping=1000, discount=500, total=10500)
    other = put(desk, replace(EMPTY, number="C-2", finance=right))
    assert "apart" not in as_text(desk, other, revealed=False)


def test_the_history_tells_every_status_message_and_act(desk: Desk) -> None:
    early = replace(FULL, marketplace_status="SHIPPING", updated_at=NOW - timedelta(hours=3))
    put(desk, early)
    record = put(desk, FULL)
    put_ticket(desk, "T-9", FULL.number, waiting=True)
    reveal(desk, record)
    history = sheet(desk, record, revealed=False).sections[-1].lines
    values = [each.value for each in history]
    assert "Status: SHIPPING → SHIPPED" in values
    assert "Personal data shown by ana" in values
    assert any("T-9" in each for each in values)


def test_parcels_are_in_the_sheet_and_in_the_json(desk: Desk) -> None:
    record = put(desk, FULL)
    transport = sheet(desk, record, revealed=False).sections[5].lines
    assert Line("Parcel", "Correios · QB123456789BR") in transport
    told = as_json(desk, record, revealed=False)["parcels"]
    assert [each["number"] for each in told] == ["QB123456789BR"]


def test_every_kind_that_can_be_of_an_order_has_words_in_its_history() -> None:
    of_others = {Kind.ASSIGN, Kind.CORRECT, Kind.DISPUTE, Kind.OPERATOR_THREAD}
    for kind in set(Kind) - of_others:
        assert sheet_history.kind_word(kind) != kind
