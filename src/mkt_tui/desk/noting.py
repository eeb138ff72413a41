"""Internal notes: for colleagues only, added and never changed; @name tells a colleague."""

import re
from typing import Final

from mkt_tui.cache import notes, queries
from mkt_tui.cache.audit import Act
from mkt_tui.desk import presence
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed, NotFound
from mkt_tui.domain.text import clean
from mkt_tui.i18n import _

_MENTION: Final = re.compile(r"(?<![\w.])@([\w.\-]+)")
# A name as it is typed, from its sign to the cursor.
TYPED: Final = re.compile(r"(?<![\w.])@([\w.\-]*)$")


def add(desk: Desk, ticket_id: int, text: str) -> list[str]:
    """Write a note on a ticket and return who is named in it.

    Raises:
        NotAllowed: It is empty.
        NotFound: The ticket is gone, or it names somebody who is no agent; nothing was written.
    """
    words = clean(text.strip())
    if not words:
        raise NotAllowed(what=_("The note is empty"), remedy=_("Write it first."))
    with desk.database.transaction():
        row = queries.ticket(desk.database, ticket_id)
        if row is None:
            raise NotFound(
                kind=_("ticket"), name=ticket_id, remedy=_("Its channel may have been removed.")
            )
        named = _mentioned(desk, words)
        notes.add(desk.database, ticket_id, desk.agent, words, named, desk.clock())
        channel = desk.channels()[row.channel_id].name
        told = f"mentions={','.join(named)}" if named else None
        desk.record(Act("note.added", channel, row.code, row.order_number, told))
    return named


def see(desk: Desk, ticket_id: int) -> None:
    """Note that this agent has the ticket's notes before his or her eyes."""
    notes.seen(desk.database, ticket_id, desk.agent, desk.clock())


def colleagues(desk: Desk, typed: str) -> list[str]:
    """Return the logins that begin so, the agent's own not among them."""
    begun, names = typed.casefold(), (each.name for each in presence.everybody(desk))
    return [each for each in names if each.casefold().startswith(begun) and each != desk.agent]


def _mentioned(desk: Desk, words: str) -> list[str]:
    known = {each.name.casefold(): each.name for each in presence.everybody(desk)}
    named: dict[str, None] = {}
    for found in _MENTION.findall(words):
        name = known.get(found.casefold()) or known.get(found.rstrip(".-").casefold())
        if name is None:
            raise presence.unknown(desk, found)
        named[name] = None
    return list(named)
