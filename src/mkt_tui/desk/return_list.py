"""The returns of all channels as a list of any length: ids found in a thread, rows read in pages."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from mkt_tui.cache import returns
from mkt_tui.cache.returns import ReturnFilter, ReturnRecord, Taken
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.publisher_lists import Found, Rows, in_pages
from mkt_tui.domain.returns import ENDED, ReturnState

OPEN: Final = tuple(each for each in ReturnState if each not in ENDED)


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the list found.

    Attributes:
        counts: How many there are in each state, whatever states the list shows.
        taken: The steps that left since the marketplace told of a return, by channel and code.
    """

    wanted: ReturnFilter
    found: Found
    counts: dict[str, int]
    taken: dict[tuple[int, str], Taken]


def look(desk: Desk, wanted: ReturnFilter) -> Look:
    """Find the list's returns, those that moved longest ago first; for a thread."""
    database = desk.database
    found = Found(array("q", returns.ids(database, wanted)))
    counts = returns.counts(database, replace(wanted, states=()))
    return Look(wanted, found, counts, returns.taken(database))


def rows(desk: Desk, found: Found) -> Rows[ReturnRecord, ReturnRecord]:
    """Return the rows of the list, read as they come into view."""
    return Rows(found, lambda ids: returns.by_id(desk.database, ids), lambda each: each[0])


def listed(
    desk: Desk, states: Sequence[ReturnState] = OPEN, channel: str | None = None
) -> Iterator[ReturnRecord]:
    """Yield the returns in these states, those that moved longest ago first, read page by page.

    Raises:
        NotFound: The channel is unknown.
    """
    only = desk.channel(channel).id if channel else None
    ids = returns.ids(desk.database, ReturnFilter(tuple(states), only))
    return in_pages(ids, lambda page: returns.by_id(desk.database, page))
