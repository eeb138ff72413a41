"""A PostgreSQL server of the benches' own; its data is kept between runs, as the homes are.

python -m bench.server                      # runs it until Enter, and tells its address
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bench import homes
from bench.session import BenchError

_USER: Final = "postgres"
# What an administrator sets on a server of this size; all else is the default, durability too.
_SETTINGS: Final = {
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "max_wal_size": "4GB",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
}


class Server:
    """A running server."""

    def __init__(self, programs: Path, port: int) -> None:
        self._programs = programs
        self.port = port

    def url(self, database: str) -> str:
        """Return the address of a database."""
        return f"postgresql+psycopg://{_USER}@127.0.0.1:{self.port}/{database}"

    def has(self, database: str) -> bool:
        """Tell whether there is such a database."""
        asked = f"SELECT 1 FROM pg_database WHERE datname = '{database}'"
        return self._psql("--tuples-only", "--command", asked).strip() == "1"

    def make(self, database: str) -> None:
        """Make an empty database, in place of one that was left half seeded."""
        self._psql("--command", f"DROP DATABASE IF EXISTS {database}")
        self._psql("--command", f"CREATE DATABASE {database}")

    def rename(self, database: str, name: str) -> None:
        """Give a database another name."""
        self._psql("--command", f"ALTER DATABASE {database} RENAME TO {name}")

    def home(self, tickets: int) -> str:
        """Return the address of a cache like the home of so many tickets, copied the first time."""
        name = f"tickets_{tickets}"
        if not self.has(name):
            # The product's own move takes a tenth of the time of seeding anew, one by one.
            self.make(f"{name}_half")
            source = homes.home(tickets)
            command = [sys.executable, "-m", "mkt_tui", "--home", str(source), "migrate"]
            subprocess.run([*command, "--to", self.url(f"{name}_half")], check=True)
            self._psql("--dbname", f"{name}_half", "--command", "VACUUM ANALYZE")
            self.rename(f"{name}_half", name)
        return self.url(name)

    def _psql(self, *arguments: str) -> str:
        command = [str(self._programs / "psql"), "--host=127.0.0.1", f"--port={self.port}"]
        options = [f"--username={_USER}", "--quiet", *arguments]
        done = subprocess.run([*command, *options], check=True, capture_output=True, text=True)
        return done.stdout


def programs() -> Path | None:
    """Return the folder of the newest server's programs, None when none is installed."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda each: int(each.parts[-3])
    )
    return found[-1].parent if found else None


@contextmanager
def server() -> Iterator[Server]:
    """Run the server.

    Raises:
        BenchError: None is installed.
    """
    binaries = programs()
    if binaries is None:
        raise BenchError("no PostgreSQL server in /usr/lib/postgresql (apt install postgresql)")
    user = _USER if os.getuid() == 0 else None
    # The server's user may not enter a home below root's folders.
    place = Path(os.environ.get("BENCH_POSTGRESQL", tempfile.gettempdir())) / "mkt-tui-bench-pg"
    _prepare(binaries, place, user)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = _SETTINGS | {"port": str(port), "unix_socket_directories": str(place)}
    options = " ".join(f"-c {key}={value}" for key, value in settings.items())
    control = [str(binaries / "pg_ctl"), f"--pgdata={place / 'data'}", "--wait", "--timeout=300"]
    _do([*control, f"--log={place / 'log'}", "-o", options, "start"], user)
    try:
        yield Server(binaries, port)
    finally:
        _do([*control, "--mode=fast", "stop"], user)


def _prepare(binaries: Path, place: Path, user: str | None) -> None:
    if (place / "data" / "PG_VERSION").exists():
        return
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    if user:
        os.chown(place, pwd.getpwnam(user).pw_uid, -1)
    initdb = [str(binaries / "initdb"), f"--pgdata={place / 'data'}", f"--username={_USER}"]
    _do([*initdb, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"], user)


def _do(command: Sequence[str], user: str | None) -> None:
    subprocess.run(
        command, check=True, user=user, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )


if __name__ == "__main__":
    with server() as running:
        print(running.url("postgres"))
        input()
