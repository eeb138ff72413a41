"""Who has a ticket at its marketplace: told, kept, shown, found, and never taken for our owner."""

from dataclasses import replace

import pytest

from mkt_tui.adapters.cnova.tickets import read_ticket
from mkt_tui.cache import queries
from mkt_tui.desk import conversation, listing, sharing
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.queue import View
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.filters import parse
from mkt_tui.domain.tickets import Holder, Role, TicketSnapshot
from mkt_tui.screens import conversation_words, panels
from mkt_tui.screens.queue_columns import QueueCells
from tests.worlds import HOUR, channel, read, ticket

THEIRS = Holder(Role.OPERATOR, "Marketplace", "mktp")
OURS = Holder(Role.SHOP, "Lojista", "Loja")


@pytest.fixture
def bahia(desk: Desk) -> Channel:
    return channel(desk.database, "Casas Bahia", adapter="cnova")


def held(desk: Desk, where: Channel, told: Holder | None, **changes: object) -> Holder | None:
    """Let a snapshot of t1 come in and return who has it, as far as is known."""
    read(desk.database, where, ticket("t1", 3, holder=told, **changes))
    (row,) = queries.tickets_by_code(desk.database, "t1")
    return row.holder


def found(desk: Desk, words: str) -> list[str]:
    view = View(terms=parse(words, desk.channel_words()))
    pages = listing.pages(desk, view.filter(desk), None)
    return sorted(each.code for page in pages for each in page)


def test_null_wipes_nothing_and_another_side_has_other_people(desk: Desk, bahia: Channel) -> None:
    assert held(desk, bahia, None) is None
    assert held(desk, bahia, Holder(person="mktp")) == Holder(person="mktp")
    assert held(desk, bahia, replace(THEIRS, person=None)) == THEIRS
    assert held(desk, bahia, None) == THEIRS
    assert held(desk, bahia, Holder(person="mktp")) == THEIRS
    # Who had it for the marketplace does not have it for the shop.
    assert held(desk, bahia, Holder(Role.SHOP, "Lojista")) == Holder(Role.SHOP, "Lojista")
    assert held(desk, bahia, Holder(person="bia.portal")) == Holder(
        Role.SHOP, "Lojista", "bia.portal"
    )
    assert held(desk, bahia, Holder(person="mktp")) == Holder(person="mktp")


def test_an_overtaken_snapshot_does_not_hand_it_back(desk: Desk, bahia: Channel) -> None:
    assert held(desk, bahia, THEIRS) == THEIRS
    before = ticket("t1", 3).updated_at - HOUR
    assert held(desk, bahia, OURS, updated_at=before) == THEIRS


def test_it_is_shown_and_found_and_is_not_our_owner(desk: Desk, bahia: Channel) -> None:
    theirs, ours = ticket("t1", 3, holder=THEIRS), ticket("t2", 2, holder=OURS)
    odd = ticket("t4", 1, holder=Holder(None, "Triagem", "x9"))
    read(desk.database, bahia, theirs, ours, ticket("t3", 1), odd)
    assert found(desk, "holder:marketplace") == ["t1"]
    assert found(desk, "lá:lojista") == found(desk, "holder:shop") == ["t2"]
    assert found(desk, "holder:none") == ["t3"]
    assert found(desk, "-holder:none holder:Triagem,mktp") == ["t1", "t4"]
    assert found(desk, "user:mktp") == []
    assert found(desk, "unassigned") == ["t1", "t2", "t3", "t4"]
    (row,) = queries.tickets_by_code(desk.database, "t1")
    sharing.take(desk, [row.id])
    talk = conversation.load(desk, row.id)
    assert (talk.ticket.assignee, talk.ticket.holder) == ("ana", THEIRS)
    assert "there: Marketplace" in conversation_words.title(desk, talk).plain
    assert "with: Marketplace · mktp" in panels.tickets(desk, talk).plain


def test_scripts_and_a_column_of_the_queue_tell_it(desk: Desk, bahia: Channel) -> None:
    held(desk, bahia, THEIRS)
    read(desk.database, bahia, ticket("t2", 3))
    (page,) = listing.pages(desk, View().filter(desk))
    told = {each["code"]: each["held_by"] for each in listing.page_as_json(desk, page)}
    assert told == {
        "t1": {"side": "operator", "team": "Marketplace", "person": "mktp"},
        "t2": None,
    }
    cells = QueueCells(desk, desk.channels(), set())
    (column,) = (each for each in cells.columns() if each.name == "held_by")
    assert sorted(map(column.text, page)) == ["Marketplace", "—"]
    held(desk, bahia, OURS)
    (page,) = listing.pages(desk, View().filter(desk))
    assert sorted(map(column.text, page)) == ["Lojista", "—"]


def test_casas_bahia_tells_it() -> None:
    def told(assignee: object) -> TicketSnapshot:
        row = {"code": "1", "createdAt": "2026-03-09T12:00:00.000Z", "assignee": assignee}
        return read_ticket(row, [], {"mkt-tui"})

    assert told({"user": "mktp", "group": "MARKETPLACE"}).holder == replace(
        THEIRS, team="MARKETPLACE"
    )
    assert told({"user": "Loja", "group": "Lojista"}).holder == OURS
    assert told({"user": None, "group": "Triagem"}).holder == Holder(None, "Triagem")
    assert told({"user": None, "group": None}).holder is None
    assert told(None).holder is None
