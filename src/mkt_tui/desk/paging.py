"""A list of any length in pages: any place of it in constant memory.

The first page is read at once; how many rows there are and keys some 1,024 rows apart are
measured in a thread. With these a page anywhere costs one look into an index.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, Generic, TypeAlias, TypeVar

from mkt_tui.cache.database import Database
from mkt_tui.desk.page_store import PAGE, Paged

STEP: Final = 1024

Row = TypeVar("Row")
Filter = TypeVar("Filter")
Key: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Listing(Generic[Filter, Row]):
    """The statements of a list; `page`, `anchors`, `count` and `key` as in `cache.order_list`.

    Attributes:
        rank: Turns a key so that a larger one stands further down.
        parts: Pieces of the list, one after the other, in which keys are found faster.
    """

    page: Callable[[Database, Filter, Any, int, int], list[Row]]
    anchors: Callable[[Database, Filter, int], list[Any]]
    count: Callable[[Database, Filter, Any, Any], int]
    key: Callable[[Database, Filter, int], Any]
    rank: Callable[[Filter, Any], Key]
    parts: Callable[[Filter], Sequence[Filter]] = lambda wanted: (wanted,)


@dataclass(frozen=True, slots=True)
class Measure(Generic[Filter]):
    """How long a list is, and what to jump by.

    Attributes:
        anchors: Keys some 1,024 rows apart, the first row's among them.
        places: The row number of each anchor.
        place: Where the looked-for row is now.
        ids: All rows of a list by a filter that no index serves, which has no keys to jump by.
    """

    wanted: Filter
    total: int
    anchors: Sequence[Any] = ()
    places: Sequence[int] = ()
    place: int | None = None
    ids: Sequence[int] = ()


class Pages(Paged[list[Row]], Generic[Filter, Row]):
    """A list read page by page.

    Args:
        wanted: What it is narrowed to, of which the first page is read; or what `measure` found.
    """

    def __init__(
        self,
        listing: Listing[Filter, Row],
        database: Database,
        wanted: "Filter | Measure[Filter]",
    ) -> None:
        self._listing = listing
        self._database = database
        super().__init__([])
        if isinstance(wanted, Measure):
            self._measured: Measure[Filter] = wanted
            self.total = wanted.total
        else:
            self._measured = Measure(wanted, PAGE)
            self.total = len(self._page_of(0))

    @property
    def wanted(self) -> Filter:
        """What the list is narrowed to."""
        return self._measured.wanted

    def row(self, number: int) -> Row | None:
        """Return a row by its place, None past the end."""
        if not 0 <= number < self.total:
            return None
        page, place = self._page_of(number), number % PAGE
        return page[place] if place < len(page) else None

    def _read(self, number: int) -> list[Row]:
        first, places = number * PAGE, self._measured.places
        hop = bisect_right(places, first) - 1
        anchor, before = (self._measured.anchors[hop], places[hop]) if hop >= 0 else (None, 0)
        wanted = self._measured.wanted
        return self._listing.page(self._database, wanted, anchor, first - before, PAGE)


def measure(
    listing: Listing[Filter, Row], database: Database, wanted: Filter, row_id: int | None
) -> Measure[Filter]:
    """Count the rows, find the keys to jump by and the place of a row; for a thread."""
    anchors: list[Any] = []
    places: list[int] = []
    total = 0
    for part in listing.parts(wanted):
        if found := listing.anchors(database, part, STEP):
            anchors += found
            places += range(total, total + len(found) * STEP, STEP)
            total = places[-1] + listing.count(database, part, found[-1], None)
    measured = Measure(wanted, total, anchors, places)
    return replace(measured, place=place(listing, database, measured, row_id))


def place(
    listing: Listing[Filter, Row], database: Database, found: Measure[Filter], row_id: int | None
) -> int | None:
    """Return where a row stands in a measured list, None when it does not; two looks into an index."""
    key = listing.key(database, found.wanted, row_id) if row_id is not None else None
    if key is None or not found.anchors:
        return None
    rank = partial(listing.rank, found.wanted)
    hop = max(bisect_right(found.anchors, rank(key), key=rank) - 1, 0)
    return found.places[hop] + listing.count(database, found.wanted, found.anchors[hop], key)
