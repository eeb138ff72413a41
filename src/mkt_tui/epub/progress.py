"""How far a check is, and how it is stopped."""

from collections.abc import Callable
from enum import StrEnum
from threading import Event
from typing import NamedTuple


class Step(StrEnum):
    """What is being done, in this order."""

    ARCHIVE = "archive"
    EPUBCHECK = "epubcheck"
    RULES = "rules"


class Progress(NamedTuple):
    """How far the step is: bytes, seconds, files; `total` 0 = nobody can tell."""

    step: Step
    done: int
    total: int


Told = Callable[[Step, int, int], None]
OnProgress = Callable[[Progress], None]


class Stopped(Exception):
    """The check was cancelled."""


class Cancelled:
    """Tells whether somebody wants the check to end; may be set from another thread."""

    def __init__(self) -> None:
        self._event = Event()

    def set(self) -> None:
        """End the check soon."""
        self._event.set()

    def wait(self, seconds: float) -> None:
        """Wait, at most so long.

        Raises:
            Stopped: It was set.
        """
        if self._event.wait(seconds):
            raise Stopped

    def check(self) -> None:
        """Go on.

        Raises:
            Stopped: It was set.
        """
        if self._event.is_set():
            raise Stopped
