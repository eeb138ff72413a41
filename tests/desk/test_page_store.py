"""Pages are read ahead of the eye, once, and never instead of newer ones."""

import asyncio
from collections.abc import Callable

import pytest

from mkt_tui.cache.database import Database
from mkt_tui.cache.queries import QueueFilter
from mkt_tui.desk import queue
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.page_store import PAGE, PageStore
from mkt_tui.domain.errors import CacheProblem
from tests.worlds import channel, read, ticket


class Shelf:
    """A place to read pages from, which tells what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.before: Callable[[], None] = lambda: None
        self.broken = False
        self.edition = 1

    def read(self, page: int) -> list[str]:
        self.asked.append(page)
        self.before()
        if self.broken:
            raise CacheProblem(path="cache.db", detail="gone")
        return [f"{page}, edition {self.edition}"]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def store(shelf: Shelf) -> PageStore[list[str]]:
    return PageStore(shelf.read, [])


def ahead(store: PageStore[list[str]], first: int, end: int) -> None:
    asyncio.run(store.ahead(range(first, end)))


def test_what_was_read_ahead_is_not_read_again(shelf: Shelf, store: PageStore[list[str]]) -> None:
    ahead(store, 10, 2 * PAGE + 1)
    ahead(store, 0, PAGE)
    assert store.of_row(2 * PAGE) == ["2, edition 1"]
    assert shelf.asked == [0, 1, 2]


def test_nothing_is_asked_for_before_the_first_row_nor_past_the_last(
    shelf: Shelf, store: PageStore[list[str]]
) -> None:
    ahead(store, 0, 0)
    ahead(store, 4 * PAGE, PAGE)
    assert shelf.asked == []


def test_two_looks_at_once_ask_once(shelf: Shelf, store: PageStore[list[str]]) -> None:
    async def both() -> None:
        await asyncio.gather(store.ahead(range(PAGE)), store.ahead(range(2 * PAGE)))

    asyncio.run(both())
    assert sorted(shelf.asked) == [0, 1]


def test_what_was_forgotten_meanwhile_stays_forgotten(
    shelf: Shelf, store: PageStore[list[str]]
) -> None:
    shelf.before = store.forget
    ahead(store, 0, 1)
    shelf.before, shelf.edition = lambda: None, 2
    assert store.of_row(0) == ["0, edition 2"]


def test_a_cache_that_fails_is_told_of_when_the_row_is_looked_at(
    shelf: Shelf, store: PageStore[list[str]]
) -> None:
    shelf.broken = True
    ahead(store, 0, 1)
    assert store.trouble is None
    assert store.of_row(0) == []
    assert store.trouble is not None


def test_after_a_page_that_failed_it_is_tried_again(
    shelf: Shelf, store: PageStore[list[str]]
) -> None:
    shelf.broken = True
    ahead(store, 0, 1)
    shelf.broken = False
    ahead(store, 0, 1)
    assert store.of_row(0) == ["0, edition 1"]
    assert len(shelf.asked) == 2


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
