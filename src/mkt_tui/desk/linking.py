"""Linking tickets that are about the same thing, of any channel and customer.

They are never merged: marketplaces wait for an answer on each, and a merge could not be undone. Each
is shown beside the others, so whatever a customer writes on one of them later is seen from all.
"""

from collections.abc import Sequence

from mkt_tui.cache import linking, queries
from mkt_tui.cache.audit import Act
from mkt_tui.cache.queries import QueueRow
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.sharing import Result, on_each
from mkt_tui.domain.errors import NotAllowed, NotFound
from mkt_tui.i18n import _


def link(desk: Desk, tickets: Sequence[int]) -> list[Result]:
    """Link tickets with each other, and with all that they were linked with before.

    Raises:
        NotAllowed: There is only one.
    """
    if len(set(tickets)) < 2:
        raise NotAllowed(
            what=_("A ticket cannot be linked with itself"),
            remedy=_("Mark several tickets, or name another one."),
        )
    with desk.database.transaction():
        linking.link(desk.database, tickets)
    return on_each(desk, tickets, lambda row: _record(desk, row, "ticket.linked", _("linked")))


def unlink(desk: Desk, tickets: Sequence[int]) -> list[Result]:
    """Take each of the tickets out of what it is linked with."""

    def one(row: QueueRow) -> str:
        if not linking.unlink(desk.database, row.id):
            raise NotAllowed(what=_("It is linked with no ticket"), remedy="")
        return _record(desk, row, "ticket.unlinked", _("no longer linked"))

    return on_each(desk, tickets, one)


def ticket_of(desk: Desk, code: str) -> QueueRow:
    """Return the ticket of that code, whatever its channel and state.

    Raises:
        NotFound: There is none.
        NotAllowed: Several channels have one.
    """
    found = queries.tickets_by_code(desk.database, code.strip())
    if not found:
        raise NotFound(kind=_("ticket"), name=code, remedy=_("Check the code."))
    if len(found) > 1:
        names = ", ".join(desk.channels()[each.channel_id].name for each in found)
        raise NotAllowed(
            what=_("Ticket {code} is in several channels: {names}").format(code=code, names=names),
            remedy=_("Mark both in the queue and link them there."),
        )
    return found[0]


def linked(desk: Desk, ticket_id: int) -> tuple[QueueRow, ...]:
    """Return the tickets that a ticket is linked with, the oldest known first."""
    found = (
        queries.ticket(desk.database, each) for each in linking.of_ticket(desk.database, ticket_id)
    )
    return tuple(each for each in found if each)


def _record(desk: Desk, row: QueueRow, act: str, told: str) -> str:
    channel = desk.channels()[row.channel_id]
    desk.record(Act(act, channel.name, ticket=row.code))
    return told
