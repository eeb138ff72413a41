"""Folding is blind to case and accents, and stable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkt_tui.domain import words


@pytest.mark.parametrize(
    ("text", "folded"),
    [("JOÃO", "joao"), ("Ünïcode", "unicode"), ("Straße", "strasse"), ("ﬁ", "fi"), ("Ω", "ω")],
)
def test_case_and_accents_do_not_count(text: str, folded: str) -> None:
    assert words.fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert words.fold(words.fold(text)) == words.fold(text)


@given(st.text())
def test_words_are_made_of_letters_and_digits_only(text: str) -> None:
    for each in words.words(text):
        assert each.isalnum()
        assert 1 <= len(each) <= words.LONGEST


@given(st.text())
def test_all_letters_and_digits_of_a_folded_text_are_in_its_words(text: str) -> None:
    runs = "".join(each if each.isalnum() else " " for each in words.fold(text)).split()
    assert {each[: words.LONGEST] for each in runs} <= set(words.words(text))


@given(st.text(st.characters(codec="ascii")))
def test_a_number_is_its_letters_and_digits(text: str) -> None:
    kept = "".join(each for each in text.lower() if each.isalnum())
    assert words.number(text) == kept[: words.LONGEST]


def test_a_number_in_groups_is_found_by_its_groups_and_whole() -> None:
    assert words.words("CPF 529.982.247-25.") == [
        "cpf",
        "529",
        "982",
        "247",
        "25",
        "52998224725",
    ]


def test_hyphens_between_letters_join_nothing() -> None:
    assert words.words("guarda-roupa") == ["guarda", "roupa"]


def test_numbers_are_taken_from_every_section_and_a_zip_code_is_none() -> None:
    sections = [
        {"document": "529.982.247-25", "address": {"zip_code": "01310-100", "phone": "+55 11 9"}},
        {"carrier": "Correios", "number": "BR-1"},
    ]
    found = words.of_order(["100-A", None], "Ana Sá", sections, [{"title": "Açaí", "sku": "S/1"}])
    assert found == {
        "#100a", "#52998224725", "#55119", "#br1", "#s1", "ana", "@ana", "sa", "@sa", "acai",
    }  # fmt: skip
