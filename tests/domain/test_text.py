"""Text from outside is shown as text, whatever is in it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkt_tui.domain.text import clean, clean_line, mask

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b]52;c;cm0gLXJm\x07", "␛]52;c;cm0gLXJm␇"),
        ("\x9b31mred", "‹9B›31mred"),
        ("a\x00b\x7fc", "a␀b␡c"),
        ("invoice\u202efdp.exe", "invoice‹RLO›fdp.exe"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("\ufeffbom\u200b", "bom"),
        ("[bold]x[/] {{name}}", "[bold]x[/] {{name}}"),
        ("ação 😀 e\u0301", "ação 😀 e\u0301"),
        ("lone \ud800 half", "lone � half"),
    ],
)
def test_controls_become_visible_marks(hostile: str, shown: str) -> None:
    assert clean(hostile) == shown


@given(st.text())
def test_nothing_a_terminal_obeys_survives(text: str) -> None:
    cleaned = clean(text)
    obeyed = {char for char in cleaned if unicodedata.category(char) in ("Cc", "Cs")} - {"\n", "\t"}
    assert not obeyed
    assert not set(cleaned) & set(BIDI)
    assert clean(cleaned) == cleaned
    cleaned.encode()


@given(st.text(), st.integers(1, 50))
def test_a_line_is_one_line_of_limited_length(text: str, limit: int) -> None:
    line = clean_line(text, limit)
    assert "\n" not in line
    assert "\t" not in line
    assert len(line) <= limit


def test_harmless_text_is_not_even_copied() -> None:
    text = "Olá, tudo bem?\nObrigada"
    assert clean(text) is text


@given(st.from_regex(r"[0-9]{11}", fullmatch=True))
def test_a_masked_number_keeps_its_first_two_digits_only(number: str) -> None:
    assert mask(number) == number[:2] + "•" * 9


def test_a_masked_name_keeps_its_initials() -> None:
    assert mask("Maria da Silva", 1) == "M•••• d• S••••"
