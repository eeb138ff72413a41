"""Buscapé and Zoom: orders by their API, tickets by mail."""

from mkt_tui.adapters.buscape.adapter import BuscapeAdapter

__all__ = ["BuscapeAdapter"]
