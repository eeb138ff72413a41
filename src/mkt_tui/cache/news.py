"""Snapshots that know of their own messages only, completed by what the cache knows.

Where each message is a mail of its own, no answer holds the whole thread. Whether a new mail
begins a wait or joins one that goes on, only the cache can tell; and a mail that is known already,
because the mailbox holds it twice or was numbered anew, must change nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import orjson

from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import from_cache
from mkt_tui.domain.tickets import Owed, Role, TicketSnapshot, owed_after


class _Known(NamedTuple):
    subject: str
    updated_at: datetime
    wait: Owed | None


def completed(
    database: Database, channel_id: int, snapshots: Sequence[TicketSnapshot]
) -> list[TicketSnapshot]:
    """Return the snapshots as tickets; those that tell nothing new are left out."""
    listed = orjson.dumps([each.code for each in snapshots if each.news]).decode()
    if listed == "[]":
        return list(snapshots)
    known = _tickets(database, channel_id, listed)
    met = _messages(database, channel_id, listed)
    found = (
        _completed(each, known.get(each.code), met) if each.news else each for each in snapshots
    )
    return [each for each in found if each is not None]


def _completed(
    snapshot: TicketSnapshot, known: _Known | None, met: set[tuple[str, str]]
) -> TicketSnapshot | None:
    messages = tuple(each for each in snapshot.messages if (snapshot.code, each.code) not in met)
    if not messages:
        return None
    wait = owed_after(known.wait if known else None, messages)
    return replace(
        snapshot,
        subject=known.subject if known else snapshot.subject,
        messages=messages,
        waiting_since=wait.since if wait else None,
        waiting=wait.side if wait else None,
        # A mail may come late; what it tells is new here all the same.
        updated_at=max(snapshot.updated_at, known.updated_at) if known else snapshot.updated_at,
    )


def _tickets(database: Database, channel_id: int, listed: str) -> dict[str, _Known]:
    rows = database.rows(
        "SELECT code, subject, updated_at, state, received_at, waiting FROM ticket"
        f" WHERE channel_id = :channel_id AND code IN ({database.dialect.texts})",
        {"channel_id": channel_id, "listed": listed},
    )
    return {
        code: _Known(
            subject,
            from_cache(updated),
            Owed(from_cache(received), Role(waiting)) if state == 0 and waiting else None,
        )
        for code, subject, updated, state, received, waiting in rows
    }


def _messages(database: Database, channel_id: int, listed: str) -> set[tuple[str, str]]:
    rows = database.rows(
        "SELECT ticket.code, message.code FROM message JOIN ticket ON ticket.id = ticket_id"
        f" WHERE channel_id = :channel_id AND ticket.code IN ({database.dialect.texts})",
        {"channel_id": channel_id, "listed": listed},
    )
    return {(ticket, message) for ticket, message in rows}
