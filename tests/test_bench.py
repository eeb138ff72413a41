"""The benches stand on a seeded home, so it must be one that the desk opens."""

from pathlib import Path

from bench import texts
from bench.seed import fill

from mkt_tui.app import DeskApp
from mkt_tui.cache.database import Database
from mkt_tui.cache.queries import QueueFilter, QueueState, count
from mkt_tui.config import Settings, find_home
from mkt_tui.desk.desk import Desk
from mkt_tui.widgets.virtual_table import VirtualTable


async def test_the_desk_opens_a_seeded_home(tmp_path: Path) -> None:
    database = Database(fill(tmp_path / "home", tickets=50, orders=50, seed=1))
    desk = Desk(database, Settings(), find_home(tmp_path / "home"), "ana")
    try:
        assert count(database, QueueFilter(QueueState.ALL)) == 50
        app = DeskApp(desk)
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            assert app.screen.query_one(VirtualTable).source.total == count(database, QueueFilter())
    finally:
        database.close()


def test_hostile_texts_stay_in_their_columns(tmp_path: Path) -> None:
    assert texts.run(tmp_path / "home", count=1_000, seed=2) == 1_000
