"""The one way to the cache: connections, transactions, and foreign errors made ours.

All statements are plain SQL with `:name` parameters through the standard driver: the desk's first
paint and every key must not wait for SQLAlchemy (0.3 s, 30 MB a desk), and bulk upserts run at
the driver's speed. The schema itself is SQLModel's and Alembic's (`tables`, `migrate`).

Statements are written so that SQLite and PostgreSQL both understand them; `dialect` holds the
few words that differ, `engines` what is behind each of the two.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from mkt_tui.cache.engines.base import Dialect, Engine, Parameters, Row
from mkt_tui.cache.engines.sqlite import SqliteEngine
from mkt_tui.cache.places import Place, ServerAddress
from mkt_tui.domain.errors import CacheNewer, SettingsWrong
from mkt_tui.i18n import _

__all__ = ["SCHEMA", "Database", "Parameters", "Row"]

Lasting = TypeVar("Lasting")

SCHEMA: Final = "0027"
_AT_ONCE: Final = 1_000


class Database:
    """A cache, with one connection per thread that asks.

    Args:
        place: The SQLite file, or a database of a PostgreSQL server; the file is made when it
            does not exist, the schema in either.
        durable: Whether a commit must have reached the disk when it returns. Agents' words need
            that; what a marketplace can send again does not.

    Raises:
        CacheProblem: From every method, when the file, the server or a disk fails.
        SettingsWrong: PostgreSQL is wanted and its driver is not installed.
    """

    def __init__(self, place: Place, *, durable: bool = True) -> None:
        self.place = place
        self._written = 0
        self._lasting = threading.local()
        self._engine = _engine(place, durable=durable)
        try:
            with self._engine.errors():
                self._bring_up_to_date()
        except BaseException:
            self.close()
            raise

    @property
    def name(self) -> str:
        """What to call it before people; never shows a password."""
        return str(self.place)

    @property
    def dialect(self) -> Dialect:
        """The words of its SQL that the engines spell differently."""
        return self._engine.dialect

    def rows(self, sql: str, parameters: Parameters | None = None) -> list[Row]:
        """Run a query and return all its rows."""
        with self._engine.errors():
            return self._engine.run(sql, parameters or {}).fetchall()

    def each(self, sql: str, parameters: Parameters | None = None) -> Iterator[Row]:
        """Run a query and yield its rows: a million in one list take memory that a desk never gives back."""
        with self._engine.errors():
            found = self._engine.run(sql, parameters or {})
            while part := found.fetchmany(_AT_ONCE):
                yield from part

    def row(self, sql: str, parameters: Parameters | None = None) -> Row | None:
        """Run a query and return its first row, if any."""
        with self._engine.errors():
            found: Row | None = self._engine.run(sql, parameters or {}).fetchone()
            return found

    def value(self, sql: str, parameters: Parameters | None = None) -> Any:
        """Run a query and return the first column of its first row, None without a row."""
        found = self.row(sql, parameters)
        return found[0] if found else None

    def execute(self, sql: str, parameters: Parameters | None = None) -> int:
        """Run a statement and return how many rows it changed."""
        with self._engine.errors():
            changed = self._engine.run(sql, parameters or {}).rowcount
        self._written += changed > 0
        return changed

    def execute_many(self, sql: str, parameters: Sequence[Parameters] | Iterable[Row]) -> None:
        """Run a statement once per element."""
        with self._engine.errors():
            self._engine.run_many(sql, parameters)
        self._written += 1

    @contextmanager
    def loading(self, tables: Iterable[str]) -> Iterator[None]:
        """Within a transaction, make these empty tables ready for many rows (see `load`)."""
        with self._engine.errors(), self._engine.loading(tables):
            yield

    def load(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Add rows to a table as fast as the engine can."""
        with self._engine.errors():
            self._engine.load(table, columns, rows)
        self._written += 1

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[None]:
        """Make all statements inside one change: all of it is kept, or nothing.

        The write lock is taken at once, so what was read inside cannot have changed at the commit.

        Args:
            durable: False for a page with its cursor: when the power fails before it is on the disk,
                the cursor is the older one too, and the marketplace is asked for it again.
        """
        with self._engine.errors(), self._engine.transaction(durable=durable):
            yield

    def expect_pages(self) -> None:
        """Make this thread's connection ready to write page after page of a marketplace."""
        with self._engine.errors():
            self._engine.expect_pages()

    def version(self) -> int:
        """Return a number that changes when another connection changed the cache.

        It costs 2 µs on SQLite, 6 µs on PostgreSQL, and a round trip the first time only.
        """
        with self._engine.errors():
            return self._engine.version()

    def revision(self) -> tuple[int, int]:
        """Return what differs after any change, of others (see `version`) or through this object."""
        return self.version(), self._written

    def lasting(self, name: str, read: Callable[[], Lasting]) -> Lasting:
        """Return what `read` returned under that name, read anew once the cache has changed."""
        revision = self.revision()
        kept: dict[str, tuple[tuple[int, int], Any]] = self._lasting.__dict__
        if name not in kept or kept[name][0] != revision:
            kept[name] = revision, read()
        found: Lasting = kept[name][1]
        return found

    def close(self) -> None:
        """Close the connections of all threads."""
        self._engine.close()

    def _bring_up_to_date(self) -> None:
        if self._engine.schema() == SCHEMA:
            return
        from mkt_tui.cache.migrate import UnknownRevisionError

        try:
            self._engine.upgrade()
        except UnknownRevisionError as error:
            raise CacheNewer(path=self.name) from error


def _engine(place: Place, *, durable: bool) -> Engine:
    if isinstance(place, ServerAddress):
        return _server(place, durable=durable)
    return SqliteEngine(place, durable=durable)


def _server(address: ServerAddress, *, durable: bool) -> Engine:
    # The driver is an extra, and no desk on SQLite shall wait for it.
    try:
        from mkt_tui.cache.engines.postgres import PostgresEngine
    except ImportError as error:
        raise SettingsWrong(
            what=_("For PostgreSQL a part of mkt-tui is missing"),
            remedy=_("Install it: pip install 'mkt-tui[postgres]'"),
        ) from error
    return PostgresEngine(address, durable=durable)
