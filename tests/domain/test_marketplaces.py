"""A marketplace is known under every name it has or had (T49)."""

import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import mkt_tui
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.marketplaces import Marketplaces, table_of

PACKAGED = tomllib.loads(
    (Path(mkt_tui.__file__).parent / "marketplaces.toml").read_text(encoding="utf-8")
)


@pytest.fixture
def known() -> Marketplaces:
    return table_of(PACKAGED, {})


def shop(name: str, number: int = 1, **options: str) -> Channel:
    return Channel(number, name, "mirakl", "BR", "https://x", "", "UTC", options=options)


@pytest.mark.parametrize(
    ("name", "id_", "adapter"),
    [
        ("ZOOM", "buscape", "buscape"),
        ("Buscapé", "buscape", "buscape"),
        ("Marabraz", "marabraz", "bridge"),
        ("Carrefour", "carrefour", "mirakl"),
        ("Leroy Merlin", "leroy-merlin", "mirakl"),
        ("Ricardo Eletro", "ricardo-eletro", "bridge"),
        ("CNOVA", "casas-bahia", "cnova"),
        ("Via Varejo", "casas-bahia", "cnova"),
        ("B2W", "americanas", "americanas"),
        ("Magazine Luiza", "magalu", "magalu"),
        ("Magalu", "magalu", "magalu"),
        ("ManoMano", "manomano", "mailbox"),
        ("Amazon", "amazon", "amazon"),
        ("Sito Amazon", "amazon", "amazon"),
    ],
)
def test_every_name_of_the_seeds_leads_to_an_adapter(
    known: Marketplaces, name: str, id_: str, adapter: str
) -> None:
    found = known.find(name)
    assert found is not None
    assert (found.id, found.adapter) == (id_, adapter)
    assert adapter in {each.name for each in entry_points(group="mkt_tui.adapters")}


@pytest.mark.parametrize("name", ["viavarejo", "VIA  VAREJO", "Via Varejo SP", "casas-bahia"])
def test_blanks_case_and_what_follows_do_not_matter(known: Marketplaces, name: str) -> None:
    found = known.find(name)
    assert found is not None
    assert found.name == "Casas Bahia"


@pytest.mark.parametrize("name", ["", "Viagem", "Casas", "Zoomania", "…"])
def test_what_only_looks_alike_is_not_meant(known: Marketplaces, name: str) -> None:
    assert known.find(name) is None


def test_the_address_follows_the_country(known: Marketplaces) -> None:
    amazon, carrefour = known.find("amazon"), known.find("carrefour")
    assert amazon is not None
    assert carrefour is not None
    assert "-na." in amazon.address("BR")
    assert "-eu." in amazon.address("IT")
    assert carrefour.address("BR") == ""


def test_no_two_marketplaces_share_a_name(known: Marketplaces) -> None:
    names = [name for each in known for name in each.called]
    assert len(names) == len(set(names))


def test_an_owner_changes_by_data_alone() -> None:
    own = {"ricardo-eletro": {"name": "Nova Loja", "aliases": ["Ricardo Eletro"]}}
    changed = table_of(PACKAGED, own)
    found = changed.of_channel(shop("Ricardo Eletro"))
    assert found is not None
    assert (found.name, found.adapter) == ("Nova Loja", "bridge")


def test_a_channel_says_whose_shop_it_is(known: Marketplaces) -> None:
    found = known.of_channel(shop("Loja 7", marketplace="casas-bahia"))
    assert found is not None
    assert found.name == "Casas Bahia"


def test_several_channels_of_one_marketplace(known: Marketplaces) -> None:
    meant = known.aliases([shop("Amazon IT", 1), shop("Amazon ES", 2), shop("CNOVA", 3)])
    assert meant["amazon"] == {1, 2}
    assert meant["casasbahia"] == meant["viavarejo"] == {3}


@pytest.mark.parametrize(
    "own", [{"x": {"nmae": "X"}}, {"x": {"aliases": [1]}}, {"x": {"address": "a\x1bb"}}]
)
def test_what_means_nothing_is_told(own: dict[str, dict[str, object]]) -> None:
    with pytest.raises(ValueError, match="x"):
        table_of({}, own)
