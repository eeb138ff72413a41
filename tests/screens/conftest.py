"""What holds for every test that presses keys."""

from contextlib import suppress
from typing import Any

import pytest
from textual.app import ScreenStackError
from textual.pilot import Pilot

from mkt_tui.typed_ahead import TypedAhead


@pytest.fixture(autouse=True)
def presses_are_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `press` return when its keys have acted: on a busy machine some still wait their turn."""
    press = Pilot.press

    async def pressed(pilot: Pilot[Any], *keys: str) -> None:
        await press(pilot, *keys)
        if isinstance(pilot.app, TypedAhead):
            with suppress(ScreenStackError):
                await pilot.app.settled()

    monkeypatch.setattr(Pilot, "press", pressed)
