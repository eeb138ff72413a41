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


def of_others(database: Database, ticket_id: int, agent: str, since: datetime) -> bool:
    """Tell whether a colleague has sent a reply to the ticket since then."""
    return bool(
        database.value(
            "SELECT 1 FROM operation WHERE ticket_id = :id AND agent <> :agent"
            " AND queued_at >= :since AND state NOT IN ('failed', 'recalled')",
            {"id": ticket_id, "agent": agent, "since": to_cache(since)},
        )
    )


def pending(database: Database, ticket_id: int) -> bool:
    """Tell whether a reply to the ticket is on its way or in doubt."""
    return bool(
        database.value(
            "SELECT 1 FROM operation WHERE ticket_id = :id"
            " AND state IN ('queued', 'sending', 'unknown')",
            {"id": ticket_id},
        )
    )


def claim(
    database: Database, channel_id: int, worker: str, now: datetime, length: timedelta
) -> list[Claimed]:
    """Claim the channel's due replies for `worker`; each is claimed by one process only."""
    return _take(
        database, channel_id, OperationState.QUEUED, OperationState.SENDING, worker, now, length
    )


def claim_doubtful(
    database: Database, channel_id: int, worker: str, now: datetime, length: timedelta
) -> list[Claimed]:
    """Claim the channel's doubtful replies to look for them at the marketplace."""
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
) -> list[Claimed]:
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
    return [_claimed(row) for row in due if _won(database, row[0], parameters)]


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
