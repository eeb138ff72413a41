"""A table's rows are as wide as the table whatever is written in them, and its columns aligned."""

from typing import Final

import pyte
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mkt_tui.domain.text import even
from mkt_tui.widgets.columns import Column, Layout, share

Row = tuple[str, str, str]
CLUSTERS: Final = (
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001f1e7\U0001f1f7",
    "\u6f22\u5b57",
    "e\u0301",
    "\u2764\ufe0f",
    "\U0001f44d\U0001f3fd",
    "\U0001f468\U0001f3ff\u200d\U0001f9b1",
    "1\ufe0f\u20e3",
)
words = st.lists(st.text(max_size=12) | st.sampled_from(CLUSTERS), max_size=5).map("".join)


def columns() -> list[Column[Row]]:
    return [
        Column("Days", lambda row: row[0], 4, 6, 0, lead=True, right=True),
        Column("Name", lambda row: row[1], 6, 20, 1),
        Column("Subject", lambda row: row[2], 8, 40, 2, short=lambda row: row[0]),
    ]


@given(row=st.tuples(words, words, words), width=st.integers(1, 130))
def test_rows_of_any_text_are_as_wide_as_the_table(row: Row, width: int) -> None:
    layout = Layout(columns(), width)
    assert cell_len("".join(layout.texts(row))) == width
    assert cell_len(layout.titles("", "")) == width


@given(row=st.tuples(words, words, words), other=st.tuples(words, words, words))
def test_a_column_begins_at_the_same_cell_in_every_row(row: Row, other: Row) -> None:
    shown = share(columns(), 60)
    for each, cells in shown:
        assert cell_len(each.cell(row, cells)) == cell_len(each.cell(other, cells)) == cells


@given(row=st.tuples(*[st.lists(st.sampled_from((*CLUSTERS, "a", " "))).map("".join)] * 3))
def test_terminals_that_join_nothing_see_the_same_columns(row: Row) -> None:
    """Such as tmux 3.3, where a thumb with a skin tone takes four cells."""
    screen = pyte.Screen(200, 1)
    for sign in "".join(Layout(columns(), 60).texts(row)):
        # One by one: after some marks that take no cell it would skip what follows.
        pyte.Stream(screen).feed(sign)
    assert screen.cursor.x == 60


def test_a_flag_is_its_countrys_letters_and_words_stay_words() -> None:
    assert even("Olá \U0001f1e7\U0001f1f7 \U0001f44d\U0001f3fd") == "Olá BR \U0001f44d"
    assert even("João 山田") == "João 山田"
