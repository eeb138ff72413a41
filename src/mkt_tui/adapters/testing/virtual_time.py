"""An event loop whose clock jumps to the next thing to do, instead of waiting for it.

An adapter that keeps two requests a minute takes minutes; on this loop it takes none, while
everybody in it, the practice marketplace too, sees the minutes pass.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

START: Final = datetime(2026, 3, 10, 15, tzinfo=UTC)
"""The instant at which every test begins."""

_STEP: Final = 1e-6

Result = TypeVar("Result")


class _Jumping(selectors.DefaultSelector):
    """Looks what has come in; where nothing has, time passes at once."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        # Work takes time too: who waits for less than a float can tell would wait for ever.
        self.passed += _STEP
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        events = super().select(0)
        if not events:
            self.passed += timeout
        return events


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.passed


def run(story: Coroutine[Any, Any, Result]) -> Result:
    """Run `story` to its end on a clock that jumps.

    Nothing in it may wait for another process or for a socket: their time is not this time.
    """
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(story)


def clock() -> Callable[[], datetime]:
    """Return the clock of the running loop, for the practice marketplace and for what is sent."""
    loop = asyncio.get_running_loop()
    return lambda: START + timedelta(seconds=loop.time())
