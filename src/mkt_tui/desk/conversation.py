"""One ticket with its thread, its order and what the agent was writing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mkt_tui.cache import (
    drafts,
    instances,
    marking,
    notes,
    operations,
    order_records,
    queries,
    threads,
)
from mkt_tui.cache.claims import Claim
from mkt_tui.cache.drafts import Draft
from mkt_tui.cache.notes import Note
from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.cache.queries import QueueRow
from mkt_tui.cache.threads import ThreadMessage, ThreadOperation
from mkt_tui.desk import claiming, linking
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.sheet import Sheet, sheet
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotFound
from mkt_tui.domain.tickets import Audience, Instance, audiences_in
from mkt_tui.i18n import _


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that a reply needs to be coherent (T24, T25).

    Attributes:
        order: None when the ticket names no order, or one that the cache does not hold yet.
        sheet: The order's print view, personal data masked.
        writer: The colleague who is writing on it now.
        siblings: The other protocols of the same order (T10).
        audiences: Whom a reply may address, the widest first; empty when nobody.
        notes: What colleagues wrote for each other; never part of what is sent.
        instances: What exchanges and refunds of the order are about, by ticket.
        linked: The tickets that agents linked it with.
        reminder: When a ticket that needs no reply comes back; None = it does not.
    """

    ticket: QueueRow
    channel: Channel
    messages: tuple[ThreadMessage, ...]
    operations: tuple[ThreadOperation, ...]
    order: OrderRecord | None
    sheet: Sheet | None
    siblings: tuple[QueueRow, ...]
    draft: Draft | None
    writer: Claim | None
    audiences: tuple[Audience, ...]
    notes: tuple[Note, ...] = ()
    instances: Mapping[int, Instance] = field(default_factory=dict)
    linked: tuple[QueueRow, ...] = ()
    reminder: datetime | None = None

    @property
    def newest(self) -> int:
        """The newest message row, which a draft begun now has seen."""
        return max((each.row for each in self.messages), default=0)


def load(desk: Desk, ticket_id: int) -> Conversation:
    """Read a ticket with all that stands around it.

    Raises:
        NotFound: The ticket is gone, with its channel.
    """
    ticket = queries.ticket(desk.database, ticket_id)
    if ticket is None:
        raise NotFound(
            kind=_("ticket"), name=ticket_id, remedy=_("Its channel may have been removed.")
        )
    channel, siblings = desk.channels()[ticket.channel_id], _siblings(desk, ticket)
    order = order_of(desk, ticket)
    return Conversation(
        ticket=ticket,
        channel=channel,
        messages=tuple(threads.messages(desk.database, ticket_id)),
        operations=tuple(threads.operations(desk.database, ticket_id)),
        order=order,
        sheet=sheet(desk, order, revealed=False) if order else None,
        siblings=siblings,
        instances=instances.of_tickets(desk.database, (ticket_id, *(each.id for each in siblings))),
        linked=linking.linked(desk, ticket_id),
        reminder=marking.comes_back(desk.database, ticket_id) if ticket.state == 1 else None,
        writer=claiming.writer(desk, ticket_id),
        notes=tuple(notes.of_ticket(desk.database, ticket_id)),
        draft=_draft(desk, ticket_id),
        audiences=() if channel.by_hand else audiences_in(ticket.participants),
    )


def _draft(desk: Desk, ticket_id: int) -> Draft | None:
    """Return what the agent was writing; a reply that was taken back has its files again."""
    found = drafts.find(desk.database, ticket_id, desk.agent)
    if found is None:
        return None
    files = operations.files_taken_back(desk.database, ticket_id, desk.agent, found.text)
    return found._replace(files=files)


def order_of(desk: Desk, ticket: QueueRow) -> OrderRecord | None:
    """Return the ticket's order; None when it names none or the cache does not hold it yet."""
    if ticket.order_number is None:
        return None
    found = order_records.orders(desk.database, ticket.order_number, ticket.channel_id)
    return next((each for each in found if each.number == ticket.order_number), None)


def orders_of(desk: Desk, tickets: Iterable[int]) -> list[OrderRecord]:
    """Return the orders that these tickets are about, each once, as far as the cache holds them."""
    rows = (queries.ticket(desk.database, each) for each in tickets)
    found = (order_of(desk, each) for each in rows if each)
    orders = {(each.channel_id, each.number): each for each in found if each}
    return list(orders.values())


def _siblings(desk: Desk, ticket: QueueRow) -> tuple[QueueRow, ...]:
    if ticket.order_number is None:
        return ()
    found = queries.tickets_of_order(desk.database, ticket.channel_id, ticket.order_number)
    return tuple(each for each in found if each.id != ticket.id)
