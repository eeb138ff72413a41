"""The file under an open cache goes away, is replaced, or stands on a disk that fails."""

import os
import resource
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from mkt_tui.app import DeskApp
from mkt_tui.cache import drafts
from mkt_tui.cache.database import Database
from mkt_tui.cache.drafts import Draft
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import CacheFull, CacheGone, CacheReplaced, CacheUnwritable
from mkt_tui.domain.tickets import Audience
from mkt_tui.home import Home
from mkt_tui.screens import watch
from mkt_tui.sync.engine import Engine
from tests.conftest import Clock
from tests.screens.settling import settle
from tests.screens.test_conversation import open_reply, sent, type_words
from tests.sync.fakes import FakeAdapter, FakeMarketplace
from tests.worlds import NOW, channel, order, read, read_orders, ticket

WORDS = Draft("Chega hoje", Audience.BOTH)


@pytest.fixture
def busy(desk: Desk) -> Desk:
    shop = channel(desk.database)
    read(desk.database, shop, ticket("first", 40), ticket("second", 30))
    read_orders(desk.database, shop, order())
    return desk


def save(database: Database) -> None:
    drafts.save(database, 1, "ana", WORDS, NOW)


def in_a_new_thread(database: Database) -> Exception | None:
    """Save from a thread that has no connection yet."""
    raised = list[Exception]()

    def run() -> None:
        try:
            save(database)
        except Exception as error:  # noqa: BLE001 - whatever it was is what is asked for
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return raised[0] if raised else None


def test_nothing_is_written_into_a_deleted_cache(busy: Desk, home: Home) -> None:
    home.cache_file.unlink()
    for look in (lambda: save(busy.database), busy.database.version):
        with pytest.raises(CacheGone, match="no longer there"):
            look()
    with pytest.raises(CacheGone), busy.database.transaction():
        pass
    assert isinstance(in_a_new_thread(busy.database), CacheGone)
    assert not home.cache_file.exists()


def test_a_cache_that_is_moved_back_is_used_again(busy: Desk, home: Home) -> None:
    away = home.data.with_name("away")
    home.data.rename(away)
    with pytest.raises(CacheGone):
        save(busy.database)
    away.rename(home.data)
    save(busy.database)
    assert drafts.find(busy.database, 1, "ana") == WORDS._replace(seen=0)


def test_another_file_in_its_place_takes_no_words_for_other_tickets(busy: Desk, home: Home) -> None:
    other = home.data / "other.db"
    Database(other).close()
    shutil.move(other, home.cache_file)
    with pytest.raises(CacheReplaced, match="Another file"):
        save(busy.database)
    assert isinstance(in_a_new_thread(busy.database), CacheReplaced)


@contextmanager
def no_writes() -> Iterator[None]:
    """Let all writes of this process fail, as those to a disk that turned read-only do."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_takes_no_writes_is_not_called_full(
    busy: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with no_writes(), pytest.raises(CacheUnwritable, match="cannot be written"):
        save(busy.database)
    told = os.statvfs("/")
    full = os.statvfs_result((told.f_bsize, told.f_frsize, told.f_blocks, 0, 0, *told[5:10]))
    monkeypatch.setattr(os, "statvfs", lambda _path: full)
    with no_writes(), pytest.raises(CacheFull):
        save(busy.database)


async def test_an_open_ticket_says_once_that_its_cache_is_gone(
    busy: Desk, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    instant = [0.0]
    monkeypatch.setattr(watch, "monotonic", lambda: instant[0])
    said: list[str] = []
    looks = counted(busy.database, monkeypatch)
    async with DeskApp(busy).run_test(size=(120, 40)) as pilot:
        screen = await open_reply(pilot)
        monkeypatch.setattr(
            type(screen._composer), "notify", lambda *words, **_: said.append(words[1])
        )
        away = home.data.with_name("away")
        home.data.rename(away)
        looks.clear()
        for second in range(1, 61):
            instant[0] = float(second)
            screen._look()
        assert len(said) == 1
        assert "no longer there" in said[0]
        assert len(looks) < 10, "it is looked for ever less often"
        await pilot.press("escape")
        await settle(pilot)
        assert pilot.app.screen is screen, "the words are on no disk, so they stay on the screen"
        assert len(said) == 2
        away.rename(home.data)
        instant[0] = 1000.0
        screen._look()
        await settle(pilot)
        assert "NOT SAVED" not in str(screen.query_one("#audience").render())
        home.data.rename(away)
        instant[0] = 2000.0
        screen._look()
        assert len(said) == 3
        away.rename(home.data)


def counted(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    looks: list[int] = []
    version = Database.version

    def look(self: Database) -> int:
        if self is database:
            looks.append(1)
        return version(self)

    monkeypatch.setattr(Database, "version", look)
    return looks


async def test_a_clock_that_is_set_back_by_an_hour_loses_and_doubles_nothing(
    busy: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    marketplace = FakeMarketplace()
    async with DeskApp(busy).run_test(size=(120, 40)) as pilot:
        screen = await open_reply(pilot)
        await type_words(pilot, "Chega")
        await screen._composer.keep()
        clock.go(hours=-1)
        await type_words(pilot, " hoje")
        await pilot.press("escape")
        await settle(pilot)
        assert drafts.find(busy.database, 1, "ana") == WORDS._replace(seen=1)
        screen = await open_reply(pilot)
        await pilot.press("ctrl+d", "y")
        await settle(pilot)
    assert sent(busy) == [("Chega hoje", "both")]
    await deliver(busy, clock, marketplace, monkeypatch, hours=-1)
    await deliver(busy, clock, marketplace, monkeypatch, hours=1)
    assert [each.text for each in marketplace.sent] == ["Chega hoje"]


async def deliver(
    desk: Desk,
    clock: Clock,
    marketplace: FakeMarketplace,
    monkeypatch: pytest.MonkeyPatch,
    **step: Any,
) -> None:
    """Set the clock, and let the sync deliver for some minutes."""
    from mkt_tui.adapters import registry

    monkeypatch.setattr(FakeAdapter, "marketplace", marketplace, raising=False)
    monkeypatch.setattr(registry, "load", lambda _name: FakeAdapter)
    clock.now += timedelta(**step)
    (shop,) = desk.channels().values()
    for _minute in range(3):
        clock.go(minutes=1)
        await Engine(desk.database, desk.settings, clock).deliver_now(shop)
