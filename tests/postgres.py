"""A real PostgreSQL for tests: a server of our own in a temporary folder, a database per test."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from mkt_tui.cache.database import Database
from mkt_tui.cache.places import ServerAddress
from tests.listening import free_port

# Root may not run a server; Debian's packages bring this user.
USER = "postgres"
PASSWORD = "cavalo-bateria-grampo"
_TEMPLATE = "template_of_tests"
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "80",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
# Texts of the default collation sort otherwise than on SQLite, so tests see where it is used.
_LOCALE = ["--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"]
_ACCESS = """
local all all trust
host all asked 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 trust
"""


def binaries() -> Path | None:
    """Return the folder of the newest server's programs, None when there is no server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    return found[-1].parent if found else None


def _version(program: Path) -> float:
    return float(program.parts[-3])


@dataclass
class Server:
    """A running server; its superuser is postgres, and the role `asked` needs PASSWORD by TCP."""

    folder: Path
    port: int
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, database: str = "postgres", user: str = USER) -> str:
        """Return the address of a database, through the socket."""
        return f"postgresql+psycopg://{user}@/{database}?host={self.folder}&port={self.port}"

    def tcp(self, database: str = "postgres", login: str = USER) -> str:
        """Return the address of a database, through TCP."""
        return f"postgresql+psycopg://{login}@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str, database: str = "postgres") -> list[Any]:
        """Run a statement as the superuser."""
        with psycopg.connect(
            host=str(self.folder), port=self.port, user=USER, dbname=database, autocommit=True
        ) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def make_template(self) -> None:
        """Make an empty desk that each test's database is a copy of."""
        self.run(f"CREATE ROLE asked LOGIN PASSWORD '{PASSWORD}'")
        self.run(f"CREATE DATABASE {_TEMPLATE}")
        Database(ServerAddress(self.url(_TEMPLATE))).close()

    @contextmanager
    def database(
        self, *, empty: bool = False, like: ServerAddress | None = None
    ) -> Iterator[ServerAddress]:
        """Give a database of one's own: with the tables, `empty`, or as full as another one."""
        name = f"test_{next(self.numbers)}"
        template = urlsplit(like.url).path[1:] if like else _TEMPLATE
        copied = "" if empty else f" TEMPLATE {template} STRATEGY FILE_COPY"
        self.run(f"CREATE DATABASE {name}{copied}")
        yield ServerAddress(self.url(name))
        self.run(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def server() -> Iterator[Server]:
    """Run a server, or skip the test where none is installed."""
    programs = binaries()
    if programs is None:
        pytest.skip("no PostgreSQL server in /usr/lib/postgresql (apt install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="mkt-tui-pg-"))
    try:
        yield from _run(programs, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(programs: Path, folder: Path) -> Iterator[Server]:
    user = USER if os.getuid() == 0 else None
    if user:
        os.chown(folder, pwd.getpwnam(USER).pw_uid, -1)
    data = folder / "data"
    initdb = [
        str(programs / "initdb"),
        f"--pgdata={data}",
        f"--username={USER}",
        "--no-sync",
        "--auth=trust",
    ]
    _do([*initdb, *_LOCALE], user)
    (data / "pg_hba.conf").write_text(_ACCESS)
    port = free_port()
    settings = _SETTINGS | {"unix_socket_directories": str(folder), "port": str(port)}
    options = " ".join(f"-c {key}={value}" for key, value in settings.items())
    control = [str(programs / "pg_ctl"), f"--pgdata={data}", "--wait"]
    _do([*control, f"--log={folder / 'log'}", "-o", options, "start"], user)
    try:
        running = Server(folder, port)
        running.make_template()
        yield running
    finally:
        _do([*control, "--mode=immediate", "stop"], user)


def _do(command: list[str], user: str | None) -> None:
    subprocess.run(
        command,
        check=True,
        user=user,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        timeout=60,
    )
