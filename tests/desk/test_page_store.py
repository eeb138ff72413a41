"""Pages are read ahead of the eye, once, and never instead of newer ones."""

import asyncio
import gc
import threading
import weakref
from collections.abc import Callable

import pytest

from mkt_tui.cache.database import Database
from mkt_tui.cache.filtering import Condition
from mkt_tui.cache.queries import QueueFilter
from mkt_tui.desk import queue
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.page_store import PAGE, Paged
from mkt_tui.domain.errors import CacheProblem
from tests.worlds import channel, read, ticket


class Shelf(Paged[list[str]]):
    """A list which tells what was asked of it."""

    def __init__(self) -> None:
        super().__init__([])
        self.total = 3 * PAGE
        self.asked: list[int] = []
        self.before: Callable[[], object] = lambda: None
        self.broken = False
        self.edition = 1

    def row(self, number: int) -> list[str]:
        return self._page_of(number)

    def _read(self, number: int) -> list[str]:
        self.asked.append(number)
        self.before()
        if self.broken:
            raise CacheProblem(path="cache.db", detail="gone")
        return [f"{number}, edition {self.edition}"]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def ahead(shelf: Shelf, first: int, end: int) -> None:
    asyncio.run(shelf.ahead(first, end))


def test_what_was_read_ahead_is_not_read_again(shelf: Shelf) -> None:
    ahead(shelf, 10, 2 * PAGE + 1)
    ahead(shelf, 0, PAGE)
    assert shelf.row(2 * PAGE) == ["2, edition 1"]
    assert shelf.asked == [0, 1, 2]


def test_nothing_is_asked_for_before_the_first_row_nor_past_the_last(shelf: Shelf) -> None:
    ahead(shelf, -PAGE, 0)
    ahead(shelf, 4 * PAGE, 5 * PAGE)
    assert shelf.asked == []


def test_two_looks_at_once_ask_once(shelf: Shelf) -> None:
    async def both() -> None:
        await asyncio.gather(shelf.ahead(0, PAGE), shelf.ahead(0, 2 * PAGE))

    asyncio.run(both())
    assert sorted(shelf.asked) == [0, 1]


def test_who_asks_for_what_comes_already_waits_for_it(shelf: Shelf) -> None:
    """Or its rows would be asked for a second time, and by the event loop."""
    go = threading.Event()
    shelf.before = lambda: go.wait(20)

    async def both() -> None:
        first = asyncio.create_task(shelf.ahead(0, PAGE))
        await asyncio.sleep(0)
        second = asyncio.create_task(shelf.ahead(0, PAGE))
        await asyncio.sleep(0)
        assert not second.done()
        go.set()
        await second
        assert shelf.row(0) == ["0, edition 1"]
        await first

    asyncio.run(both())
    assert shelf.asked == [0]


def test_both_ends_stay_at_hand_however_far_somebody_pages(shelf: Shelf) -> None:
    shelf.total = 100 * PAGE
    for place in range(0, shelf.total, PAGE):
        ahead(shelf, place, place + PAGE)
        ahead(shelf, shelf.total - PAGE, shelf.total)
        ahead(shelf, 0, PAGE)
    assert sorted(shelf.asked) == list(range(100))


def test_a_view_of_many_lines_is_here_whole(shelf: Shelf) -> None:
    shelf.total = 100 * PAGE
    ahead(shelf, 0, 30 * PAGE)
    ahead(shelf, 20 * PAGE, 60 * PAGE)
    ahead(shelf, 0, 30 * PAGE)
    assert sorted(shelf.asked) == list(range(60))


def test_what_was_forgotten_meanwhile_stays_forgotten(shelf: Shelf) -> None:
    shelf.before = shelf.forget
    ahead(shelf, 0, 1)
    shelf.before, shelf.edition = lambda: None, 2
    assert shelf.row(0) == ["0, edition 2"]


def test_a_cache_that_fails_is_told_of_when_the_row_is_looked_at(shelf: Shelf) -> None:
    shelf.broken = True
    ahead(shelf, 0, 1)
    assert shelf.trouble is None
    assert shelf.row(0) == []
    assert shelf.trouble is not None


def test_after_a_page_that_failed_it_is_tried_again(shelf: Shelf) -> None:
    shelf.broken = True
    ahead(shelf, 0, 1)
    shelf.broken = False
    ahead(shelf, 0, 1)
    assert shelf.row(0) == ["0, edition 1"]
    assert len(shelf.asked) == 2


def test_a_list_goes_with_its_last_use_and_waits_for_no_collector(desk: Desk) -> None:
    read(desk.database, channel(desk.database), ticket("t1"))
    gc.disable()
    try:
        for wanted in (QueueFilter(), QueueFilter(where=Condition("1 = 1", ()))):
            shown = queue.shown(desk.database, queue.measure(desk.database, wanted, None))
            assert shown.row(0)
            gone = weakref.ref(shown)
            del shown
            assert gone() is None
    finally:
        gc.enable()


def test_a_page_down_asks_the_cache_for_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(desk.database, channel(desk.database), *(ticket(f"t{n}", n / 9) for n in range(200)))
    found = queue.shown(desk.database, queue.measure(desk.database, QueueFilter(), None))
    expected = [found.row(number) for number in range(200)]
    fresh = queue.shown(desk.database, queue.measure(desk.database, QueueFilter(), None))
    asyncio.run(fresh.ahead(-40, 2_000))

    def unexpected(*_arguments: object) -> None:
        pytest.fail("the cache was asked")

    monkeypatch.setattr(Database, "rows", unexpected)
    assert [fresh.row(number) for number in range(200)] == expected
