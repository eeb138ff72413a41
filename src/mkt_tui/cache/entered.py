"""What the cache knows of tickets that people enter, to tell what an import would change."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import orjson

from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import from_cache, maybe_to_cache
from mkt_tui.domain.tickets import Instance, TicketSnapshot


class Known(NamedTuple):
    """A ticket as it is; cache milliseconds."""

    order_number: str | None
    customer: str | None
    subject: str
    kind: str
    reason: str | None
    told_due_at: int | None
    received_at: int
    updated_at: int
    waiting: str | None
    state: int
    instance: Instance
    messages: frozenset[str]

    def is_changed_by(self, ticket: TicketSnapshot) -> bool:
        """Tell whether writing the ticket, as `settled` made it, would change anything."""
        return (
            ticket.order_number not in (None, self.order_number)
            or ticket.customer not in (None, self.customer)
            or ticket.subject != self.subject
            or ticket.kind != self.kind
            or ticket.reason not in (None, self.reason)
            or maybe_to_cache(ticket.due_at) != self.told_due_at
            or maybe_to_cache(ticket.waiting_since) not in (None, self.received_at)
            or ticket.waiting != self.waiting
            or self._is_other_instance(ticket.instance)
            or self._has_news(ticket)
        )

    def settled(self, ticket: TicketSnapshot, now: datetime) -> TicketSnapshot:
        """Return what was entered with the wait that it means for the ticket as it is.

        A new message after our answer begins a new wait now. What else is entered begins none, and
        a ticket without a date (`now`) is as old as it is known to be.
        """
        known, since, messages = from_cache(self.received_at), ticket.waiting_since, ticket.messages
        if since is not None:
            if self._has_news(ticket) and self.state == 1:
                since, messages = now, tuple(replace(each, sent_at=now) for each in messages)
            else:
                since = known if since == now else max(since, known)
        return replace(
            ticket,
            waiting_since=since,
            messages=messages,
            updated_at=max(ticket.updated_at, since or known, from_cache(self.updated_at)),
        )

    def _is_other_instance(self, told: Instance | None) -> bool:
        if told is None:
            return False
        return told.protocol not in (None, self.instance.protocol) or told.amount not in (
            None,
            self.instance.amount,
        )

    def _has_news(self, ticket: TicketSnapshot) -> bool:
        return bool({each.code for each in ticket.messages} - self.messages)


def known(database: Database, channel_id: int, codes: Sequence[str]) -> dict[str, Known]:
    """Return what is known of the tickets of these codes."""
    listed = {"channel_id": channel_id, "listed": orjson.dumps(list(codes)).decode()}
    which = f"ticket.channel_id = :channel_id AND ticket.code IN ({database.dialect.texts})"
    messages: dict[str, set[str]] = {}
    for code, message in database.rows(
        "SELECT ticket.code, message.code FROM message JOIN ticket ON ticket.id = message.ticket_id"
        f" WHERE {which}",
        listed,
    ):
        messages.setdefault(code, set()).add(message)
    rows = database.rows(
        "SELECT code, order_number, customer, subject, kind, reason, told_due_at, received_at,"
        " updated_at, waiting, state, protocol, amount, currency FROM ticket"
        f" LEFT JOIN instance ON instance.ticket_id = ticket.id WHERE {which}",
        listed,
    )
    return {
        row[0]: Known._make((*row[1:11], Instance(*row[11:]), frozenset(messages.get(row[0], ()))))
        for row in rows
    }
