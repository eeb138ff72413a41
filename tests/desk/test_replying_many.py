"""One text to several tickets: each gets its own words, and what stands against one stops no other."""

from dataclasses import replace

import pytest

from mkt_tui.cache import drafts, queries
from mkt_tui.cache.drafts import Draft
from mkt_tui.cache.queries import QueueRow
from mkt_tui.desk import claiming, conversation, presence, replying_many
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.replying_many import Part, Sent
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.tickets import Audience, Role
from tests.worlds import NOW, channel, message, order, read, read_orders, ticket

TEXT = "Olá, {{customer.first_name}}! O pedido {{order.number}} sai amanhã."


@pytest.fixture
def several(desk: Desk) -> Desk:
    """Four tickets of two channels and one of a portal; ana and bia work here."""
    for name in ("ana", "bia"):
        presence.come(replace(desk, agent=name))
    shop, other = channel(desk.database), channel(desk.database, "Leroy Merlin")
    portal = channel(desk.database, "B2W", adapter="portal")
    read(desk.database, shop, ticket("t1", 9), ticket("t2", 8, order_number="200-B"))
    read(desk.database, shop, ticket("t3", 7, order_number=None))
    read(desk.database, other, ticket("t4", 6, participants=(Role.OPERATOR,)))
    read(desk.database, portal, ticket("t5", 5))
    read_orders(desk.database, shop, order(), order("200-B", customer="João Sá"))
    return desk


def row(desk: Desk, code: str) -> QueueRow:
    (found,) = queries.tickets_by_code(desk.database, code)
    return found


def planned(
    desk: Desk, *codes: str, text: str = TEXT, audience: Audience = Audience.BOTH
) -> list[Part]:
    return replying_many.plan(desk, talks(desk, *codes), text, audience)


def talks(desk: Desk, *codes: str) -> list[Conversation]:
    return [conversation.load(desk, row(desk, each).id) for each in codes]


def waiting(desk: Desk) -> list[tuple[str, str]]:
    """What waits in the outbox: ticket and words."""
    return [
        (code, text)
        for code, text in desk.database.rows(
            "SELECT ticket.code, operation.text FROM operation JOIN ticket"
            " ON ticket.id = operation.ticket_id WHERE operation.state = 'queued' ORDER BY 1"
        )
    ]


def sent(desk: Desk, *codes: str, **words: str) -> Sent:
    return replying_many.send(desk, planned(desk, *codes, **words))  # type: ignore[arg-type]


def test_each_ticket_gets_its_own_words(several: Desk) -> None:
    done = sent(several, "t1", "t2")
    assert waiting(several) == [
        ("t1", "Olá, Maria! O pedido 100-A sai amanhã."),
        ("t2", "Olá, João! O pedido 200-B sai amanhã."),
    ]
    assert all(each.done for each in done.results)
    assert [row(several, each).state for each in ("t1", "t2")] == [1, 1]
    told = several.database.rows("SELECT ticket FROM audit WHERE act = 'reply.queued' ORDER BY id")
    assert told == [("t1",), ("t2",)]


def test_a_look_before_sends_nothing_and_tells_what_stands_against_it(several: Desk) -> None:
    claiming.take(replace(several, agent="bia"), row(several, "t1").id)
    drafts.save(several.database, row(several, "t2").id, "ana", Draft("?", Audience.BOTH), NOW)
    found = {
        each.talk.ticket.code: each.refused
        for each in planned(several, "t1", "t2", "t3", "t4", "t5")
    }
    assert waiting(several) == []
    assert "bia is writing on it" in found["t1"]
    assert "You have begun a reply" in found["t2"]
    assert "nothing known for {{order.number}}" in found["t3"]
    assert "takes no message to: customer AND marketplace" in found["t4"]
    assert "own portal" in found["t5"]


def test_what_is_refused_stops_no_other_and_is_told_ticket_by_ticket(several: Desk) -> None:
    done = sent(several, "t3", "t1")
    assert [(each.code, each.done) for each in done.results] == [("t3", False), ("t1", True)]
    assert [code for code, _text in waiting(several)] == ["t1"]
    assert row(several, "t3").state == 0


def test_a_customer_who_writes_meanwhile_holds_the_reply_to_that_ticket(several: Desk) -> None:
    parts = planned(several, "t1", "t2")
    news = ticket("t1", 9, messages=(message("t1-m1", hours=9), message("t1-m2", "Cancele!", 0)))
    read(several.database, several.channels()[1], news)
    done = replying_many.send(several, parts)
    assert [each.done for each in done.results] == [False, True]
    assert "Somebody wrote" in done.results[0].told


def test_a_value_with_places_in_it_is_never_filled(several: Desk) -> None:
    hostile = ticket("t6", 4, customer="{{agent}} {{order.number}}", order_number=None)
    read(several.database, several.channels()[1], hostile)
    (part,) = planned(several, "t6", text="{{customer.name}}!")
    assert part.draft.text == "{{agent}} {{order.number}}!"
    assert part.refused


def test_all_of_it_is_taken_back_and_leaves_no_draft(several: Desk) -> None:
    done = sent(several, "t1", "t2")
    assert replying_many.take_back(several, done) == done.tickets
    assert waiting(several) == []
    assert several.database.rows("SELECT * FROM draft") == []
    assert [row(several, each).state for each in ("t1", "t2")] == [0, 0]
    assert replying_many.take_back(several, done) == frozenset()


def test_recipients_are_those_that_most_tickets_take(several: Desk) -> None:
    taken = replying_many.audiences(talks(several, "t1", "t4", "t5"))
    assert taken == [Audience.OPERATOR, Audience.BOTH, Audience.CUSTOMER]
    with pytest.raises(NotAllowed, match="None of them"):
        replying_many.audiences(talks(several, "t5"))
    with pytest.raises(NotAllowed, match="More than"):
        replying_many.see_that_they_are_few(range(replying_many.MOST + 1))
