"""Macros: filled once, with what is known; the rest stays to be seen."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mkt_tui
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.macros import TYPED, VARIABLES, fill, language_of, macros, matching

CARREFOUR = Channel(1, "Carrefour", "mirakl", "BR", "", "", "America/Sao_Paulo")


def test_a_value_is_never_read_as_a_place() -> None:
    filled = fill("Olá {{customer.name}}", {"customer.name": "{{order.total}}", "order.total": "1"})
    assert filled.text == "Olá {{order.total}}"


@given(st.dictionaries(st.sampled_from(VARIABLES), st.text(max_size=12)), st.text(max_size=20))
def test_the_empty_places_are_where_they_are_told(values: dict[str, str], words: str) -> None:
    text = words.replace("{", "") + "".join(f"«{{{{{each}}}}}»" for each in VARIABLES)
    filled = fill(text, values)
    places = [filled.text[start:end] for start, end in filled.empty]
    assert places == [f"{{{{{each}}}}}" for each in VARIABLES if each not in values]


def test_the_package_has_macros_in_every_language() -> None:
    told = tomllib.loads((Path(mkt_tui.__file__).parent / "macros.toml").read_text("utf-8"))
    found = macros(told).values()
    assert {each.language for each in found} == {"en", "pt_BR", "it"}
    assert all(each.text == each.text.strip() for each in found)


def test_the_customers_language_comes_first() -> None:
    found = macros(
        {
            "atraso": {"language": "pt_BR", "text": "a"},
            "atr-en": {"language": "en", "text": "b"},
            "meu-atraso": {"language": "pt_BR", "text": "c"},
            "só-leroy": {"text": "d", "channels": "Leroy"},
        }
    ).values()
    names = [each.name for each in matching(found, CARREFOUR, "pt_BR", "ATR")]
    assert names == ["atraso", "meu-atraso", "atr-en"]
    assert "só-leroy" not in [each.name for each in matching(found, CARREFOUR, "pt_BR")]
    assert language_of(CARREFOUR, "en") == "pt_BR"


@pytest.mark.parametrize(
    ("line", "typed"),
    [("::atr", "atr"), ("Olá! ::", ""), ("a::b", None), ("::não-sei", "não-sei"), (":: x", None)],
)
def test_what_calls_the_chooser(line: str, typed: str | None) -> None:
    found = TYPED.search(line)
    assert (found.group(1) if found else None) == typed


@pytest.mark.parametrize(
    "told", [{"text": 3}, {"text": "{{order.colour}}"}, {"words": "x"}, "x", {"language": "it"}]
)
def test_a_macro_that_means_nothing_is_named(told: object) -> None:
    with pytest.raises(ValueError, match="mine"):
        macros({"mine": told})


def test_a_customers_own_language_goes_before_the_countrys() -> None:
    assert language_of(CARREFOUR, "en", "it_IT") == "it"
    assert language_of(CARREFOUR, "en", "PT-br") == "pt_BR"
    # None of ours: he reads the one of the country he bought in.
    assert language_of(CARREFOUR, "en", "fr_FR") == "pt_BR"
    assert language_of(CARREFOUR, "en", "") == "pt_BR"
