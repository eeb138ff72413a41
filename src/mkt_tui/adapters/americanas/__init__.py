"""Americanas, once B2W: its sites Americanas.com, Submarino and Shoptime through SkyHub."""

from mkt_tui.adapters.americanas.adapter import AmericanasAdapter

__all__ = ["AmericanasAdapter"]
