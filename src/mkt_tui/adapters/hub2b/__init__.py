"""The hub Hub2b (API v2): orders of many marketplaces in one account."""

from mkt_tui.adapters.hub2b.adapter import Hub2bAdapter

__all__ = ["Hub2bAdapter"]
