"""J1 over a link that takes 300 ms each way, typed without waiting for the screen; few or no colours."""

import re
import sys
from pathlib import Path

import pytest

from tests.journeys import relay
from tests.journeys.conftest import Place
from tests.journeys.terminal import Terminal
from tests.journeys.test_reply import WORDS, ours, recipients, wait_until_sent

DELAY = "0.3"
SIXTEEN = {"TERM": "xterm", "COLORTERM": ""}
NO_COLOUR = {"TERM": "xterm-256color", "COLORTERM": "", "NO_COLOR": "1"}


def desk_behind(place: Place, size: tuple[int, int], environment: dict[str, str]) -> Terminal:
    desk = [sys.executable, "-m", "mkt_tui", "--home", str(place.home), "--lang", "en"]
    link = [sys.executable, str(Path(relay.__file__)), DELAY]
    return Terminal([*link, *desk], size, environment)


def colours(raw: bytes) -> set[bytes]:
    """Return the colours of 256 or more that the terminal was sent."""
    return set(re.findall(rb"[34]8;(?:5;\d+|2;\d+;\d+;\d+)", raw))


def is_grey(colour: bytes) -> bool:
    kind, *parts = colour.split(b";")[1:]
    if kind == b"2":
        return len(set(parts)) == 1
    # Of the cube of 256 colours: the greys, and the corners and steps that are none.
    return int(parts[0]) >= 232 or parts[0] in (b"16", b"59", b"102", b"145", b"188", b"231")


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
@pytest.mark.parametrize("environment", [SIXTEEN, NO_COLOUR], ids=["16", "none"])
def test_j1_over_a_slow_link(
    place: Place, size: tuple[int, int], environment: dict[str, str]
) -> None:
    ticket_id, code = place.first_ticket("Carrefour")
    with desk_behind(place, size, environment) as screen:
        # What is late is told by sign and word, whatever becomes of the colours.
        assert ">>" in screen.wait_for("PRIORITY")
        # No letter may act as a key, and no other ticket may be answered.
        screen.type("mcr" + WORDS + "\x04")
        asked = screen.wait_for(r"y\s+=\s+yes")
        assert "customer AND marketplace" in asked
        assert "Carrefour" in asked
        screen.type("y")
        screen.wait_for("SAC")
        wait_until_sent(place, ticket_id)
        if environment is SIXTEEN:
            assert not colours(screen.raw)
        else:
            assert not [each for each in colours(screen.raw) if not is_grey(each)]
    (message,) = ours(place.shops["Carrefour"], code)
    assert recipients(message) == {"CUSTOMER", "OPERATOR"}
    place.wait_for("SELECT COUNT(*) FROM operation", 1)
