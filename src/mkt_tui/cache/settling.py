"""How an operation ends: sent, failed, in doubt, queued again, taken back.

Every function is one transaction that changes the operation, its ticket if it has one and, where
words come back, its agent's draft. An end that comes too late (the operation has ended otherwise)
is refused, but for the marketplace's own word that it has it, which is always the truth.
"""

from collections.abc import Callable
from datetime import datetime

from mkt_tui.cache import complaints
from mkt_tui.cache.database import Database
from mkt_tui.cache.dues import OPEN_PLACE
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.stepped import clock, void_claim
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.operation_kinds import OperationState

_UNDER_WAY = "('sending', 'unknown')"


def settle_sent(
    database: Database, operation: str, remote_code: str, agent: str, now: datetime
) -> None:
    """The marketplace has it: keep its number, show a reply in the thread."""
    with database.transaction():
        _sent(database, operation, remote_code, agent, now)


def settle_found(
    database: Database, operation: str, remote_code: str, agent: str, now: datetime
) -> bool:
    """A doubtful operation was found at the marketplace under this number.

    Returns:
        False when that number is another reply's of ours: of two with the same words, one is
        still to be found.
    """
    with database.transaction():
        others = database.value(
            "SELECT 1 FROM operation JOIN operation AS mine ON mine.id = :id"
            " WHERE operation.ticket_id = mine.ticket_id AND operation.id <> :id"
            " AND operation.remote_code = :code AND :code <> ''",
            {"id": operation, "code": remote_code},
        )
        if not others:
            _sent(database, operation, remote_code, agent, now)
    return not others


def settle_failed(database: Database, operation: str, error: UserError, now: datetime) -> bool:
    """A definite no: the ticket is open again, and its agent finds the words as a draft."""
    with database.transaction():
        failed = _settle(database, operation, OperationState.FAILED, now, error, None)
        if failed:
            _reopen(database, operation)
            _give_back(database, operation, now)
    return failed


def settle_rejected(
    database: Database, channel_id: int, remote_code: str, error: UserError, now: datetime
) -> bool:
    """The marketplace has taken a reply back that it had: the ticket and the words are open again.

    Returns:
        False when it is no reply of ours from here, or that was known.
    """
    with_code = {"channel_id": channel_id, "code": remote_code}
    row = database.row(
        "SELECT id FROM operation WHERE channel_id = :channel_id AND kind = 'reply'"
        " AND state = 'sent' AND remote_code = :code",
        with_code,
    )
    if row is None:
        return False
    database.execute(
        "UPDATE operation SET state = 'failed', settled_at = :now, error = :error WHERE id = :id",
        {"id": row[0], "now": to_cache(now), "error": error.to_json()},
    )
    show(database, row[0])
    _reopen(database, row[0])
    _give_back(database, row[0], now)
    return True


def settle_unknown(
    database: Database, operation: str, error: UserError, now: datetime, look_at: datetime
) -> None:
    """It may have arrived: never retried blindly; the ticket is open again, marked.

    Args:
        look_at: The earliest instant at which the thread's word on it can be trusted.
    """
    with database.transaction():
        if _settle(database, operation, OperationState.UNKNOWN, now, error, None):
            database.execute(
                "UPDATE operation SET next_try_at = :look_at WHERE id = :id",
                {"id": operation, "look_at": to_cache(look_at)},
            )
            _reopen(database, operation)


def queue_again(
    database: Database,
    operation: str,
    error: UserError | None,
    next_try: datetime,
    check: Callable[[], None] = lambda: None,
) -> bool:
    """It surely did not arrive: queued as before, not before `next_try`.

    A refused one that no ticket shows may be queued again too, by a person's decision.

    Args:
        check: Raises what stands against it, before anything is changed.
    """
    with database.transaction():
        check()
        queued = database.execute(
            "UPDATE operation SET state = 'queued', claimed_by = NULL, claim_expires_at = NULL,"
            " error = :error, next_try_at = :next_try, settled_at = NULL"
            f" WHERE id = :id AND (state IN {_UNDER_WAY}"
            " OR (state = 'failed' AND ticket_id IS NULL))",
            {
                "id": operation,
                "error": error.to_json() if error else None,
                "next_try": to_cache(next_try),
            },
        )
        if queued:
            show(database, operation)
            _answered_again(database, operation)
    return queued == 1


def doubt_expired(database: Database, now: datetime, error: UserError, look_at: datetime) -> None:
    """Mark as unknown what a process was sending when it died.

    Where the clock was set, the process may still be at it: hence `look_at`, see `settle_unknown`.
    """
    rows = database.rows(
        f"SELECT id FROM operation WHERE state = 'sending' AND {void_claim('claim_expires_at')}",
        clock(now),
    )
    for (operation,) in rows:
        settle_unknown(database, operation, error, now, look_at)


def recall(database: Database, operation: str, agent: str, now: datetime) -> bool:
    """Take a reply back that has not left yet; its words become the agent's draft again.

    Returns:
        False when it was too late: somebody is delivering it, or it has gone.
    """
    with database.transaction():
        recalled = database.execute(
            "UPDATE operation SET state = 'recalled', settled_at = :now"
            " WHERE id = :id AND agent = :agent AND state = 'queued'",
            {"id": operation, "agent": agent, "now": to_cache(now)},
        )
        if recalled:
            show(database, operation)
            _reopen(database, operation)
            _give_back(database, operation, now)
    return recalled == 1


def put_aside(database: Database, operation: str, now: datetime) -> bool:
    """Stop showing an operation that failed and that no ticket shows; False = it is not failed."""
    return (
        database.execute(
            "UPDATE operation SET state = 'recalled', settled_at = :now"
            " WHERE id = :id AND state = 'failed' AND ticket_id IS NULL",
            {"id": operation, "now": to_cache(now)},
        )
        == 1
    )


def _sent(database: Database, operation: str, remote_code: str, agent: str, now: datetime) -> None:
    _settle(database, operation, OperationState.SENT, now, None, remote_code)
    _take_draft_back(database, operation)
    database.execute(
        "INSERT INTO message (ticket_id, code, author, author_name, recipients, body, sent_at,"
        " attachments) SELECT ticket_id, :code, 'shop', :agent,"
        " CASE audience WHEN 'both' THEN 'customer,operator' ELSE audience END,"
        " text, :now, '[]' FROM operation WHERE id = :id AND kind = 'reply'"
        " ON CONFLICT (ticket_id, code) DO NOTHING",
        {"id": operation, "code": remote_code, "agent": agent, "now": to_cache(now)},
    )
    _answered_again(database, operation)
    _read_order_again(database, operation)
    complaints.note_done(database, operation)


def _settle(
    database: Database,
    operation: str,
    state: OperationState,
    now: datetime,
    error: UserError | None,
    remote_code: str | None,
) -> bool:
    allowed = "state <> 'sent'" if state is OperationState.SENT else f"state IN {_UNDER_WAY}"
    settled = database.execute(
        "UPDATE operation SET state = :state, settled_at = :now, error = :error,"
        " remote_code = :remote_code, claimed_by = NULL, claim_expires_at = NULL"
        f" WHERE id = :id AND {allowed}",
        {
            "id": operation,
            "state": state,
            "now": to_cache(now),
            "error": error.to_json() if error else None,
            "remote_code": remote_code,
        },
    )
    if settled:
        show(database, operation)
    return settled == 1


def show(database: Database, operation: str) -> None:
    """Let the operation's ticket tell where it stands."""
    database.execute(
        "UPDATE ticket SET delivery = (SELECT state FROM operation WHERE id = :id)"
        " WHERE id = (SELECT ticket_id FROM operation WHERE id = :id)",
        {"id": operation},
    )


def _reopen(database: Database, operation: str) -> None:
    database.execute(
        "UPDATE ticket SET answered_until = NULL, state = 0,"
        f" sort_at = {OPEN_PLACE}"
        " WHERE id = (SELECT ticket_id FROM operation WHERE id = :id)",
        {"id": operation},
    )


def _answered_again(database: Database, operation: str) -> None:
    """A doubt had opened the ticket; now the reply has answered what it answered."""
    database.execute(
        "UPDATE ticket SET state = 1, answered_until = received_at, sort_at = -(SELECT queued_at"
        " FROM operation WHERE operation.id = :id)"
        " WHERE state = 0 AND EXISTS (SELECT 1 FROM operation WHERE operation.id = :id"
        " AND ticket_id = ticket.id AND operation.answered = ticket.received_at)",
        {"id": operation},
    )


def _read_order_again(database: Database, operation: str) -> None:
    """An act on an order changes it at the marketplace: let that be read soon."""
    database.execute(
        "UPDATE sync SET next_try_at = NULL WHERE stream IN ('orders', 'returns') AND channel_id ="
        " (SELECT channel_id FROM operation WHERE id = :id AND order_number IS NOT NULL)",
        {"id": operation},
    )


def _take_draft_back(database: Database, operation: str) -> None:
    """A reply that was believed refused had gone out: its words must not be sent again."""
    database.execute(
        "DELETE FROM draft WHERE EXISTS (SELECT 1 FROM operation WHERE operation.id = :id"
        " AND operation.ticket_id = draft.ticket_id AND operation.agent = draft.agent"
        " AND operation.text = draft.text)",
        {"id": operation},
    )


def _give_back(database: Database, operation: str, now: datetime) -> None:
    """Make the words their agent's draft again, having seen what was there on sending."""
    database.execute(
        "INSERT INTO draft (ticket_id, agent, text, audience, seen, begun_at, saved_at)"
        " SELECT ticket_id, agent, text, COALESCE(audience, 'operator'), COALESCE((SELECT MAX(id) FROM message"
        " WHERE message.ticket_id = operation.ticket_id), 0), queued_at, :now FROM operation"
        " WHERE id = :id AND kind IN ('reply', 'hand') ON CONFLICT (ticket_id, agent) DO NOTHING",
        {"id": operation, "now": to_cache(now)},
    )
