"""Casas Bahia, once Via Varejo and CNOVA: one seller API for its sites."""

from mkt_tui.adapters.cnova.adapter import CnovaAdapter

__all__ = ["CnovaAdapter"]
