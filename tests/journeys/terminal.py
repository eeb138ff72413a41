"""A terminal for tests: a real pty, read by a real emulator, and every byte kept."""

import os
import re
import resource
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import pexpect
import pyte

SIXTEEN: Final = {"TERM": "xterm", "COLORTERM": ""}
NO_COLOUR: Final = {"TERM": "xterm-256color", "COLORTERM": "", "NO_COLOR": "1"}
_PATIENCE: Final = 45.0
_KEYS: Final = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "space": " ",
    "down": "\x1b[B",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "ctrl+d": "\x04",
    "ctrl+q": "\x11",
}


class Terminal:
    """A program on a pty of a given size; what it draws can be read and waited for."""

    def __init__(
        self, command: Sequence[str], size: tuple[int, int], environment: dict[str, str]
    ) -> None:
        columns, lines = size
        self.raw = b""
        self._environment = environment
        self.keys = 0
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self._child: pexpect.spawn[bytes] = pexpect.spawn(
            command[0],
            list(command[1:]),
            env={**os.environ, "TERM": "xterm-256color", **environment},
            dimensions=(lines, columns),
            timeout=_PATIENCE,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        # On a busy machine it may not be gone yet when pexpect looks; SIGKILL has been sent by then.
        with suppress(pexpect.ExceptionPexpect):
            self._child.close(force=True)
        if kind is None:
            assert not (found := self.forbidden_colours()), f"colours it has not: {found}"

    @property
    def text(self) -> str:
        """The screen as lines of text."""
        return "\n".join(self._screen.display)

    def forbidden_colours(self) -> set[bytes]:
        """The colours it was sent and cannot show: beyond 16 of them, or any but greys."""
        # Whole ones: the program may be gone in the middle of one.
        many = set(re.findall(rb"[34]8;(?:5;\d+|2;\d+;\d+;\d+)(?=[;m])", self.raw))
        if self._environment == SIXTEEN:
            return many
        if self._environment == NO_COLOUR:
            return {each for each in many if not _is_grey(each)}
        return set()

    def press(self, *keys: str) -> None:
        """Press keys one by one and count them."""
        for key in keys:
            self._child.send(_KEYS.get(key, key))
            self.keys += 1
            self._read(0.02)

    def type(self, words: str) -> None:
        """Type words, which do not count as keys."""
        self._child.send(words)

    def click(self, words: str) -> None:
        """Click on words on the screen, as terminals report it (SGR, 1006)."""
        line, column = next(
            (line, text.index(words))
            for line, text in enumerate(self._screen.display, 1)
            if words in text
        )
        self._child.send(f"\x1b[<0;{column + 2};{line}M\x1b[<0;{column + 2};{line}m")

    def paste(self, words: str) -> None:
        """Paste words as terminals do, between brackets; they do not count as keys."""
        self._child.send(f"\x1b[200~{words}\x1b[201~")

    def type_one_by_one(self, words: str) -> list[float]:
        """Type as a person does, and return when each letter was on the screen."""
        instants = []
        for letter in words:
            self._child.send(letter)
            self._read(0.05)
            instants.append(time.monotonic())
        return instants

    def wait_for(self, pattern: str) -> str:
        """Wait until the screen shows `pattern`, and return the screen."""
        until = time.monotonic() + _PATIENCE
        while not re.search(pattern, self.text):
            assert time.monotonic() < until, f"never saw {pattern!r} on\n{self.text}"
            assert self._child.isalive() or self._read(0.1), (
                f"ended before {pattern!r}:\n{self.text}"
            )
            self._read(0.1)
        return self.text

    def hang_up(self) -> None:
        """Let the SSH link drop: the pty goes away, and the program must end by itself."""
        pty = self._child.ptyproc  # type: ignore[attr-defined]  # missing in the stubs
        pty.fileobj.close()
        pty.wait()
        pty.closed = True

    def kill(self, number: int) -> None:
        """Send a signal to the program."""
        self._child.kill(number)

    def let_write(self, *, yes: bool) -> None:
        """Let every write of the program to a disk fail (EFBIG, an I/O error to SQLite), or none."""
        assert self._child.pid is not None
        _soft, hard = resource.prlimit(self._child.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self._child.pid, resource.RLIMIT_FSIZE, (hard if yes else 0, hard))

    def wait_for_end(self) -> int | None:
        """Wait for the program to end and return its exit code."""
        self._child.expect(pexpect.EOF)
        self.raw += self._child.before or b""
        self._child.close()
        return self._child.exitstatus

    def _read(self, seconds: float) -> bool:
        try:
            data = self._child.read_nonblocking(65536, timeout=seconds)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return False
        self.raw += data
        self._stream.feed(data)
        return True


def desk(
    home: Path,
    size: tuple[int, int],
    python: str,
    language: str = "en",
    program: Sequence[str] = ("mkt_tui",),
) -> Terminal:
    """Open the desk of a home: where it is small with 16 colours, where it is large with none."""
    command = [python, "-m", *program, "--home", str(home), "--lang", language]
    return Terminal(command, size, SIXTEEN if size[0] <= 80 else NO_COLOUR)


def _is_grey(colour: bytes) -> bool:
    kind, *parts = colour.split(b";")[1:]
    if kind == b"2":
        return len(set(parts)) == 1
    # Of the cube of 256 colours: the greys, and the corners and steps that are none.
    return int(parts[0]) >= 232 or parts[0] in (b"16", b"59", b"102", b"145", b"188", b"231")
