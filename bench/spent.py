"""What a piece of work took: the wall clock, this process, and the servers it started."""

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

import psutil


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock, of CPU in this process, and of CPU in its children."""

    seconds: float
    cpu: float
    children: float

    def __sub__(self, other: Self) -> "Spent":
        """Return what was spent since `other`."""
        return Spent(
            self.seconds - other.seconds, self.cpu - other.cpu, self.children - other.children
        )


def so_far() -> Spent:
    """Return what has been spent until now."""
    children = 0.0
    for each in psutil.Process().children():
        with suppress(psutil.Error):
            times = each.cpu_times()
            children += times.user + times.system
    return Spent(time.perf_counter(), time.process_time(), children)
