"""Mirakl keeps every promise of the conformance kit."""

import httpx

from mkt_tui.adapters.base import Adapter
from mkt_tui.adapters.mirakl import MiraklAdapter
from mkt_tui.adapters.testing import Conformance, Practice
from tests.adapters.practice import SandboxPractice


class MiraklPractice(SandboxPractice):
    slug = "carrefour"
    kind = MiraklAdapter
    enumerations = ("type", "order_state", "order_line_state", "payment_type")

    def adapter(self, transport: httpx.AsyncBaseTransport) -> Adapter:
        return self.kind(self.channel, self.secret, transport=transport)


class TestMirakl(Conformance):
    def practice(self, tickets: int) -> Practice:
        return MiraklPractice(tickets)
