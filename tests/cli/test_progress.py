"""Whoever looks is told of every stream that is read."""

import io
import sys

import pytest

from mkt_tui.cli import progress
from mkt_tui.domain.channels import Channel
from mkt_tui.sync.pull import ORDERS, SALES, TICKETS, TITLES, Progress


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_every_stream_has_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", screen := Screen())
    channel = Channel(1, "Bookwire", "bookwire", "BR", "http://x", "env:NO", "UTC")
    with progress.shown() as tell:
        for stream in (TICKETS, ORDERS, TITLES, SALES):
            tell(Progress(channel, stream, 3, None, complete=True))
    for words in ("tickets", "orders", "titles", "sales"):
        assert f"Bookwire: {words}" in screen.getvalue()
