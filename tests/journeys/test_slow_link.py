"""J1 over a link that takes 300 ms each way, typed without waiting for the screen; few or no colours."""

import sys
from pathlib import Path

import pytest

from tests.journeys import relay
from tests.journeys.conftest import Place
from tests.journeys.terminal import NO_COLOUR, SIXTEEN, Terminal
from tests.journeys.test_reply import WORDS, ours, recipients, wait_until_sent

DELAY = "0.3"


def desk_behind(place: Place, size: tuple[int, int], environment: dict[str, str]) -> Terminal:
    desk = [sys.executable, "-m", "mkt_tui", "--home", str(place.home), "--lang", "en"]
    link = [sys.executable, str(Path(relay.__file__)), DELAY]
    return Terminal([*link, *desk], size, environment)


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
    (message,) = ours(place.shops["Carrefour"], code)
    assert recipients(message) == {"CUSTOMER", "OPERATOR"}
    place.wait_for("SELECT COUNT(*) FROM operation", 1)
