"""The engine at a marketplace that says how often it may be asked, on the marketplace's own clock."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import httpx
import pytest

from mkt_tui.adapters import registry, testing
from mkt_tui.adapters.base import Adapter
from mkt_tui.adapters.mirakl import MiraklAdapter
from mkt_tui.cache import channels
from mkt_tui.config import Settings
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.sync.engine import Engine
from tests.adapters.test_mirakl_conforms import MiraklPractice
from tests.worlds import NOW

MINUTES = 11


@dataclass
class Counted(httpx.AsyncBaseTransport):
    """Writes down when each list was asked for, by the marketplace's clock."""

    marketplace: httpx.AsyncBaseTransport
    clock: Callable[[], datetime]
    looks: defaultdict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    refused: int = 0
    broken: bool = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.broken:
            return httpx.Response(503, request=request)
        query = request.url.params
        first = "page_token" not in query and query.get("offset", "0") == "0"
        if request.method == "GET" and first and not {"order_ids", "return_id"} & {*query}:
            self.looks[request.url.path.partition("/api/")[2]].append(self.clock())
        response = await self.marketplace.handle_async_request(request)
        self.refused += response.status_code == 429
        return response


def test_an_impatient_engine_keeps_what_the_document_allows(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Orders are wanted every five seconds, agents press s all the time, and reads fail: no matter."""

    database = desk.database

    async def story() -> Counted:
        practice, clock = MiraklPractice(30), testing.clock()
        counted = Counted(practice.transport, clock)

        class Counting(MiraklAdapter):
            def __init__(self, channel: Channel, secret: Callable[[], str]) -> None:
                super().__init__(channel, secret, transport=counted)

        def load(_name: str) -> type[Adapter]:
            return Counting

        monkeypatch.setattr(registry, "load", load)
        monkeypatch.setenv("PRACTICE_KEY", practice.secret())
        # It is enabled from the beginning.
        channels.add_channel(database, practice.channel, NOW, "ana")
        settings = Settings(orders_every=5.0, tickets_every=20.0)
        stop = asyncio.Event()
        running = asyncio.create_task(Engine(database, settings, clock).keep_going(stop))
        for minute in range(MINUTES):
            counted.broken = minute in (3, 4)
            await asyncio.sleep(60)
            channels.make_due(database)
        stop.set()
        await running
        return counted

    counted = testing.run(story())
    assert counted.refused == 0
    for path, least, most in (("orders", 60, MINUTES), ("returns", 300, 3)):
        looks = counted.looks[path]
        gaps = [after - before for before, after in pairwise(looks)]
        assert min(gaps) >= timedelta(seconds=least)
        # As often as allowed, or nearly: a list that is never read keeps every rule.
        assert most - 2 <= len(looks) <= most
    assert len(counted.looks["inbox/threads"]) > MINUTES
