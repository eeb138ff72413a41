"""Every rudeness of the sandbox, met through the real adapter and engine: the final state is right.

Judged by what the marketplace holds: a reply is there exactly once (never twice, and not at all
only after a definite no), and the cache has every message exactly once. No test waits: the desk's
clock is a test's, and what stalls is given up at once.
"""

import asyncio
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from uuid import uuid4

import pytest
import stamina

from mkt_tui.cache.database import Database
from mkt_tui.config import Settings
from mkt_tui.home import Home
from mkt_tui.sync.engine import Engine
from tests.conftest import Clock
from tests.faults.rude_shop import RudeShop, add_channel, held_messages, report, rude_shop
from tests.faults.sender import Sender, impatient, judge

FAULTS = (
    "400",
    "429",
    "429-retry-after:7",
    "500",
    "503",
    "503-retry-after:7",
    "reset-before",
    "reset-after-read",
    "reset-after-accept",
    "stall:60",
    "stall-after-accept:60",
    "truncated",
    "charset",
    "duplicated",
    "reordered",
    "clock:+86400",
    "clock:-86400",
)
# How often requests meet a fault: once, as often as a read is tried, until somebody repairs it.
OFTEN = (" x1", " x3", "")
IN_DOUBT = ("reset-after-read", "reset-after-accept", "truncated", "stall-after-accept:60")
DEFINITE = "400"


@pytest.fixture(scope="module")
def shop() -> Iterator[RudeShop]:
    """Several pages of threads and of orders."""
    with rude_shop(tickets=440) as shop:
        yield shop


@pytest.fixture(scope="module")
def politely_read(shop: RudeShop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that was filled while the marketplace was polite."""
    path = tmp_path_factory.mktemp("polite") / "cache.db"
    database = Database(path)
    add_channel(database, shop, path.with_name("key"))
    engine = Engine(database, Settings(), lambda: datetime.now(UTC))
    (result,) = asyncio.run(engine.once())
    assert result.error is None
    database.close()
    return path


@pytest.fixture(autouse=True)
def _politeness_returns(shop: RudeShop) -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield
    shop.be()


@pytest.fixture
def clock() -> Clock:
    """It starts now, for the marketplace's own clock goes."""
    return Clock(datetime.now(UTC))


@pytest.mark.parametrize("fault", [f"{fault}@read{often}" for fault in FAULTS for often in OFTEN])
async def test_after_a_rude_read_the_cache_is_right(
    shop: RudeShop, home: Home, clock: Clock, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(fault, monkeypatch)
    database = Database(home.cache_file)
    add_channel(database, shop, home.data / "key")
    engine = Engine(database, Settings(), clock)
    shop.be(fault)
    (first,) = await engine.once()
    shop.be()
    impatient("", monkeypatch)
    shop.customer_writes(next(iter(shop.messages())), f"E agora? {uuid4()}")
    clock.go(minutes=15)
    (last,) = await engine.once()
    assert last.error is None
    assert held_messages(database) == shop.messages()
    assert [n for (n,) in database.rows("SELECT number FROM sales_order ORDER BY 1")] == (
        shop.orders()
    )
    report("read", fault, type(first.error).__name__ if first.error else "no error", "complete")
    database.close()


@pytest.fixture
def sender(politely_read: Path, home: Home, clock: Clock) -> Iterator[Sender]:
    shutil.copyfile(politely_read, home.cache_file)
    home.cache_file.chmod(0o600)
    sender = Sender(Database(home.cache_file), home, clock)
    yield sender
    sender.database.close()


@pytest.mark.parametrize("fault", [f"{fault}@write{often}" for fault in FAULTS for often in OFTEN])
async def test_a_reply_to_a_rude_marketplace_arrives_once(
    sender: Sender, shop: RudeShop, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(fault, monkeypatch)
    await judge(sender, shop, (fault,), refused=fault.startswith(DEFINITE))


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_reply_to_a_marketplace_that_is_rude_all_the_time_arrives_once(
    sender: Sender, shop: RudeShop, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(fault, monkeypatch)
    await judge(sender, shop, (fault,), refused=fault.startswith(DEFINITE))


@pytest.mark.parametrize(
    ("doubt", "fault"),
    [(f"{doubt}@write x1", f"{fault}@read") for doubt, fault in product(IN_DOUBT, FAULTS)],
)
async def test_a_doubtful_reply_looked_for_at_a_rude_marketplace_arrives_once(
    sender: Sender, shop: RudeShop, doubt: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(doubt + fault, monkeypatch)
    await judge(sender, shop, (fault, doubt), refused=False)


@pytest.mark.parametrize(
    ("doubt", "clock_fault"), list(product(IN_DOUBT, ("clock:+86400", "clock:-86400")))
)
async def test_a_doubtful_reply_to_a_marketplace_whose_clock_is_off_arrives_once(
    sender: Sender, shop: RudeShop, doubt: str, clock_fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(doubt, monkeypatch)
    await judge(sender, shop, (clock_fault, f"{doubt}@write x2"), refused=False)
