"""The benches stand on a seeded home, so it must be one that the desk opens."""

from contextlib import closing
from pathlib import Path

from bench import texts
from bench.seed import fill
from hypothesis import given, settings
from hypothesis import strategies as st

from mkt_tui.app import DeskApp
from mkt_tui.cache.database import Database
from mkt_tui.cache.queries import QueueFilter, QueueState, count
from mkt_tui.config import Settings
from mkt_tui.desk.desk import Desk
from mkt_tui.home import find_home
from mkt_tui.widgets.virtual_table import VirtualTable
from tests.thorough import examples
from tests.worlds import NOW


async def test_the_desk_opens_a_seeded_home(tmp_path: Path) -> None:
    database = Database(fill(tmp_path / "home", tickets=50, orders=50, seed=1, now=NOW))
    desk = Desk(database, Settings(), find_home(tmp_path / "home"), "ana")
    try:
        assert count(database, QueueFilter(QueueState.ALL)) == 50
        app = DeskApp(desk)
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            assert app.screen.query_one(VirtualTable).source.total == count(database, QueueFilter())
    finally:
        database.close()


def test_the_same_arguments_seed_the_same_rows(tmp_path: Path) -> None:
    first, again, other = (
        rows(tmp_path / name, seed) for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert first == again
    assert first.keys() == other.keys()
    assert all(first[table] != other[table] for table in ("ticket", "message", "sales_order"))


def rows(folder: Path, seed: int) -> dict[str, list[tuple[object, ...]]]:
    """Return what a seeded cache holds."""
    with closing(Database(fill(folder, tickets=30, orders=20, seed=seed, now=NOW))) as database:
        tables = ("channel", "ticket", "message", "sales_order", "ticket_words", "order_words")
        return {each: database.rows(f"SELECT * FROM {each} ORDER BY 1, 2") for each in tables}


def test_hostile_texts_stay_in_their_columns(tmp_path: Path) -> None:
    assert texts.run(tmp_path / "home", count=1_000, seed=2) == 1_000


def test_any_text_stays_in_its_columns(tmp_path: Path) -> None:
    texts_of_any_kind = st.lists(st.text(max_size=60) | st.sampled_from(texts.PIECES), max_size=8)
    with texts.opened(tmp_path / "home") as desk:

        @settings(max_examples=examples(25), deadline=None)
        @given(texts_of_any_kind)
        def all_of_it(found: list[str]) -> None:
            assert texts.through(desk, 0, [*found, "".join(found)]) == len(found) + 1

        all_of_it()


def test_hostile_texts_on_a_terminal_are_drawn_and_command_nothing() -> None:
    assert texts.show(300, seed=3) == 300
