"""Subjects that are codes of a marketplace are read as words."""

import pytest

from mkt_tui import i18n
from mkt_tui.domain.reasons import subject


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "delivery: not received"),
        ("pt_BR", "entrega: não recebido"),
        ("it", "consegna: non ricevuto"),
    ],
)
def test_codes_are_words(language: str, told: str) -> None:
    i18n.set_language(language)
    assert subject("shipping: not_received") == told


@pytest.mark.parametrize("text", ["Onde está?", "shipping: other", "pedido: not_received", ""])
def test_all_else_stays_as_it_is(text: str) -> None:
    assert subject(text) == text
