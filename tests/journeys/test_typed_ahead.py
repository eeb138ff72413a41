"""Keys that come in one burst, as a slow link delivers them: each acts after the one before it."""

from tests.journeys.conftest import Place
from tests.journeys.test_reply import WORDS, open_desk, ours, wait_until_sent


def test_a_whole_reply_may_be_typed_ahead(place: Place) -> None:
    """No letter of the words may act as a key, and no other ticket may be answered."""
    ticket_id, code = place.first_ticket("Carrefour")
    with open_desk(place, (80, 24)) as screen:
        screen.wait_for("PRIORITY")
        screen.type("mcr" + WORDS + "\x04y")
        wait_until_sent(place, ticket_id)
        place.wait_for("SELECT COUNT(*) FROM operation", 1)
    assert len(ours(place.shops["Carrefour"], code)) == 1
