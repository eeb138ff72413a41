"""Amounts that marketplaces write as numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkt_tui.domain.money import to_minor


@given(
    st.floats(allow_nan=False, allow_infinity=False, width=64).filter(lambda each: abs(each) < 1e13)
    | st.integers(-(10**9), 10**9).map(lambda each: each / 1000),
    st.sampled_from(["BRL", "JPY", "TND"]),
)
def test_a_float_is_read_by_its_shortest_decimal_form(amount: float, currency: str) -> None:
    digits = {"BRL": 2, "JPY": 0, "TND": 3}[currency]
    exact = Decimal(str(amount)).scaleb(digits).to_integral_value()
    assert to_minor(amount, currency) == int(exact)


@pytest.mark.parametrize("amount", [129.9, "129.90", Decimal("129.9")])
def test_an_amount_may_be_written_in_any_way(amount: object) -> None:
    assert to_minor(amount, "BRL") == 12990  # type: ignore[arg-type]
