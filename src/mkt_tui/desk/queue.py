"""The queue in pages: any place of a list of any length, in constant memory.

The first page is read at once; how many rows there are and the keys of every 1,024th row are
measured in a thread. With these a page anywhere costs one look into an index.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from mkt_tui.cache import queries
from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.queries import Key, QueueFilter, QueueRow, QueueState
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import CacheProblem

_PAGE: Final = 64
_STEP: Final = 1024
_KEPT: Final = 16


@dataclass(frozen=True, slots=True)
class View:
    """What an agent has chosen to see; a filter once it is known who looks, and when."""

    state: QueueState = QueueState.OPEN
    channel_id: int | None = None
    mine: bool = False
    late: bool = False
    undelivered: bool = False

    def filter(self, desk: Desk) -> QueueFilter:
        """Return the filter that the view is for this agent now."""
        return QueueFilter(
            state=QueueState.ALL if self.undelivered else self.state,
            channel_id=self.channel_id,
            assignee=desk.agent if self.mine else None,
            late_at=to_cache(desk.clock()) if self.late else None,
            undelivered=self.undelivered,
        )

    def next_state(self) -> QueueState:
        """Return what follows in the round of open, answered, all."""
        states = list(QueueState)
        return states[(states.index(self.state) + 1) % len(states)]


@dataclass(frozen=True, slots=True)
class Measure:
    """How long a queue is, and keys to jump by; `place` is where the looked-for ticket is now."""

    wanted: QueueFilter
    total: int
    anchors: list[Key]
    place: int | None


class Queue:
    """A list of tickets read page by page; not to be shared between threads.

    Attributes:
        total: How many rows there are, as far as is known.
        trouble: Why a page could not be read; its rows are missing until the next look.
    """

    def __init__(self, database: Database, wanted: QueueFilter) -> None:
        self._database = database
        self.wanted = wanted
        self._pages: OrderedDict[int, list[QueueRow]] = OrderedDict()
        self._anchors: list[Key] = []
        self.trouble: CacheProblem | None = None
        self.total = len(self._page(0))

    def row(self, number: int) -> QueueRow | None:
        """Return a row by its place, None past the end."""
        if not 0 <= number < self.total:
            return None
        page = self._page(number // _PAGE)
        place = number % _PAGE
        return page[place] if place < len(page) else None

    def use(self, measure: Measure) -> None:
        """Take over what `measure` found, and read the rows anew."""
        self.wanted = measure.wanted
        self._anchors = measure.anchors
        self._pages.clear()
        self.total = measure.total

    def _page(self, number: int) -> list[QueueRow]:
        if number in self._pages:
            self._pages.move_to_end(number)
            return self._pages[number]
        step, offset = divmod(number * _PAGE, _STEP)
        anchor = self._anchors[step] if step < len(self._anchors) else None
        if anchor is None:
            offset += step * _STEP
        try:
            page = queries.page(self._database, self.wanted, anchor, offset, _PAGE)
        except CacheProblem as error:
            # Rows are asked for while the screen is drawn, where an error has nobody to go to.
            self.trouble, page = error, []
        self._pages[number] = page
        if len(self._pages) > _KEPT:
            self._pages.popitem(last=False)
        return page


def measure(database: Database, wanted: QueueFilter, ticket_id: int | None) -> Measure:
    """Count the rows, find the keys to jump by and the place of a ticket; for a thread."""
    total = queries.count(database, wanted)
    anchors = queries.anchors(database, wanted, _STEP) if total > _STEP else []
    place = queries.place(database, wanted, ticket_id) if ticket_id is not None else None
    return Measure(wanted, total, anchors, place)
