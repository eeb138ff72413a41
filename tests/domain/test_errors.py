"""Errors say what happened and what to do, in the reader's language, and survive the cache."""

from hypothesis import given
from hypothesis import strategies as st

from mkt_tui.domain import errors
from mkt_tui.domain.errors import UserError


def every_class(base: type[UserError] = UserError) -> list[type[UserError]]:
    return [base, *(each for child in base.__subclasses__() for each in every_class(child))]


@given(
    st.sampled_from(every_class()),
    st.dictionaries(st.sampled_from(["channel", "detail", "x"]), st.text()),
)
def test_an_error_comes_back_from_the_cache_as_it_was(
    kind: type[UserError], parameters: dict[str, str]
) -> None:
    error = kind(**parameters)
    again = UserError.from_json(error.to_json())
    assert type(again) is kind
    assert str(again) == str(error)


def test_a_servers_words_cannot_repaint_the_screen() -> None:
    error = errors.Refused(channel="Carrefour", status=400, detail="\x1b[2Jno {x} [/b]")
    assert str(error) == "Carrefour refused it (HTTP 400): ␛[2Jno {x} [/b]"


def test_a_word_nobody_gave_shows_as_a_dash() -> None:
    assert "HTTP -" in str(errors.AccessRefused(channel="Carrefour", secret="env:KEY"))
