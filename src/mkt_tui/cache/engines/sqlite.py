"""SQLite: one file, in WAL mode, read by many and written by one at a time."""

import errno
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import chain, islice
from pathlib import Path
from typing import Final

from mkt_tui.cache.engines.base import Dialect, Parameters, Row
from mkt_tui.domain.errors import (
    CacheDamaged,
    CacheFull,
    CacheGone,
    CacheProblem,
    CacheReplaced,
    CacheUnwritable,
)

# As many as every SQLite takes in a statement.
_VALUES: Final = 999
_BUSY_SECONDS: Final = 20.0
_DURABLE: Final = "FULL"
_LIGHT: Final = "NORMAL"
# 32 MB, and a log of up to 16 MB: a page of a hundred rows changes seven hundred places all over
# the file, and the small log that is best for desks is copied into it with nearly every page.
_FOR_PAGES: Final = ("PRAGMA cache_size=-32768", "PRAGMA wal_autocheckpoint=4000")
# Less is no room for what SQLite writes at once.
_ROOM: Final = 256 * 1024


class SqliteEngine:
    """A SQLite file with a connection per thread."""

    dialect = Dialect(
        texts="SELECT value FROM json_each(:listed)",
        pairs="json_each(:listed)",
        renumber=None,
        matching="SELECT rowid FROM {table}_index WHERE {table}_index MATCH :{query}"
        " ORDER BY rowid DESC",
        word='"{}"',
        prefix='"{}"*',
        both=" AND ",
        either=" OR ",
        terms="SELECT term FROM {table}_terms WHERE term >= :low AND term < :high LIMIT :limit",
        through=" INDEXED BY {index}",
    )

    def __init__(self, path: Path, *, durable: bool) -> None:
        self._path = path
        self._durable = durable
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._file: tuple[int, int] | None = None

    def run(self, sql: str, parameters: Parameters) -> sqlite3.Cursor:
        """Run one statement."""
        return self._connection().execute(sql, parameters)

    def run_many(self, sql: str, parameters: Sequence[Parameters] | Iterable[Row]) -> None:
        """Run one statement once per element."""
        self._connection().executemany(sql, parameters)

    def loading(self, tables: Iterable[str]) -> AbstractContextManager[None]:
        """Leave the tables as they are: their triggers keep the search's index."""
        del tables
        return nullcontext()

    def load(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Add rows to a table, many in a statement: before each one FTS5 writes what it was told."""
        marks = f"({', '.join('?' * len(columns))})"
        left = iter(rows)
        while part := list(islice(left, _VALUES // len(columns))):
            values = ", ".join([marks] * len(part))
            self._connection().execute(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES {values}",
                list(chain.from_iterable(part)),
            )

    @contextmanager
    def transaction(self, *, durable: bool) -> Iterator[None]:
        """Take the write lock at once, so what is read inside cannot have changed at the commit."""
        connection = self._connection()
        if self._durable and not durable:
            with self._lightly(connection), self.transaction(durable=True):
                yield
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    @contextmanager
    def _lightly(self, connection: sqlite3.Connection) -> Iterator[None]:
        """Let commits not wait for the disk; the next one that does takes these along."""
        connection.execute(f"PRAGMA synchronous={_LIGHT}")
        try:
            yield
        finally:
            connection.execute(f"PRAGMA synchronous={_DURABLE}")

    def expect_pages(self) -> None:
        """Keep more of the indexes in memory, and write what changes again and again less often."""
        for pragma in _FOR_PAGES:
            self._connection().execute(pragma)

    def version(self) -> int:
        """Ask SQLite, which counts the changes of other connections (2 µs)."""
        return int(self._connection().execute("PRAGMA data_version").fetchone()[0])

    def schema(self) -> str | None:
        """Return the newest migration that ran."""
        run = self._connection().execute
        if not run("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            return None
        row = run("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None

    def upgrade(self) -> None:
        """Run the migrations that lack, behind the write lock."""
        from mkt_tui.cache.migrate import upgrade

        self.close()
        upgrade(self._path)

    def close(self) -> None:
        """Close the connections of all threads."""
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._local = threading.local()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Make sqlite3's errors, and those of the file system, ours."""
        try:
            yield
        except sqlite3.IntegrityError:
            raise
        except (sqlite3.DatabaseError, OSError) as error:
            raise _ours(error, self._path) from error

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
            self._connections.append(connection)
        elif self._identity() != self._file:
            raise CacheReplaced(path=self._path)
        return connection

    def _identity(self) -> tuple[int, int]:
        """Tell which file is there now: SQLite goes on writing into one that was deleted (1 µs)."""
        try:
            found = self._path.stat()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise CacheGone(path=self._path) from error
        return found.st_dev, found.st_ino

    def _connect(self) -> sqlite3.Connection:
        if self._file is not None and self._identity() != self._file:
            raise CacheReplaced(path=self._path)
        if not self._path.exists():
            # SQLite itself would make it 0644, which no mask can open to the group of a shared home.
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666))
        self._file = self._identity()
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={_DURABLE if self._durable else _LIGHT}")
        connection.execute("PRAGMA foreign_keys=ON")
        if self._connections:
            # Beside the first thread others walk through lists once: half the memory will do.
            connection.execute("PRAGMA cache_size=-1000")
        return connection


def _ours(error: Exception, path: Path) -> CacheProblem:
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else None
    kind = _KINDS.get(primary, CacheProblem)
    if isinstance(error, OSError):
        kind = CacheFull if error.errno == errno.ENOSPC else CacheUnwritable
    elif primary == sqlite3.SQLITE_IOERR:
        kind = CacheFull if _is_full(path) else CacheUnwritable
    return kind(path=path, detail=error)


def _is_full(path: Path) -> bool:
    """Tell whether the disk has no room: SQLite's "disk I/O error" does not say why."""
    try:
        disk = os.statvfs(path.parent)
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize < _ROOM and not disk.f_flag & os.ST_RDONLY


_KINDS: Final[Mapping[int | None, type[CacheProblem]]] = {
    sqlite3.SQLITE_CORRUPT: CacheDamaged,
    sqlite3.SQLITE_NOTADB: CacheDamaged,
    sqlite3.SQLITE_FULL: CacheFull,
    sqlite3.SQLITE_READONLY: CacheUnwritable,
    sqlite3.SQLITE_CANTOPEN: CacheUnwritable,
    sqlite3.SQLITE_PERM: CacheUnwritable,
}
