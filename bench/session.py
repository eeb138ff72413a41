"""One run of a program in a pseudo-terminal of 120x40 with 256 colours.

Bytes are time stamped when they are read; the emulator is fed only once the output is quiet, so
its cost is outside every measured interval.
"""

import errno
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

import psutil

from bench.emulator import Emulator
from bench.programs import environment

COLUMNS: Final = 120
ROWS: Final = 40
_KEYS: Final = {
    "down": "\x1b[B", "up": "\x1b[A", "pagedown": "\x1b[6~", "pageup": "\x1b[5~",
    "home": "\x1b[H", "end": "\x1b[F", "enter": "\r", "escape": "\x1b",
}  # fmt: skip


class BenchError(RuntimeError):
    """The program under test died, or never reached the awaited state."""


class Session:
    """A program in its terminal; ends with the block it was opened in."""

    def __init__(
        self, argv: Sequence[str], more: Mapping[str, str] | None = None, rows: int = ROWS
    ) -> None:
        self._emulator = Emulator(COLUMNS, rows)
        self._pending: deque[tuple[int, bytes]] = deque()
        self._closed = False
        self.received = 0
        self.last_at = 0
        full = environment() | {"TERM": "xterm-256color"} | dict(more or {})
        full.pop("COLORTERM", None)
        self.began_at = time.perf_counter_ns()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, COLUMNS, 0, 0))
                os.execvpe(argv[0], list(argv), full)
            finally:
                os._exit(127)
        os.set_blocking(self._fd, False)
        self._poll = select.poll()
        self._poll.register(self._fd, select.POLLIN)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        tree = self.tree()
        os.close(self._fd)
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGKILL):
            for process in tree:
                with suppress(psutil.Error):
                    process.send_signal(number)
            if not psutil.wait_procs(tree, timeout=2.0)[1]:
                return

    def pump(self, seconds: float) -> bool:
        """Wait so long for output and read one chunk of it."""
        if self._closed or not self._poll.poll(max(0.0, seconds) * 1000):
            return False
        chunk = self._read()
        if not chunk:
            self._closed = True
            return False
        self.last_at = time.perf_counter_ns()
        self.received += len(chunk)
        self._pending.append((self.last_at, chunk))
        if b"\x1b" in chunk:
            for answer in self._emulator.answers(chunk):
                self.write(answer)
        return True

    def _read(self) -> bytes:
        try:
            return os.read(self._fd, 65_536)
        except OSError as error:  # Linux says EIO once the program has gone
            if error.errno != errno.EIO:
                raise
            return b""

    def pump_for(self, seconds: float) -> None:
        """Read for so long."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0 and not self._closed:
            self.pump(left)

    def settle(self, quiet: float, at_most: float = 60.0) -> None:
        """Read until nothing comes for `quiet` seconds."""
        end = time.perf_counter() + at_most
        while time.perf_counter() < end and self.pump(quiet):
            pass

    def feed(self) -> bool:
        """Draw what was read; tell whether the screen changed."""
        data = b"".join(chunk for _when, chunk in self._pending)
        self._pending.clear()
        changed = bool(data) and self._emulator.feed(data)
        if self._closed:
            raise BenchError(f"the program ended; the screen:\n{self._emulator.text()}")
        return changed

    def wait_for(self, words: str, at_most: float = 60.0) -> float:
        """Wait for words on the screen and return when they came, in ms since exec."""
        end = time.perf_counter() + at_most
        while time.perf_counter() < end and not self._closed:
            if self.pump(0.05) and self._poll.poll(0):
                continue  # read on before spending time on the emulator
            while self._pending:
                when, chunk = self._pending.popleft()
                if self._emulator.feed(chunk) and words in self._emulator.text():
                    return (when - self.began_at) / 1e6
        raise BenchError(f"no {words!r} on the screen:\n{self._emulator.text()}")

    def text(self) -> str:
        """Return the screen as it was last fed."""
        return self._emulator.text()

    def lines(self) -> list[list[str]]:
        """Return the screen as it was last fed, each line by its cells."""
        return [self._emulator.cells(row) for row in range(self._emulator.rows)]

    def press(self, key: str) -> None:
        """Send a key by its name, or a character."""
        self.write(_KEYS.get(key, key).encode())

    def write(self, data: bytes) -> None:
        """Write to the program, reading its output whenever its input is full."""
        while data and not self._closed:
            try:
                data = data[os.write(self._fd, data) :]
            except BlockingIOError:
                self.pump(0.001)

    def tree(self) -> list[psutil.Process]:
        """Return the program and its children."""
        with suppress(psutil.Error):
            root = psutil.Process(self.pid)
            return [root, *root.children(recursive=True)]
        return []
