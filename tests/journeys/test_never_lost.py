"""J6 and J7: a link that drops, and two agents on one ticket; judged by what the shop holds."""

import getpass
import re
import signal
import sys
import time

import pytest

from tests.journeys.conftest import Place, command
from tests.journeys.terminal import Terminal, desk

# Three desks, one after another, on a machine that may be busy.
pytestmark = pytest.mark.timeout(300)
SIZES = [(80, 24), (200, 60)]
MAY_BE_LOST = 1.0
BEGUN = "Bom dia! Seu pedido foi separado hoje cedo e sai daqui amanha."
ANAS = "Ana ja respondeu: o pedido sai amanha."
BIAS = "Bia responde: sai na sexta."


def start(place: Place, size: tuple[int, int], login: str | None = None) -> Terminal:
    program = ("tests.journeys.colleague", login) if login else ("mkt_tui",)
    screen = desk(place.home, size, sys.executable, program=program)
    screen.wait_for("PRIORITY")
    return screen


def choose_carrefour(screen: Terminal, code: str) -> None:
    screen.press("m")
    screen.wait_for("All channels")
    screen.press("c")
    screen.wait_for(code)


def wait_for_operation(place: Place, state: str) -> None:
    place.wait_for("SELECT state FROM operation", state)


def link_drops_mid_sentence(place: Place, size: tuple[int, int], code: str) -> str:
    """Return what of the sentence must have survived."""
    with start(place, size) as screen:
        choose_carrefour(screen, code)
        screen.press("r")
        screen.wait_for("customer AND marketplace")
        instants = screen.type_one_by_one(BEGUN)
        killed = time.monotonic()
        screen.kill(signal.SIGKILL)
    return BEGUN[: sum(each <= killed - MAY_BE_LOST for each in instants)]


@pytest.mark.parametrize("size", SIZES)
def test_j6_the_link_drops_mid_sentence_and_later_mid_send(
    place: Place, size: tuple[int, int]
) -> None:
    shop = place.shops["Carrefour"]
    _ticket_id, code = place.first_ticket("Carrefour")
    safe = link_drops_mid_sentence(place, size, code)
    assert safe
    with start(place, size) as screen:
        screen.wait_for("1 draft is waiting: press d")
        screen.keys = 0
        screen.press("d")
        screen.wait_for("customer AND marketplace")
        assert screen.keys == 1
        kept = place.row("SELECT text FROM draft")
        assert kept
        assert kept[0].startswith(safe)
        assert BEGUN.startswith(kept[0])
        screen.wait_for(kept[0][:20])
        screen.type(BEGUN[len(kept[0]) :])
        screen.wait_for("amanha")
        # The marketplace takes the reply, and the link drops before it can say so.
        shop.be("reset-after-accept@write x1")
        screen.press("ctrl+d")
        screen.wait_for(r"y\s+=\s+yes")
        screen.press("y")
        wait_for_operation(place, "unknown")
        screen.hang_up()
    shop.be()
    place.wait_for("SELECT COUNT(*) FROM lease WHERE expires_at > :now", 0, now=place.now())
    command(place.home, "sync", "--once")
    with start(place, size) as screen:
        screen.wait_for("1 reply is in doubt: press u")
        screen.keys = 0
        screen.press("u")
        seen = screen.wait_for("Found in the thread")
        assert "Nobody knows whether this reply" in seen
        screen.press("enter")
        wait_for_operation(place, "sent")
        assert screen.keys <= 3
    command(place.home, "sync", "--once")
    assert shop.copies(code, BEGUN) == 1
    place.wait_for("SELECT COUNT(*) FROM message WHERE body = :words", 1, words=BEGUN)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("decision", ["drop", "edit"])
def test_j7_two_agents_on_one_ticket(place: Place, size: tuple[int, int], decision: str) -> None:
    shop = place.shops["Carrefour"]
    ticket_id, code = place.first_ticket("Carrefour")
    with start(place, size) as ana, start(place, size, "bia") as bia:
        choose_carrefour(ana, code)
        ana.press("r")
        ana.wait_for("customer AND marketplace")
        ana.type(ANAS)
        ana.wait_for("sai amanha")
        choose_carrefour(bia, code)
        bia.press("r")
        bia.wait_for(rf"{getpass.getuser()} is writing, \d+ s")
        bia.type(BIAS)
        bia.wait_for("sai na sexta")
        ana.press("ctrl+d")
        ana.wait_for(r"y\s+=\s+yes")
        ana.press("y")
        place.wait_for("SELECT delivery FROM ticket WHERE id = :id", "sent", id=ticket_id)
        bia.press("ctrl+d")
        bia.wait_for("Your reply is held")
        bia.wait_for(re.escape(ANAS))
        if decision == "drop":
            bia.press("x")
            bia.wait_for("Throw these words away")
            bia.press("y")
            bia.wait_for("SAC")
            place.wait_for("SELECT COUNT(*) FROM draft", 0)
        else:
            bia.press("e")
            bia.wait_for("Recipient")
            bia.type(" Desculpe!")
            bia.wait_for("Desculpe!")
            bia.press("ctrl+d")
            bia.wait_for(r"y\s+=\s+yes")
            bia.press("y")
            place.wait_for("SELECT COUNT(*) FROM operation WHERE state = 'sent'", 2)
        assert bia.keys <= 5 + 3
    assert shop.copies(code, ANAS) == 1
    assert shop.copies(code, f"{BIAS} Desculpe!") == (decision == "edit")
    assert shop.copies(code, BIAS) == 0
