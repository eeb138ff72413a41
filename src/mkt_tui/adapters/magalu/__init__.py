"""Magalu: the open API for sellers of Magazine Luiza."""

from mkt_tui.adapters.magalu.adapter import MagaluAdapter

__all__ = ["MagaluAdapter"]
