"""What every test starts from: a private home, an agent's desk on it, a clock that stands still."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis
import pytest

from mkt_tui import i18n
from mkt_tui.cache.database import Database
from mkt_tui.cache.places import DATABASE_VARIABLE, Place
from mkt_tui.config import Settings
from mkt_tui.desk.desk import Desk
from mkt_tui.home import Home, find_home, prepare
from tests.postgres import Server, server
from tests.thorough import THOROUGH
from tests.worlds import NOW

ENGINES = ("sqlite", "postgresql")
# The rooms whose tests run on every engine; screens and journeys see no difference.
_ON_BOTH = {"cache", "desk", "sync"}

if THOROUGH:
    hypothesis.settings.load_profile("thorough")


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


@pytest.fixture(autouse=True)
def _no_database_of_the_house(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep tests away from a database that the shell they run in may name."""
    for name in [each for each in os.environ if each.startswith("PG") or each == DATABASE_VARIABLE]:
        monkeypatch.delenv(name)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A private home."""
    home = find_home(tmp_path / "home")
    prepare(home, None)
    return home


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what uses a cache on both engines."""
    if "engine" in metafunc.fixturenames and metafunc.definition.path.parent.name in _ON_BOTH:
        metafunc.parametrize("engine", ENGINES, indirect=True)


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """The database engine of the test."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server for the whole run."""
    with server() as running:
        yield running


@pytest.fixture(scope="session")
def empty_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty cache to copy: its tables anew for each test would take minutes of the suite."""
    path = tmp_path_factory.mktemp("empty") / "cache.db"
    Database(path).close()
    path.chmod(0o600)
    return path


@pytest.fixture
def place(
    engine: str, home: Home, empty_cache: Path, request: pytest.FixtureRequest
) -> Iterator[Place]:
    """Where the test's cache is, an empty one: in its home, or in a database of its own."""
    if engine == "sqlite":
        shutil.copy(empty_cache, home.cache_file)
        yield home.cache_file
        return
    running: Server = request.getfixturevalue("postgres")
    with running.database() as address:
        yield address


@pytest.fixture
def clock() -> Clock:
    """It stands at worlds.NOW."""
    return Clock()


@pytest.fixture
def desk(place: Place, home: Home, clock: Clock) -> Iterator[Desk]:
    """The desk of agent ana on an empty cache.

    Nobody pulls the plug of a test, so no commit waits for the disk.
    """
    database = Database(place, durable=False)
    settings = Settings(zone=ZoneInfo("America/Sao_Paulo"))
    yield Desk(database, settings, home, "ana", clock)
    database.close()
