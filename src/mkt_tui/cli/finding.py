"""Finding what a command line names."""

from mkt_tui.cache import queries
from mkt_tui.cache.queries import QueueRow
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed, NotFound
from mkt_tui.i18n import _


def find_ticket(desk: Desk, code: str, channel: str | None) -> QueueRow:
    """Return the ticket of that code.

    Raises:
        NotFound: There is none.
        NotAllowed: Several channels have one, and none was named.
    """
    wanted = desk.channel(channel).id if channel else None
    rows = queries.tickets_by_code(desk.database, code)
    found = [each for each in rows if wanted in (None, each.channel_id)]
    if not found:
        raise NotFound(
            kind=_("ticket"), name=code, remedy=_("See: mkt-tui tickets --state all, mkt-tui sync.")
        )
    if len(found) > 1:
        names = ", ".join(desk.channels()[each.channel_id].name for each in found)
        raise NotAllowed(
            what=_("Ticket {code} is in several channels: {names}").format(code=code, names=names),
            remedy=_("Say which one with --channel."),
        )
    return found[0]
