"""Magalu keeps every promise of the conformance kit, moderation and changing tokens included."""

from datetime import UTC, datetime, timedelta

import httpx

from mkt_tui.adapters.base import Adapter
from mkt_tui.adapters.magalu import MagaluAdapter
from mkt_tui.adapters.testing import Conformance, Practice, run
from mkt_tui.sandbox.magalu.api import TOKEN_PATH, first_refresh_token
from tests.adapters.practice import SandboxPractice


class MagaluPractice(SandboxPractice):
    slug = "magalu"
    page_size = 100
    order_page_size = 50
    sign_in = (TOKEN_PATH,)
    enumerations = ("status", "type", "reason", "origin", "destination", "method")

    def __init__(self, tickets: int) -> None:
        super().__init__(tickets)
        self.secrets += (first_refresh_token(self.shop),)

    def adapter(self, transport: httpx.AsyncBaseTransport) -> Adapter:
        return MagaluAdapter(self.channel, self.secret, transport=transport)


class TestMagalu(Conformance):
    def practice(self, tickets: int) -> Practice:
        return MagaluPractice(tickets)

    def test_the_file_tells_when_the_token_ends(self) -> None:
        async def story() -> None:
            practice = MagaluPractice(1)
            adapter = MagaluAdapter(practice.channel, practice.secret, transport=practice.transport)
            async with adapter:
                assert adapter.key_expires_at() is None
                await adapter.check()
                ends = adapter.key_expires_at()
                assert ends is not None
                assert timedelta(minutes=1) < ends - datetime.now(UTC) <= timedelta(hours=8)

        run(story())
