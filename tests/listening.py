"""Waits until a server that a test has started takes connections."""

import socket
import subprocess
import time
from pathlib import Path

_SECONDS = 30


def wait_for_port(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until the server answers on its port of loopback.

    Raises:
        AssertionError: It ended, or never did; shows its log.
    """
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"No server on {port}: {log.read_text() if log.exists() else ''}")


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
