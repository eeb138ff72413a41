"""J3: a customer on the phone gives some number."""

import sys

import pytest

from tests.journeys.conftest import Place
from tests.journeys.terminal import desk

SIZES = [(80, 24), (200, 60)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("what", ["number", "site_number"])
def test_j3_any_number_opens_the_order(place: Place, size: tuple[int, int], what: str) -> None:
    found = place.row(
        f"SELECT {what}, number FROM sales_order WHERE {what} <> '' AND EXISTS (SELECT 1 FROM"
        " ticket WHERE order_number = number) ORDER BY id LIMIT 1"
    )
    if found is None:
        pytest.skip(f"the practice world tells no {what}")
    with desk(place.home, size, sys.executable) as screen:
        screen.wait_for("PRIORITY")
        screen.press("/")
        screen.wait_for("Type or paste")
        screen.type(found[0])
        screen.press("enter")
        screen.wait_for("Order tracking")
        assert found[1] in screen.text
        assert screen.keys == 2


def test_j3_with_the_keys_faster_than_the_screen(place: Place) -> None:
    _ticket_id, code = place.first_ticket("Carrefour")
    with desk(place.home, (80, 24), sys.executable) as screen:
        screen.wait_for("PRIORITY")
        screen.type(f"/{code}\r")
        screen.wait_for("Order tracking|Thread|customer")
