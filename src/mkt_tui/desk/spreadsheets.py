"""Cells that spreadsheets open as they are."""

from mkt_tui.domain.text import clean_line


def harmless(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula, on one line."""
    line = clean_line(text)
    return f"'{line}" if line[:1] in ("=", "+", "-", "@") else line
