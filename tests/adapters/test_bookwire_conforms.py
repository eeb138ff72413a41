"""The publisher's adapter keeps every promise of the conformance kit."""

import httpx

from mkt_tui.adapters.base import Adapter
from mkt_tui.adapters.bookwire import BookwireAdapter
from mkt_tui.adapters.testing import Conformance, Practice, Received
from mkt_tui.domain.tickets import Role
from mkt_tui.sandbox.bookwire.catalogue import Catalogue, of
from mkt_tui.sandbox.records import CUSTOMER, SHOP
from tests.adapters.practice import SandboxPractice


class BookwirePractice(SandboxPractice):
    slug = "bookwire"
    page_size = 100
    enumerations = ("status", "kind", "role", "audience", "source", "state", "shop")

    @property
    def catalogue(self) -> Catalogue:
        return of(self.world, self.shop)

    def adapter(self, transport: httpx.AsyncBaseTransport) -> Adapter:
        return BookwireAdapter(
            self.channel, self.secret, transport=transport, clock=self.world.clock
        )

    def tickets(self) -> set[str]:
        return set(self.catalogue.cases)

    def orders(self) -> set[str]:
        return set()

    def received(self, ticket_code: str) -> list[Received]:
        return [
            Received(each.body, frozenset({Role.OPERATOR}))
            for each in self.catalogue.cases[ticket_code].messages
            if each.sender == SHOP
        ]

    def customer_writes(self, ticket_code: str, text: str) -> None:
        case = self.catalogue.cases[ticket_code]
        case.status = "waiting_seller"
        self.catalogue.say(case, text, self.world.clock(), CUSTOMER)


class TestBookwire(Conformance):
    def practice(self, tickets: int) -> Practice:
        return BookwirePractice(tickets)
