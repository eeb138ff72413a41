"""A channel's first day is told to its marketplace, so that a first read does not bring years (C4)."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import httpx
import pytest

from mkt_tui.adapters.base import Adapter, ListsOrders
from mkt_tui.adapters.testing import run
from mkt_tui.domain.channels import Channel
from tests.adapters.practice import SandboxPractice
from tests.adapters.test_bridge_conforms import BridgePractice
from tests.adapters.test_buscape_conforms import BuscapePractice
from tests.adapters.test_cnova_conforms import CnovaPractice
from tests.adapters.test_magalu_conforms import MagaluPractice
from tests.adapters.test_mirakl_conforms import MiraklPractice

FIRST_DAY = "2026-03-08"


class Counted(httpx.AsyncBaseTransport):
    """Counts the orders that each answer held, by the path asked for."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self.seen: Counter[str] = Counter()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        content = await response.aread()
        self.seen["bytes"] += len(content)
        return response


async def read(practice: SandboxPractice, channel: Channel) -> tuple[dict[str, datetime], int]:
    """Return when each order that came changed last, and how much the marketplace told."""
    type(practice).channel = property(lambda _self: channel)  # type: ignore[method-assign, assignment]
    await asyncio.sleep(practice.recovers)
    wire = Counted(practice.transport)
    adapter: Adapter
    async with practice.adapter(wire) as adapter:
        assert isinstance(adapter, ListsOrders)
        found = {
            each.number: each.updated_at
            async for page in adapter.orders(None)
            for each in page.items
        }
    return found, wire.seen["bytes"]


@pytest.mark.parametrize(
    "kind",
    [MiraklPractice, CnovaPractice, MagaluPractice, BridgePractice, BuscapePractice],
    ids=lambda kind: kind.slug,
)
def test_what_changed_before_the_first_day_is_not_even_asked_for(
    kind: type[SandboxPractice],
) -> None:
    async def story() -> None:
        practice = type("Own", (kind,), {})(30)
        whole = practice.channel
        everything, all_bytes = await read(practice, whole)
        begun = replace(whole, options={**whole.options, "orders_since": FIRST_DAY})
        since = begun.orders_since
        assert since is not None
        found, bytes_told = await read(practice, begun)
        wanted = {number for number, changed in everything.items() if changed >= since}
        assert wanted <= found.keys()
        # Buscapé's lists begin an hour early, for whose clock counts is not written.
        assert all(changed >= since - timedelta(days=1) for changed in found.values())
        assert 0 < len(wanted) < len(everything)
        assert bytes_told < all_bytes

    run(story())
