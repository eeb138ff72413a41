"""The outbox rows: claimed once, settled once, visible on the ticket."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from mkt_tui.cache import drafts, leases, operations, queries, settling, threads
from mkt_tui.cache.database import Database
from mkt_tui.cache.queries import QueueFilter, QueueState
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import Doubtful, Refused
from mkt_tui.domain.operation_kinds import OperationState
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import Audience
from tests.worlds import HOUR, NOW, channel, read, ticket

MINUTE = timedelta(minutes=1)


@pytest.fixture
def database(desk: Desk) -> Database:
    shop = channel(desk.database)
    read(desk.database, shop, ticket())
    return desk.database


def queue_one(
    database: Database, operation: str = "op1", audience: Audience = Audience.BOTH
) -> None:
    reply = Reply(operation, "t1", "Chega amanhã.", audience, NOW)
    with database.transaction():
        operations.queue(database, reply, 1, "ana", 1, answers=audience is not Audience.OPERATOR)


def look(database: Database) -> tuple[int, str | None]:
    (row,) = queries.page(database, QueueFilter(QueueState.ALL), None, 0, 9)
    return row.state, row.delivery


def test_a_reply_is_claimed_by_one_worker_only(database: Database) -> None:
    for number in range(20):
        queue_one(database, f"op{number}")

    def claim(worker: int) -> list[str]:
        own = Database(database.place)
        won = []
        while claimed := operations.claim(own, 1, f"w{worker}", NOW, MINUTE):
            won.append(claimed.wanted.operation)
        own.close()
        return won

    with ThreadPoolExecutor(8) as pool:
        winners = [operation for won in pool.map(claim, range(8)) for operation in won]
    assert sorted(winners) == sorted(f"op{number}" for number in range(20))


def test_a_sent_reply_stands_in_the_thread_once(database: Database) -> None:
    queue_one(database)
    assert look(database) == (1, "queued")
    operations.claim(database, 1, "w", NOW, MINUTE)
    assert look(database) == (1, "sending")
    settling.settle_sent(database, "op1", "remote-1", "ana", NOW)
    assert look(database) == (1, "sent")
    (_first, ours) = threads.messages(database, 1)
    assert (ours.code, ours.author, ours.recipients) == ("remote-1", "shop", "customer,operator")
    assert threads.operations(database, 1) == []


def test_telling_only_the_marketplace_leaves_the_customer_waiting(database: Database) -> None:
    queue_one(database, audience=Audience.OPERATOR)
    operations.claim(database, 1, "w", NOW, MINUTE)
    settling.settle_sent(database, "op1", "remote-1", "ana", NOW)
    assert look(database) == (0, "sent")


def test_a_refusal_gives_the_agent_the_words_back(database: Database) -> None:
    queue_one(database)
    operations.claim(database, 1, "w", NOW, MINUTE)
    settling.settle_failed(database, "op1", Refused(channel="x", status=400, detail="no"), NOW)
    assert look(database) == (0, "failed")
    assert drafts.find(database, 1, "ana") == drafts.Draft("Chega amanhã.", Audience.BOTH, seen=1)


def test_a_process_that_dies_while_sending_leaves_a_doubt(database: Database) -> None:
    queue_one(database)
    operations.claim(database, 1, "w", NOW, MINUTE)
    crash = Doubtful(channel="x", detail="crash")
    settling.doubt_expired(database, NOW + MINUTE / 2, crash, NOW + MINUTE)
    assert look(database) == (1, "sending")
    settling.doubt_expired(database, NOW + MINUTE, crash, NOW + MINUTE)
    assert look(database) == (0, "unknown")
    assert operations.claim(database, 1, "w2", NOW + HOUR, MINUTE) is None
    doubtful = operations.claim_doubtful(database, 1, "w2", NOW + HOUR, MINUTE)
    assert doubtful
    assert doubtful.wanted.operation == "op1"


def test_a_doubtful_reply_that_was_found_answers_its_ticket(database: Database) -> None:
    queue_one(database)
    operations.claim(database, 1, "w", NOW, MINUTE)
    doubt = Doubtful(channel="x", detail="time-out")
    settling.settle_unknown(database, "op1", doubt, NOW, NOW + MINUTE)
    assert operations.claim_doubtful(database, 1, "w", NOW, MINUTE) is None
    settling.settle_sent(database, "op1", "remote-1", "ana", NOW)
    assert look(database) == (1, "sent")
    outcome = operations.outcome(database, "op1")
    assert outcome == (OperationState.SENT, None, "remote-1")


def test_what_certainly_did_not_arrive_waits_for_its_next_try(database: Database) -> None:
    queue_one(database)
    operations.claim(database, 1, "w", NOW, MINUTE)
    settling.queue_again(database, "op1", None, NOW + MINUTE)
    assert operations.claim(database, 1, "w", NOW, MINUTE) is None
    again = operations.claim(database, 1, "w", NOW + MINUTE, MINUTE)
    assert again
    assert again.tries == 2


def test_a_lease_has_one_holder_until_it_runs_out(database: Database) -> None:
    assert leases.take(database, 1, "a", NOW, MINUTE)
    assert leases.take(database, 1, "a", NOW + MINUTE / 2, MINUTE)
    assert not leases.take(database, 1, "b", NOW + MINUTE, MINUTE)
    assert leases.take(database, 1, "b", NOW + 2 * MINUTE, MINUTE)
    leases.release(database, 1, "a")
    assert leases.holder(database, 1) == "b"
