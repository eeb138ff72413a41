"""A list of any length in pages: any place of it in constant memory.

The first page is read at once; how many rows there are and the keys of every 1,024th row are
measured in a thread. With these a page anywhere costs one look into an index.
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeAlias, TypeVar

from mkt_tui.cache.database import Database
from mkt_tui.domain.errors import CacheProblem

PAGE: Final = 64
STEP: Final = 1024
_KEPT: Final = 16

Row = TypeVar("Row")
Filter = TypeVar("Filter")
Key: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Listing(Generic[Filter, Row]):
    """The statements of a list; `page`, `anchors`, `count` and `key` as in `cache.order_list`.

    Attributes:
        rank: Turns a key so that a larger one stands further down.
    """

    page: Callable[[Database, Filter, Any, int, int], list[Row]]
    anchors: Callable[[Database, Filter, int], list[Any]]
    count: Callable[[Database, Filter, Any, Any], int]
    key: Callable[[Database, Filter, int], Any]
    rank: Callable[[Any], Key]


@dataclass(frozen=True, slots=True)
class Measure(Generic[Filter]):
    """How long a list is, and keys to jump by; `place` is where the looked-for row is now."""

    wanted: Filter
    total: int
    anchors: list[Any]
    place: int | None


class Pages(Generic[Filter, Row]):
    """A list read page by page; not to be shared between threads.

    Attributes:
        total: How many rows there are, as far as is known.
        trouble: Why a page could not be read; its rows are missing until the next look.
    """

    def __init__(self, listing: Listing[Filter, Row], database: Database, wanted: Filter) -> None:
        self._listing = listing
        self._database = database
        self.wanted = wanted
        self._pages: OrderedDict[int, list[Row]] = OrderedDict()
        self._anchors: list[Any] = []
        self.trouble: CacheProblem | None = None
        self.total = len(self._page(0))

    def row(self, number: int) -> Row | None:
        """Return a row by its place, None past the end."""
        if not 0 <= number < self.total:
            return None
        page = self._page(number // PAGE)
        place = number % PAGE
        return page[place] if place < len(page) else None

    def use(self, measure: Measure[Filter]) -> None:
        """Take over what `measure` found, and read the rows anew."""
        self.wanted = measure.wanted
        self._anchors = measure.anchors
        self._pages.clear()
        self.total = measure.total

    def _page(self, number: int) -> list[Row]:
        if number in self._pages:
            self._pages.move_to_end(number)
            return self._pages[number]
        step, offset = divmod(number * PAGE, STEP)
        anchor = self._anchors[step] if step < len(self._anchors) else None
        if anchor is None:
            offset += step * STEP
        try:
            page = self._listing.page(self._database, self.wanted, anchor, offset, PAGE)
        except CacheProblem as error:
            # Rows are asked for while the screen is drawn, where an error has nobody to go to.
            self.trouble, page = error, []
        self._pages[number] = page
        if len(self._pages) > _KEPT:
            self._pages.popitem(last=False)
        return page


def measure(
    listing: Listing[Filter, Row], database: Database, wanted: Filter, row_id: int | None
) -> Measure[Filter]:
    """Count the rows, find the keys to jump by and the place of a row; for a thread."""
    anchors = listing.anchors(database, wanted, STEP)
    if not anchors:
        return Measure(wanted, 0, [], None)
    total = (len(anchors) - 1) * STEP + listing.count(database, wanted, anchors[-1], None)
    key = listing.key(database, wanted, row_id) if row_id is not None else None
    if key is None:
        return Measure(wanted, total, anchors, None)
    hops = max(bisect_right(anchors, listing.rank(key), key=listing.rank) - 1, 0)
    place = hops * STEP + listing.count(database, wanted, anchors[hops], key)
    return Measure(wanted, total, anchors, place)
