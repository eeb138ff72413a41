"""Tickets closed and handed over at their marketplaces: once, with their words, or not at all."""

from mkt_tui.cache import drafts, operations, order_records, queries, settling
from mkt_tui.desk import notices, ticket_acts
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import Refused
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.ticket_operations import CloseTicket, HandTicket
from tests.worlds import HOUR, NOW, channel, order, read, read_orders, ticket


def casas_bahia(desk: Desk) -> Channel:
    made = channel(desk.database, "Casas Bahia", adapter="cnova")
    read(desk.database, made, ticket("t1", 3), ticket("t2", 2))
    return made


def ids(desk: Desk, *codes: str) -> list[int]:
    return [queries.tickets_by_code(desk.database, code)[0].id for code in codes]


def test_a_ticket_is_handed_over_with_words_and_waits_no_more_here(desk: Desk) -> None:
    casas_bahia(desk)
    (result,) = ticket_acts.hand(desk, ids(desk, "t1"), " Extravio. ")
    assert result.done, result.told
    (row,) = queries.tickets_by_code(desk.database, "t1")
    assert (row.state, row.delivery) == (1, "queued")
    found = operations.newest_queued(desk.database, "ana")
    assert found is not None
    wanted = operations.load(desk.database, found.operation)
    assert isinstance(wanted, HandTicket)
    assert (wanted.ticket_code, wanted.text) == ("t1", "Extravio.")
    (again,) = ticket_acts.hand(desk, ids(desk, "t1"), "Extravio.")
    assert not again.done, "the first one is still on its way"


def test_words_that_the_marketplace_refused_are_a_draft_to_it(desk: Desk) -> None:
    casas_bahia(desk)
    ticket_acts.hand(desk, ids(desk, "t1"), "Extravio.")
    found = operations.newest_queued(desk.database, "ana")
    assert found is not None
    later = NOW + HOUR
    assert operations.claim(desk.database, found.channel_id, "engine", later, HOUR)
    refusal = Refused(channel="Casas Bahia", status=400, detail="closed")
    assert settling.settle_failed(desk.database, found.operation, refusal, desk.clock())
    draft = drafts.find(desk.database, ids(desk, "t1")[0], "ana")
    assert draft is not None
    assert (draft.text, draft.audience) == ("Extravio.", "operator")


def test_several_are_closed_at_once(desk: Desk) -> None:
    casas_bahia(desk)
    assert [each.done for each in ticket_acts.close(desk, ids(desk, "t1", "t2"))] == [True, True]
    found = operations.newest_queued(desk.database, "ana")
    assert found is not None
    assert isinstance(operations.load(desk.database, found.operation), CloseTicket)


def test_what_a_channel_cannot_do_is_said_and_not_offered(desk: Desk) -> None:
    bahia = casas_bahia(desk)
    carrefour = channel(desk.database)
    read(desk.database, carrefour, ticket("c1", 3))
    publisher = channel(desk.database, "Bookwire", adapter="bookwire")
    assert ticket_acts.offered(bahia) == {Kind.HAND, Kind.CLOSE}
    assert ticket_acts.offered(carrefour) == set()
    assert ticket_acts.offered(publisher) == set()
    (result,) = ticket_acts.hand(desk, ids(desk, "c1"), "Extravio.")
    assert not result.done
    assert "Carrefour cannot do this from here" in result.told
    (row,) = queries.tickets_by_code(desk.database, "c1")
    assert (row.state, row.delivery) == (0, None)


def test_who_writes_from_an_order_greets_its_customer_and_nobody_else(desk: Desk) -> None:
    made = casas_bahia(desk)
    read(desk.database, made, ticket("t3", 1, order_number="100-B", together=False))
    read_orders(desk.database, made, order("100-B"), order("100-C"))
    (known,) = order_records.orders(desk.database, "100-B", made.id)
    assert notices.greet(desk, made, known) == ids(desk, "t3")[0]
    draft = drafts.find(desk.database, ids(desk, "t3")[0], "ana")
    assert draft is not None
    assert (draft.text, draft.audience) == ("Olá, Maria!\n\n", "customer")
    (alone,) = order_records.orders(desk.database, "100-C", made.id)
    assert notices.greet(desk, made, alone) is None
    first = notices.greeting(desk, made, alone)
    assert (first.text, first.audience) == ("Olá, Maria!\n\n", "customer")
