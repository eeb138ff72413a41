"""What is measured on a program in its terminal: presses, a held key, idleness, memory."""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil

from bench.report import percentile
from bench.session import Session

QUIET: Final = 0.03
_LONGEST: Final = 3.0


@dataclass(slots=True)
class Presses:
    """Of each press: ms from the key to the last byte of the update, and the update's bytes."""

    ms: list[float] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)
    missed: int = 0

    @property
    def median(self) -> float:
        """The time of half the presses."""
        return percentile(self.ms, 50)

    @property
    def slow(self) -> float:
        """The time that 95 of 100 presses keep."""
        return percentile(self.ms, 95)

    @property
    def bytes(self) -> float:
        """The bytes of half the updates."""
        return percentile(self.sizes, 50)


def press(
    session: Session, keys: list[str], count: int, rest: float = QUIET, quiet: float = QUIET
) -> list[Presses]:
    """Press the keys in turn, `count` times each, one update at a time.

    An update ends when nothing came for `quiet` seconds; `rest` is waited for before a press.
    """
    dice = random.Random(0)
    results = [Presses() for _ in keys]
    session.settle(0.3)
    session.feed()
    for _ in range(count):
        for key, result in zip(keys, results, strict=True):
            session.settle(rest + dice.uniform(0, 0.02))  # at no fixed phase of its timers
            session.feed()
            _press_once(session, key, result, quiet)
    return results


def _press_once(session: Session, key: str, result: Presses, quiet: float) -> None:
    before, began = session.received, time.perf_counter_ns()
    session.press(key)
    changed = False
    while not changed and (time.perf_counter_ns() - began) / 1e9 < _LONGEST:
        if session.pump(_LONGEST):
            session.settle(quiet)
        changed = session.feed()
    if not changed:
        result.missed += 1
        return
    result.ms.append((session.last_at - began) / 1e6)
    result.sizes.append(session.received - before)


@dataclass(frozen=True, slots=True)
class Held:
    """A held key: ms from the last press to the last byte, bytes and CPU ms of a press."""

    lag: float
    bytes: float
    cpu: float


def hold(session: Session, key: str, seconds: float, rate: float = 30.0) -> Held:
    """Hold a key for so long at so many presses a second."""
    session.settle(0.3)
    count, before, cpu = int(seconds * rate), session.received, cpu_seconds(session)
    began = time.perf_counter()
    for number in range(count):
        session.pump_for(began + number / rate - time.perf_counter())
        session.press(key)
    written = time.perf_counter_ns()
    session.settle(0.3)
    session.feed()
    spent = (cpu_seconds(session) - cpu) * 1000 / count
    return Held((session.last_at - written) / 1e6, (session.received - before) / count, spent)


def idle(session: Session, seconds: float) -> tuple[float, float]:
    """Return percent of a core and bytes a second while nobody touches the program."""
    session.settle(1.0)
    before, cpu = session.received, cpu_seconds(session)
    session.pump_for(seconds)
    spent = cpu_seconds(session) - cpu
    session.feed()
    return spent / seconds * 100, (session.received - before) / seconds


def memory(session: Session) -> float:
    """Return the proportional memory (PSS) of the program and its children, in MB."""
    session.settle(0.3)
    return _sum(session, lambda process: process.memory_full_info().pss / 1e6)


def cpu_seconds(session: Session) -> float:
    """Return the CPU time of the program and its children so far, by the scheduler's count."""
    return _sum(session, _scheduled)


def _scheduled(process: psutil.Process) -> float:
    tasks = Path(f"/proc/{process.pid}/task")
    return sum(int((each / "schedstat").read_text().split()[0]) for each in tasks.iterdir()) / 1e9


def _sum(session: Session, figure: Callable[[psutil.Process], float]) -> float:
    total = 0.0
    for process in session.tree():
        with suppress(psutil.Error, OSError):
            total += figure(process)
    return total
