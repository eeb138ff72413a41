"""The queue in pages: any place of a list of any length, in constant memory.

The first page is read at once; how many rows there are and keys some 1,024 rows apart are
measured in a thread. With these a page anywhere costs one look into an index.
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from mkt_tui.cache import filtering, queries
from mkt_tui.cache.database import Database
from mkt_tui.cache.filtering import Asking, Condition
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.queries import Key, QueueFilter, QueueOrder, QueueRow, QueueState
from mkt_tui.desk import listed
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.listed import Listed
from mkt_tui.domain.errors import CacheProblem
from mkt_tui.domain.filters import EVERYTHING, Filter

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
    mentioned: bool = False
    terms: Filter = EVERYTHING
    order: QueueOrder = QueueOrder.DUE
    reverse: bool = False

    def filter(self, desk: Desk) -> QueueFilter:
        """Return the filter that the view is for this agent now."""
        return QueueFilter(
            state=self._state,
            channel_id=self.channel_id,
            assignee=desk.agent if self.mine else None,
            late_at=to_cache(desk.clock()) if self.late else None,
            undelivered=self.undelivered,
            mentioned=desk.agent if self.mentioned else None,
            where=self._where(desk),
            order=self.order,
            reverse=self.reverse,
        )

    @property
    def _state(self) -> QueueState:
        everything = self.undelivered or self.mentioned or self.terms.tells_state
        return QueueState.ALL if everything else self.state

    def _where(self, desk: Desk) -> Condition | None:
        if not self.terms.terms:
            return None
        asking = Asking(
            agent=desk.agent,
            now=desk.clock(),
            zone=desk.settings.zone,
            channels={each.name: each.id for each in desk.channels().values()},
            dialect=desk.database.dialect,
        )
        return filtering.condition(self.terms, asking)

    def sorted_like(self, other: "View") -> "View":
        """Return this view in the order of another."""
        return replace(self, order=other.order, reverse=other.reverse)

    def sorted_by(self, order: QueueOrder) -> "View":
        """Return the view sorted by that; the other way round when it is so already."""
        return replace(self, order=order, reverse=self.order is order and not self.reverse)

    def next_order(self) -> "View":
        """Return the view in the next order: each one both ways."""
        if not self.reverse:
            return self.sorted_by(self.order)
        orders = list(QueueOrder)
        return self.sorted_by(orders[(orders.index(self.order) + 1) % len(orders)])

    def next_state(self) -> QueueState:
        """Return what follows in the round of open, answered, all."""
        states = list(QueueState)
        return states[(states.index(self.state) + 1) % len(states)]


@dataclass(frozen=True, slots=True)
class Measure:
    """How long a queue is, and what to jump by.

    Attributes:
        anchors: Keys some 1,024 rows apart, the first row's among them.
        places: The row number of each anchor.
        place: Where the looked-for ticket is now.
        ids: All tickets of a queue by a filter, which has no keys to jump by.
    """

    wanted: QueueFilter
    total: int
    anchors: list[Key]
    places: list[int]
    place: int | None
    ids: Sequence[int] = ()


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
        self._places: list[int] = []
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
        self._anchors, self._places = measure.anchors, measure.places
        self._pages.clear()
        self.total = measure.total

    def _page(self, number: int) -> list[QueueRow]:
        if number in self._pages:
            self._pages.move_to_end(number)
            return self._pages[number]
        first = number * _PAGE
        hop = bisect_right(self._places, first) - 1
        anchor, before = (self._anchors[hop], self._places[hop]) if hop >= 0 else (None, 0)
        try:
            page = queries.page(self._database, self.wanted, anchor, first - before, _PAGE)
        except CacheProblem as error:
            # Rows are asked for while the screen is drawn, where an error has nobody to go to.
            self.trouble, page = error, []
        self._pages[number] = page
        if len(self._pages) > _KEPT:
            self._pages.popitem(last=False)
        return page


def opened(database: Database, wanted: QueueFilter) -> "Queue | Listed":
    """Return a queue with what can be shown at once; one by a filter is found in a thread."""
    return Listed(database, wanted) if wanted.where else Queue(database, wanted)


def shown(database: Database, found: Measure) -> "Queue | Listed":
    """Return the queue that was measured."""
    if found.wanted.where:
        return Listed(database, found.wanted, found.ids)
    fresh = Queue(database, found.wanted)
    fresh.use(found)
    return fresh


def measure(database: Database, wanted: QueueFilter, ticket_id: int | None) -> Measure:
    """Count the rows, find the keys to jump by and the place of a ticket; for a thread."""
    if wanted.where:
        ids = listed.find(database, wanted)
        return Measure(wanted, len(ids), [], [], listed.place(ids, ticket_id), ids)
    anchors: list[Key] = []
    places: list[int] = []
    total = 0
    for part in _parts(wanted):
        found = queries.anchors(database, part, _STEP)
        if found:
            anchors += found
            places += range(total, total + len(found) * _STEP, _STEP)
            total = places[-1] + queries.count(database, part, found[-1])
    measured = Measure(wanted, total, anchors, places, None)
    key = queries.key(database, wanted, ticket_id) if ticket_id is not None else None
    return replace(measured, place=_place(database, measured, key)) if key else measured


def _parts(wanted: QueueFilter) -> list[QueueFilter]:
    """Return the states of a queue one by one: within a state the keys are found ten times faster."""
    if wanted.short or wanted.state is not QueueState.ALL:
        return [wanted]
    states = [each for each in QueueState if each is not QueueState.ALL]
    return [replace(wanted, state=each) for each in (states[::-1] if wanted.reverse else states)]


def _place(database: Database, found: Measure, key: Key) -> int:
    if not found.anchors:
        return 0
    way = -1 if found.wanted.reverse else 1
    keys = [(way * each[0], way * each[1], way * each[2]) for each in found.anchors]
    hop = max(bisect_right(keys, (way * key[0], way * key[1], way * key[2])) - 1, 0)
    return found.places[hop] + queries.count(database, found.wanted, found.anchors[hop], key)
