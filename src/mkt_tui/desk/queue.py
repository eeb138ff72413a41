"""The queue: the views an agent chooses from, and their tickets in pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from mkt_tui.cache import filtering, queries
from mkt_tui.cache.database import Database
from mkt_tui.cache.filtering import Asking, Condition
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.queries import Key, QueueFilter, QueueOrder, QueueRow, QueueState
from mkt_tui.desk import listed, paging
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.listed import Listed
from mkt_tui.desk.paging import Listing, Pages
from mkt_tui.domain.deadlines import priority_until
from mkt_tui.domain.filters import EVERYTHING, Filter


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
        now, zone = desk.clock(), desk.settings.zone
        asking = Asking(
            agent=desk.agent,
            now=now,
            zone=zone,
            priority_until=priority_until(now, desk.settings.rules, zone),
            channels={each.name: each.id for each in desk.channels().values()},
            dialect=desk.database.dialect,
            aliases=desk.aliases(),
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


Measure: TypeAlias = paging.Measure[QueueFilter]


class Queue(Pages[QueueFilter, QueueRow]):
    """A list of tickets read page by page; not to be shared between threads."""

    def __init__(self, database: Database, wanted: QueueFilter | Measure) -> None:
        super().__init__(_LISTING, database, wanted)


def opened(database: Database, wanted: QueueFilter) -> "Queue | Listed":
    """Return a queue with what can be shown at once; one by a filter is found in a thread."""
    return Listed(database, wanted) if wanted.where else Queue(database, wanted)


def shown(database: Database, found: Measure) -> "Queue | Listed":
    """Return the queue that was measured."""
    if found.wanted.where:
        return Listed(database, found.wanted, found.ids)
    return Queue(database, found)


def measure(database: Database, wanted: QueueFilter, ticket_id: int | None) -> Measure:
    """Count the rows, find the keys to jump by and the place of a ticket; for a thread."""
    if wanted.where:
        ids = listed.find(database, wanted)
        return paging.Measure(wanted, len(ids), place=listed.place(ids, ticket_id), ids=ids)
    return paging.measure(_LISTING, database, wanted, ticket_id)


def place(database: Database, found: Measure, ticket_id: int | None) -> int | None:
    """Return where a ticket stands in a measured queue; at once."""
    if found.wanted.where:
        return listed.place(found.ids, ticket_id)
    return paging.place(_LISTING, database, found, ticket_id)


def _rank(wanted: QueueFilter, key: Key) -> Key:
    way = -1 if wanted.reverse else 1
    return way * key[0], way * key[1], way * key[2]


def _parts(wanted: QueueFilter) -> Sequence[QueueFilter]:
    """Return the states of a queue one by one: within a state the keys are found ten times faster."""
    if wanted.short or wanted.state is not QueueState.ALL:
        return (wanted,)
    states = [each for each in QueueState if each is not QueueState.ALL]
    return [replace(wanted, state=each) for each in (states[::-1] if wanted.reverse else states)]


_LISTING: Final = Listing(
    page=queries.page,
    anchors=queries.anchors,
    count=queries.count,
    key=queries.key,
    rank=_rank,
    parts=_parts,
)
