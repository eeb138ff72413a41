"""Sharing work: who has a ticket, who had it, what is put off, what colleagues tell each other."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mkt_tui.cache import drafts, handing, marking, queries
from mkt_tui.cache.drafts import Draft
from mkt_tui.cache.queries import QueueFilter, QueueRow, QueueState
from mkt_tui.desk import conversation, history, noting, presence, replying, sharing, snoozing
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.overview import look
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed, NotFound
from mkt_tui.domain.tickets import Audience
from mkt_tui.i18n import set_language
from tests.conftest import Clock
from tests.worlds import HOUR, NOW, channel, message, order, read, read_orders, ticket


@pytest.fixture
def shop(desk: Desk) -> Channel:
    """Ana, Bia and Rui work here; four tickets wait, the first the longest."""
    for name in ("ana", "bia", "rui"):
        presence.come(replace(desk, agent=name))
    made = channel(desk.database)
    read(desk.database, made, *(ticket(f"t{n}", 10 - n) for n in range(1, 5)))
    return made


def row(desk: Desk, code: str) -> QueueRow:
    (found,) = queries.tickets_by_code(desk.database, code)
    return found


def ids(desk: Desk, *codes: str) -> list[int]:
    return [row(desk, each).id for each in codes]


def acts(desk: Desk) -> list[tuple[str, str, str | None, str | None]]:
    return desk.database.rows("SELECT agent, act, ticket, detail FROM audit ORDER BY id")


@pytest.mark.usefixtures("shop")
def test_a_forwarded_ticket_shows_its_owner_and_its_giver(desk: Desk) -> None:
    to = presence.chosen(desk, "bi")
    (result,) = sharing.forward(desk, ids(desk, "t1"), to, "knows kettles")
    assert result.done
    assert result.told == "forwarded to bia"
    assert (row(desk, "t1").assignee, row(desk, "t1").received_from) == ("bia", "ana")
    bia = replace(desk, agent="bia")
    sharing.forward(bia, ids(desk, "t1"), presence.chosen(desk, "rui"))
    links = handing.chain(desk.database, row(desk, "t1").id)
    assert [(each.agent, each.before, each.after, each.note) for each in links] == [
        ("ana", None, "bia", "knows kettles"),
        ("bia", "bia", "rui", None),
    ]
    assert acts(desk) == [
        ("ana", "ticket.forwarded", "t1", "to=bia"),
        ("bia", "ticket.forwarded", "t1", "to=rui"),
    ]


@pytest.mark.usefixtures("shop")
def test_among_several_each_ticket_goes_to_whom_has_least(desk: Desk) -> None:
    sharing.forward(desk, ids(desk, "t1"), presence.chosen(desk, "bia"))
    results = sharing.forward(desk, ids(desk, "t2", "t3", "t4"), presence.chosen(desk, "bia, rui"))
    assert [each.told for each in results] == [
        "forwarded to rui",
        "forwarded to bia",
        "forwarded to rui",
    ]


@pytest.mark.usefixtures("shop")
def test_what_cannot_be_done_is_told_ticket_by_ticket(desk: Desk) -> None:
    sharing.forward(desk, ids(desk, "t2"), presence.chosen(desk, "bia"))
    results = sharing.forward(desk, [*ids(desk, "t1", "t2"), 999], presence.chosen(desk, "bia"))
    assert [each.done for each in results] == [True, False, False]
    assert "bia has it already" in results[1].told
    assert "gone" in results[2].told


@pytest.mark.usefixtures("shop")
def test_nobody_is_forwarded_to_who_is_unknown_or_away(desk: Desk) -> None:
    with pytest.raises(NotFound, match="ana, bia, rui"):
        presence.chosen(desk, "zé")
    presence.set_away(replace(desk, agent="bia"), away=True)
    with pytest.raises(NotAllowed, match="bia is away"):
        presence.chosen(desk, "rui bia")
    with pytest.raises(NotAllowed):
        presence.chosen(desk, " , ")
    presence.set_away(desk, away=False, name="bia")
    assert [each.name for each in presence.chosen(desk, "rui bia")] == ["rui", "bia"]


@pytest.mark.usefixtures("shop")
def test_a_colleague_can_be_named_before_the_first_desk(desk: Desk) -> None:
    presence.add(desk, "leo")
    assert presence.chosen(desk, "leo")
    for name in ("leo", "", "two words", "\x1b[2J"):
        with pytest.raises(NotAllowed):
            presence.add(desk, name)


@pytest.mark.usefixtures("shop")
def test_forwarding_and_closing_drop_nobodys_draft(desk: Desk) -> None:
    (ticket_id,) = ids(desk, "t1")
    drafts.save(desk.database, ticket_id, "ana", Draft("Bom dia", Audience.BOTH, 0), NOW)
    sharing.forward(desk, [ticket_id], presence.chosen(desk, "bia"))
    snoozing.no_reply(desk, [ticket_id])
    sharing.reopen(desk, [ticket_id])
    snoozing.snooze(desk, [ticket_id], NOW + HOUR)
    found = drafts.find(desk.database, ticket_id, "ana")
    assert found
    assert found.text == "Bom dia"


@pytest.mark.usefixtures("shop")
def test_taking_and_letting_go(desk: Desk) -> None:
    sharing.forward(desk, ids(desk, "t1"), presence.chosen(desk, "bia"))
    sharing.take(desk, ids(desk, "t1"))
    assert (row(desk, "t1").assignee, row(desk, "t1").received_from) == ("ana", None)
    assert not sharing.take(desk, ids(desk, "t1"))[0].done
    sharing.let_go(desk, ids(desk, "t1"))
    assert row(desk, "t1").assignee is None
    assert not sharing.let_go(desk, ids(desk, "t1"))[0].done


@pytest.mark.usefixtures("shop")
def test_dealing_out_goes_by_load_to_who_is_there(desk: Desk, clock: Clock) -> None:
    sharing.forward(desk, ids(desk, "t1"), presence.chosen(desk, "ana"))
    presence.set_away(desk, away=True, name="rui")
    given = sharing.deal(desk)
    assert [given[each] for each in ids(desk, "t2", "t3", "t4")] == ["bia", "ana", "bia"]
    assert sharing.deal(desk) == {}
    clock.go(hours=1)
    with pytest.raises(NotAllowed, match="No agent is present"):
        sharing.deal(desk)


@pytest.mark.usefixtures("shop")
def test_who_has_enough_is_dealt_no_more(desk: Desk) -> None:
    settings = replace(desk.settings, deal_at_most=1)
    assert len(sharing.deal(replace(desk, settings=settings))) == 3
    presence.leave(desk)
    assert not next(each for each in presence.everybody(desk) if each.name == "ana").present


def test_no_reply_needed_holds_until_the_customer_writes_again(desk: Desk, shop: Channel) -> None:
    assert snoozing.no_reply(desk, ids(desk, "t1"))[0].done
    assert not snoozing.no_reply(desk, ids(desk, "t1"))[0].done
    read(desk.database, shop, ticket("t1", 9))
    assert row(desk, "t1").state == 1
    read(desk.database, shop, ticket("t1", 0))
    assert row(desk, "t1").state == 0
    assert [each[1] for each in acts(desk)] == ["ticket.no_reply"]


@pytest.mark.usefixtures("shop")
def test_putting_off_is_capped_before_the_deadline(desk: Desk) -> None:
    (t4,) = ids(desk, "t4")  # due in 18 hours
    (plain,) = snoozing.snooze(desk, [t4], NOW + 2 * HOUR)
    assert plain.told.startswith("put off until")
    assert "only" not in plain.told
    (capped,) = snoozing.snooze(desk, [t4], NOW + 40 * HOUR)
    assert "its deadline is near" in capped.told
    held = row(desk, "t4")
    assert held.due_at is not None
    assert held.due_at - held.sort_at == 4 * 3_600_000
    assert [each.code for each in queries.page(
        desk.database, QueueFilter(QueueState.SNOOZED), None, 0, 9
    )] == ["t4"]  # fmt: skip
    assert snoozing.wake(desk, [t4])[0].done
    assert not snoozing.wake(desk, [t4])[0].done


def test_what_is_due_soon_is_not_put_off(desk: Desk, shop: Channel) -> None:
    read(desk.database, shop, ticket("hot", 21), ticket("late", 30), ticket("done", None))
    results = snoozing.snooze(desk, ids(desk, "hot", "late", "done"), NOW + HOUR)
    assert [each.done for each in results] == [False, False, False]
    assert "too near" in results[0].told
    assert "answered" in results[2].told


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        # It is 12:00 in São Paulo.
        ("45m", "2026-03-10T15:45"),
        ("2h", "2026-03-10T17:00"),
        ("3 d", "2026-03-13T15:00"),
        ("14:30", "2026-03-10T17:30"),
        ("9:00", "2026-03-11T12:00"),
        ("2026-03-12", "2026-03-12T11:00"),
        ("2026-03-12 14:30", "2026-03-12T17:30"),
    ],
)
def test_times_as_people_write_them(desk: Desk, words: str, expected: str) -> None:
    assert snoozing.until(desk, words) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("speaks", "words", "expected"),
    [
        ("pt_BR", "12/03", "2026-03-12T11:00"),
        ("it", "12/3/26 14:30", "2026-03-12T17:30"),
        ("en", "3/12/2026 9:00", "2026-03-12T12:00"),
        # The next one there is.
        ("pt_BR", "09/03", "2027-03-09T11:00"),
        ("it", "3g", "2026-03-13T15:00"),
        ("en", "2h30", "2026-03-10T17:30"),
    ],
)
def test_days_are_written_as_the_desk_shows_them(
    desk: Desk, speaks: str, words: str, expected: str
) -> None:
    set_language(speaks)
    assert snoozing.until(desk, words) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "words", ["", "soon", "31/02", "13/13", "25:00", "2026-03-09", "999999d", "-2h", "0m"]
)
def test_what_is_no_time_is_refused(desk: Desk, words: str) -> None:
    with pytest.raises(NotAllowed):
        snoozing.until(desk, words)


def test_morning_and_monday_are_the_desks(desk: Desk) -> None:
    assert snoozing.tomorrow(desk) == datetime(2026, 3, 11, 11, tzinfo=UTC)
    assert snoozing.to_monday(desk) == 6


@pytest.mark.usefixtures("shop")
def test_a_note_tells_whom_it_names_until_seen(desk: Desk) -> None:
    (ticket_id,) = ids(desk, "t1")
    assert noting.add(desk, ticket_id, "@Bia, see the photo. x@y.com @rui.") == ["bia", "rui"]
    bia = replace(desk, agent="bia")
    assert look(bia).mentioned == {ticket_id}
    assert look(desk).mentioned == frozenset()
    mine = QueueFilter(QueueState.ALL, mentioned="bia")
    assert queries.count(desk.database, mine) == 1
    noting.see(bia, ticket_id)
    assert look(bia).mentioned == frozenset()
    (note,) = conversation.load(desk, ticket_id).notes
    assert (note.agent, note.text) == ("ana", "@Bia, see the photo. x@y.com @rui.")


@pytest.mark.usefixtures("shop")
def test_a_note_stops_no_clock_and_leaves_the_house_by_no_way(desk: Desk) -> None:
    (ticket_id,) = ids(desk, "t1")
    before = row(desk, "t1")
    noting.add(desk, ticket_id, "between us")
    assert row(desk, "t1") == before
    assert desk.database.value("SELECT COUNT(*) FROM operation") == 0
    assert desk.database.value("SELECT COUNT(*) FROM message WHERE body LIKE '%between%'") == 0
    assert "between" not in str(acts(desk))


@pytest.mark.usefixtures("shop")
def test_a_note_that_names_nobody_known_is_not_kept(desk: Desk) -> None:
    (ticket_id,) = ids(desk, "t1")
    for words, error in (("  ", NotAllowed), ("@zoe look", NotFound)):
        with pytest.raises(error):
            noting.add(desk, ticket_id, words)
    assert conversation.load(desk, ticket_id).notes == ()


@pytest.mark.usefixtures("shop")
def test_the_history_of_a_ticket_is_whole_and_in_order(desk: Desk, clock: Clock) -> None:
    (ticket_id,) = ids(desk, "t1")
    sharing.forward(desk, [ticket_id], presence.chosen(desk, "bia"), "yours")
    clock.go(minutes=1)
    snoozing.snooze(replace(desk, agent="bia"), [ticket_id], clock.now + HOUR)
    clock.go(minutes=1)
    noting.add(desk, ticket_id, "done soon")
    told = [(each.agent, each.act) for each in history.of_ticket(desk, row(desk, "t1"))]
    assert told == [
        ("ana", "forwarded"),
        ("ana", "word with it"),
        ("bia", "put off"),
        ("ana", "note written"),
    ]


def test_the_customers_other_tickets_are_found_on_all_channels(desk: Desk, shop: Channel) -> None:
    leroy = channel(desk.database, "Leroy Merlin")
    read(desk.database, leroy, ticket("l1", 3), ticket("l2", 3, customer="Rita Lima"))
    read_orders(desk.database, shop, order())
    found = {each.code for each in history.of_customer(desk, row(desk, "t1"))}
    assert found == {"t2", "t3", "t4", "l1"}
    nameless = row(desk, "t1")._replace(customer=None)
    assert history.of_customer(desk, nameless) == []


def test_tickets_of_one_document_are_found_under_every_name(desk: Desk, shop: Channel) -> None:
    leroy = channel(desk.database, "Leroy Merlin")
    read(desk.database, leroy, ticket("l1", 3, customer="Outra Pessoa", order_number="900-L"))
    read(desk.database, leroy, ticket("l2", 3, customer="Rita Lima", order_number="901-L"))
    mine = replace(order().personal, document="529.982.247-25")
    read_orders(desk.database, shop, order(personal=mine))
    read_orders(desk.database, leroy, order("900-L", personal=mine))
    others = replace(mine, document="11.222.333/0001-81")
    read_orders(desk.database, leroy, order("901-L", personal=others))
    seen = row(desk, "t1")
    bought = conversation.order_of(desk, seen)
    assert "l1" in {each.code for each in history.of_document(desk, bought, seen)}
    assert "l2" not in {each.code for each in history.of_document(desk, bought, seen)}
    assert history.of_document(desk, None, seen) == []


def test_amazon_must_be_told_too_that_a_mail_needs_no_reply(desk: Desk) -> None:
    read(desk.database, channel(desk.database, "Amazon", adapter="amazon"), ticket("a1"))
    read(desk.database, channel(desk.database), ticket("c1"))
    amazon, carrefour = (
        queries.tickets_by_code(desk.database, each)[0].id for each in ("a1", "c1")
    )
    told = [each.told for each in snoozing.no_reply(desk, [amazon, carrefour])]
    assert "Seller Central" in told[0]
    assert told[1] == "needs no reply"


@pytest.mark.usefixtures("shop")
def test_a_ticket_that_needs_no_reply_comes_back_when_its_agent_wanted(
    desk: Desk, clock: Clock
) -> None:
    (result,) = snoozing.no_reply(desk, ids(desk, "t4"), NOW + HOUR)
    assert result.done
    assert "comes back" in result.told
    assert conversation.load(desk, *ids(desk, "t4")).reminder == NOW + HOUR
    marking.remind(desk.database, NOW + HOUR / 2)
    assert row(desk, "t4").state == 1
    marking.remind(desk.database, NOW + HOUR)
    assert row(desk, "t4").state == 0
    assert conversation.load(desk, *ids(desk, "t4")).reminder is None
    clock.now += HOUR
    marking.remind(desk.database, clock.now)
    assert row(desk, "t4").state == 0


def test_a_reminder_never_passes_the_deadline_and_one_too_near_is_said(desk: Desk) -> None:
    made = channel(desk.database)
    near = ticket("near", 1, due_at=NOW + 30 * HOUR)
    read(desk.database, made, near, ticket("late", 1, due_at=NOW + HOUR / 2))
    urgent = desk.settings.rules.urgent
    (capped,) = snoozing.no_reply(desk, ids(desk, "near"), NOW + 100 * HOUR)
    assert "already" in capped.told
    back = conversation.load(desk, *ids(desk, "near")).reminder
    assert back == NOW + 30 * HOUR - urgent
    (refused,) = snoozing.no_reply(desk, ids(desk, "late"), NOW + HOUR)
    assert not refused.done
    assert row(desk, "late").state == 0
    assert snoozing.no_reply(desk, ids(desk, "late"))[0].done


@pytest.mark.usefixtures("shop")
def test_a_reminder_ends_with_the_wait_it_was_about(desk: Desk) -> None:
    made = desk.channel("Carrefour")
    snoozing.no_reply(desk, ids(desk, "t3", "t4"), NOW + HOUR)
    newer = replace(ticket("t3", 1), messages=(message("new", "E agora?", 1),))
    read(desk.database, made, newer)
    assert row(desk, "t3").state == 0, "a new message opens it"
    talk = conversation.load(desk, *ids(desk, "t3"))
    assert talk.reminder is None
    draft = Draft("Pronto.", Audience.BOTH, talk.newest)
    replying.send(desk, talk, draft)
    sharing.reopen(desk, ids(desk, "t4"))
    snoozing.no_reply(desk, ids(desk, "t4"))
    marking.remind(desk.database, NOW + 2 * HOUR)
    assert (row(desk, "t3").state, row(desk, "t4").state) == (1, 1)
