"""What a text is taken for, and what of it opens at once."""

import pytest

from mkt_tui.cache.searching import EXACT
from mkt_tui.desk import search
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.orders import Address, OrderItem, Personal
from tests.worlds import channel, order, read, read_orders, ticket

ISBN = OrderItem("1", "SKU1", "Livro", 1, 1, 1, 1, None, "978-85-359-1484-9")


@pytest.fixture
def full(desk: Desk) -> Desk:
    carrefour, leroy = channel(desk.database), channel(desk.database, "Leroy Merlin")
    read(desk.database, carrefour, ticket("c-1"), ticket("c-2", None))
    read(desk.database, leroy, ticket("c-1", 5, order_number="900-Z", customer="Ana"))
    phone = Personal(address=Address(phone="+55 11 91234-5678"))
    read_orders(desk.database, carrefour, order(), order("300-C", items=(ISBN,), personal=phone))
    read_orders(desk.database, leroy, order("900-Z", customer="Ana"), order("300-C"))
    return desk


def codes(found: search.Found) -> list[str]:
    return [hit.ticket.code if hit.ticket else f"order {hit.target[1]}" for hit in found.hits]


def test_an_order_number_brings_all_its_protocols(full: Desk) -> None:
    found = search.find(full, " 100-A\n")
    assert sorted(codes(found)) == ["c-1", "c-2"]
    assert found.only
    assert found.only.target == (1, "100-A", True)


def test_a_code_that_two_channels_gave_opens_nothing_by_itself(full: Desk) -> None:
    found = search.find(full, "c-1")
    assert codes(found)[:2] == ["c-1", "c-1"]
    assert found.only is None


def test_one_number_in_two_channels_shows_both_orders(full: Desk) -> None:
    assert codes(search.find(full, "300-C")) == ["order 300-C", "order 300-C"]


@pytest.mark.parametrize("text", ["9788535914849", "8535914846", "85-359-1484-6"])
def test_an_isbn_is_found_in_both_of_its_forms(full: Desk, text: str) -> None:
    assert codes(search.find(full, text)) == ["order 300-C"]


def test_a_telephone_number_needs_no_country(full: Desk) -> None:
    (hit,) = search.find(full, "(11) 91234-5678").hits
    assert hit.rank == EXACT


@pytest.mark.parametrize(
    "text",
    [
        "CPF 529.982.247-25", "cpf: 52998224725", "CPF:529 982 247 25", "meu CPF é 529.982.247-25",
        "Tel. (11) 91234-5678", "ISBN 978-85-359-1484-9", "ISBN nº 8535914846",
    ],
)  # fmt: skip
def test_a_number_is_found_that_is_pasted_with_what_it_is(full: Desk, text: str) -> None:
    (hit, *_others) = search.find(full, text).hits
    assert hit.rank == EXACT


def test_a_wrong_number_is_told_that_is_pasted_with_what_it_is(full: Desk) -> None:
    found = search.find(full, "CPF: 529.982.247-26")
    assert found.hits == ()
    assert "CPF" in found.note


@pytest.mark.parametrize("text", ["Ana 2026", "rua 12 nada", "CPF"])
def test_few_digits_are_no_number_beside_words(full: Desk, text: str) -> None:
    assert search.find(full, text).hits == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [("529.982.247-26", "CPF"), ("11222333000182", "CNPJ"), ("978-85-359-1484-8", "ISBN")],
)
def test_wrong_check_digits_are_told(full: Desk, text: str, kind: str) -> None:
    assert f"meant as a {kind}" in search.find(full, text).note


@pytest.mark.parametrize("text", ["529.982.247-25", "11.222.333/0001-81", "12345", "maria", ""])
def test_what_is_right_needs_no_telling(full: Desk, text: str) -> None:
    assert search.find(full, text).note == ""


def channels(found: search.Found) -> set[int]:
    return {hit.target[0] for hit in found.hits}


@pytest.mark.parametrize("text", ["adeo c-1", "c-1 Leroy Merlin", "leroy ana", "ANA adeo"])
def test_a_channel_by_any_of_its_names_is_looked_in_alone(full: Desk, text: str) -> None:
    found = search.find(full, text)
    assert codes(found)
    assert channels(found) == {2}


def test_a_name_that_finds_nothing_there_is_words_again(full: Desk) -> None:
    read(full.database, full.channel("Carrefour"), ticket("c-9", customer="Adeo Lima"))
    assert codes(search.find(full, "adeo lima")) == ["c-9"]
    assert channels(search.find(full, "carrefour ana")) == set()


def test_every_channel_tells_what_else_it_is_called(full: Desk) -> None:
    channel(full.database, "CNOVA", adapter="cnova")
    also = {full.channels()[key].name: names for key, names in full.also_called().items()}
    assert also["Leroy Merlin"] == ("Leroy", "Adeo")
    assert also["CNOVA"][:2] == ("Casas Bahia", "Grupo Casas Bahia")
    assert full.called()["viavarejo"] == {full.channel("CNOVA").id}
