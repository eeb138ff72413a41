"""Ask for a file to go with a reply; Tab completes its path."""

import asyncio
from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.suggester import Suggester
from textual.widgets import Input

from mkt_tui.desk import attaching
from mkt_tui.domain.ticket_operations import File
from mkt_tui.i18n import N_, _
from mkt_tui.screens.ask import AskScreen


class _Paths(Suggester):
    """Paths on this server."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        return await asyncio.to_thread(attaching.completion, value)


class AttachScreen(AskScreen[File | str]):
    """Ends with the file; with "" when the last one shall go."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", N_("Complete"), priority=True)
    ]

    def __init__(self, read: Callable[[str], File]) -> None:
        def take(typed: str) -> File | str:
            return read(typed) if typed.strip() else ""

        question = _("File to attach (empty takes the last one away)")
        super().__init__(question, _("path on this server, Tab completes"), take)

    def on_mount(self) -> None:
        """Suggest paths."""
        self.query_one(Input).suggester = _Paths()

    def action_complete(self) -> None:
        """Take the suggested path over."""
        line = self.query_one(Input)
        if found := attaching.completion(line.value):
            line.value = found
            line.cursor_position = len(found)
