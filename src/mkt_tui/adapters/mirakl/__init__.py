"""Mirakl: the marketplaces that run on it share one seller API."""

from mkt_tui.adapters.mirakl.adapter import MiraklAdapter

__all__ = ["MiraklAdapter"]
