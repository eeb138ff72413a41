"""The adapter of publishers' portals: Bookwire OS and others, behind our own bridge."""

from mkt_tui.adapters.bookwire.adapter import BookwireAdapter

__all__ = ["BookwireAdapter"]
