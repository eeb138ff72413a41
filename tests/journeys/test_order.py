"""The order behind a ticket: opened with one key, printed, and back on the same row (J3, T9, T10)."""

import re
import sys

import pytest

from tests.journeys.conftest import Place
from tests.journeys.terminal import Terminal, desk

SIZES = [(80, 24), (200, 60)]
# The queue's title; other words of it stand in tickets as well.
QUEUE = "SAC › .*Tickets"


def order_of(place: Place, code: str) -> str:
    """The number of the order that a ticket is about."""
    found = place.row("SELECT order_number FROM ticket WHERE code = :code", code=code)
    assert found
    return str(found[0])


def third_ticket(place: Place) -> str:
    """The third row of the queue: the open tickets of all channels, the most overdue first."""
    found = place.row(
        "SELECT code FROM ticket WHERE state = 0 ORDER BY sort_at, id LIMIT 1 OFFSET 2"
    )
    assert found
    return str(found[0])


def sees_order(screen: Terminal, number: str) -> None:
    """Wait for the sheet, and see that nobody's data stands in it."""
    screen.wait_for(rf"Order {number}[\s\S]*personal data masked")


@pytest.mark.parametrize("size", SIZES)
def test_the_order_of_a_ticket_and_back_to_its_row(place: Place, size: tuple[int, int]) -> None:
    code = third_ticket(place)
    number = order_of(place, code)
    with desk(place.home, size, sys.executable) as screen:
        screen.wait_for("PRIORITY")
        screen.keys = 0
        screen.press("j", "j", "p")
        sees_order(screen, number)
        assert screen.keys == 3
        screen.press("escape")
        screen.wait_for(QUEUE)
        # The row is still the ticket's: from its thread the sheet is one key away as well.
        screen.press("enter")
        screen.wait_for(r"Esc Back  r Reply")
        screen.press("p")
        sees_order(screen, number)
        screen.press("G")
        screen.wait_for(re.escape(code[:20]))
        screen.press("escape")
        screen.wait_for(r"Esc Back  r Reply")
        screen.press("escape")
        screen.wait_for(QUEUE)
        screen.press("p")
        sees_order(screen, number)


@pytest.mark.parametrize("size", SIZES)
def test_an_order_of_the_list_and_back_to_its_row(place: Place, size: tuple[int, int]) -> None:
    found = place.row(
        "SELECT number FROM sales_order ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET 4"
    )
    assert found
    number = str(found[0])
    with desk(place.home, size, sys.executable) as screen:
        screen.wait_for("PRIORITY")
        screen.press("O")
        screen.wait_for("All orders, the newest first")
        screen.press("j", "j", "j", "j", "enter")
        sees_order(screen, number)
        screen.press("escape")
        screen.wait_for("All orders, the newest first")
        screen.press("p")
        sees_order(screen, number)
        screen.press("escape")
        screen.wait_for("All orders, the newest first")
        screen.press("/")
        screen.type(number)
        screen.wait_for(number)
        screen.press("enter")
        sees_order(screen, number)
