"""Misspelled words of the three languages, and what is none: names of the order, numbers, links."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mkt_tui.desk import conversation, proofreading, spelling
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import SettingsWrong
from mkt_tui.domain.orders import OrderItem, Tracking
from tests.dictionaries import needs_dictionaries
from tests.thorough import examples
from tests.worlds import channel, order, read, read_orders, ticket

pytestmark = needs_dictionaries


@pytest.fixture
def talk(desk: Desk) -> Conversation:
    shop = channel(desk.database)
    read(desk.database, shop, ticket())
    item = OrderItem("1", "SKU", "Chaleira Elétrika Turbo", 1, 100, 100, 10, "SHIPPED")
    bought = order(
        customer="Wanderleia Xavantini", items=(item,), tracking=Tracking(carrier="Zyxlog")
    )
    read_orders(desk.database, shop, bought)
    return conversation.load(desk, 1)


def wrong(language: str, text: str) -> list[str]:
    return [each.word for each in spelling.slips(language, text)]


@pytest.mark.parametrize(
    ("language", "text", "slips"),
    [
        ("pt_BR", "Olá, seu pedido está atrazado na tranportadora.", ["atrazado", "tranportadora"]),
        ("pt_BR", "Vamos enviá-lo amanhã; fazê-lo antes não dá, você nos avisa?", []),
        ("pt-BR", "Entre em contato conosco, o estorno será creditado.", []),
        ("it", "La spedizzione dell'ordine è in ritardo, un po’ di pazienza", ["spedizzione"]),
        ("it", "Il rimborso dell’importo è stato inviato, c'è altro?", []),
        ("en", "We have recieved your colour choice, don't worry", ["recieved", "colour"]),
        ("en-US", "Your refund was sent.", []),
    ],
)
def test_misspelled_words_are_found(language: str, text: str, slips: list[str]) -> None:
    assert wrong(language, text) == slips


@pytest.mark.parametrize(
    "text",
    [
        "58012345-A BR123456789BR 3,5kg 10h30",
        "www.rastreiox.com.br/abc https://exemplu.com fulano@exemplu.com",
        "{{tracking.carrier}} {{order.number}}",
        "NF CNPJ SKU XPTO",
    ],
)
def test_numbers_addresses_and_places_of_macros_are_no_words(text: str) -> None:
    assert wrong("pt_BR", text) == []


def test_what_may_be_meant_is_offered_the_likeliest_first() -> None:
    assert spelling.suggestions("pt_BR", "tranportadora")[0] == "transportadora"
    assert spelling.suggestions("it", "perchè") == ["perché"]
    assert len(spelling.suggestions("pt_BR", "nao", 3)) == 3


def test_names_around_the_ticket_are_right(desk: Desk, talk: Conversation) -> None:
    text = "Wanderleia, a Chaleira Elétrika saiu pela Zyxlog. Carrefour, marketplace, WhatsApp."
    assert proofreading.slips(desk, talk, text) == ("pt_BR", [])


def test_a_word_can_be_taught(desk: Desk, talk: Conversation) -> None:
    _language, (slip,) = proofreading.slips(desk, talk, "O produto Frobnix chegou")
    assert slip == (10, 17, "Frobnix")
    proofreading.learn(desk, slip.word)
    assert proofreading.slips(desk, talk, "O produto frobnix chegou")[1] == []
    (desk.home.settings / "words.txt").write_text("quuxar\n", encoding="utf-8")
    assert proofreading.slips(desk, talk, "Vamos quuxar")[1] == []


def test_own_words_that_cannot_be_read_are_one_sentence(desk: Desk, talk: Conversation) -> None:
    proofreading.own_file(desk).write_bytes(b"\xff\xfe\n")
    with pytest.raises(SettingsWrong, match="words-ana"):
        proofreading.slips(desk, talk, "Olá")


def test_a_text_in_another_language_is_checked_in_that_one(desk: Desk, talk: Conversation) -> None:
    text = "We have already sent your parcel, it will arive with the carrier tomorrow"
    language, slips = proofreading.slips(desk, talk, text)
    assert (language, [each.word for each in slips]) == ("en", ["arive"])


def test_dictionaries_come_back_after_they_were_let_go() -> None:
    assert wrong("it", "spedizzione") == ["spedizzione"]
    spelling.let_go()
    assert wrong("it", "spedizzione") == ["spedizzione"]


def test_a_language_without_a_dictionary_has_no_slips() -> None:
    assert not spelling.is_known("tlh")
    assert wrong("tlh", "nuqneH jatlh") == []
    assert spelling.suggestions("tlh", "nuqneH") == []


def test_a_server_without_the_library_checks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    spelling.let_go()
    monkeypatch.setitem(sys.modules, "enchant", None)
    assert wrong("pt_BR", "atrazado") == []
    monkeypatch.undo()
    spelling.let_go()
    assert wrong("pt_BR", "atrazado") == ["atrazado"]


@settings(max_examples=examples(200), deadline=None)
@given(st.text())
def test_a_slip_is_where_it_says(text: str) -> None:
    for each in spelling.slips("pt_BR", text):
        assert text[each.start : each.end] == each.word
