"""What is queued is carried out as it was: every kind of operation comes out as it went in."""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mkt_tui.cache import payloads
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.operations import OPERATIONS, Operation

INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
# A database keeps no half surrogates and no NUL, and no agent can type them.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
st.register_type_strategy(datetime, INSTANTS)
st.register_type_strategy(str, TEXTS)
st.register_type_strategy(int, st.integers(-(2**53), 2**53))


@st.composite
def any_operation(draw: st.DrawFn) -> Operation:
    return draw(st.from_type(OPERATIONS[draw(st.sampled_from(Kind))]))


@settings(deadline=None)  # the first example imports what the others use
@given(any_operation())
def test_every_operation_comes_out_as_it_went_in(operation: Operation) -> None:
    names = [each.name for each in fields(operation)]
    columns: dict[str, Any] = {
        name: getattr(operation, name) if name in names else None for name in payloads.COLUMNS
    }
    # As the database hands them back.
    columns["audience"] = columns["audience"] and str(columns["audience"].value)
    assert payloads.unpack(str(operation.kind), columns, payloads.pack(operation)) == operation


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("payload", ["", "{", "[]", '"x"'])
def test_a_damaged_row_is_told_and_not_guessed(kind: Kind, payload: str) -> None:
    with pytest.raises(ValueError):
        payloads.unpack(kind, dict.fromkeys(payloads.COLUMNS), payload)
