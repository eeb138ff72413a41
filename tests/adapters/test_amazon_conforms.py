"""The Amazon adapter keeps every promise on orders, against the sandbox's Selling Partner API."""

from mkt_tui.adapters.testing import Conformance, Practice
from tests.adapters.amazon import AmazonPractice


class TestAmazon(Conformance):
    def practice(self, tickets: int) -> Practice:
        return AmazonPractice(tickets)
