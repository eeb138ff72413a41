"""Tickets that are about the same thing stand beside each other; none swallows another."""

import pytest

from mkt_tui.cache import queries
from mkt_tui.cache.queries import QueueFilter, QueueState
from mkt_tui.desk import conversation, linking
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.queue import View
from mkt_tui.domain.errors import NotAllowed, NotFound
from mkt_tui.domain.filters import parse
from tests.worlds import HOUR, NOW, channel, message, read, ticket


@pytest.fixture
def ids(desk: Desk) -> dict[str, int]:
    there, other = channel(desk.database), channel(desk.database, "Leroy Merlin")
    read(desk.database, there, ticket("A", 40), ticket("B", 30), ticket("D", 10))
    read(desk.database, other, ticket("C", 20), ticket("D", 5))
    found = queries.page(desk.database, QueueFilter(QueueState.ALL), None, 0, 9)
    return {f"{each.code}{each.channel_id}": each.id for each in found} | {
        each.code: each.id for each in found if each.code != "D"
    }


def beside(desk: Desk, ticket_id: int) -> str:
    return "".join(each.code for each in conversation.load(desk, ticket_id).linked)


def test_what_is_linked_comes_along(desk: Desk, ids: dict[str, int]) -> None:
    d = ids[f"D{desk.channel('Carrefour').id}"]
    assert all(each.done for each in linking.link(desk, [ids["A"], ids["B"]]))
    linking.link(desk, [ids["C"], d])
    linking.link(desk, [d, ids["B"]])
    assert [beside(desk, each) for each in (ids["A"], ids["B"])] == ["BDC", "ADC"]
    [first, again] = linking.unlink(desk, [ids["B"]]) + linking.unlink(desk, [ids["B"]])
    assert (first.done, again.done) == (True, False)
    assert "linked with no ticket" in again.told
    assert beside(desk, ids["A"]) == "DC"
    linking.unlink(desk, [ids["A"], d])
    assert beside(desk, ids["C"]) == "", "one alone is linked with nothing"


def test_a_customer_who_writes_on_one_is_seen_from_the_other(
    desk: Desk, ids: dict[str, int]
) -> None:
    linking.link(desk, [ids["A"], ids["C"]])
    there = desk.channel("Leroy Merlin")
    later = ticket("C", 1, updated_at=NOW - HOUR, messages=(message("m9", "E agora?", hours=1),))
    read(desk.database, there, later)
    [seen] = conversation.load(desk, ids["A"]).linked
    assert (seen.code, seen.state) == ("C", 0)
    assert desk.database.value("SELECT COUNT(*) FROM ticket") == 5, "none was merged away"


def test_linked_tickets_are_found_and_the_audit_knows_who_linked_them(
    desk: Desk, ids: dict[str, int]
) -> None:
    linking.link(desk, [ids["A"], ids["C"]])
    wanted = View(QueueState.ALL, terms=parse("has:link")).filter(desk)
    found = queries.page(desk.database, wanted, None, 0, 9)
    assert {each.code for each in found} == {"A", "C"}
    acts = desk.database.rows("SELECT act, ticket FROM audit ORDER BY id")
    assert [tuple(each) for each in acts] == [("ticket.linked", "A"), ("ticket.linked", "C")]


def test_a_code_says_which_ticket(desk: Desk, ids: dict[str, int]) -> None:
    assert linking.ticket_of(desk, " A ").id == ids["A"]
    with pytest.raises(NotFound):
        linking.ticket_of(desk, "Z")
    with pytest.raises(NotAllowed, match="several channels"):
        linking.ticket_of(desk, "D")
    with pytest.raises(NotAllowed, match="with itself"):
        linking.link(desk, [ids["A"], ids["A"]])
