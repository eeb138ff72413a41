"""The sync service told to end in the middle of its work: it ends, and nothing is lost or doubled."""

import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mkt_tui.cache import leases, operations
from mkt_tui.cache.database import Database
from mkt_tui.cache.drafts import Draft
from mkt_tui.config import Settings
from mkt_tui.desk import conversation, replying
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.tickets import Audience
from mkt_tui.home import Home
from mkt_tui.sync.engine import Engine
from tests.cli.program import end, start
from tests.conftest import Clock
from tests.faults.rude_shop import RudeShop, add_channel, held_messages, rude_shop

TEXT = "Olá! Seu pedido sai hoje."
PATIENCE = 60.0


@pytest.fixture(scope="module")
def shop() -> Iterator[RudeShop]:
    with rude_shop(tickets=300) as shop:
        yield shop


@pytest.fixture(autouse=True)
def _politeness_returns(shop: RudeShop) -> Iterator[None]:
    yield
    shop.be()


@pytest.fixture
def cache(home: Home) -> Iterator[Database]:
    database = Database(home.cache_file)
    yield database
    database.close()


@pytest.fixture
def channel(cache: Database, shop: RudeShop, home: Home) -> Channel:
    return add_channel(cache, shop, home.data / "key")


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.now(UTC))


def until(condition: Callable[[], object]) -> None:
    """Look again and again until it is so; another process makes it so."""
    late = threading.Event()
    timer = threading.Timer(PATIENCE, late.set)
    timer.start()
    while not condition():
        assert not late.wait(0.01), "it did not come to that"
    timer.cancel()
    timer.join()


def service(home: Path) -> subprocess.Popen[bytes]:
    return start("--home", str(home), "sync", "--service")


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    done = end(process)
    assert (done.code, done.out, done.err) == (0, "", "")


def state(cache: Database, operation: str) -> str:
    found = operations.outcome(cache, operation)
    assert found is not None
    return found.state


@pytest.mark.parametrize(("fault", "arrived"), [("stall-after-accept:60", 1), ("stall:60", 0)])
async def test_a_service_that_ends_while_it_delivers_leaves_one_message(
    shop: RudeShop,
    cache: Database,
    channel: Channel,
    home: Home,
    clock: Clock,
    fault: str,
    arrived: int,
) -> None:
    engine = Engine(cache, Settings(), clock)
    await engine.once()
    ticket_id, code = cache.rows(
        "SELECT id, code FROM ticket WHERE state = 0 AND participants LIKE '%customer%' LIMIT 1"
    )[0]
    text = f"{TEXT} {fault}"
    desk = Desk(cache, Settings(), home, "ana", clock)
    talk = conversation.load(desk, ticket_id)
    operation = replying.send(desk, talk, Draft(text, Audience.CUSTOMER, talk.newest))
    shop.be(f"{fault}@write x1")
    process = service(home.data)
    until(lambda: state(cache, operation) == "sending")
    until(lambda: shop.copies(code, text) == arrived)
    stop(process)
    assert state(cache, operation) == "sending"
    assert leases.holder(cache, channel.id) is None

    shop.be()
    for _ in range(4):
        clock.go(minutes=5)
        await engine.deliver_now(channel)
    assert state(cache, operation) == "sent"
    assert shop.copies(code, text) == 1


async def test_a_service_that_ends_while_it_reads_goes_on_from_there(
    shop: RudeShop, cache: Database, channel: Channel, home: Home, clock: Clock
) -> None:
    shop.be("stall:60@read")
    process = service(home.data)
    until(lambda: leases.holder(cache, channel.id))
    stop(process)
    assert leases.holder(cache, channel.id) is None

    shop.be()
    clock.go(minutes=15)
    (result,) = await Engine(cache, Settings(), clock).once()
    assert result.error is None
    assert held_messages(cache) == shop.messages()
