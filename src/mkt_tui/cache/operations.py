"""The outbox: replies on their way, each claimed by one process through compare-and-set."""

from datetime import datetime, timedelta
from typing import NamedTuple

from mkt_tui.cache.database import Database, Row
from mkt_tui.cache.instants import from_cache, to_cache
from mkt_tui.cache.settling import show
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.operations import OperationState, Reply
from mkt_tui.domain.tickets import Audience

_REPLY = (
    "operation.id, operation.ticket_id, ticket.code, operation.text, operation.audience,"
    " operation.queued_at, operation.agent, operation.tries"
)


class Claimed(NamedTuple):
    """A reply that this process alone may now deliver."""

    reply: Reply
    ticket_id: int
    agent: str
    tries: int


class Outcome(NamedTuple):
    """Where an operation stands now."""

    state: OperationState
    error: UserError | None
    remote_code: str | None


def queue_reply(
    database: Database,
    reply: Reply,
    ticket_id: int,
    agent: str,
    *,
    answers: bool,
    hold: timedelta = timedelta(0),
) -> None:
    """Put a reply into the outbox and show the ticket as answered; call inside a transaction.

    Args:
        answers: Whether the reply goes to the side that waits, so that the wait is over.
        hold: For how long it may still be recalled before anybody may deliver it.
    """
    now = to_cache(reply.queued_at)
    database.execute(
        "INSERT INTO operation (id, kind, channel_id, ticket_id, agent, audience, text, state,"
        " queued_at, next_try_at, tries) SELECT :id, 'reply', channel_id, id, :agent, :audience,"
        " :text, 'queued', :now, :leaves, 0 FROM ticket WHERE id = :ticket_id",
        {
            "id": reply.operation,
            "ticket_id": ticket_id,
            "agent": agent,
            "audience": reply.audience,
            "text": reply.text,
            "now": now,
            "leaves": to_cache(reply.queued_at + hold),
        },
    )
    database.execute("UPDATE ticket SET delivery = 'queued' WHERE id = :id", {"id": ticket_id})
    if answers:
        database.execute(
            "UPDATE ticket SET state = 1, sort_at = -:now, answered_until = received_at"
            " WHERE id = :id",
            {"id": ticket_id, "now": now},
        )


def newest_queued(database: Database, agent: str) -> tuple[str, int] | None:
    """Return the agent's newest reply that has not left, and its ticket."""
    row = database.row(
        "SELECT id, ticket_id FROM operation WHERE agent = :agent AND state = 'queued'"
        " ORDER BY queued_at DESC LIMIT 1",
        {"agent": agent},
    )
    return (row[0], row[1]) if row else None


def oldest_doubt(database: Database, agent: str) -> int | None:
    """Return the ticket of the oldest doubtful reply, the agent's own before the others'."""
    found = database.value(
        "SELECT ticket_id FROM operation WHERE state = 'unknown'"
        " ORDER BY CASE WHEN agent = :agent THEN 0 ELSE 1 END, queued_at LIMIT 1",
        {"agent": agent},
    )
    return None if found is None else int(found)


def pending(database: Database, ticket_id: int, agent: str) -> bool:
    """Tell whether a reply of the agent to the ticket is on its way or in doubt."""
    return bool(
        database.value(
            "SELECT 1 FROM operation WHERE ticket_id = :id AND agent = :agent"
            " AND state IN ('queued', 'sending', 'unknown')",
            {"id": ticket_id, "agent": agent},
        )
    )


def claim(
    database: Database, channel_id: int, worker: str, now: datetime, length: timedelta
) -> Claimed | None:
    """Claim the channel's next due reply for `worker`, if there is one left to claim."""
    return _take(
        database, channel_id, OperationState.QUEUED, OperationState.SENDING, worker, now, length
    )


def claim_doubtful(
    database: Database, channel_id: int, worker: str, now: datetime, length: timedelta
) -> Claimed | None:
    """Claim the channel's next doubtful reply, to look for it at the marketplace."""
    return _take(
        database, channel_id, OperationState.UNKNOWN, OperationState.UNKNOWN, worker, now, length
    )


def _take(
    database: Database,
    channel_id: int,
    state: OperationState,
    becomes: OperationState,
    worker: str,
    now: datetime,
    length: timedelta,
) -> Claimed | None:
    parameters = {
        "channel_id": channel_id,
        "state": state,
        "becomes": becomes,
        "worker": worker,
        "now": to_cache(now),
        "expires": to_cache(now + length),
    }
    due = database.rows(
        f"SELECT {_REPLY} FROM operation JOIN ticket ON ticket.id = operation.ticket_id"
        " WHERE operation.channel_id = :channel_id AND operation.state = :state"
        " AND operation.next_try_at <= :now"
        " AND (operation.claim_expires_at IS NULL OR operation.claim_expires_at <= :now)"
        " ORDER BY operation.queued_at, operation.id",
        parameters,
    )
    won = (_claimed(row) for row in due if _won(database, row[0], parameters))
    return next(won, None)


def _won(database: Database, operation: str, parameters: dict[str, object]) -> bool:
    with database.transaction():
        taken = database.execute(
            "UPDATE operation SET state = :becomes, claimed_by = :worker,"
            " claim_expires_at = :expires, tries = tries + 1"
            " WHERE id = :id AND state = :state"
            " AND (claim_expires_at IS NULL OR claim_expires_at <= :now)",
            parameters | {"id": operation},
        )
        show(database, operation)
    return taken == 1


def outcome(database: Database, operation: str) -> Outcome | None:
    """Return where the operation stands."""
    row = database.row(
        "SELECT state, error, remote_code FROM operation WHERE id = :id", {"id": operation}
    )
    if row is None:
        return None
    return Outcome(OperationState(row[0]), UserError.from_json(row[1]) if row[1] else None, row[2])


def _claimed(row: Row) -> Claimed:
    operation, ticket_id, code, text, audience, queued_at, agent, tries = row
    reply = Reply(operation, code, text, Audience(audience), from_cache(queued_at))
    return Claimed(reply, ticket_id, agent, tries + 1)
