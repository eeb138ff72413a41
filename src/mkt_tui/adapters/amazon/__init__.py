"""Amazon: orders and notices by the Selling Partner API, buyers' messages by mail."""

from mkt_tui.adapters.amazon.adapter import AmazonAdapter

__all__ = ["AmazonAdapter"]
