"""Acts on tickets at their marketplaces that are no reply: closing them, handing them over."""

from collections.abc import Callable, Sequence
from typing import Final

from mkt_tui.cache.queries import QueueRow
from mkt_tui.desk import acting, queuing
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.sharing import Result, on_each
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed, UserError
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.operations import Operation
from mkt_tui.domain.ticket_operations import CloseTicket, HandTicket
from mkt_tui.i18n import _

_LONGEST: Final = 2000
_OFFERED: Final = (Kind.HAND, Kind.CLOSE)


def offered(channel: Channel) -> frozenset[Kind]:
    """Return which of these acts the channel takes from here.

    A publisher's tickets end when the shops have accepted the title, so they are not closed by hand.
    """
    try:
        able = acting.abilities(channel)
    except UserError:
        return frozenset()
    return frozenset() if Kind.CORRECT in able else able.intersection(_OFFERED)


def close(desk: Desk, tickets: Sequence[int]) -> list[Result]:
    """Declare tickets settled at their marketplaces."""
    return _each(
        desk,
        tickets,
        lambda code: CloseTicket(acting.new_id(), code, desk.clock()),
        lambda: _("is being closed at the marketplace"),
    )


def words(text: str) -> str:
    """Return the words for the marketplace as they leave.

    Raises:
        NotAllowed: There are none, or too many.
    """
    said = text.strip()
    if not 0 < len(said) <= _LONGEST:
        raise NotAllowed(
            what=_("The marketplace needs to know why, in up to 2,000 characters"),
            remedy=_("Write what it has to do."),
        )
    return said


def hand(desk: Desk, tickets: Sequence[int], text: str) -> list[Result]:
    """Make tickets the marketplace's turn, with words that only it reads.

    Here they count as answered until somebody writes.
    """
    said = words(text)
    return _each(
        desk,
        tickets,
        lambda code: HandTicket(acting.new_id(), code, said, desk.clock()),
        lambda: _("is being handed to the marketplace"),
    )


def _each(
    desk: Desk,
    tickets: Sequence[int],
    wanted: Callable[[str], Operation],
    told: Callable[[], str],
) -> list[Result]:
    channels = desk.channels()

    def one(row: QueueRow) -> str:
        channel, act = channels[row.channel_id], wanted(row.code)
        acting.confirmation(channel, act)
        if act.kind not in offered(channel):
            raise NotAllowed(
                what=_("A publisher's ticket ends when the shops have accepted the title"),
                remedy=_("Correct the title or dispute the ticket."),
            )
        queuing.queue(desk, channel, act, ticket_id=row.id, answers=True)
        return told()

    return on_each(desk, tickets, one)
