"""The bridge keeps every promise of the conformance kit."""

import httpx

from mkt_tui.adapters.base import Adapter
from mkt_tui.adapters.bridge import BridgeAdapter
from mkt_tui.adapters.testing import Conformance, Practice
from tests.adapters.practice import SandboxPractice


class BridgePractice(SandboxPractice):
    slug = "marabraz"
    page_size = 100
    enumerations = ("status", "kind", "role", "audience", "moderation")

    def adapter(self, transport: httpx.AsyncBaseTransport) -> Adapter:
        return BridgeAdapter(self.channel, self.secret, transport=transport, clock=self.world.clock)


class TestBridge(Conformance):
    def practice(self, tickets: int) -> Practice:
        return BridgePractice(tickets)
