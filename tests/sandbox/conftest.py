import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from mkt_tui.sandbox.invention import invent
from mkt_tui.sandbox.server import create_app
from mkt_tui.sandbox.world import Shop, World

Files = list[tuple[str, tuple[str, bytes]]]

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


@dataclass
class Clock:
    """Time that passes only when a test says so, apart from a millisecond per look."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@dataclass
class Marketplace:
    """A client of one shop, in the same process."""

    world: World
    shop: Shop
    http: httpx.AsyncClient
    key: str | None = field(default=None)

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.http.get(self._url(path), params=params, headers=self._headers())

    async def put(self, path: str, content: Any = None) -> httpx.Response:
        return await self.http.put(self._url(path), json=content, headers=self._headers())

    async def post(
        self, path: str, part: str, content: Any, attachments: Files | None = None
    ) -> httpx.Response:
        text = content if isinstance(content, str) else json.dumps(content)
        files: list[Any] = [(part, (None, text.encode(), "application/json"))]
        return await self.http.post(
            self._url(path), files=files + (attachments or []), headers=self._headers()
        )

    async def reply(
        self, thread_id: str, content: Any, attachments: Files | None = None
    ) -> httpx.Response:
        path = f"inbox/threads/{thread_id}/message"
        return await self.post(path, "message_input", content, attachments)

    async def thread(self, thread_id: str) -> dict[str, Any]:
        answer = await self.get(f"inbox/threads/{thread_id}")
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found

    async def customer_writes(self, thread_id: str, body: str) -> httpx.Response:
        url = f"/control/{self.shop.identity.slug}/customer-message"
        return await self.http.post(url, json={"thread_id": thread_id, "body": body})

    async def walk(self, **params: Any) -> list[list[str]]:
        """Return the thread ids of all pages."""
        pages = []
        token: str | None = None
        while True:
            more = {"page_token": token} if token else {}
            answer = (await self.get("inbox/threads", **params, **more)).json()
            pages.append([each["id"] for each in answer["data"]])
            token = answer.get("next_page_token")
            if token is None:
                return pages

    def _url(self, path: str) -> str:
        return f"/{self.shop.identity.slug}/api/{path}"

    def _headers(self) -> dict[str, str]:
        return {"Authorization": self.key or self.shop.identity.api_key}


def connect(world: World, slug: str = "carrefour") -> Marketplace:
    shop = world.shop(slug)
    assert shop is not None
    transport = httpx.ASGITransport(app=create_app(world))
    return Marketplace(world, shop, httpx.AsyncClient(transport=transport, base_url="http://x"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    return replace(invent(120, 7, NOW), clock=clock)


@pytest.fixture
def market(world: World) -> Marketplace:
    return connect(world)
