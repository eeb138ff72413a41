"""A real SFTP server for tests: OpenSSH's on loopback, with keys and a folder of its own."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.listening import free_port, wait_for_port

_SSHD = "/usr/sbin/sshd"
_SECONDS = 20


@dataclass(frozen=True)
class Sshd:
    """The server: its address, its key's fingerprint, the private key it lets in, its folders."""

    address: str
    user: str
    fingerprint: str
    key: str
    assets: Path
    xml: Path


@contextmanager
def serving(folder: Path) -> Iterator[Sshd]:
    """Run it until the block is left; the current user is who may log in."""
    if not Path(_SSHD).exists() or shutil.which("ssh-keygen") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("OpenSSH's server is missing")
        pytest.skip("OpenSSH's server is missing")
    for name in ("host", "user"):
        _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name))
    told = _run("ssh-keygen", "-l", "-E", "sha256", "-f", str(folder / "host.pub"))
    user = pwd.getpwuid(os.getuid()).pw_name
    for name in ("assets", "xml"):
        (folder / name).mkdir()
    if os.getuid() == 0:
        # Where root starts it, it wants the folder that its service would have made.
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    port = free_port()
    config = folder / "sshd_config"
    config.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\n"
        f"AuthorizedKeysFile {folder}/user.pub\nStrictModes no\nUsePAM no\nPermitRootLogin yes\n"
        "PasswordAuthentication no\nKbdInteractiveAuthentication no\nLogLevel ERROR\n"
        "Subsystem sftp internal-sftp\n"
    )
    with (folder / "sshd.log").open("wb") as log:
        server = subprocess.Popen([_SSHD, "-D", "-e", "-f", str(config)], stderr=log)
    try:
        wait_for_port(port, server, folder / "sshd.log")
        address = f"sftp://127.0.0.1:{port}"
        key = (folder / "user").read_text()
        yield Sshd(address, user, told.split()[1], key, folder / "assets", folder / "xml")
    finally:
        server.terminate()
        server.wait(_SECONDS)


def _run(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout
