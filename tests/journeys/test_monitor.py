"""J9: an order that may become late; the cause, a note, and a message to its customer."""

import sys

import pytest

from tests.journeys.conftest import Place
from tests.journeys.terminal import desk

SIZES = [(80, 24), (200, 60)]
NOTE = "falta a nota fiscal"


def soon_late(place: Place) -> tuple[str, str]:
    """Let the order of one ticket be due in six hours, before all others; return its ticket too."""
    found = place.row(
        "SELECT sales_order.number, ticket.code, sales_order.id FROM sales_order JOIN ticket"
        " ON ticket.channel_id = sales_order.channel_id AND order_number = number"
        " WHERE participants LIKE '%customer%' AND approved_at IS NOT NULL"
        " AND sales_order.status NOT IN ('cancelled', 'refused')"
        " ORDER BY sales_order.id LIMIT 1"
    )
    assert found
    place.change(
        "UPDATE sales_order SET shipped_at = NULL, delivered_at = NULL, open_until = :ever,"
        " watched = 'ship', ship_by = :due WHERE id = :id",
        ever=2**62,
        due=place.now() + 30 * 60 * 1000,
        id=found[2],
    )
    return found[0], found[1]


@pytest.mark.parametrize("size", SIZES)
def test_j9_an_order_that_may_become_late(place: Place, size: tuple[int, int]) -> None:
    number, code = soon_late(place)
    with desk(place.home, size, sys.executable) as screen:
        screen.wait_for("PRIORITY")
        screen.keys = 0
        screen.press("o")
        screen.wait_for(r"4 To invoice or ship: may become")
        screen.press("4")
        screen.wait_for(rf"!! +\+\d+min {number}")
        screen.press("w")
        screen.wait_for("2  Picking")
        screen.press("2")
        screen.wait_for(rf"{number} .*Picking")
        screen.press("n")
        screen.wait_for("Enter keeps it")
        screen.type(NOTE)
        screen.wait_for(NOTE)
        screen.press("enter")
        screen.wait_for(rf"Picking.*{NOTE}")
        screen.press("t")
        screen.wait_for(r"mensagem\.")
        screen.press("ctrl+d")
        asked = screen.wait_for(r"y\s+=\s+yes")
        assert number in asked
        screen.press("y")
        screen.wait_for("Order monitor")
        assert screen.keys <= 9
        place.wait_for("SELECT delivery FROM ticket WHERE code = :code", "sent", code=code)
    shop = next(each for each in place.shops.values() if holds(each.base_url, place, code))
    last = shop.thread(code)["messages"][-1]
    assert f"Seu pedido {number}" in last["body"]
    assert {each["type"] for each in last["to"]} == {"CUSTOMER"}
    kept = place.row("SELECT cause, note FROM order_care WHERE number = :number", number=number)
    assert kept == ("dispatch", NOTE)


def holds(base_url: str, place: Place, code: str) -> bool:
    """Tell whether the channel at that address is the ticket's."""
    found = place.row(
        "SELECT base_url FROM channel JOIN ticket ON ticket.channel_id = channel.id"
        " WHERE code = :code",
        code=code,
    )
    return found == (base_url,)
