"""What happened to a ticket: who did what, when; and everything else around it."""

from typing import Final, NamedTuple

from mkt_tui.cache import audit, handing, notes, queries, threads
from mkt_tui.cache.handing import Handover
from mkt_tui.cache.notes import Note
from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.cache.queries import QueueRow, QueueState
from mkt_tui.desk import audit_words
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.queue import View
from mkt_tui.domain import words
from mkt_tui.domain.filters import parse
from mkt_tui.i18n import N_, _

# So many tickets of one person are listed.
_MOST: Final = 50
# What the audit log calls an act, for people.
_ACTS = {
    "reply.queued": N_("reply written"),
    "attachment.saved": N_("attached file saved"),
    "reply.recalled": N_("reply taken back"),
    "reply.settled-sent": N_("reply found to have arrived"),
    "reply.sent-again": N_("reply sent again"),
    "reply.given-up": N_("reply given up"),
    "ticket.linked": N_("linked with another ticket"),
    "ticket.unlinked": N_("no longer linked"),
    "ticket.forwarded": N_("forwarded"),
    "ticket.taken": N_("taken"),
    "ticket.released": N_("let go"),
    "ticket.snoozed": N_("put off"),
    "ticket.woken": N_("brought back"),
    "ticket.no_reply": N_("marked: needs no reply"),
    "ticket.reopened": N_("opened again"),
    "portal.answered": N_("answered on the portal"),
    "portal.told": N_("told on the portal, not answered"),
    "ticket.entered": N_("entered by hand"),
    "note.added": N_("note written"),
    "order.revealed": N_("personal data shown"),
}


_ENDS = {
    "sent": N_("reply confirmed by the marketplace"),
    "failed": N_("reply refused"),
    "unknown": N_("reply in doubt"),
}


class Entry(NamedTuple):
    """One thing that happened; cache milliseconds."""

    at: int
    agent: str
    act: str
    detail: str


def of_ticket(desk: Desk, row: QueueRow) -> list[Entry]:
    """Return what people and marketplaces did with a ticket, the oldest first."""
    channel = desk.channels()[row.channel_id].name
    entries = [
        Entry(
            each.at, each.agent, _(_ACTS.get(each.act, each.act)), audit_words.detail(each.detail)
        )
        for each in audit.of_ticket(desk.database, channel, row.code)
    ]
    entries += [
        Entry(each.at, each.agent, _(_ENDS[each.state]), "")
        for each in threads.ends(desk.database, row.id)
    ]
    entries += [
        Entry(each.at, each.agent, _("word with it"), each.note)
        for each in handing.chain(desk.database, row.id)
        if each.note
    ]
    return sorted(entries, key=lambda each: each.at)


def hands(desk: Desk, ticket_id: int) -> list[Handover]:
    """Return through whose hands a ticket went (T22)."""
    return handing.chain(desk.database, ticket_id)


def notes_of(desk: Desk, ticket_id: int) -> list[Note]:
    """Return the ticket's notes, the oldest first."""
    return notes.of_ticket(desk.database, ticket_id)


def of_customer(desk: Desk, row: QueueRow) -> list[QueueRow]:
    """Return the other tickets under the same name, newest wait first; on all channels.

    One name may be several people: whoever reads the list is told so.
    """
    if not row.customer:
        return []
    found = queries.tickets_of_customer(desk.database, row.customer)
    return [each for each in found if each.id != row.id]


def of_document(desk: Desk, order: OrderRecord | None, row: QueueRow) -> list[QueueRow]:
    """Return the other tickets of whoever has the order's CPF or CNPJ; on all channels."""
    document = words.number(str(order.personal.get("document") or "")) if order else ""
    if not document:
        return []
    wanted = View(QueueState.ALL, terms=parse(f"number:{document}")).filter(desk)
    found = queries.page(desk.database, wanted, None, 0, _MOST)
    return [each for each in found if each.id != row.id]
