"""Americanas keeps every promise of the conformance kit but those on replies, which it has none of."""

import httpx

from mkt_tui.adapters.americanas import AmericanasAdapter
from mkt_tui.adapters.base import Adapter
from mkt_tui.adapters.testing import Conformance, Practice
from mkt_tui.sandbox.americanas.codes import number_in, order_code, sac_code
from tests.adapters.practice import SandboxPractice


class AmericanasPractice(SandboxPractice):
    slug = "americanas"
    page_size = 30
    enumerations = ("status", "parts", "role", "type", "seller_status", "platform")

    def adapter(self, transport: httpx.AsyncBaseTransport) -> Adapter:
        return AmericanasAdapter(self.channel, self.secret, transport=transport)

    def tickets(self) -> set[str]:
        return {sac_code(each) for each in self.shop.threads.values()}

    def orders(self) -> set[str]:
        return {order_code(each) for each in self.shop.orders.values()}

    def customer_writes(self, ticket_code: str, text: str) -> None:
        super().customer_writes(number_in(ticket_code), text)


class TestAmericanas(Conformance):
    def practice(self, tickets: int) -> Practice:
        return AmericanasPractice(tickets)
