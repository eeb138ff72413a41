"""J1, J2 and J4: real keys on a real terminal, judged by what the marketplace holds."""

import signal
import sys

import httpx
import pytest

from tests.journeys.conftest import Place, Shop, command
from tests.journeys.terminal import Terminal, desk

SIZES = [(80, 24), (200, 60)]
WORDS = "Bom dia! Seu pedido chega amanha."


def open_desk(place: Place, size: tuple[int, int]) -> Terminal:
    return desk(place.home, size, sys.executable)


def ours(shop: Shop, code: str) -> list[dict[str, object]]:
    """What the shop wrote into the thread in this test."""
    messages = shop.thread(code)["messages"]
    return [each for each in messages if each["body"] == WORDS]


def recipients(message: dict[str, object]) -> set[str]:
    to = message["to"]
    assert isinstance(to, list)
    return {each["type"] for each in to}


def wait_until_sent(place: Place, ticket_id: int) -> None:
    place.wait_for("SELECT delivery FROM ticket WHERE id = :id", "sent", id=ticket_id)


def wait_for_draft(place: Place) -> None:
    place.wait_for("SELECT text FROM draft", WORDS)


@pytest.mark.parametrize("size", SIZES)
def test_j1_answer_the_oldest_overdue_carrefour_ticket(place: Place, size: tuple[int, int]) -> None:
    ticket_id, code = place.first_ticket("Carrefour")
    with open_desk(place, size) as screen:
        screen.wait_for("PRIORITY")
        screen.press("m")
        screen.wait_for("All channels")
        screen.press("c")
        screen.wait_for(code)
        screen.press("r")
        screen.wait_for("customer AND marketplace")
        assert "Order tracking" in screen.text
        screen.type(WORDS)
        screen.wait_for("chega amanha")
        screen.press("ctrl+d")
        asked = screen.wait_for(r"y\s+=\s+yes")
        assert "Carrefour" in asked
        screen.press("y")
        screen.wait_for(r"SAC")
        wait_until_sent(place, ticket_id)
        assert screen.keys <= 5
        after = screen.wait_for(place.first_ticket("Carrefour")[1])
        assert code not in after
    (message,) = ours(place.shops["Carrefour"], code)
    assert recipients(message) == {"CUSTOMER", "OPERATOR"}


def test_j1_with_the_mouse_and_words_only(place: Place) -> None:
    ticket_id, code = place.first_ticket("Leroy Merlin")
    with open_desk(place, (80, 24)) as screen:
        screen.wait_for(r"Leroy Merlin \d")
        screen.click("Leroy Merlin")
        screen.wait_for(code)
        screen.click("r Reply")
        screen.wait_for("customer AND marketplace")
        screen.type(WORDS)
        screen.wait_for("chega amanha")
        screen.click("^D Send")
        screen.wait_for(r"y\s+=\s+yes")
        screen.click("y Yes, send")
        screen.wait_for(r"SAC")
        wait_until_sent(place, ticket_id)
        assert screen.keys == 0
    assert len(ours(place.shops["Leroy Merlin"], code)) == 1


@pytest.mark.parametrize("size", SIZES)
def test_j4_tell_only_the_marketplace(place: Place, size: tuple[int, int]) -> None:
    ticket_id, code = place.first_ticket("Leroy Merlin")
    with open_desk(place, size) as screen:
        screen.wait_for("PRIORITY")
        screen.press("m")
        screen.wait_for("All channels")
        screen.press("l")
        screen.wait_for(code)
        screen.keys = 0
        screen.press("r")
        screen.wait_for("customer AND marketplace")
        screen.type(WORDS)
        screen.press("tab")
        screen.wait_for("marketplace only")
        screen.press("ctrl+d")
        screen.wait_for("Send to +marketplace only")
        screen.press("y")
        screen.wait_for("SAC")
        assert screen.keys <= 5
        wait_until_sent(place, ticket_id)
    (message,) = ours(place.shops["Leroy Merlin"], code)
    assert recipients(message) == {"OPERATOR"}


@pytest.mark.parametrize("size", SIZES)
def test_j2_the_morning_sweep_shares_out_what_is_late(place: Place, size: tuple[int, int]) -> None:
    command(place.home, "agent", "add", "bianca")
    with open_desk(place, size) as screen:
        screen.wait_for(r"Carrefour \d+ \(\d+ late\)")
        screen.press("1")
        screen.wait_for(r"\[late\]")
        screen.press(" ", " ", " ")
        screen.wait_for("3 marked")
        assert "Pending" not in screen.text
        screen.press("f")
        screen.wait_for("bianca")
        screen.type("bi")
        screen.press("enter")
        assert screen.keys <= 8
        screen.wait_for("3 tickets, each: forwarded to bianca")
        screen.press("home")
        screen.wait_for("bianca, from ")
    place.wait_for("SELECT COUNT(*) FROM handover WHERE after = 'bianca'", 3)
    place.wait_for("SELECT COUNT(*) FROM audit WHERE act = 'ticket.forwarded'", 3)


@pytest.mark.parametrize("end", ["hang up", "SIGTERM", "SIGKILL"])
def test_words_survive_the_end_of_the_desk(place: Place, end: str) -> None:
    with open_desk(place, (80, 24)) as screen:
        screen.wait_for("PRIORITY")
        screen.press("r")
        screen.wait_for("customer AND marketplace")
        screen.type(WORDS)
        screen.wait_for("chega amanha")
        if end == "SIGKILL":
            # Nothing can be saved any more, so the second that is allowed to be lost must pass.
            wait_for_draft(place)
            screen.kill(signal.SIGKILL)
        elif end == "SIGTERM":
            screen.kill(signal.SIGTERM)
            assert screen.wait_for_end() == 0
        else:
            screen.hang_up()
    wait_for_draft(place)
    with open_desk(place, (80, 24)) as screen:
        screen.wait_for("1 draft is waiting")
        screen.press("d")
        screen.wait_for("chega amanha")


def test_hostile_words_reach_the_terminal_only_as_marks(place: Place) -> None:
    """The one place where a server's text meets the terminal: no byte of it may be obeyed."""
    _ticket_id, code = place.first_ticket("Carrefour")
    shop = place.shops["Carrefour"]
    hostile = "\x1b]52;c;aGFja2Vk\x07 \x9b31m [/b] [@click=app.quit]x[/] \u202egnp"
    base = shop.base_url.rsplit("/", 1)
    httpx.post(
        f"{base[0]}/control/{base[1]}/customer-message",
        json={"thread_id": code, "body": hostile},
        timeout=20,
    ).raise_for_status()
    command(place.home, "sync", "--once")
    with open_desk(place, (120, 40)) as screen:
        screen.wait_for("PRIORITY")
        screen.press("m")
        screen.wait_for("All channels")
        screen.press("c")
        screen.wait_for(code)
        screen.press("enter")
        screen.wait_for(r"␛\]52;c;aGFja2Vk␇ ‹9B›31m")
        screen.wait_for(r"\[@click=app.quit\]x\[/\] ‹RLO›gnp")
        assert b"]52;c;aGFja2Vk\x07" not in screen.raw
        assert b"\xc2\x9b" not in screen.raw
        assert "\u202e".encode() not in screen.raw
