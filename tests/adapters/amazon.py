"""The sandbox's Amazon as practice for the conformance kit."""

import json

import httpx

from mkt_tui.adapters.amazon import AmazonAdapter
from mkt_tui.adapters.base import Adapter
from mkt_tui.domain.channels import Channel
from mkt_tui.sandbox.amazon.grants import Grants
from mkt_tui.sandbox.amazon.order_json import number
from tests.adapters.practice import SandboxPractice

TOKEN = "/auth/o2/token"


class AmazonPractice(SandboxPractice):
    """An account without mails: these need real servers, see test_mailbox and test_amazon_mails."""

    slug = "amazon"
    sign_in = (TOKEN,)
    enumerations = ("fulfillmentStatus", "fulfillmentServiceLevel", "status", "paymentMethod")
    # The burst of searchOrders is 20, and comes back at 0.0056 a second.
    recovers = 3_600.0

    def __init__(self, tickets: int) -> None:
        super().__init__(tickets)
        secrets = Grants.secrets(self.shop)
        self.secrets = (secrets["client_secret"], secrets["refresh_token"])

    @property
    def channel(self) -> Channel:
        found = super().channel
        options = {**found.options, "orders_since": "2025-11-01"}
        return Channel(
            **{name: getattr(found, name) for name in found.__slots__ if name != "options"},
            options=options,
        )

    def secret(self) -> str:
        return json.dumps(Grants.secrets(self.shop))

    def adapter(self, transport: httpx.AsyncBaseTransport) -> Adapter:
        return AmazonAdapter(self.channel, self.secret, transport=transport)

    def tickets(self) -> set[str]:
        return set()

    def orders(self) -> set[str]:
        return {number(each) for each in self.shop.orders.values()}
