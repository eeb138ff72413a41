"""The filter language: what it understands, what it says of a slip, what it could become."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkt_tui.domain import filters
from mkt_tui.domain.errors import FilterWrong
from mkt_tui.domain.filters import Field, Filter, Term, parse

CHANNELS = ("Carrefour", "Leroy Merlin", "B2W")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("carrefour late >2d subject:troca", "channel:carrefour is:late age>2d subject:troca"),
        ("-mine", "-is:mine"),
        ('channel:"Leroy Merlin",b2w', 'channel:"Leroy Merlin",b2w'),
        ('"late"', "text:late"),
        ("hello", "text:hello"),
        ("atrasado canal:b2w", "is:late channel:b2w"),
        ("due<4h due:today received>2026-03-01", "due<4h due:today received>2026-03-01"),
        ("age:>2d", "age>2d"),
        ("waiting:marketplace", "waiting:operator"),
        ("pedido:100-A", "number:100-A"),
        ("B2W", "channel:b2w"),
        ("pendente", "is:pending"),
        ("situação:pendenti", "is:pending"),
        ("atrasados scaduti falhou", "is:late is:late is:failed"),
        (
            "data:hoje scadenza:domani recebido:ontem",
            "registered:today due:tomorrow received:yesterday",
        ),
        (">2dias idade>36horas <1settimana", "age>2d age>36h age<1w"),
        ("days>2", "age>2d"),
        (
            "nf:123 cnpj:12.345.678/0001-95 rastreio:A1",
            "number:123 number:12.345.678/0001-95 number:A1",
        ),
        ("status:entregue andamento:shipped", "status:delivered status:shipped"),
        ("produto:chaleira nota:reembolso", "item:chaleira note:reembolso"),
        ("until<2h house<1d criado>2026-03-01", "until<2h house<1d created>2026-03-01"),
        ("", ""),
    ],
)
def test_a_line_is_understood(text: str, canonical: str) -> None:
    assert str(parse(text, CHANNELS)) == canonical


@pytest.mark.parametrize(
    ("text", "word", "told"),
    [
        ("late foo:bar", "foo:bar", "no such field"),
        ("late is:wrong mine", "is:wrong", "no such value"),
        ("late >2x", ">2x", "no time"),
        ("due:2026-02-31", "due:2026-02-31", "no time"),
        ("subject>2d", "subject>2d", "only times"),
        ("subject:", "subject:", "value is missing"),
        ("a -", "-", "value is missing"),
        ("x" * 2000, "x", "too long"),
    ],
)
def test_a_slip_is_pointed_at(text: str, word: str, told: str) -> None:
    with pytest.raises(FilterWrong, match=told) as caught:
        parse(text, CHANNELS)
    assert text[caught.value.start : caught.value.end].startswith(word)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("subjet:x", "subject"), ("assumto:x", "subject"), ("cutomer:x", "customer")],
)
def test_a_misspelled_field_is_told_from_the_others(text: str, meant: str) -> None:
    with pytest.raises(FilterWrong, match=f"possible: {meant}"):
        parse(text, CHANNELS)


@given(st.text(max_size=60))
def test_no_line_breaks_it_and_what_it_writes_it_reads(text: str) -> None:
    found = Filter()
    with suppress(FilterWrong):
        found = parse(text, CHANNELS)
    assert parse(str(found), CHANNELS) == found


texts = st.text(min_size=1, max_size=12).filter(str.strip)
terms = st.builds(
    Term,
    st.sampled_from([Field.SUBJECT, Field.CUSTOMER, Field.TEXT, Field.NUMBER, Field.USER]),
    st.lists(texts, min_size=1, max_size=3).map(tuple),
    st.just(":"),
    st.booleans(),
)


@given(st.lists(terms, max_size=4).map(tuple))
def test_every_filter_survives_being_written(made: tuple[Term, ...]) -> None:
    assert parse(str(Filter(made)), CHANNELS) == Filter(made)


@pytest.mark.parametrize(
    ("text", "could_be"),
    [
        ("lat", "late"),
        ("late -sub", "late -subject:"),
        ("carr", "Carrefour"),
        ("late -ler", 'late -channel:"Leroy Merlin"'),
        ("is:ans", "is:answered"),
        ("channel:ler", 'channel:"Leroy Merlin"'),
        ("user:m", "user:me"),
        ("is:late,mi", "is:late,mine"),
        ("is:prio", "is:priority"),
        ("user:bi", "user:bia"),
        ("from:", "from:none"),
        ("reason:", "reason:exchange"),
        ("kind:medi", "kind:mediation"),
        ("has:men", "has:mention"),
        ("registered:yes", "registered:yesterday"),
        ("change", "changed:"),
        ("ag", "age>"),
        ("status:deli", "status:delivered"),
        ("late -no", "late -note:"),
    ],
)
def test_a_word_is_completed(text: str, could_be: str) -> None:
    assert could_be in filters.complete(text, CHANNELS, ["ana", "bia"])


def test_what_is_to_come_back_is_looked_for_among_the_answered_ones() -> None:
    assert parse("has:reminder").tells_state
    assert parse("until<2h").tells_state
    assert not parse("has:note").tells_state


@pytest.mark.parametrize("field", Field)
def test_every_field_is_completed_from_its_beginning_and_most_tell_their_values(
    field: Field,
) -> None:
    assert f"{field}{'>' if field is Field.AGE else ':'}" in filters.complete(field[:3])
    told = filters.complete(f"{field}:", CHANNELS)
    for line in told:
        assert str(parse(line, CHANNELS)) == line
    free = {
        Field.SUBJECT, Field.CUSTOMER, Field.TEXT, Field.NUMBER, Field.AGE, Field.ITEM, Field.NOTE,
    }  # fmt: skip
    assert bool(told) == (field not in free)


@given(st.text(max_size=40))
def test_completion_keeps_what_is_there(text: str) -> None:
    assert all(each.startswith(text[:-20]) for each in filters.complete(text, CHANNELS))
