"""Request rates, judged by the clock of the world."""

from collections.abc import Callable
from datetime import datetime, timedelta


class Bucket:
    """Lets requests pass at so many a second, with a burst of one second's worth if none is said."""

    def __init__(
        self, rate: float, clock: Callable[[], datetime], burst: float | None = None
    ) -> None:
        self._rate = rate
        self._clock = clock
        self._allowance = self._burst = burst or max(rate, 1.0)
        self._checked_at = clock()

    def take(self) -> bool:
        """Let one more request pass; False when it came too fast."""
        now = self._clock()
        passed = (now - self._checked_at).total_seconds()
        self._allowance = min(self._burst, self._allowance + passed * self._rate)
        self._checked_at = now
        if self._allowance < 1:
            return False
        self._allowance -= 1
        return True


class Window:
    """Lets so many requests pass in any span of time."""

    def __init__(self, most: int, span: timedelta, clock: Callable[[], datetime]) -> None:
        self._most = most
        self._span = span
        self._clock = clock
        self._passed: list[datetime] = []

    def take(self) -> bool:
        """Let one more request pass; False when it came too fast."""
        now = self._clock()
        self._passed = [each for each in self._passed if now - each < self._span]
        if len(self._passed) >= self._most:
            return False
        self._passed.append(now)
        return True
