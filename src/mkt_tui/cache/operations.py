"""The outbox: replies on their way, claimed by compare-and-set, settled once."""

from datetime import datetime, timedelta
from typing import NamedTuple

from mkt_tui.cache.database import Database, Row
from mkt_tui.cache.instants import from_cache, to_cache
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
    database: Database, reply: Reply, ticket_id: int, agent: str, *, answers: bool
) -> None:
    """Put a reply into the outbox and show the ticket as answered; call inside a transaction.

    Args:
        answers: Whether the reply goes to the side that waits, so that the wait is over.
    """
    now = to_cache(reply.queued_at)
    database.execute(
        "INSERT INTO operation (id, kind, channel_id, ticket_id, agent, audience, text, state,"
        " queued_at, next_try_at, tries) SELECT :id, 'reply', channel_id, id, :agent, :audience,"
        " :text, 'queued', :now, :now, 0 FROM ticket WHERE id = :ticket_id",
        {
            "id": reply.operation,
            "ticket_id": ticket_id,
            "agent": agent,
            "audience": reply.audience,
            "text": reply.text,
            "now": now,
        },
    )
    database.execute("UPDATE ticket SET delivery = 'queued' WHERE id = :id", {"id": ticket_id})
    if answers:
        database.execute(
            "UPDATE ticket SET state = 1, sort_at = -:now, answered_until = received_at"
            " WHERE id = :id",
            {"id": ticket_id, "now": now},
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
        _show(database, operation)
    return taken == 1


def doubt_expired(database: Database, now: datetime, error: UserError) -> None:
    """Mark as unknown what a process was sending when it died."""
    rows = database.rows(
        "SELECT id FROM operation WHERE state = 'sending' AND claim_expires_at <= :now",
        {"now": to_cache(now)},
    )
    for (operation,) in rows:
        settle_unknown(database, operation, error, now, now)


def settle_sent(
    database: Database, operation: str, remote_code: str, agent: str, now: datetime
) -> None:
    """The marketplace has the reply: keep its number and show it in the thread."""
    with database.transaction():
        _settle(database, operation, OperationState.SENT, now, None, remote_code)
        database.execute(
            "INSERT INTO message (ticket_id, code, author, author_name, recipients, body, sent_at,"
            " attachments) SELECT ticket_id, :code, 'shop', :agent,"
            " CASE audience WHEN 'both' THEN 'customer,operator' ELSE audience END,"
            " text, :now, '[]' FROM operation WHERE id = :id"
            " ON CONFLICT (ticket_id, code) DO NOTHING",
            {"id": operation, "code": remote_code, "agent": agent, "now": to_cache(now)},
        )
        # A doubtful reply had opened the ticket again; found, it has answered what it answered.
        database.execute(
            "UPDATE ticket SET state = 1, sort_at = -:now, answered_until = received_at"
            " WHERE state = 0 AND EXISTS (SELECT 1 FROM operation WHERE operation.id = :id"
            " AND ticket_id = ticket.id AND queued_at >= received_at"
            " AND (waiting IS NULL OR audience IN ('both', waiting)))",
            {"id": operation, "now": to_cache(now)},
        )


def settle_failed(database: Database, operation: str, error: UserError, now: datetime) -> None:
    """A definite no: the ticket is open again, and its agent finds the words as a draft."""
    with database.transaction():
        _settle(database, operation, OperationState.FAILED, now, error, None)
        _reopen(database, operation)
        database.execute(
            "INSERT INTO draft (ticket_id, agent, text, audience, begun_at, saved_at)"
            " SELECT ticket_id, agent, text, audience, queued_at, :now FROM operation"
            " WHERE id = :id ON CONFLICT (ticket_id, agent) DO NOTHING",
            {"id": operation, "now": to_cache(now)},
        )


def settle_unknown(
    database: Database, operation: str, error: UserError, now: datetime, look_at: datetime
) -> None:
    """It may have arrived: never retried blindly; the ticket is open again, marked.

    Args:
        look_at: The earliest instant at which the thread's word on it can be trusted.
    """
    with database.transaction():
        _settle(database, operation, OperationState.UNKNOWN, now, error, None)
        database.execute(
            "UPDATE operation SET next_try_at = :look_at WHERE id = :id",
            {"id": operation, "look_at": to_cache(look_at)},
        )
        _reopen(database, operation)


def queue_again(
    database: Database, operation: str, error: UserError | None, next_try: datetime
) -> None:
    """It surely did not arrive: queued as before, not before `next_try`."""
    with database.transaction():
        database.execute(
            "UPDATE operation SET state = 'queued', claimed_by = NULL, claim_expires_at = NULL,"
            " error = :error, next_try_at = :next_try, settled_at = NULL WHERE id = :id",
            {
                "id": operation,
                "error": error.to_json() if error else None,
                "next_try": to_cache(next_try),
            },
        )
        _show(database, operation)


def outcome(database: Database, operation: str) -> Outcome | None:
    """Return where the operation stands."""
    row = database.row(
        "SELECT state, error, remote_code FROM operation WHERE id = :id", {"id": operation}
    )
    if row is None:
        return None
    return Outcome(OperationState(row[0]), UserError.from_json(row[1]) if row[1] else None, row[2])


def _settle(
    database: Database,
    operation: str,
    state: OperationState,
    now: datetime,
    error: UserError | None,
    remote_code: str | None,
) -> None:
    database.execute(
        "UPDATE operation SET state = :state, settled_at = :now, error = :error,"
        " remote_code = :remote_code, claimed_by = NULL, claim_expires_at = NULL WHERE id = :id",
        {
            "id": operation,
            "state": state,
            "now": to_cache(now),
            "error": error.to_json() if error else None,
            "remote_code": remote_code,
        },
    )
    _show(database, operation)


def _show(database: Database, operation: str) -> None:
    database.execute(
        "UPDATE ticket SET delivery = (SELECT state FROM operation WHERE id = :id)"
        " WHERE id = (SELECT ticket_id FROM operation WHERE id = :id)",
        {"id": operation},
    )


def _reopen(database: Database, operation: str) -> None:
    database.execute(
        "UPDATE ticket SET answered_until = NULL, state = 0,"
        " sort_at = COALESCE(due_at, received_at)"
        " WHERE id = (SELECT ticket_id FROM operation WHERE id = :id)",
        {"id": operation},
    )


def _claimed(row: Row) -> Claimed:
    operation, ticket_id, code, text, audience, queued_at, agent, tries = row
    reply = Reply(operation, code, text, Audience(audience), from_cache(queued_at))
    return Claimed(reply, ticket_id, agent, tries + 1)
