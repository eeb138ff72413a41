"""The rules of a publisher's desk: what is wrong, which ISBN, when a correction has come through."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkt_tui.domain.errors import FilterWrong
from mkt_tui.domain.publishing import (
    Defect,
    ShopDelivery,
    ShopState,
    defect_of,
    is_settled,
    isbn13,
)
from mkt_tui.domain.title_filters import TitleFilter, complete, parse

THEN = datetime(2026, 3, 1, tzinfo=UTC)
SHOPS = ("Kobo", "Apple Books", "Storytel")
states = st.sampled_from(list(ShopState))
there = st.dictionaries(st.sampled_from(SHOPS), st.tuples(states, st.integers(0, 3)))


@pytest.mark.parametrize(
    ("kind", "words", "defect"),
    [
        ("toc", "", Defect.TOC),
        ("file_error", "EPUB recusado pela loja: RSC-012", Defect.TOC),
        ("file_error", "EPUB recusado pela loja: RSC-007", Defect.TECHNICAL),
        ("", "Fontes criptografadas", Defect.TECHNICAL),
        ("", "Refusi segnalati dai lettori", Defect.TYPO),
        ("Erro de digitação", "Capítulo 3", Defect.TYPO),
        ("", "A capa é pequena", Defect.COVER),
        ("novo", "Outra coisa", Defect.OTHER),
    ],
)
def test_a_portals_words_name_the_defect(kind: str, words: str, defect: Defect) -> None:
    assert defect_of(kind, words) is defect


def test_an_isbn_is_what_its_check_digit_says() -> None:
    assert isbn13("978-65-000-0000-9") == "9786500000009"
    assert isbn13("85-359-0277-5") == "9788535902778", "an ISBN-10 is made one"
    assert isbn13("9786500000008") is None
    assert isbn13("") is None


@given(st.sampled_from(SHOPS), there, there)
def test_a_ticket_ends_when_all_that_moved_and_its_own_shop_have_accepted(
    shop: str, before: dict[str, tuple[ShopState, int]], now: dict[str, tuple[ShopState, int]]
) -> None:
    """P12, told another way: no shop that moved is left, and the ticket's own is among them."""
    known = {name: (state, THEN + timedelta(hours=at)) for name, (state, at) in before.items()}
    deliveries = [
        ShopDelivery(name, state, None, THEN + timedelta(hours=at))
        for name, (state, at) in now.items()
    ]
    moved = {
        name: state
        for name, (state, at) in now.items()
        if before.get(name) != (state, at) and state is not ShopState.WITHDRAWN
    }
    expected = moved.get(shop) is ShopState.ACCEPTED and set(moved.values()) == {ShopState.ACCEPTED}
    assert is_settled(shop, deliveries, known) is expected


def test_a_filter_is_words_that_all_hold() -> None:
    """P8: title, ISBN, shop, kind, state, date; combinable; in three languages."""
    assert parse('shop:"Apple Books" kind:toc,typo state:open since:2026-03-01 presale farol') == (
        TitleFilter(
            words=("farol",),
            shop="apple books",
            defects=(Defect.TOC, Defect.TYPO),
            states=("open",),
            since=date(2026, 3, 1),
            presale=True,
        )
    )
    assert parse("loja:kobo tipo:sumário estado:aberto pré-venda") == parse(
        "negozio:kobo tipo:sommario stato:aperto prevendita"
    )
    assert parse("978-65-000-0000-9").isbn == "9786500000009"
    assert parse("978650").isbn == "978650"
    assert parse("1984").words == ("1984",)
    assert complete("kobo pre") == ["kobo presale"]
    assert "kind:toc" in complete("kind:t")
    for wrong in ("colour:red", "kind:red", "since:soon", "state:"):
        with pytest.raises(FilterWrong):
            parse(wrong)


@given(st.text(max_size=80))
def test_any_line_is_a_filter_or_says_why_not(line: str) -> None:
    try:
        parse(line)
    except FilterWrong as error:
        assert str(error)  # noqa: PT017 - either way will do
