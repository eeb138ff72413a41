"""The practice marketplace as a program."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from mkt_tui.sandbox.errors import SandboxError
from mkt_tui.sandbox.server import SandboxOptions, serve

PROGRAM = """
from mkt_tui.sandbox.server import SandboxOptions, serve
serve(SandboxOptions(tickets=30, seed=5))
print("after")
"""


@contextmanager
def running() -> Iterator[tuple["subprocess.Popen[str]", dict[str, Any]]]:
    source = Path(__file__).resolve().parents[2] / "src"
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(source), "PATH": ""},
    ) as process:
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_serves_and_ends_cleanly(ending: signal.Signals) -> None:
    with running() as (process, told):
        assert [each["name"] for each in told["channels"]] == ["Carrefour", "Leroy Merlin"]
        with httpx.Client() as client:
            for channel in told["channels"]:
                assert channel["adapter"] == "mirakl"
                assert channel["base_url"].startswith(f"{told['url']}/")
                answer = client.get(
                    f"{channel['base_url']}/api/inbox/threads",
                    headers={"Authorization": channel["secret"]},
                )
                assert answer.status_code == 200
                assert answer.json()["data"]
            process.send_signal(ending)
            output, errors = process.communicate(timeout=20)

    assert process.returncode == 0
    assert output == "after\n", "serve returns to its caller"
    assert errors == ""


def test_a_port_in_use_is_told_before_anything_else() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SandboxError, match=f"Port {port} of 127.0.0.1 cannot be used"):
            serve(SandboxOptions(port=port))


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_does_not_exist_is_refused(port: int) -> None:
    with pytest.raises(SandboxError, match="--port must be between 0 and 65535"):
        serve(SandboxOptions(port=port))


def test_wrong_options_leave_the_port_free(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SandboxError, match="There is no folder"):
        serve(SandboxOptions(dataset=tmp_path / "nowhere"))
    assert signal.getsignal(signal.SIGTERM) is before
