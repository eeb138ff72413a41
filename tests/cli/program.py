"""The program as tests run it: in this process where quick, as a process where it matters."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mkt_tui.cli.run import run


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Program:
    """`mkt-tui --home HOME`, ready for the words that follow."""

    home: Path
    capture: pytest.CaptureFixture[str]

    def __call__(self, *words: str) -> Done:
        """Run it in this process."""
        self.capture.readouterr()
        code = run(["--home", str(self.home), *words])
        return Done(code, *self.capture.readouterr())

    def process(self, *words: str, **changes: Any) -> subprocess.Popen[bytes]:
        """Start it as a process of its own, its pipes open."""
        return start("--home", str(self.home), *words, **changes)


def start(*words: str, **changes: Any) -> subprocess.Popen[bytes]:
    """Start `mkt-tui` as a process of its own."""
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    return subprocess.Popen([sys.executable, "-m", "mkt_tui", *words], **{**pipes, **changes})


def end(process: subprocess.Popen[bytes], given: bytes = b"") -> Done:
    """Wait for a process and return what it said."""
    out, err = process.communicate(given, timeout=180)
    return Done(process.returncode, out.decode(), err.decode())


def environment(**changes: str) -> dict[str, str]:
    """Return this process's environment with some changes."""
    return {**os.environ, **changes}
