"""What every test starts from: a private home, an agent's desk on it, a clock that stands still."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mkt_tui import i18n
from mkt_tui.cache.database import Database
from mkt_tui.config import Home, Settings, find_home, prepare
from mkt_tui.desk.desk import Desk
from tests.worlds import NOW


@dataclass
class Clock:
    """A clock that goes only when a test lets it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def go(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    yield
    i18n.set_language("en")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A private home."""
    home = find_home(tmp_path / "home")
    prepare(home, None)
    return home


@pytest.fixture
def clock() -> Clock:
    """It stands at worlds.NOW."""
    return Clock()


@pytest.fixture
def desk(home: Home, clock: Clock) -> Iterator[Desk]:
    """The desk of agent ana on an empty cache."""
    database = Database(home.cache_file)
    settings = Settings(zone=ZoneInfo("America/Sao_Paulo"))
    yield Desk(database, settings, home, "ana", clock)
    database.close()
