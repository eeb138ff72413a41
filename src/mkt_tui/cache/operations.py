"""The outbox: operations on their way, each claimed by one process through compare-and-set."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import orjson

from mkt_tui.cache import payloads
from mkt_tui.cache.database import Database, Row
from mkt_tui.cache.instants import from_cache, maybe_from_cache, to_cache
from mkt_tui.cache.settling import settle_failed, show
from mkt_tui.cache.stepped import clock, void_claim
from mkt_tui.domain.errors import NotAllowed, UserError
from mkt_tui.domain.operation_kinds import Kind, OperationState
from mkt_tui.domain.operations import Operation
from mkt_tui.domain.order_operations import RefundOrder
from mkt_tui.domain.ticket_operations import CLOCKS_APART, File, Reply
from mkt_tui.i18n import N_

# The furthest a next try may be put off.
LONGEST_WAIT: Final = timedelta(hours=1)
_FURTHEST: Final = {
    OperationState.QUEUED: LONGEST_WAIT,
    OperationState.UNKNOWN: timedelta(minutes=10),
}
# The clocks of several servers differ by less.
_SOON: Final = timedelta(minutes=1)
_KINDS: Final = ", ".join(f"'{each}'" for each in Kind)
_RECORD: Final = (
    "operation.id, operation.kind, ticket.code, operation.order_number, operation.text,"
    " operation.audience, operation.queued_at, operation.payload, operation.ticket_id,"
    " operation.agent, operation.tries"
)
_FROM: Final = " FROM operation LEFT JOIN ticket ON ticket.id = operation.ticket_id"
_DUE: Final = (
    " WHERE operation.state = :state AND operation.channel_id = :channel_id"
    # A newer version may have queued what this one cannot carry out.
    f" AND operation.kind IN ({_KINDS})"
    # Nothing is put off that far: the clock has been set back since.
    " AND (operation.next_try_at <= :now OR operation.next_try_at > :furthest"
    " OR (operation.tries = 0 AND operation.queued_at > :soon))"
    f" AND (operation.claim_expires_at IS NULL OR {void_claim('operation.claim_expires_at')})"
    " ORDER BY operation.queued_at, operation.id LIMIT 1"
)


class Claimed(NamedTuple):
    """An operation that this process alone may now carry out."""

    wanted: Operation
    ticket_id: int | None
    agent: str
    tries: int


class Outcome(NamedTuple):
    """Where an operation stands now."""

    state: OperationState
    error: UserError | None
    remote_code: str | None


class Place(NamedTuple):
    """What an operation concerns: a ticket, or an order of its channel."""

    operation: str
    kind: Kind
    ticket_id: int | None
    channel_id: int
    order_number: str | None
    agent: str


def queue(
    database: Database,
    operation: Operation,
    channel_id: int,
    agent: str,
    ticket_id: int | None = None,
    *,
    answers: bool = False,
    hold: timedelta = timedelta(0),
) -> None:
    """Put an operation into the outbox; call inside a transaction.

    Args:
        ticket_id: The ticket it is part of, which shows where it stands.
        answers: Whether it ends the wait of the ticket: a reply does that that goes to the side
            that waits.
        hold: For how long it may still be recalled before anybody may carry it out.
    """
    now = to_cache(operation.queued_at)
    database.execute(
        "INSERT INTO operation (id, kind, channel_id, ticket_id, order_number, agent, audience,"
        " text, payload, state, queued_at, next_try_at, tries) VALUES (:id, :kind, :channel_id,"
        " :ticket_id, :order_number, :agent, :audience, :text, :payload, 'queued', :now, :leaves,"
        " 0)",
        {
            "id": operation.operation,
            "kind": operation.kind,
            "channel_id": channel_id,
            "ticket_id": ticket_id,
            "order_number": getattr(operation, "order_number", None),
            "agent": agent,
            "audience": getattr(operation, "audience", None),
            "text": getattr(operation, "text", None),
            "payload": payloads.pack(operation),
            "now": now,
            "leaves": to_cache(operation.queued_at + hold),
        },
    )
    show(database, operation.operation)
    if answers:
        database.execute(
            "UPDATE ticket SET state = 1, sort_at = -:now, answered_until = received_at"
            " WHERE id = :id",
            {"id": ticket_id, "now": now},
        )
        database.execute(
            "UPDATE operation SET answered = (SELECT received_at FROM ticket WHERE id = :id)"
            " WHERE id = :operation",
            {"id": ticket_id, "operation": operation.operation},
        )


def anchored(database: Database, reply: Reply, ticket_id: int) -> Reply:
    """Return the reply with what of its thread is older than itself.

    Later, that tells the reply from all that was there before it, whatever the clocks say.
    """
    rows = database.rows(
        "SELECT code, sent_at FROM message WHERE ticket_id = :id", {"id": ticket_id}
    )
    newest = max((sent_at for _code, sent_at in rows), default=None)
    there = min(maybe_from_cache(newest) or reply.queued_at, reply.queued_at)
    known = tuple(code for code, _sent_at in rows)
    return replace(reply, known=known, not_before=there - CLOCKS_APART)


def load(database: Database, operation: str) -> Operation | None:
    """Return an operation as it was queued, with what is known by now of others.

    Raises:
        ValueError: Its row is damaged.
    """
    row = database.row(f"SELECT {_RECORD}{_FROM} WHERE operation.id = :id", {"id": operation})
    return _record(database, row) if row else None


def newest_queued(database: Database, agent: str) -> Place | None:
    """Return the agent's newest operation that has not left."""
    return _place(
        database, "agent = :agent AND state = 'queued' ORDER BY queued_at DESC LIMIT 1", agent
    )


def oldest_doubt(database: Database, agent: str, ticket_id: int | None = None) -> Place | None:
    """Return the oldest operation that needs a person, the agent's own before the others'.

    That is a doubtful one, or one that was refused and that no ticket shows.

    Args:
        ticket_id: Those of this ticket come before all others.
    """
    return _place(
        database,
        "(state = 'unknown' OR (state = 'failed' AND ticket_id IS NULL))"
        " ORDER BY CASE WHEN ticket_id = :ticket_id THEN 0 WHEN agent = :agent THEN 1 ELSE 2 END,"
        " queued_at, id LIMIT 1",
        agent,
        ticket_id=ticket_id,
    )


def _place(
    database: Database, condition: str, agent: str, **parameters: int | None
) -> Place | None:
    row = database.row(
        "SELECT id, kind, ticket_id, channel_id, order_number, agent FROM operation"
        f" WHERE kind IN ({_KINDS}) AND {condition}",
        {"agent": agent, **parameters},
    )
    return Place(row[0], Kind(row[1]), *row[2:]) if row else None


def files_taken_back(database: Database, ticket_id: int, agent: str, text: str) -> tuple[File, ...]:
    """Return the files of the agent's reply with that text that was recalled or refused."""
    payload = database.value(
        "SELECT payload FROM operation WHERE ticket_id = :id AND agent = :agent AND text = :text"
        " AND kind = 'reply' AND state IN ('recalled', 'failed') ORDER BY queued_at DESC LIMIT 1",
        {"id": ticket_id, "agent": agent, "text": text},
    )
    files = orjson.loads(payload).get("files", ()) if payload else ()
    return tuple(File(each["name"], each["content"]) for each in files)


def pending(database: Database, ticket_id: int, agent: str) -> bool:
    """Tell whether a reply of the agent to the ticket is on its way or in doubt."""
    return bool(
        database.value(
            "SELECT 1 FROM operation WHERE ticket_id = :id AND agent = :agent"
            " AND state IN ('queued', 'sending', 'unknown')",
            {"id": ticket_id, "agent": agent},
        )
    )


def pending_on_order(database: Database, channel_id: int, number: str) -> bool:
    """Tell whether anybody's act on the order, a document aside, is on its way or in doubt."""
    return bool(
        database.value(
            "SELECT 1 FROM operation WHERE channel_id = :channel_id AND order_number = :number"
            " AND kind <> 'document' AND state IN ('queued', 'sending', 'unknown')",
            {"channel_id": channel_id, "number": number},
        )
    )


def refunds_of(
    database: Database, channel_id: int, number: str, told_at: datetime
) -> list[RefundOrder]:
    """Return the order's refunds that the marketplace's news of `told_at` may not hold yet.

    Those are all that are on their way or in doubt, and those that arrived later than that.

    Raises:
        ValueError: A row is damaged.
    """
    rows = database.rows(
        "SELECT id FROM operation WHERE channel_id = :channel_id AND order_number = :number"
        " AND kind = 'refund' AND (state IN ('queued', 'sending', 'unknown')"
        " OR (state = 'sent' AND settled_at >= :told_at)) ORDER BY queued_at, id",
        {"channel_id": channel_id, "number": number, "told_at": to_cache(told_at)},
    )
    found = [load(database, each) for (each,) in rows]
    return [each for each in found if isinstance(each, RefundOrder)]


def claim(
    database: Database, channel_id: int, worker: str, now: datetime, length: timedelta
) -> Claimed | None:
    """Claim the channel's next due operation for `worker`, if there is one left to claim."""
    return _take(
        database, channel_id, OperationState.QUEUED, OperationState.SENDING, worker, now, length
    )


def claim_doubtful(
    database: Database, channel_id: int, worker: str, now: datetime, length: timedelta
) -> Claimed | None:
    """Claim the channel's next doubtful operation, to look for it at the marketplace."""
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
        "expires": to_cache(now + length),
        "furthest": to_cache(now + _FURTHEST[state]),
        "soon": to_cache(now + _SOON),
        **clock(now),
    }
    # Looked at without the write lock first: most looks find nothing.
    while database.row(f"SELECT 1{_FROM}{_DUE}", parameters):
        row = _win(database, parameters)
        if row is None:
            return None
        try:
            return Claimed(_record(database, row), row[8], row[9], row[10] + 1)
        except ValueError:
            settle_failed(database, row[0], _unreadable(), now)
    return None


def _win(database: Database, parameters: Mapping[str, Any]) -> Row | None:
    with database.transaction():
        row = database.row(f"SELECT {_RECORD}{_FROM}{_DUE}", parameters)
        if row:
            database.execute(
                "UPDATE operation SET state = :becomes, claimed_by = :worker,"
                " claim_expires_at = :expires, tries = tries + 1 WHERE id = :id",
                {**parameters, "id": row[0]},
            )
            show(database, row[0])
    return row


def outcome(database: Database, operation: str) -> Outcome | None:
    """Return where the operation stands."""
    row = database.row(
        "SELECT state, error, remote_code FROM operation WHERE id = :id", {"id": operation}
    )
    if row is None:
        return None
    return Outcome(OperationState(row[0]), UserError.from_json(row[1]) if row[1] else None, row[2])


def _record(database: Database, row: Row) -> Operation:
    columns = dict(zip(payloads.COLUMNS, (row[0], *row[2:6], from_cache(row[6])), strict=True))
    found = payloads.unpack(row[1], columns, row[7])
    if isinstance(found, Reply):
        others = database.rows(
            "SELECT remote_code FROM operation WHERE ticket_id = :ticket_id AND id <> :id"
            " AND remote_code <> ''",
            {"ticket_id": row[8], "id": row[0]},
        )
        return replace(found, known=(*found.known, *(code for (code,) in others)))
    return found


def _unreadable() -> NotAllowed:
    return NotAllowed(
        what=N_("What was to leave cannot be read any more"), remedy=N_("Do it once more.")
    )
