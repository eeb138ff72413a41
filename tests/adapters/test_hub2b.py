"""Hub2b: a login that lasts, orders read without a filter for changes, and what they say."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest

from mkt_tui.adapters.base import Adapter, Page
from mkt_tui.adapters.hub2b import Hub2bAdapter
from mkt_tui.adapters.hub2b.cursors import Cursor
from mkt_tui.adapters.testing import Conformance, Practice, check_list, clock, run
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import AccessRefused, RateLimited, SecretMissing
from mkt_tui.domain.monitor import Stage, milestones, stage
from mkt_tui.domain.orders import OrderSnapshot, OrderStatus
from mkt_tui.sandbox.hub2b.api import CONTRACT
from mkt_tui.sandbox.hub2b.logins import credentials
from mkt_tui.sandbox.records import Order
from mkt_tui.sandbox.server import create_app
from tests.adapters.practice import SandboxPractice

TICKETS = 60


class Hub2bPractice(SandboxPractice):
    slug = "hub2b"
    sign_in = ("/oauth2/login", "/oauth2/token")
    enumerations = ("status", "method", "responsible", "service")

    def __init__(self, tickets: int, folder: Path) -> None:
        super().__init__(tickets)
        self.folder = folder
        self.asked: list[httpx.Request] = []
        self.secrets = tuple(credentials(self.shop).values())

    @property
    def channel(self) -> Channel:
        plain = super().channel
        file = {"token_file": str(self.folder / "token")}
        return replace(plain, options={**plain.options, **file})

    def secret(self) -> str:
        return CONTRACT.secret(self.shop)

    def adapter(self, transport: httpx.AsyncBaseTransport) -> Adapter:
        return Hub2bAdapter(self.channel, self.secret, transport=transport)

    def hold_orders(self, count: int) -> bool:
        held = super().hold_orders(count)
        # The hub numbers its orders once and for all.
        self._counting.app = create_app(self.world)
        return held

    def open(self) -> Hub2bAdapter:
        """An adapter whose requests are noted."""
        return Hub2bAdapter(self.channel, self.secret, transport=_Noted(self))

    def paths(self) -> list[str]:
        """What was asked for since the last look."""
        asked, self.asked = self.asked, []
        return [each.url.path.removeprefix("/hub2b") for each in asked]


class _Noted(httpx.AsyncBaseTransport):
    def __init__(self, practice: Hub2bPractice) -> None:
        self._practice = practice

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._practice.asked.append(request)
        return await self._practice.transport.handle_async_request(request)


class TestHub2b(Conformance):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path
        self.made = 0

    def practice(self, tickets: int) -> Practice:
        self.made += 1
        place = self.folder / str(self.made)
        place.mkdir(mode=0o700)
        return Hub2bPractice(tickets, place)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A private folder for the token."""
    tmp_path.chmod(0o700)
    return tmp_path


def play(folder: Path, story: Callable[[Hub2bPractice], Awaitable[None]]) -> None:
    """Play a story on a hub of its own, in a time that costs none."""

    async def whole() -> None:
        await story(Hub2bPractice(TICKETS, folder))

    run(whole())


async def read(hub: Hub2bPractice, cursor: str | None = None) -> list[Page[OrderSnapshot]]:
    async with hub.open() as adapter:
        return [page async for page in adapter.orders(cursor)]


def numbers(pages: list[Page[OrderSnapshot]]) -> set[str]:
    return {each.number for page in pages for each in page.items}


def first_in(hub: Hub2bPractice, *states: str) -> Order:
    return next(each for each in hub.shop.orders.values() if each.state in states)


def test_every_order_arrives_and_a_broken_read_goes_on(folder: Path) -> None:
    async def story(hub: Hub2bPractice) -> None:
        everything = await check_list(partial(reading, hub), lambda order: order.number)
        assert everything.keys() == hub.orders()

    play(folder, story)


async def reading(hub: Hub2bPractice, cursor: str | None) -> AsyncIterator[Page[OrderSnapshot]]:
    async with hub.open() as adapter:
        async for page in adapter.orders(cursor):
            yield page


def test_what_changed_is_seen_though_the_hub_has_no_filter_for_it(folder: Path) -> None:
    async def story(hub: Hub2bPractice) -> None:
        cursor = (await read(hub))[-1].cursor
        shipping, travelling = first_in(hub, "SHIPPING"), first_in(hub, "SHIPPED")
        shipping.state = "CANCELED"
        travelling.state, travelling.received = "RECEIVED", hub.world.clock()
        shipping.updated = travelling.updated = hub.world.clock()

        pages = await read(hub, cursor)
        found = {each.number: each for page in pages for each in page.items}
        assert found[shipping.id].status is OrderStatus.CANCELLED
        assert found[travelling.id].status is OrderStatus.DELIVERED
        assert found[travelling.id].tracking.delivered_at == travelling.received

        hub.paths()
        again = await read(hub, pages[-1].cursor)
        assert again[-1].complete
        assert all(path == "/Orders" for path in hub.paths())

    play(folder, story)


def test_times_without_a_zone_are_the_channels_and_the_monitor_has_its_dates(
    folder: Path,
) -> None:
    async def story(hub: Hub2bPractice) -> None:
        found = {each.number: each for page in await read(hub) for each in page.items}
        for order in hub.shop.orders.values():
            seen = found[order.id]
            assert abs(seen.created_at - order.created) < timedelta(seconds=1)
            assert seen.tracking.promised_until == order.shipment.promised_until
            if order.state == "SHIPPING":
                assert stage(milestones(seen), hub.world.clock()) is Stage.TO_SHIP
            if order.state == "SHIPPED":
                assert milestones(seen).shipped_at == order.shipped

    play(folder, story)


def test_an_order_is_found_by_the_marketplaces_number_with_its_parcel(folder: Path) -> None:
    async def story(hub: Hub2bPractice) -> None:
        shipped = first_in(hub, "SHIPPED")
        async with hub.open() as adapter:
            found = await adapter.order(shipped.id)
            assert found
            assert found.tracking.number == shipped.shipment.number
            assert await adapter.order("nowhere") is None

    play(folder, story)


def test_all_processes_share_one_login_and_its_file_is_private(folder: Path) -> None:
    async def story(hub: Hub2bPractice) -> None:
        async def check() -> None:
            async with hub.open() as adapter:
                await adapter.check()

        await asyncio.gather(check(), check())
        await asyncio.sleep(5)
        await check()
        assert hub.paths().count("/oauth2/login") == 1

    play(folder, story)
    place = folder / "token"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    kept = json.loads(place.read_text())
    assert kept.keys() == {"access_token", "refresh_token", "ends_at", "logins"}


def test_a_spent_token_is_refreshed_without_a_login(folder: Path) -> None:
    async def story(hub: Hub2bPractice) -> None:
        async with hub.open() as adapter:
            await adapter.check()
        spend(hub)
        await asyncio.sleep(5)
        async with hub.open() as adapter:
            await adapter.check()
        paths = hub.paths()
        assert paths.count("/oauth2/login") == 1
        assert paths.count("/oauth2/token") == 1

    play(folder, story)


def spend(hub: Hub2bPractice, **changes: object) -> None:
    """Let the token look as if its time were over."""
    place = hub.folder / "token"
    place.write_text(json.dumps(json.loads(place.read_text()) | {"ends_at": 0.0} | changes))


def test_the_thirtieth_login_of_a_day_is_the_last(folder: Path) -> None:
    async def story(hub: Hub2bPractice) -> None:
        for _time in range(30):
            async with hub.open() as adapter:
                await adapter.check()
            spend(hub, refresh_token="", access_token="")
            await asyncio.sleep(5)
        async with hub.open() as adapter:
            with pytest.raises(RateLimited) as told:
                await adapter.check()
        assert hub.paths().count("/oauth2/login") == 30
        assert 0 < (told.value.retry_after or 0) <= 86_400

    play(folder, story)


def test_a_wrong_password_is_told_and_counts(folder: Path) -> None:
    async def story(hub: Hub2bPractice) -> None:
        wrong = json.dumps(credentials(hub.shop) | {"password": "s3cret-word"})
        async with Hub2bAdapter(hub.channel, lambda: wrong, transport=hub.transport) as adapter:
            with pytest.raises(AccessRefused) as told:
                await adapter.check()
        assert "s3cret-word" not in str(told.value)

    play(folder, story)
    assert len(json.loads((folder / "token").read_text())["logins"]) == 1


def test_a_token_that_others_could_read_is_not_used(folder: Path) -> None:
    async def story(hub: Hub2bPractice) -> None:
        async with hub.open() as adapter:
            await adapter.check()
        (hub.folder / "token").chmod(0o644)
        async with hub.open() as adapter:
            with pytest.raises(SecretMissing, match="other users"):
                await adapter.check()

    play(folder, story)


@pytest.mark.parametrize(
    "text", ["", "nonsense", "[]", '{"part":"ended"}', '{"since":"x"}', '{"open":["x"]}']
)
def test_a_cursor_that_means_nothing_starts_anew(text: str) -> None:
    found = Cursor.from_text(text)
    assert found in (Cursor(), Cursor.from_text('{"part":"ended"}'))
    assert Cursor.from_text(found.to_text()) == found


def test_the_practice_refuses_tracking_before_the_nota_fiscal(folder: Path) -> None:
    async def story(hub: Hub2bPractice) -> None:
        order = next(
            each
            for each in hub.shop.orders.values()
            if each.state == "SHIPPING" and not each.has_invoice
        )
        number = list(hub.shop.orders.values()).index(order) + 1
        async with hub.open() as adapter:
            await adapter.check()
        token = json.loads((hub.folder / "token").read_text())["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(
            transport=hub.transport,
            base_url=f"http://practice/hub2b/Orders/{number}",
            headers=headers,
        ) as client:
            parcel = {"code": "AA1", "shippingProvider": "Correios"}
            await asyncio.sleep(5)
            assert (await client.post("/Tracking", json=parcel)).status_code == 400
            nota = {"key": "1" * 44, "issueDate": str(datetime(2026, 3, 10))}
            assert (await client.post("/Invoice", json=nota)).status_code == 200
            assert (await client.post("/Tracking", json=parcel)).status_code == 200
        assert order.state == "SHIPPED"
        assert clock()() >= order.updated

    play(folder, story)


def test_the_file_tells_when_the_token_ends(folder: Path) -> None:
    async def story(hub: Hub2bPractice) -> None:
        async with hub.open() as adapter:
            assert adapter.key_expires_at() is None
            await adapter.check()
            ends = adapter.key_expires_at()
            assert ends is not None
            assert timedelta(minutes=1) < ends - datetime.now(UTC) <= timedelta(hours=3)

    play(folder, story)
