"""What a page of a marketplace does to the cache."""

from datetime import timedelta

import pytest

from mkt_tui.cache import operations, order_records, queries, settling
from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.queries import QueueFilter, QueueRow, QueueState
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import Refused
from mkt_tui.domain.orders import Address, OrderStatus, Personal
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import OMBUDSMAN, Audience
from tests.worlds import HOUR, NOW, channel, message, order, read, read_orders, ticket


@pytest.fixture
def database(desk: Desk) -> Database:
    return desk.database


def queue(database: Database, state: QueueState = QueueState.ALL) -> list[QueueRow]:
    return queries.page(database, QueueFilter(state), None, 0, 100)


def everything(database: Database) -> list[object]:
    tables = ("ticket", "message", "sales_order", "sync")
    return [database.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]


def test_the_same_page_twice_changes_nothing(database: Database) -> None:
    shop = channel(database)
    read(database, shop, ticket(), ticket("t2", None))
    read_orders(database, shop, order())
    before = everything(database)
    read(database, shop, ticket(), ticket("t2", None), registered_at=NOW + HOUR)
    read_orders(database, shop, order())
    assert everything(database) == before


def test_hidden_personal_data_does_not_overwrite_what_is_known(database: Database) -> None:
    shop = channel(database)
    read_orders(database, shop, order())
    hidden = order(customer=None, site_number=None, personal=Personal(), items=(), updated_at=NOW)
    read_orders(database, shop, hidden)
    (found,) = order_records.orders(database, "100-A")
    assert found.customer == "Maria Silva"
    assert found.site_number == "SP-1"
    assert found.personal == {
        "name": "Maria Silva",
        "document": "52998224725",
        "address": {"city": "Bauru"},
    }
    assert len(found.items) == 1


def test_a_subject_or_a_name_that_is_not_told_keeps_the_one_that_is_known(
    database: Database,
) -> None:
    shop = channel(database)
    read(database, shop, ticket(subject="Cadê?", customer="Maria", order_number="1"))
    read(database, shop, ticket(subject="", customer=None, order_number=None))
    (row,) = queue(database)
    assert (row.subject, row.customer, row.order_number) == ("Cadê?", "Maria", "1")


def test_a_status_that_is_not_told_keeps_the_one_that_is_known(database: Database) -> None:
    shop = channel(database)
    read_orders(database, shop, order())
    silent = order(status=OrderStatus.OTHER, marketplace_status="", updated_at=NOW)
    read_orders(database, shop, silent)
    (found,) = order_records.orders(database, "100-A")
    assert (found.status, found.marketplace_status) == ("shipped", "SHIPPED")


def test_a_new_phone_joins_the_address_that_is_known(database: Database) -> None:
    shop = channel(database)
    read_orders(database, shop, order())
    more = order(personal=Personal(address=Address(phone="11 5555")), updated_at=NOW)
    read_orders(database, shop, more)
    (found,) = order_records.orders(database, "100-A")
    assert found.personal["address"] == {"city": "Bauru", "phone": "11 5555"}


def test_a_page_that_was_overtaken_changes_nothing(database: Database) -> None:
    shop = channel(database)
    read(database, shop, ticket(hours=None, updated_at=NOW))
    read(database, shop, ticket(hours=2))
    assert [row.state for row in queue(database)] == [1]


def test_the_first_read_counts_from_the_marketplaces_receipt(database: Database) -> None:
    shop = channel(database)
    read(database, shop, ticket(hours=100), registered_at=None)
    (row,) = queue(database)
    assert row.registered_at == row.received_at == to_cache(NOW - 100 * HOUR)


def test_later_tickets_are_registered_when_they_come_in(database: Database) -> None:
    shop = channel(database)
    read(database, shop, ticket(hours=3), registered_at=NOW)
    (row,) = queue(database)
    assert row.registered_at == to_cache(NOW)
    assert row.due_at == to_cache(NOW + 21 * HOUR)


def test_a_customer_who_writes_again_starts_a_new_wait(database: Database) -> None:
    shop = channel(database)
    read(database, shop, ticket(hours=50))
    read(database, shop, ticket(hours=None, updated_at=NOW - HOUR))
    assert [row.state for row in queue(database)] == [1]
    read(database, shop, ticket(hours=0.5, updated_at=NOW), registered_at=NOW)
    (row,) = queue(database)
    assert (row.state, row.registered_at) == (0, to_cache(NOW))


def test_the_hardest_deadline_stands_first_and_answered_ones_last(database: Database) -> None:
    shop, other = channel(database), channel(database, "Leroy Merlin")
    read(database, shop, ticket("new", 1), ticket("old", 40), ticket("done", None))
    read(database, other, ticket("middle", 20))
    assert [row.code for row in queue(database)] == ["old", "middle", "new", "done"]
    assert [row.code for row in queue(database, QueueState.OPEN)] == ["old", "middle", "new"]
    assert [row.code for row in queue(database, QueueState.ANSWERED)] == ["done"]


def send(database: Database, row: QueueRow, operation: str = "op1") -> None:
    reply = Reply(operation, row.code, "Chega amanhã.", Audience.BOTH, NOW)
    with database.transaction():
        operations.queue(database, reply, 1, "ana", row.id, answers=True)


def test_what_an_ombudsman_passed_on_stands_before_all_that_waits(database: Database) -> None:
    shop = channel(database)
    late, calm = ticket("late", hours=90), ticket("procon", hours=1, kind=OMBUDSMAN)
    for _again in range(2):
        read(database, shop, late, calm)
        found = queue(database)
        assert [each.code for each in found] == ["procon", "late"]
        due = [row.due_at or 0 for row in found]
        assert due == sorted(due, reverse=True), "its deadline stays its own"


def test_a_ticket_with_a_reply_on_its_way_stays_answered_while_the_marketplace_lags(
    database: Database,
) -> None:
    shop = channel(database)
    read(database, shop, ticket(hours=2))
    send(database, queue(database)[0])
    read(database, shop, ticket(hours=2, updated_at=NOW))
    assert [(row.state, row.delivery) for row in queue(database)] == [(1, "queued")]


def test_but_a_newer_message_of_the_customer_opens_it(database: Database) -> None:
    shop = channel(database)
    read(database, shop, ticket(hours=2))
    send(database, queue(database)[0])
    again = ticket(hours=0.1, updated_at=NOW, messages=(message("m2", "E aí?", 0.1),))
    read(database, shop, again)
    assert [row.state for row in queue(database)] == [0]


def test_a_refused_reply_keeps_its_ticket_in_the_queue_whatever_comes_in(
    database: Database,
) -> None:
    shop = channel(database)
    read(database, shop, ticket(hours=2))
    send(database, queue(database)[0])
    operations.claim(database, shop.id, "w", NOW, timedelta(minutes=1))
    settling.settle_failed(database, "op1", Refused(channel="x", status=400, detail="no"), NOW)
    assert [(row.state, row.delivery) for row in queue(database)] == [(0, "failed")]
    read(database, shop, ticket(hours=None, updated_at=NOW))
    assert [(row.state, row.delivery) for row in queue(database)] == [(0, "failed")]


def test_a_page_does_not_wait_for_the_disk_and_the_next_act_does_again(database: Database) -> None:
    def told() -> object:
        is_file = database.dialect.terms is not None
        return database.value("PRAGMA synchronous" if is_file else "SHOW synchronous_commit")

    with database.transaction():
        before = told()
    with database.transaction(durable=False):
        assert told() in (1, "off")
    with database.transaction():
        assert told() == before
