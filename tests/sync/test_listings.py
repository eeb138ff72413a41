"""A key that may not read offers: tickets and orders are read all the same, and the health says so."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from mkt_tui.adapters import registry
from mkt_tui.adapters.base import Page
from mkt_tui.config import Settings
from mkt_tui.desk import channel_sight, overview, status
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import AccessRefused
from mkt_tui.domain.listings import Listing
from mkt_tui.screens import channels_words
from mkt_tui.sync.engine import Engine
from tests.conftest import Clock
from tests.sync.fakes import FakeAdapter, FakeMarketplace
from tests.worlds import channel, order, ticket

HELD = FakeMarketplace([ticket("t1", 2)], [order()])


class Closed(FakeAdapter):
    """A shop whose key opens no offers."""

    marketplace = HELD
    closed = True

    async def listings(self, cursor: str | None) -> AsyncIterator[Page[Listing]]:
        if self.closed:
            raise AccessRefused(channel="Carrefour", status=403, secret="env:CARREFOUR")
        yield Page((), cursor or "c", complete=True)


async def test_a_refused_key_for_offers_is_told_and_worries_nobody_else(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "load", lambda _name: Closed)
    channel(desk.database)
    engine = Engine(desk.database, Settings(), clock, lambda _progress: None)
    for _hour in range(4):
        (result,) = await engine.once()
        assert result.error is None
        clock.now += timedelta(hours=1)
    clock.now -= timedelta(hours=1)
    (found,) = status.look(desk)
    assert isinstance(found.offers, AccessRefused)
    assert (found.error, found.error_streak) == (None, 0)
    assert list(status.worries(found)) == []
    told = str(status.as_json(found)["offers_error"])
    assert "env:CARREFOUR" in told
    (seen,) = overview.look(desk).channels
    assert seen.error is None
    (sight,) = channel_sight.look(desk)
    assert channels_words.problems(sight) == [f"Offers and stock are not read: {told}"]
    clock.now += timedelta(hours=1)
    monkeypatch.setattr(Closed, "closed", False)
    await engine.once()
    assert status.look(desk)[0].offers is None
