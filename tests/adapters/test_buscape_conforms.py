"""Buscapé keeps every promise of the conformance kit that an API of orders can keep."""

import json

import httpx

from mkt_tui.adapters.base import Adapter
from mkt_tui.adapters.buscape import BuscapeAdapter
from mkt_tui.adapters.testing import Conformance, Practice
from tests.adapters.practice import SandboxPractice


class BuscapePractice(SandboxPractice):
    """A shop without mails: these need real servers, see test_mailbox."""

    slug = "buscape"
    page_size = 50
    enumerations = ("orderStatus", "controlPoint", "method")
    recovers = 1_801.0

    def __init__(self, tickets: int) -> None:
        super().__init__(tickets)
        self.secrets = tuple(json.loads(self.secret()).values())

    def tickets(self) -> set[str]:
        return set()

    def adapter(self, transport: httpx.AsyncBaseTransport) -> Adapter:
        return BuscapeAdapter(
            self.channel, self.secret, transport=transport, clock=self.world.clock
        )


class TestBuscape(Conformance):
    def practice(self, tickets: int) -> Practice:
        return BuscapePractice(tickets)
