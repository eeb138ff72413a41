"""The one way to the cache file: connections, transactions, and foreign errors made ours.

All statements are plain SQL with `:name` parameters through the standard driver: the desk's first
paint and every key must not wait for SQLAlchemy (0.3 s, 30 MB a desk), and bulk upserts run at
the driver's speed. The schema itself is SQLModel's and Alembic's (`tables`, `migrate`).
"""

import errno
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeAlias

from mkt_tui.domain.errors import (
    CacheDamaged,
    CacheFull,
    CacheNewer,
    CacheProblem,
    CacheUnwritable,
)

SCHEMA: Final = "0002"
_BUSY_SECONDS: Final = 20.0

Row: TypeAlias = tuple[Any, ...]
Parameters: TypeAlias = Mapping[str, Any]


class Database:
    """A cache file, with one connection per thread that asks.

    Args:
        path: The SQLite file; made, with its schema, when it does not exist.
        durable: Whether a commit must have reached the disk when it returns. Agents' words need
            that; what a marketplace can send again does not.

    Raises:
        CacheProblem: From every method, when the file, its folder or its disk fails.
    """

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        self.path = path
        self._durable = durable
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        with self._foreign_errors():
            self._bring_up_to_date()

    def rows(self, sql: str, parameters: Parameters | None = None) -> list[Row]:
        """Run a query and return all its rows."""
        with self._foreign_errors():
            return self._connection().execute(sql, parameters or {}).fetchall()

    def row(self, sql: str, parameters: Parameters | None = None) -> Row | None:
        """Run a query and return its first row, if any."""
        with self._foreign_errors():
            found: Row | None = self._connection().execute(sql, parameters or {}).fetchone()
            return found

    def value(self, sql: str, parameters: Parameters | None = None) -> Any:
        """Run a query and return the first column of its first row, None without a row."""
        found = self.row(sql, parameters)
        return found[0] if found else None

    def execute(self, sql: str, parameters: Parameters | None = None) -> int:
        """Run a statement and return how many rows it changed."""
        with self._foreign_errors():
            return self._connection().execute(sql, parameters or {}).rowcount

    def execute_many(self, sql: str, parameters: Sequence[Parameters] | Iterable[Row]) -> None:
        """Run a statement once per element."""
        with self._foreign_errors():
            self._connection().executemany(sql, parameters)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all statements inside one change: all of it is kept, or nothing.

        The write lock is taken at once, so what was read inside cannot have changed at the commit.
        """
        with self._foreign_errors():
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def version(self) -> int:
        """Return a number that changes when another connection changed the cache (2 µs)."""
        return int(self.value("PRAGMA data_version"))

    def close(self) -> None:
        """Close the connections of all threads."""
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._local = threading.local()

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
            self._connections.append(connection)
        return connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={'FULL' if self._durable else 'NORMAL'}")
        connection.execute("PRAGMA foreign_keys=ON")
        return connection

    def _bring_up_to_date(self) -> None:
        if self._schema() == SCHEMA:
            return
        from mkt_tui.cache.migrate import UnknownRevisionError, upgrade

        self.close()
        try:
            upgrade(self.path)
        except UnknownRevisionError as error:
            raise CacheNewer(path=self.path) from error

    def _schema(self) -> str | None:
        if not self.value("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"):
            return None
        return str(self.value("SELECT version_num FROM alembic_version"))

    @contextmanager
    def _foreign_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.IntegrityError:
            raise
        except (sqlite3.DatabaseError, OSError) as error:
            raise _ours(error, self.path) from error


def _ours(error: Exception, path: Path) -> CacheProblem:
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else None
    kind = _KINDS.get(primary, CacheProblem)
    if isinstance(error, OSError):
        kind = CacheFull if error.errno == errno.ENOSPC else CacheUnwritable
    return kind(path=path, detail=error)


_KINDS: Final[Mapping[int | None, type[CacheProblem]]] = {
    sqlite3.SQLITE_CORRUPT: CacheDamaged,
    sqlite3.SQLITE_NOTADB: CacheDamaged,
    sqlite3.SQLITE_FULL: CacheFull,
    sqlite3.SQLITE_IOERR: CacheFull,
    sqlite3.SQLITE_READONLY: CacheUnwritable,
    sqlite3.SQLITE_CANTOPEN: CacheUnwritable,
    sqlite3.SQLITE_PERM: CacheUnwritable,
}
