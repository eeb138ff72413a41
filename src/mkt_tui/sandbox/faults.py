"""Rudeness on demand: which faults a marketplace shows, on which requests, how often.

A fault is written NAME[:AMOUNT][@read|@write][ xN]; several are separated by commas:
`reset-after-accept@write x1, clock:-86400`. Every request meets the faults in the order in which
they are written.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mkt_tui.sandbox.errors import SandboxError

SECONDS: Final[dict[str, float]] = {
    "429-retry-after": 1.0,
    "503-retry-after": 1.0,
    "stall": 30.0,
    "stall-after-accept": 30.0,
    "clock": 86_400.0,
}
"""The faults that take an amount, in seconds, and the one they have by themselves."""

NAMES: Final = (
    "400",
    "429",
    "429-retry-after",
    "500",
    "503",
    "503-retry-after",
    "reset-before",
    "reset-after-read",
    "reset-after-accept",
    "stall",
    "stall-after-accept",
    "truncated",
    "charset",
    "duplicated",
    "reordered",
    "clock",
)
_FORM: Final = re.compile(
    r"(?P<name>[a-z0-9-]+)(:(?P<seconds>[+-]?\d{1,9}(\.\d{1,3})?))?"
    r"(@(?P<side>read|write))?(\s+x(?P<times>[1-9]\d{0,8}))?"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of rudeness.

    Attributes:
        name: One of NAMES.
        seconds: How long, how far, or what Retry-After says; 0 where the name takes none.
        side: read (GET), write (everything else), None = both.
        times: How many requests meet it; None = all.
    """

    name: str
    seconds: float = 0.0
    side: str | None = None
    times: int | None = None

    def concerns(self, method: str) -> bool:
        """Tell whether requests of this method meet the fault."""
        return self.side in (None, "read" if method in ("GET", "HEAD") else "write")


def parse(specs: Iterable[str]) -> tuple[Fault, ...]:
    """Return the faults that `specs` name; each may hold several.

    Raises:
        SandboxError: One of them means nothing.
    """
    return tuple(_fault(each.strip()) for spec in specs for each in spec.split(","))


def _fault(text: str) -> Fault:
    found = _FORM.fullmatch(text)
    if found is None:
        raise SandboxError(
            f"The fault {text!r} cannot be understood. "
            "Write NAME, NAME:SECONDS, NAME@read, NAME@write or one of them with x3 behind."
        )
    name, seconds, times = found["name"], found["seconds"], found["times"]
    if name not in NAMES:
        raise SandboxError(f"There is no fault {name!r}. There are: {', '.join(NAMES)}.")
    return Fault(name, _seconds(name, seconds), found["side"], int(times) if times else None)


def _seconds(name: str, text: str | None) -> float:
    if text is None:
        return SECONDS.get(name, 0.0)
    if name not in SECONDS:
        raise SandboxError(f"The fault {name!r} takes no seconds.")
    seconds = float(text)
    if seconds < 0 and name != "clock":
        raise SandboxError(f"The fault {name!r} cannot take {text} seconds.")
    return seconds
