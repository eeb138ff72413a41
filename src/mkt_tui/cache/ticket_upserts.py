"""Pages of tickets into the cache, each page with its cursor in one transaction.

Writing the same page twice changes nothing; a snapshot older than what is known changes nothing;
a field that the marketplace no longer tells never replaces a known value.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from mkt_tui.cache import (
    complaints,
    holders,
    indexing,
    instances,
    news,
    notices,
    settling,
    waking,
)
from mkt_tui.cache.database import Database
from mkt_tui.cache.dues import AHEAD, DUE, due_values
from mkt_tui.cache.instants import from_cache, span_to_cache, to_cache
from mkt_tui.cache.streams import Stream, advance
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.deadlines.clocks import Clocks, Wait
from mkt_tui.domain.errors import TakenBack
from mkt_tui.domain.tickets import OMBUDSMAN, MessageSnapshot, TicketSnapshot, participants_text

# A wait is over for us when the marketplace says so, or when a reply on its way has answered it;
# a reply that failed or is in doubt keeps its ticket in the queue whatever the marketplace says.
_OPENS: Final = (
    "((excluded.due_at IS NOT NULL"
    " AND excluded.received_at > COALESCE(ticket.answered_until, -1))"
    " OR COALESCE(ticket.delivery, '') IN ('failed', 'unknown'))"
)
# A ticket that was put off stays so while the same wait goes on, and never so long that nobody can
# answer it in time: where its deadline has moved nearer, it comes back the earlier.
_SLEEPS: Final = "(ticket.state = 2 AND excluded.received_at = ticket.received_at)"
_LATEST: Final = "(COALESCE(excluded.due_at, excluded.received_at) - :urgent)"
_PLACE: Final = (
    "(COALESCE(excluded.due_at, excluded.received_at)"
    f" - CASE excluded.kind WHEN '{OMBUDSMAN}' THEN {AHEAD} ELSE 0 END)"
)
_TICKETS: Final = f"""
INSERT INTO ticket (channel_id, code, order_number, customer, subject, state, sort_at, waiting,
    participants, registered_at, received_at, due_at, created_at, updated_at, kind, reason,
    told_due_at, due_rule, house_due_at, house_rule)
VALUES (:channel_id, :code, :order_number, :customer, :subject, :state, :sort_at, :waiting,
    :participants, :registered_at, :received_at, :due_at, :created_at, :updated_at, :kind, :reason,
    :told_due_at, :due_rule, :house_due_at, :house_rule)
ON CONFLICT (channel_id, code) DO UPDATE SET
    order_number = COALESCE(excluded.order_number, ticket.order_number),
    customer = COALESCE(excluded.customer, ticket.customer),
    subject = CASE excluded.subject WHEN '' THEN ticket.subject ELSE excluded.subject END,
    state = CASE WHEN {_OPENS} AND {_SLEEPS} THEN 2 WHEN {_OPENS} THEN 0 ELSE 1 END,
    sort_at = CASE WHEN {_OPENS} AND {_SLEEPS} AND ticket.sort_at < {_LATEST} THEN ticket.sort_at
        WHEN {_OPENS} AND {_SLEEPS} THEN {_LATEST}
        WHEN {_OPENS} THEN {_PLACE}
        ELSE -excluded.updated_at END,
    waiting = excluded.waiting,
    participants = excluded.participants,
    registered_at = CASE WHEN {_OPENS} AND ticket.state = 1 THEN excluded.registered_at
        ELSE ticket.registered_at END,
    received_at = excluded.received_at,
    due_at = excluded.due_at,
    updated_at = excluded.updated_at,
    kind = excluded.kind,
    reason = COALESCE(excluded.reason, ticket.reason),
    told_due_at = excluded.told_due_at,
    due_rule = excluded.due_rule,
    house_due_at = excluded.house_due_at,
    house_rule = excluded.house_rule
WHERE excluded.updated_at >= ticket.updated_at
"""
_MESSAGES: Final = """
INSERT INTO message (ticket_id, code, author, author_name, recipients, body, sent_at, attachments)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (ticket_id, code) DO NOTHING
"""


def write_tickets(
    database: Database,
    stream: Stream,
    snapshots: Sequence[TicketSnapshot],
    registered_at: datetime | None,
    clocks: Clocks,
    *,
    orders_come: bool = False,
) -> None:
    """Write a page of tickets with their messages, and the stream's new cursor.

    Args:
        registered_at: When the page came in; None on a channel's first read, whose tickets were
            pending before this cache existed and so count from the marketplace's own receipt.
        clocks: The deadline rules of the channel.
        orders_come: The channel's orders are read as well; see `notices`.
    """
    with database.transaction(durable=False):
        snapshots = news.completed(database, stream.channel_id, snapshots)
        write_entered(database, snapshots, registered_at, clocks)
        codes = [each.code for each in snapshots]
        notices.of_tickets(database, stream.channel_id, codes, orders_come=orders_come)
        advance(database, stream)


def write_entered(
    database: Database,
    snapshots: Sequence[TicketSnapshot],
    registered_at: datetime | None,
    clocks: Clocks,
) -> None:
    """Write tickets with their messages, as people enter them too; see `write_tickets`.

    Call inside a transaction. No order is expected of them, for nobody reads the orders of a portal.
    """
    channel_id = clocks.channel.id
    known = _open_since(database, channel_id, [each.code for each in snapshots])
    database.execute_many(
        _TICKETS,
        [
            _ticket(channel_id, each, known.get(each.code, registered_at), clocks)
            for each in snapshots
        ],
    )
    ids = indexing.index_tickets(database, channel_id, snapshots)
    complaints.write(database, ids, snapshots)
    database.execute_many(
        _MESSAGES,
        (_message(ids[each.code], message) for each in snapshots for message in each.messages),
    )
    instances.write(database, ids, snapshots)
    holders.write(database, ids, snapshots)
    for each in snapshots:
        _take_back(database, clocks.channel, ids[each.code], each)
    waking.of_news(database, channel_id)


def _take_back(
    database: Database, channel: Channel, ticket_id: int, snapshot: TicketSnapshot
) -> None:
    """Note what moderation took back, which may be a reply of ours that had been shown."""
    for message in snapshot.messages:
        if message.rejected is not None:
            database.execute(
                "UPDATE message SET author_name = :name WHERE ticket_id = :id AND code = :code",
                {"id": ticket_id, "code": message.code, "name": message.author_name},
            )
            error = TakenBack(channel=channel.name, detail=message.rejected)
            settling.settle_rejected(database, channel.id, message.code, error, snapshot.updated_at)


def write_message(
    database: Database, channel_id: int, ticket_code: str, message: MessageSnapshot
) -> None:
    """Add one message to a ticket that is there; call inside a transaction."""
    told = {ticket_code: [message.author_name, message.body]}
    ticket_id = indexing.index_texts(database, channel_id, told)[ticket_code]
    database.execute_many(_MESSAGES, [_message(ticket_id, message)])


def _ticket(
    channel_id: int, ticket: TicketSnapshot, registered_at: datetime | None, clocks: Clocks
) -> dict[str, Any]:
    received = ticket.waiting_since or ticket.created_at
    registered = registered_at or received
    values: dict[str, Any] = {
        "channel_id": channel_id,
        "code": ticket.code,
        "order_number": ticket.order_number,
        "customer": ticket.customer,
        "subject": ticket.subject,
        "waiting": ticket.waiting,
        "participants": participants_text(ticket),
        "registered_at": to_cache(registered),
        "received_at": to_cache(received),
        "created_at": to_cache(ticket.created_at),
        "updated_at": to_cache(ticket.updated_at),
        "kind": ticket.kind,
        "reason": ticket.reason,
        "told_due_at": to_cache(ticket.due_at) if ticket.due_at else None,
        "urgent": span_to_cache(clocks.book.urgent),
    }
    if ticket.waiting_since is None:
        return values | dict.fromkeys(DUE) | {"state": 1, "sort_at": -values["updated_at"]}
    due = due_values(clocks, Wait(ticket.kind, received, registered, ticket.due_at))
    ahead = AHEAD if ticket.kind == OMBUDSMAN else 0
    return values | due | {"state": 0, "sort_at": due["due_at"] - ahead}


def _message(ticket_id: int, message: MessageSnapshot) -> tuple[Any, ...]:
    return (
        ticket_id,
        message.code,
        message.author,
        message.author_name,
        ",".join(message.recipients),
        message.body,
        to_cache(message.sent_at),
        orjson.dumps(message.attachments).decode() if message.attachments else "[]",
    )


def _open_since(
    database: Database, channel_id: int, codes: Iterable[str]
) -> dict[str, datetime | None]:
    """Return since when the tickets that are open already are registered: that wait goes on."""
    rows = database.rows(
        "SELECT code, registered_at FROM ticket WHERE channel_id = :channel_id AND state <> 1"
        f" AND code IN ({database.dialect.texts})",
        {"channel_id": channel_id, "listed": orjson.dumps(list(codes)).decode()},
    )
    return {code: from_cache(registered) for code, registered in rows}
