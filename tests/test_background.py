"""The engine beside an open desk works where the desk does, and shows nobody a password."""

import asyncio
import subprocess
from pathlib import Path
from typing import Any

import pytest

from mkt_tui.background import BackgroundSync
from mkt_tui.cache import channels, waking
from mkt_tui.cache.database import Database
from mkt_tui.cache.places import DATABASE_VARIABLE, Place, ServerAddress
from mkt_tui.desk.desk import utc_now
from mkt_tui.home import Home
from mkt_tui.sync.lease import Leases
from tests import worlds

URL = "postgresql+psycopg://ana:s3gr3do@db/desk"


class _Database:
    """What the child needs to know of a database."""

    def __init__(self, place: Place) -> None:
        self.place = place


@pytest.mark.parametrize("place", [ServerAddress(URL), Path("/home/ana/cache.db")])
async def test_the_child_is_told_of_its_database_in_its_environment(
    home: Home, monkeypatch: pytest.MonkeyPatch, place: Place
) -> None:
    started: list[tuple[tuple[str, ...], dict[str, Any]]] = []

    def start(words: list[str], **changes: Any) -> None:
        started.append((tuple(words), changes))
        raise asyncio.CancelledError

    monkeypatch.setenv(DATABASE_VARIABLE, "postgresql://another/desk")
    monkeypatch.setattr(subprocess, "Popen", start)
    sync = BackgroundSync(home, _Database(place))  # type: ignore[arg-type]  # all it needs
    with pytest.raises(asyncio.CancelledError):
        await sync._run_child()
    ((words, changes),) = started
    assert "s3gr3do" not in " ".join(words)
    expected = URL if isinstance(place, ServerAddress) else None
    assert changes["env"].get(DATABASE_VARIABLE) == expected


async def test_no_child_beside_a_service_nor_without_a_cache(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, rounds = Database(home.cache_file), 0
    shop = worlds.channel(database)
    leases = Leases(database, utc_now)
    leases.take(shop.id)

    async def child(_sync: BackgroundSync) -> None:
        raise AssertionError("a second engine was started")

    async def next_look(_seconds: float) -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 2:
            # The service has gone, and the home with it.
            leases.release(shop.id)
            home.data.rename(home.data.with_name("away"))
        if rounds == 4:
            raise asyncio.CancelledError

    monkeypatch.setattr(BackgroundSync, "_run_child", child)
    monkeypatch.setattr(asyncio, "sleep", next_look)
    with pytest.raises(asyncio.CancelledError):
        await BackgroundSync(home, database).keep_running()
    database.close()


async def test_what_was_put_off_comes_back_where_nothing_is_read(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every channel switched off there is no engine, and its deadline passes all the same."""
    database = Database(home.cache_file)
    shop = worlds.channel(database)
    worlds.read(database, shop, worlds.ticket())
    (ticket_id,) = database.row("SELECT id FROM ticket", {}) or (0,)
    waking.snooze(database, ticket_id, utc_now() - worlds.HOUR)
    channels.set_enabled(database, shop.id, enabled=False)

    async def next_look(_seconds: float) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr(asyncio, "sleep", next_look)
    with pytest.raises(asyncio.CancelledError):
        await BackgroundSync(home, database).keep_running()
    assert database.value("SELECT state FROM ticket", {}) == 0
    database.close()
