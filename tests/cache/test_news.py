"""Tickets whose messages come one by one, as mails do."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mkt_tui.cache import operations, queries, settling
from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.queries import QueueFilter, QueueRow, QueueState
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import Audience, MessageSnapshot, Role, TicketSnapshot
from tests.worlds import HOUR, NOW, channel, message, read, ticket


@pytest.fixture
def database(desk: Desk) -> Database:
    return desk.database


def mail(
    code: str, hours: float, author: Role = Role.CUSTOMER, subject: str = "Re: pedido"
) -> TicketSnapshot:
    """A mail of some hours ago on ticket t1."""
    to = (Role.CUSTOMER,) if author is Role.SHOP else (Role.SHOP,)
    told = replace(message(code, f"mail {code}", hours), author=author, recipients=to)
    return ticket(
        hours=None if author is Role.SHOP else hours,
        created_at=told.sent_at,
        updated_at=told.sent_at,
        subject=subject,
        messages=(told,),
        news=True,
    )


def only(database: Database) -> QueueRow:
    (row,) = queries.page(database, QueueFilter(QueueState.ALL), None, 0, 10)
    return row


def messages(database: Database) -> list[str]:
    return [code for (code,) in database.rows("SELECT code FROM message ORDER BY sent_at")]


def answered(database: Database, ticket_id: int, at: datetime) -> None:
    """Let an agent answer the ticket, and the reply arrive."""
    reply = Reply("op-1", "t1", "Olá", Audience.CUSTOMER, at)
    with database.transaction():
        operations.queue(database, reply, 1, "ana", ticket_id, answers=True)
    operations.claim(database, 1, "w", at, timedelta(minutes=2))
    settling.settle_sent(database, "op-1", "ours@shop", "ana", at)


def test_a_second_mail_does_not_move_the_wait_that_goes_on(database: Database) -> None:
    shop = channel(database)
    read(database, shop, mail("a", 5, subject="Onde está meu pedido?"))
    read(database, shop, mail("b", 1))
    row = only(database)
    assert row.received_at == to_cache(NOW - 5 * HOUR)
    assert row.subject == "Onde está meu pedido?"
    assert messages(database) == ["a", "b"]


def test_a_mail_after_the_answer_begins_a_new_wait(database: Database) -> None:
    shop = channel(database)
    read(database, shop, mail("a", 5))
    answered(database, only(database).id, NOW - 4 * HOUR)
    assert only(database).state == 1
    read(database, shop, mail("b", 1))
    row = only(database)
    assert (row.state, row.received_at) == (0, to_cache(NOW - HOUR))


def test_a_mail_that_the_mailbox_holds_twice_opens_nothing_again(database: Database) -> None:
    shop = channel(database)
    read(database, shop, mail("a", 5))
    answered(database, only(database).id, NOW - 4 * HOUR)
    read(database, shop, mail("a", 1))
    assert only(database).state == 1
    assert messages(database) == ["a", "ours@shop"]


def test_our_own_copy_in_the_sent_folder_is_the_reply_that_is_known(database: Database) -> None:
    shop = channel(database)
    read(database, shop, mail("a", 5))
    answered(database, only(database).id, NOW - 4 * HOUR)
    read(database, shop, mail("ours@shop", 4, Role.SHOP))
    assert messages(database) == ["a", "ours@shop"]


def test_an_answer_from_another_mail_program_ends_the_wait(database: Database) -> None:
    shop = channel(database)
    read(database, shop, mail("a", 5))
    read(database, shop, mail("theirs", 3, Role.SHOP))
    assert only(database).state == 1
    read(database, shop, mail("b", 1))
    assert only(database).received_at == to_cache(NOW - HOUR)


def test_an_older_answer_that_comes_late_ends_no_wait(database: Database) -> None:
    shop = channel(database)
    read(database, shop, mail("a", 2))
    read(database, shop, mail("theirs", 3, Role.SHOP))
    row = only(database)
    assert (row.state, row.received_at) == (0, to_cache(NOW - 2 * HOUR))
    assert messages(database) == ["theirs", "a"]


def test_several_mails_of_one_page_are_told_in_order(database: Database) -> None:
    shop = channel(database)
    parts: list[MessageSnapshot] = []
    for each in (mail("a", 5), mail("theirs", 4, Role.SHOP), mail("b", 1)):
        parts += each.messages
    read(database, shop, replace(mail("b", 1), messages=tuple(parts)))
    assert only(database).received_at == to_cache(NOW - HOUR)
    before = database.rows("SELECT * FROM ticket")
    read(database, shop, replace(mail("b", 1), messages=tuple(parts)))
    assert database.rows("SELECT * FROM ticket") == before
