"""Replies to a rude Casas Bahia, and to a rude Mirakl from a desk on PostgreSQL: each arrives once.

Each fault is met once. MKT_TUI_FAULTS=all meets it as often as test_rude_sandbox.py does.
"""

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import stamina

from mkt_tui.adapters.cnova import CnovaAdapter
from mkt_tui.cache.database import Database
from mkt_tui.cache.places import Place, ServerAddress
from mkt_tui.config import Settings
from mkt_tui.home import Home
from mkt_tui.sync.engine import Engine
from tests.conftest import Clock
from tests.faults.rude_casas_bahia import CasasBahia
from tests.faults.rude_shop import RudeShop, add_channel, rude_shop
from tests.faults.sender import Sender, impatient, judge
from tests.faults.test_rude_sandbox import DEFINITE, FAULTS, OFTEN
from tests.postgres import Server

OFTEN_HERE = OFTEN if os.environ.get("MKT_TUI_FAULTS") == "all" else OFTEN[:1]
# Spoilt lists, letters and dates are met through Mirakl.
AT_CASAS_BAHIA = [
    each for each in FAULTS if not each.startswith(("duplicated", "reordered", "charset", "clock"))
]


@contextmanager
def polite(place: Place, kind: type[RudeShop], key: Path) -> Iterator[RudeShop]:
    """Run a marketplace, and fill a cache while it is polite."""
    with rude_shop(60, kind) as shop:
        database = Database(place)
        add_channel(database, shop, key)
        (result,) = asyncio.run(Engine(database, Settings(), lambda: datetime.now(UTC)).once())
        assert result.error is None
        database.close()
        yield shop


@pytest.fixture(autouse=True)
def _few_tries() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("polite")


@pytest.fixture(scope="module")
def casas_bahia(folder: Path) -> Iterator[RudeShop]:
    with polite(folder / "cache.db", CasasBahia, folder / "key") as shop:
        yield shop


@pytest.fixture(scope="module")
def on_server(folder: Path, postgres: Server) -> Iterator[tuple[RudeShop, ServerAddress]]:
    with (
        postgres.database() as address,
        polite(address, RudeShop, folder / "mirakl-key") as shop,
    ):
        yield shop, address


@pytest.mark.parametrize("often", OFTEN_HERE)
@pytest.mark.parametrize("fault", AT_CASAS_BAHIA)
async def test_a_reply_to_a_rude_casas_bahia_arrives_once(
    casas_bahia: RudeShop,
    folder: Path,
    home: Home,
    fault: str,
    often: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shutil.copyfile(folder / "cache.db", home.cache_file)
    home.cache_file.chmod(0o600)
    impatient(fault, monkeypatch, CnovaAdapter)
    sender = Sender(Database(home.cache_file), home, Clock(datetime.now(UTC)))
    refused = fault.startswith(DEFINITE)
    await judge(sender, casas_bahia, (f"{fault}@write{often}",), refused=refused)
    sender.database.close()


@pytest.mark.parametrize("often", OFTEN_HERE)
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_reply_from_a_desk_on_postgresql_arrives_once(
    on_server: tuple[RudeShop, ServerAddress],
    postgres: Server,
    home: Home,
    fault: str,
    often: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop, filled = on_server
    with postgres.database(like=filled) as address:
        impatient(fault, monkeypatch)
        sender = Sender(Database(address), home, Clock(datetime.now(UTC)))
        refused = fault.startswith(DEFINITE)
        await judge(sender, shop, (f"{fault}@write{often}",), refused=refused)
        sender.database.close()
