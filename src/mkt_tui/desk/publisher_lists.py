"""A publisher's two lists at any length: their ids are found in a thread, their rows read in pages.

Eight bytes a ticket or title buy pages that cost the same wherever they are.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from mkt_tui.cache import title_lists
from mkt_tui.cache.title_lists import TicketLine, TitleLine
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.page_store import PAGE, Paged
from mkt_tui.domain.title_filters import TitleFilter

Item = TypeVar("Item")
Row = TypeVar("Row")
Title: TypeAlias = tuple[int, str]
"""Its channel and its ISBN."""


@dataclass(frozen=True, slots=True)
class Group:
    """The tickets of one title, folded into one row (P6)."""

    lines: tuple[TicketLine, ...]

    @property
    def first(self) -> TicketLine:
        """The most pressing of them."""
        return self.lines[0]


Line: TypeAlias = TicketLine | Group


@dataclass(frozen=True, slots=True)
class Found:
    """Which rows a list has.

    Attributes:
        ids: Of its tickets or titles, in its order.
        starts: Where in `ids` each row begins; None = each id is a row.
    """

    ids: Sequence[int] = ()
    starts: Sequence[int] | None = None

    @property
    def total(self) -> int:
        """How many rows there are."""
        return len(self.ids if self.starts is None else self.starts)

    def of_row(self, number: int) -> Sequence[int]:
        """Return the ids of a row."""
        return self.ids[self.start(number) : self.start(number + 1)]

    def start(self, number: int) -> int:
        """Return where a row's ids begin."""
        if number >= self.total:
            return len(self.ids)
        return number if self.starts is None else self.starts[number]

    def place(self, wanted: int) -> int | None:
        """Return the row of an id; None when it is not in the list."""
        try:
            at = self.ids.index(wanted)
        except ValueError:
            return None
        return at if self.starts is None else bisect_right(self.starts, at) - 1


def find_tickets(
    desk: Desk, wanted: TitleFilter, *, folded: bool = False, unfolded: Collection[Title] = ()
) -> Found:
    """Return the tickets of a list, the most pressing first; for a thread.

    Args:
        folded: Whether the tickets of a title are one row.
        unfolded: The titles whose tickets are rows all the same.
    """
    at = desk.clock(), desk.settings.zone
    if not folded:
        return Found(array("q", title_lists.ticket_ids(desk.database, wanted, *at)))
    apart = {each for title in unfolded for each in title_lists.ids_of_title(desk.database, *title)}
    ids, starts, before = array("q"), array("q"), 0
    for ticket_id, head in title_lists.folded_ids(desk.database, wanted, *at):
        if head != before or ticket_id in apart:
            starts.append(len(ids))
        ids.append(ticket_id)
        before = head
    return Found(ids, starts)


def find_titles(desk: Desk, wanted: TitleFilter) -> Found:
    """Return the titles of a list, those with the oldest open tickets first; for a thread."""
    found = title_lists.title_ids(desk.database, wanted, desk.clock(), desk.settings.zone)
    return Found(array("q", found))


class Rows(Paged[Mapping[int, Item]], Generic[Item, Row]):
    """The rows of a list, read as they come into view.

    Args:
        read: Returns what is known of these ids; also called in a thread.
        join: Makes a row of its items.
    """

    def __init__(
        self,
        found: Found,
        read: Callable[[Sequence[int]], Mapping[int, Item]],
        join: Callable[[Sequence[Item]], Row],
    ) -> None:
        super().__init__({})
        self.found, self.total = found, found.total
        self._items, self._join = read, join

    def row(self, number: int) -> Row | None:
        """Return a row by its place, None past the end or when all of it is gone."""
        if not 0 <= number < self.total:
            return None
        page = self._page_of(number)
        items = [page[each] for each in self.found.of_row(number) if each in page]
        return self._join(items) if items else None

    def _read(self, number: int) -> Mapping[int, Item]:
        first, end = self.found.start(number * PAGE), self.found.start((number + 1) * PAGE)
        return self._items(self.found.ids[first:end])


def ticket_rows(desk: Desk, found: Found) -> Rows[TicketLine, Line]:
    """Return the rows of a list of tickets."""

    def read(ids: Sequence[int]) -> Mapping[int, TicketLine]:
        return title_lists.ticket_lines(desk.database, ids, desk.clock())

    return Rows(found, read, lambda lines: lines[0] if len(lines) == 1 else Group(tuple(lines)))


def title_rows(desk: Desk, found: Found) -> Rows[TitleLine, TitleLine]:
    """Return the rows of a list of titles."""

    def read(ids: Sequence[int]) -> Mapping[int, TitleLine]:
        return title_lists.title_lines(desk.database, ids, desk.clock())

    return Rows(found, read, lambda lines: lines[0])


def tickets(desk: Desk, wanted: TitleFilter, limit: int | None = None) -> Iterator[TicketLine]:
    """Yield the tickets, the most pressing first, read page by page."""
    ids = find_tickets(desk, wanted).ids[:limit]
    return in_pages(ids, lambda page: title_lists.ticket_lines(desk.database, page, desk.clock()))


def titles(desk: Desk, wanted: TitleFilter, limit: int | None = None) -> Iterator[TitleLine]:
    """Yield the titles, those with the oldest open tickets first, read page by page."""
    ids = find_titles(desk, wanted).ids[:limit]
    return in_pages(ids, lambda page: title_lists.title_lines(desk.database, page, desk.clock()))


def in_pages(
    ids: Sequence[int], read: Callable[[Sequence[int]], Mapping[int, Item]]
) -> Iterator[Item]:
    """Yield what `read` knows of these ids, in their order."""
    for start in range(0, len(ids), PAGE):
        page = ids[start : start + PAGE]
        found = read(page)
        yield from (found[each] for each in page if each in found)
