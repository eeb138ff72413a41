"""The queue in pages is the list, however long it is and wherever one looks."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mkt_tui.cache import queries
from mkt_tui.cache.engines.sqlite import SqliteEngine
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.queries import QueueFilter, QueueOrder, QueueRow, QueueState
from mkt_tui.desk import queue
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.queue import Queue
from tests.thorough import examples
from tests.worlds import NOW, channel, read, ticket

SIZE = 3000


@pytest.fixture
def long_desk(desk: Desk) -> Desk:
    carrefour, leroy = channel(desk.database), channel(desk.database, "Leroy Merlin")
    made = [ticket(f"t{n}", None if n % 5 == 0 else (n * 7) % 48 + n / SIZE) for n in range(SIZE)]
    read(desk.database, carrefour, *made[::2])
    read(desk.database, leroy, *made[1::2])
    return desk


def opened(desk: Desk, wanted: QueueFilter) -> Queue:
    return Queue(desk.database, queue.measure(desk.database, wanted, None))


def whole(desk: Desk, wanted: QueueFilter) -> list[QueueRow]:
    return queries.page(desk.database, wanted, None, 0, SIZE)


FILTERS = [
    QueueFilter(),
    QueueFilter(QueueState.ALL),
    QueueFilter(QueueState.ANSWERED),
    QueueFilter(channel_id=2),
    QueueFilter(late_at=to_cache(NOW)),
    QueueFilter(assignee="nobody"),
    QueueFilter(reverse=True),
    QueueFilter(order=QueueOrder.REGISTERED),
    QueueFilter(QueueState.ALL, order=QueueOrder.CHANGED, reverse=True),
    QueueFilter(channel_id=1, order=QueueOrder.CHANGED),
]


def test_every_filter_shows_its_rows_in_order_and_nothing_else(long_desk: Desk) -> None:
    for wanted in FILTERS:
        found, expected = opened(long_desk, wanted), whole(long_desk, wanted)
        assert found.total == len(expected)
        assert [found.row(n) for n in range(found.total)] == expected
        assert found.row(found.total) is None
        assert found.row(-1) is None


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=examples(30),
    deadline=None,
)
@given(places=st.lists(st.integers(0, SIZE - 1), min_size=1, max_size=20))
def test_jumping_about_shows_the_same_rows(long_desk: Desk, places: list[int]) -> None:
    wanted = QueueFilter(QueueState.ALL)
    found, expected = opened(long_desk, wanted), whole(long_desk, wanted)
    assert [found.row(place) for place in places] == [expected[place] for place in places]


def test_the_first_page_needs_no_measuring(long_desk: Desk) -> None:
    first = Queue(long_desk.database, QueueFilter())
    assert first.row(0) == whole(long_desk, QueueFilter())[0]
    assert first.total == 64


def test_a_ticket_is_found_again_after_others_came_before_it(long_desk: Desk) -> None:
    expected = whole(long_desk, QueueFilter())
    looked_for = expected[1500]
    read(long_desk.database, channel(long_desk.database, "Novo"), ticket("older", 99))
    found = queue.measure(long_desk.database, QueueFilter(), looked_for.id)
    assert found.place == 1501


@pytest.mark.parametrize("wanted", FILTERS)
def test_every_ticket_is_found_at_its_place(long_desk: Desk, wanted: QueueFilter) -> None:
    expected = whole(long_desk, wanted)
    for number in range(0, len(expected), 333):
        found = queue.measure(long_desk.database, wanted, expected[number].id)
        assert found.place == number


def test_a_ticket_that_left_has_no_place(long_desk: Desk) -> None:
    answered = whole(long_desk, QueueFilter(QueueState.ANSWERED))[0]
    assert queue.measure(long_desk.database, QueueFilter(), answered.id).place is None


@pytest.mark.parametrize("wanted", FILTERS)
def test_the_order_comes_from_an_index(long_desk: Desk, engine: str, wanted: QueueFilter) -> None:
    conditions, parameters = queries._conditions(wanted)
    query = f"SELECT id FROM ticket WHERE {conditions}{queries._sorted(wanted)} LIMIT 64"
    if engine == "sqlite":
        plan = [
            row[3] for row in long_desk.database.rows(f"EXPLAIN QUERY PLAN {query}", parameters)
        ]
    else:
        # A table this small is cheaper to sort; the index must be there for the large ones.
        for setting in ("enable_sort", "enable_seqscan", "enable_bitmapscan"):
            long_desk.database.execute(f"SET {setting} = off")
        plan = [row[0] for row in long_desk.database.rows(f"EXPLAIN {query}", parameters)]
    assert not [line for line in plan if "TEMP B-TREE" in line or "Sort" in line], plan


@pytest.mark.parametrize("state", QueueState)
def test_a_page_is_found_by_its_key_not_by_counting_to_it(desk: Desk, state: QueueState) -> None:
    engine = desk.database._engine
    if not isinstance(engine, SqliteEngine):
        pytest.skip("PostgreSQL plans small tables by their size; SQLite tells what it seeks by")
    asked: list[str] = []
    engine._connection().set_trace_callback(asked.append)
    queries.page(desk.database, QueueFilter(state), (1, 2, 3), 0, 9)
    plan = [row[3] for row in desk.database.rows(f"EXPLAIN QUERY PLAN {asked[0]}")]
    found = next(line for line in plan if "ticket_queue" in line)
    assert "COVERING" in found
    assert "sort_at>" in found or "(state,sort_at)>" in found
