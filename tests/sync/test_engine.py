"""The engine reads what is enabled, goes on where it broke off, and keeps channels apart."""

import asyncio
from datetime import datetime, timedelta

import pytest

from mkt_tui.adapters import registry
from mkt_tui.cache import channels, queries
from mkt_tui.cache.queries import QueueFilter, QueueState
from mkt_tui.config import Settings
from mkt_tui.desk import status
from mkt_tui.desk.desk import Desk, utc_now
from mkt_tui.domain.errors import BadAnswer, NotFound
from mkt_tui.sync.engine import Engine
from mkt_tui.sync.lease import Leases, covered
from mkt_tui.sync.pull import Progress
from tests.conftest import Clock
from tests.sync.fakes import FakeAdapter, FakeMarketplace
from tests.worlds import NOW, channel, order, ticket


@pytest.fixture
def marketplace(monkeypatch: pytest.MonkeyPatch) -> FakeMarketplace:
    """One marketplace behind every channel whose adapter is called mirakl."""
    held = FakeMarketplace([ticket(f"t{n}", n + 1) for n in range(5)], [order()])

    class Adapter(FakeAdapter):
        marketplace = held

        def key_expires_at(self) -> datetime | None:
            return held.key_expires_at

    def load(name: str) -> type[FakeAdapter]:
        if name == "mirakl":
            return Adapter
        raise NotFound(kind="adapter", name=name, remedy="")

    monkeypatch.setattr(registry, "load", load)
    return held


def engine(desk: Desk, clock: Clock, told: list[Progress] | None = None) -> Engine:
    return Engine(desk.database, Settings(), clock, told.append if told is not None else _quiet)


def _quiet(_progress: Progress) -> None:
    return None


def codes(desk: Desk) -> list[str]:
    rows = queries.page(desk.database, QueueFilter(QueueState.ALL), None, 0, 99)
    return sorted(row.code for row in rows)


async def test_a_first_read_brings_everything_and_tells_how_far_it_is(
    desk: Desk, clock: Clock, marketplace: FakeMarketplace
) -> None:
    shop = channel(desk.database)
    told: list[Progress] = []
    (result,) = await engine(desk, clock, told).once()
    assert (result.tickets, result.orders, result.error) == (5, 1, None)
    assert codes(desk) == ["t0", "t1", "t2", "t3", "t4"]
    assert [each.done for each in told if each.stream == "tickets"] == [1, 2, 3, 4, 5]
    read = channels.stream_status(desk.database, shop.id)["tickets"]
    assert (read.last_success_at, read.error) == (NOW, None)


async def test_the_status_tells_when_the_token_ends(
    desk: Desk, clock: Clock, marketplace: FakeMarketplace
) -> None:
    channel(desk.database)
    for ends in (NOW, NOW + timedelta(hours=2), None):
        marketplace.key_expires_at = ends
        await engine(desk, clock).once()
        (told,) = status.look(desk)
        assert told.key_expires_at == ends
    assert status.as_json(told)["key_expires_at"] is None


async def test_a_disabled_channel_is_not_called(
    desk: Desk, clock: Clock, marketplace: FakeMarketplace
) -> None:
    shop = channel(desk.database)
    channels.set_enabled(desk.database, shop.id, enabled=False)
    assert await engine(desk, clock).once() == []
    assert marketplace.cursors == []


async def test_a_read_that_breaks_off_goes_on_from_there(
    desk: Desk, clock: Clock, marketplace: FakeMarketplace
) -> None:
    shop = channel(desk.database)
    marketplace.breaks_after = 3
    marketplace.trouble.append(BadAnswer(channel="Carrefour", detail="cut off"))
    (result,) = await engine(desk, clock).once()
    assert isinstance(result.error, BadAnswer)
    assert codes(desk) == ["t0", "t1", "t2"]
    read = channels.stream_status(desk.database, shop.id)["tickets"]
    assert (read.error_streak, str(read.error)) == (1, str(result.error))
    marketplace.breaks_after = None
    (result,) = await engine(desk, clock).once()
    assert result.error is None
    assert codes(desk) == ["t0", "t1", "t2", "t3", "t4"]
    assert marketplace.cursors == [None, "3"]
    assert channels.stream_status(desk.database, shop.id)["tickets"].error is None


async def test_a_channel_that_fails_leaves_the_others_alone(
    desk: Desk, clock: Clock, marketplace: FakeMarketplace
) -> None:
    channel(desk.database)
    desk.database.execute("UPDATE channel SET adapter = 'unheard-of'")
    channel(desk.database, "Leroy Merlin")
    broken, sound = await engine(desk, clock).once()
    assert isinstance(broken.error, NotFound)
    assert (sound.channel, sound.tickets) == ("Leroy Merlin", 5)


async def test_the_running_engine_follows_channels_that_come_and_go(
    desk: Desk, marketplace: FakeMarketplace
) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(
        Engine(desk.database, Settings(), utc_now, _quiet).keep_going(stop)
    )
    shop = await asyncio.to_thread(channel, desk.database)
    while not codes(desk):
        await asyncio.sleep(0)
    assert covered(desk.database, utc_now())
    await asyncio.to_thread(channels.set_enabled, desk.database, shop.id, enabled=False)
    while desk.database.value("SELECT COUNT(*) FROM lease"):
        await asyncio.sleep(0)
    stop.set()
    await running


async def test_what_people_read_is_held_by_the_running_engine_too(
    desk: Desk, marketplace: FakeMarketplace
) -> None:
    """Else every desk beside the service would start an engine of its own."""
    channel(desk.database, "B2W", adapter="portal")
    stop = asyncio.Event()
    running = asyncio.create_task(
        Engine(desk.database, Settings(), utc_now, _quiet).keep_going(stop)
    )
    await asyncio.to_thread(channel, desk.database)
    while not covered(desk.database, utc_now()):
        await asyncio.sleep(0)
    stop.set()
    await running
    assert not covered(desk.database, utc_now())


async def test_a_lease_of_a_process_that_died_is_free_at_once(desk: Desk, clock: Clock) -> None:
    shop = channel(desk.database)
    host = Leases(desk.database, clock).holder.split(":")[0]
    dead = Leases(desk.database, clock, f"{host}:4194305:x")
    elsewhere = Leases(desk.database, clock, "another-host:1:x")
    assert dead.take(shop.id)
    assert not covered(desk.database, clock())
    assert Leases(desk.database, clock).take(shop.id)
    assert not elsewhere.take(shop.id)
    assert covered(desk.database, clock())


async def test_orders_are_never_looked_for_more_often_than_a_marketplace_allows(
    desk: Desk, clock: Clock, marketplace: FakeMarketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = channel(desk.database)
    monkeypatch.setattr(registry.load("mirakl"), "EVERY", {"orders": 60.0}, raising=False)
    settings = Settings(orders_every=5.0, tickets_every=5.0)
    await Engine(desk.database, settings, clock, _quiet).once()
    status = channels.stream_status(desk.database, shop.id)
    assert status["orders"].next_try_at == NOW + timedelta(seconds=60)
    assert status["tickets"].next_try_at == NOW + timedelta(seconds=5)
    # An act makes them due at once, but no sooner than that.
    looking = Engine(desk.database, settings, clock, _quiet)
    desk.database.execute("UPDATE sync SET next_try_at = NULL")
    adapter = registry.load("mirakl")(shop, lambda: "key")
    clock.go(seconds=59)
    assert not looking._timing.is_due(shop, "orders", adapter)
    clock.go(seconds=1)
    assert looking._timing.is_due(shop, "orders", adapter)


async def test_news_that_a_marketplace_tells_of_is_read_at_once(
    desk: Desk, marketplace: FakeMarketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What IDLE of a mail server does: no clock has to come round before the mail is read."""
    shop, told = channel(desk.database), asyncio.Event()
    waited: list[float] = []

    async def news(_self: object) -> None:
        waited.append(1.0)
        if len(waited) > 1:
            await asyncio.Event().wait()
        await told.wait()

    monkeypatch.setattr(registry.load("mirakl"), "news", news, raising=False)
    settings = Settings(tickets_every=3_600.0, orders_every=3_600.0)
    stop = asyncio.Event()
    running = asyncio.create_task(Engine(desk.database, settings, utc_now, _quiet).keep_going(stop))
    while not codes(desk):
        await asyncio.sleep(0.01)
    marketplace.tickets.append(ticket("heard"))
    told.set()
    while "heard" not in codes(desk):
        await asyncio.sleep(0.01)
    status = channels.stream_status(desk.database, shop.id)["tickets"]
    assert status.error is None
    stop.set()
    await running


async def test_an_engine_that_is_stopped_ends_though_a_channel_fails_as_it_stops(
    desk: Desk, marketplace: FakeMarketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the cache is gone, and no channel can give its lease back either."""
    shop, listens = channel(desk.database), asyncio.Event()
    told: list[str] = []

    async def news(_self: object) -> None:
        try:
            listens.set()
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if not told:
                told.append("failed")
                raise BadAnswer(channel=shop.name, detail="gone") from None
            raise

    monkeypatch.setattr(registry.load("mirakl"), "news", news, raising=False)
    stop = asyncio.Event()
    running = asyncio.create_task(
        Engine(desk.database, Settings(), utc_now, _quiet).keep_going(stop)
    )
    await listens.wait()
    stop.set()
    async with asyncio.timeout(20):
        await running
