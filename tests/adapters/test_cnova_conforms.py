"""Casas Bahia keeps every promise of the conformance kit, two order lists a minute included."""

import httpx

from mkt_tui.adapters.base import Adapter
from mkt_tui.adapters.cnova import CnovaAdapter
from mkt_tui.adapters.testing import Conformance, Practice
from tests.adapters.practice import SandboxPractice


class CnovaPractice(SandboxPractice):
    slug = "casasbahia"
    page_size = 50
    enumerations = ("status", "priority", "visibility", "controlPoint", "source", "group", "type")

    def adapter(self, transport: httpx.AsyncBaseTransport) -> Adapter:
        return CnovaAdapter(self.channel, self.secret, transport=transport)


class TestCnova(Conformance):
    def practice(self, tickets: int) -> Practice:
        return CnovaPractice(tickets)
