import json
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import stamina

from mkt_tui.home import Home
from tests.cli.program import Program, start


@pytest.fixture(autouse=True)
def _no_waiting_between_tries() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield


@pytest.fixture
def mkt_tui(home: Home, empty_cache: Path, capsys: pytest.CaptureFixture[str]) -> Program:
    """The program on a home without channels; what is about a new cache deletes this one."""
    if not home.cache_file.exists():
        shutil.copy(empty_cache, home.cache_file)
    return Program(home.data, capsys)


@dataclass(frozen=True)
class Listener:
    """A port that takes connections and says nothing."""

    server: socket.socket

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.getsockname()[1]}"

    def was_called(self) -> bool:
        self.server.settimeout(0)
        try:
            self.server.accept()[0].close()
        except BlockingIOError:
            return False
        return True


@pytest.fixture
def listener() -> Iterator[Listener]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield Listener(server)


@pytest.fixture
def closed_url() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def sandbox() -> Iterator[dict[str, Any]]:
    """What a practice marketplace of 40 tickets announces of itself, while it runs."""
    with start("sandbox", "--tickets", "40", "--while-open") as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.terminate()
