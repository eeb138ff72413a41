"""A queue by a filter that no index serves: its ids are found once, in a thread.

Eight bytes a ticket buy pages that cost the same however rare the tickets are that pass.
"""

from array import array
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress

from mkt_tui.cache import queries
from mkt_tui.cache.database import Database
from mkt_tui.cache.queries import QueueFilter, QueueRow
from mkt_tui.desk.paging import KEPT, PAGE
from mkt_tui.domain.errors import CacheProblem


class Listed:
    """A list of tickets by their ids; not to be shared between threads.

    Attributes:
        total: How many rows there are.
        trouble: Why a page could not be read; its rows are missing until the next look.
    """

    def __init__(self, database: Database, wanted: QueueFilter, ids: Sequence[int] = ()) -> None:
        self._database = database
        self.wanted = wanted
        self._ids = ids
        self._pages: OrderedDict[int, dict[int, QueueRow]] = OrderedDict()
        self.trouble: CacheProblem | None = None

    @property
    def total(self) -> int:
        """How many rows there are."""
        return len(self._ids)

    def row(self, number: int) -> QueueRow | None:
        """Return a row by its place, None past the end or when the ticket is gone."""
        if not 0 <= number < self.total:
            return None
        return self._page(number // PAGE).get(self._ids[number])

    def _page(self, number: int) -> dict[int, QueueRow]:
        if number not in self._pages:
            ids = self._ids[number * PAGE : (number + 1) * PAGE]
            try:
                rows = queries.tickets(self._database, ids)
            except CacheProblem as error:
                # Rows are asked for while the screen is drawn, where an error has nobody to go to.
                self.trouble, rows = error, []
            self._pages[number] = {row.id: row for row in rows}
            if len(self._pages) > KEPT:
                self._pages.popitem(last=False)
        self._pages.move_to_end(number)
        return self._pages[number]


def find(database: Database, wanted: QueueFilter) -> "array[int]":
    """Return the ids of all tickets that pass, in the queue's order; for a thread."""
    return array("q", queries.ids(database, wanted))


def place(ids: Sequence[int], ticket_id: int | None) -> int | None:
    """Return where a ticket is, None when the filter leaves it out."""
    with suppress(ValueError):
        return ids.index(ticket_id) if ticket_id is not None else None
    return None
