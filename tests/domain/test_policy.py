"""What a marketplace takes no message with: found in every form, and nothing else."""

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import mkt_tui
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.policy.contacts import Matter, find
from mkt_tui.domain.policy.plain import plain
from mkt_tui.domain.policy.rules import Policy, breaches, policies
from mkt_tui.domain.tickets import Audience

FIGURES = tomllib.loads((Path(mkt_tui.__file__).parent / "policies.toml").read_text("utf-8"))
AMAZON = Channel(1, "Amazon BR", "amazon", "BR", "", "", "America/Sao_Paulo")
TODAY = date(2026, 3, 10)


def stopped(channel: Channel, text: str, to: Audience = Audience.CUSTOMER) -> list[tuple[str, str]]:
    holding = [each for each in policies(FIGURES, {}) if each.holds(channel, to, TODAY)]
    found = breaches(holding, text, channel.country)
    return [(each.matter, text[each.start : each.end]) for each in found if each.stops]


@pytest.mark.parametrize(
    ("text", "matter", "part"),
    [
        ("Escreva para loja@casa.com.br, por favor", Matter.MAIL, "loja@casa.com.br"),
        ("loja arroba casa ponto com ponto br", Matter.MAIL, "loja arroba casa ponto com ponto br"),
        (
            "scriva a negozio chiocciola casa punto it",
            Matter.MAIL,
            "negozio chiocciola casa punto it",
        ),
        ("write to shop [at] house (dot) com", Matter.MAIL, "shop [at] house (dot) com"),
        ("Ligue (11) 98765-4321 hoje", Matter.PHONE, "(11) 98765-4321"),
        ("Ligue 11987654321", Matter.PHONE, "11987654321"),
        ("meu zap 9 8765-4321", Matter.PHONE, "9 8765-4321"),
        ("1 1 9 8 7 6 5 4 3 2 1", Matter.PHONE, "1 1 9 8 7 6 5 4 3 2 1"),
        (
            "um um nove oito sete meia cinco quatro três dois um",
            Matter.PHONE,
            "um um nove oito sete meia cinco quatro três dois um",
        ),
        ("me chama: nove nove 8765-4321", Matter.PHONE, "nove nove 8765-4321"),
        ("três três três uno 234567 grazie", Matter.PHONE, "três três três uno 234567"),
        ("nove, nove, oito, sete 6543.", Matter.PHONE, "nove, nove, oito, sete 6543"),
        ("１１９８７６５４３２１", Matter.PHONE, "１１９８７６５４３２１"),
        ("chiami +39 333 123 4567", Matter.PHONE, "+39 333 123 4567"),
        ("veja www.casa.com.br/oferta.", Matter.LINK, "www.casa.com.br/oferta"),
        ("https://bit.ly/abc!", Matter.LINK, "https://bit.ly/abc"),
        ("compre em casa.com.br", Matter.LINK, "casa.com.br"),
        ("loja @ casa . com", Matter.MAIL, "loja @ casa . com"),
        ("l o j a @ g m a i l . c o m", Matter.MAIL, "l o j a @ g m a i l . c o m"),
        ("loj\u0430@casa.com.br", Matter.MAIL, "loj\u0430@casa.com.br"),
        ("Ligue 11_98765_4321", Matter.PHONE, "11_98765_4321"),
        ("11*98765*4321", Matter.PHONE, "11*98765*4321"),
        ("me chama no zap 987654321", Matter.PHONE, "987654321"),
        ("tel 02 12345678", Matter.PHONE, "02 12345678"),
        ("compre em casa.xyz", Matter.LINK, "casa.xyz"),
        ("wa.me/5511987654321", Matter.LINK, "wa.me/5511987654321"),
    ],
)
def test_contact_data_are_found_where_they_are(text: str, matter: Matter, part: str) -> None:
    assert stopped(AMAZON, text) == [(matter, part)]


@pytest.mark.parametrize(
    "text",
    [
        "Seu pedido 11987654321 chega amanhã",
        "Pedido nº 701-1234567-1234567, nota fiscal 1132654321",
        "Código de rastreio AA123456789BR, NF-e 35260312345678000195550010000012341000012345",
        "O valor é R$ 1.234,56 e chega em 12/10/2026 às 14:30",
        "Entregue no ponto de retirada. Obrigado! Qualquer coisa, estamos aqui.",
        "Two to three days; one or two of five.",
        "Peso: 3 kg, 20 x 30 x 40 cm, EAN 7891234567895",
        "Olá.eu vou ver isso",
        "Obrigado . Com certeza chega hoje",
        "Ligue para a loja com o pedido 12345678 na mão",
        "Ligue para nós com o CPF 529.982.247-25",
        "a b c d e f g h i",
        "Peça_1_2 e tamanho 10*20",
        "Troque por um 12345678, não por dois 87654321",
        "Em um ou dois 12 dias; um, dois, 123 itens",
    ],
)
def test_what_agents_write_all_day_is_no_contact(text: str) -> None:
    assert stopped(AMAZON, text) == []


def test_the_marketplace_itself_may_be_told_everything() -> None:
    assert stopped(AMAZON, "loja@casa.com.br", Audience.OPERATOR) == []


def test_the_tracking_of_a_parcel_may_be_linked_at_casas_bahia() -> None:
    casas_bahia = replace(AMAZON, name="Casas Bahia", adapter="cnova")
    assert stopped(casas_bahia, "https://rastreamento.correios.com.br/app/index.php") == []
    assert stopped(casas_bahia, "https://loja.com.br/correios.com.br")[0][0] == Matter.LINK


@pytest.mark.parametrize(
    "text", ["Escreva para loja@casa.com.br", "CPF 529.982.247-25", "Faça um Pix"]
)
def test_magalu_stops_what_its_moderation_would(text: str) -> None:
    magalu = replace(AMAZON, name="Magalu", adapter="magalu")
    assert len(stopped(magalu, text)) == 1
    assert stopped(magalu, "Um CPF 123.456.789-00 que não existe, e uma pixel art") == []


def test_350_characters_at_mercado_livre_and_the_span_is_what_is_over() -> None:
    shop = replace(AMAZON, name="ML", adapter="mercadolivre")
    assert stopped(shop, "a" * 350 + "  \n") == []
    assert stopped(shop, "a" * 350 + "bc") == [("longest", "bc")]
    assert stopped(shop, "tudo bem 😀") == [("encoding", "😀")]


def test_a_place_that_was_not_filled_stops_on_every_channel() -> None:
    assert stopped(replace(AMAZON, adapter="x"), "Código {{tracking.code}}.") == [
        ("variable", "{{tracking.code}}")
    ]


def test_the_shop_has_the_last_word_and_rules_have_dates() -> None:
    own = {
        "amazon": {"off": True},
        "christmas": {"words": ["natal"], "valid_from": date(2026, 12, 1), "warns": True},
    }
    found = {each.name: each for each in policies(FIGURES, own)}
    assert "amazon" not in found
    assert not found["christmas"].holds(AMAZON, Audience.BOTH, TODAY)
    assert found["christmas"].holds(AMAZON, Audience.BOTH, date(2026, 12, 24))
    assert not breaches([found["christmas"]], "Feliz Natal")[0].stops


@pytest.mark.parametrize(
    "rule",
    [
        {"forbid": ["link"]},
        {"forbids": ["smoke"]},
        {"to": "all"},
        {"longest": "x"},
        {"encoding": "?"},
        3,
    ],
)
def test_a_rule_that_means_nothing_is_named(rule: object) -> None:
    with pytest.raises(ValueError, match="mine"):
        policies({}, {"mine": rule})


PIECES = st.sampled_from(
    [
        "arroba",
        " (at) ",
        " ponto ",
        "com",
        "@",
        ".",
        "1",
        "9 8",
        "nove ",
        "\u200b",
        "１",
        "ﬁ",
        "\n",
        "https://",
        "{{",
        "}}",
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=30).map("".join)


@given(TEXTS)
@example("a@b.com\u200b")
def test_every_span_is_inside_the_text(text: str) -> None:
    everything = Policy(
        "all", "", forbids=tuple(Matter), words=("com",), longest=9, encoding="ascii"
    )
    for each in breaches([everything], text, "BR"):
        assert 0 <= each.start < each.end <= len(text)
    read = plain(text)
    assert len(read.text) == len(read.places)
    assert all(0 <= start < end <= len(text) for start, end in read.places)


@given(
    st.sampled_from(
        ["Pedido {}", "order no {}", "ordine n. {}", "rastreio: {}", "NF {}", "protocolo {}."]
    ),
    st.from_regex(
        r"[0-9]{8,14}|[0-9]{3}-[0-9]{7}-[0-9]{7}|[A-Z]{2}[0-9]{9}[A-Z]{2}", fullmatch=True
    ),
    st.sampled_from(["BR", "IT", "US"]),
)
def test_numbers_of_orders_and_parcels_are_no_telephones(
    words: str, number: str, country: str
) -> None:
    assert find(words.format(number), [Matter.PHONE], country) == []


@given(st.from_regex(r"[1-9][0-9]9[0-9]{8}", fullmatch=True))
def test_the_orders_own_number_is_never_a_telephone(number: str) -> None:
    assert find(f"Sobre {number}, tudo certo", [Matter.PHONE], "BR", {number}) == []
