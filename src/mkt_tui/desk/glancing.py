"""The ticket under a resting cursor, read before it is opened: then it waits for no cache."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import UserError

if TYPE_CHECKING:
    from mkt_tui.desk.conversation import Conversation

# What is told by the clock in it, such as who is writing, grows old in an unchanged cache too.
_FRESH: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Seen:
    conversation: "Conversation"
    revision: tuple[int, int]
    at: datetime


class Glances:
    """What was read of the last ticket that was looked at; not to be shared between threads."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen: _Seen | None = None

    async def look(self, ticket_id: int) -> None:
        """Read a ticket in a thread, unless it is known; what is wrong is told when it is opened."""
        with suppress(UserError):
            if self.of(ticket_id) is None:
                # Both of before it is read: what changes meanwhile makes it void.
                revision, at = self._desk.database.revision(), self._desk.clock()
                found = await asyncio.to_thread(_read, self._desk, ticket_id)
                self._seen = _Seen(found, revision, at)

    def of(self, ticket_id: int) -> "Conversation | None":
        """Return a ticket as it is in the cache now, None when that is not known.

        Raises:
            CacheProblem: The cache cannot be asked whether it changed.
        """
        seen = self._seen
        if (
            seen is None
            or seen.conversation.ticket.id != ticket_id
            or seen.revision != self._desk.database.revision()
            or self._desk.clock() - seen.at > _FRESH
        ):
            return None
        return seen.conversation


def _read(desk: Desk, ticket_id: int) -> "Conversation":
    from mkt_tui.desk.conversation import load  # not needed for the first paint

    return load(desk, ticket_id)
