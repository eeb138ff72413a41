"""A queue by a filter that no index serves: its ids are found once, in a thread.

Eight bytes a ticket buy pages that cost the same however rare the tickets are that pass.
"""

from array import array
from collections.abc import Sequence
from contextlib import suppress

from mkt_tui.cache import queries
from mkt_tui.cache.database import Database
from mkt_tui.cache.queries import QueueFilter, QueueRow
from mkt_tui.desk.page_store import PAGE, Paged


class Listed(Paged[dict[int, QueueRow]]):
    """A list of tickets by their ids."""

    def __init__(self, database: Database, wanted: QueueFilter, ids: Sequence[int] = ()) -> None:
        super().__init__({})
        self.total = len(ids)
        self._database = database
        self.wanted = wanted
        self._ids = ids

    def row(self, number: int) -> QueueRow | None:
        """Return a row by its place, None past the end or when the ticket is gone."""
        if not 0 <= number < self.total:
            return None
        return self._page_of(number).get(self._ids[number])

    def _read(self, number: int) -> dict[int, QueueRow]:
        ids = self._ids[number * PAGE : (number + 1) * PAGE]
        return {row.id: row for row in queries.tickets(self._database, ids)}


def find(database: Database, wanted: QueueFilter) -> "array[int]":
    """Return the ids of all tickets that pass, in the queue's order; for a thread."""
    return array("q", queries.ids(database, wanted))


def place(ids: Sequence[int], ticket_id: int | None) -> int | None:
    """Return where a ticket is, None when the filter leaves it out."""
    with suppress(ValueError):
        return ids.index(ticket_id) if ticket_id is not None else None
    return None
