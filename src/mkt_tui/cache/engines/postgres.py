"""PostgreSQL: one database for the desks and services of several servers.

One writer at a time, as on SQLite: whoever writes holds one advisory lock to the end of the
transaction (`postgres_schema` has the triggers that take it). So nothing that was read inside a
transaction can have changed at its commit, no two writers can wait for each other in a circle,
and ids grow in the order of the commits. Readers wait for nobody.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, TypeAlias

import psycopg
from psycopg.pq import TransactionStatus

from mkt_tui.cache.engines import postgres_errors, postgres_loading
from mkt_tui.cache.engines.base import Dialect, Parameters, Row
from mkt_tui.cache.engines.postgres_schema import CHANGED, WRITER
from mkt_tui.cache.engines.postgres_values import agree_on_values
from mkt_tui.cache.engines.translate import to_psycopg
from mkt_tui.cache.places import ServerAddress
from mkt_tui.domain.errors import CacheLost, CacheProblem
from mkt_tui.i18n import N_

_Connection: TypeAlias = psycopg.Connection[Row]

# A host that is gone without a word is noticed after a minute, by us and by the server.
_DEFAULTS: Final = {
    "application_name": "mkt-tui",
    "client_encoding": "utf8",
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
}
_SESSION: Final = (
    "SET lock_timeout = '20s'; SET idle_in_transaction_session_timeout = '60s'; SET jit = off;"
    " SET default_transaction_isolation = 'read committed'"
)
_DURABLE: Final = (
    "; SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') = 'off'"
)
_BEGIN: Final = f"BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock({WRITER})"

_LIGHT: Final = "; SET LOCAL synchronous_commit = off"

# An index of words knows nothing of their rows' order, so all rows of a common word would be read to
# find the newest. Hence the index of 0027 has each word once per 8,192 rows, and those parts are
# asked from the newest on, until there is enough. What is said twice about the part tells the
# planner how few rows that is; materialized, they cannot be looked for in the table from its end on.
_MATCHING: Final = """
SELECT hit.id FROM generate_series((SELECT MAX({table}_id) FROM {table}_words) >> 13, 0, -1)
    AS part(number), LATERAL (
        WITH found AS MATERIALIZED (
            SELECT {table}_id AS id FROM {table}_words
            WHERE array_to_tsvector(string_to_array(
                    to_hex({table}_id >> 13) || '_' || replace(
                        words, ' ', ' ' || to_hex({table}_id >> 13) || '_'), ' '))
                @@ CAST(replace(:{query}, '_', to_hex(part.number) || '_') AS tsquery)
                AND {table}_id >> 13 = part.number)
        SELECT id FROM found ORDER BY id DESC) AS hit"""


@dataclass(slots=True)
class _Mine:
    """The connection of one thread, and how far it has listened."""

    connection: _Connection
    version: int
    listening: bool = False
    inside: bool = False


class PostgresEngine:
    """A database of a PostgreSQL server with a connection per thread."""

    dialect = Dialect(
        texts="SELECT jsonb_array_elements_text(CAST(:listed AS jsonb))",
        pairs="jsonb_each_text(CAST(:listed AS jsonb))",
        renumber="SELECT setval(pg_get_serial_sequence('{table}', 'id'),"
        " COALESCE(MAX(id), 0) + 1, false) FROM {table}",
        matching=_MATCHING,
        word="'_{}'",
        prefix="'_{}':*",
        both=" & ",
        either=" | ",
        terms=None,
        through="",
    )

    def __init__(self, address: ServerAddress, *, durable: bool) -> None:
        self._address = address
        self._name = str(address)
        self._session = _SESSION + (_DURABLE if durable else "; SET synchronous_commit = off")
        self._versions = count(1)
        self._local = threading.local()
        self._lock = threading.Lock()
        self._open: dict[threading.Thread, _Mine] = {}

    def run(self, sql: str, parameters: Parameters) -> psycopg.Cursor[Row]:
        """Run one statement."""
        return self._mine().connection.execute(to_psycopg(sql), parameters)

    def run_many(self, sql: str, parameters: Sequence[Parameters] | Iterable[Row]) -> None:
        """Run one statement once per element, sent as one stream."""
        with self._mine().connection.cursor() as cursor:
            cursor.executemany(to_psycopg(sql), parameters)

    def loading(self, tables: Iterable[str]) -> AbstractContextManager[None]:
        """Take off the tables what costs a look per row, and put it back at the end."""
        return postgres_loading.loading(self._mine().connection, tables)

    def load(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Add rows to a table, by COPY."""
        postgres_loading.load(self._mine().connection, table, columns, rows)

    @contextmanager
    def transaction(self, *, durable: bool) -> Iterator[None]:
        """Take the writer's lock at once, so what is read inside cannot have changed at the commit."""
        mine = self._mine()
        if mine.inside:
            raise CacheProblem(path=self._name, detail=N_("a transaction within a transaction"))
        mine.inside = True
        try:
            mine.connection.execute(_BEGIN if durable else _BEGIN + _LIGHT, prepare=False)
            yield
            self._commit(mine.connection)
        except BaseException:
            with suppress(psycopg.Error):
                mine.connection.rollback()
            raise
        finally:
            mine.inside = False

    def expect_pages(self) -> None:
        """Leave it to the server, which has the memory for it."""

    def version(self) -> int:
        """Count the notifications of other connections that have come in: no question is sent."""
        mine = self._mine()
        if not mine.listening:
            mine.connection.execute(f"LISTEN {CHANGED}")
            mine.listening = True
        own = mine.connection.info.backend_pid
        for each in mine.connection.notifies(timeout=0):
            if each.pid != own:
                mine.version = next(self._versions)
        return mine.version

    def schema(self) -> str | None:
        """Return the newest migration that ran."""
        try:
            row = self.run("SELECT version_num FROM alembic_version", {}).fetchone()
        except psycopg.errors.UndefinedTable:
            return None
        return str(row[0]) if row else None

    def upgrade(self) -> None:
        """Run the migrations that lack, behind the writer's lock."""
        from mkt_tui.cache.migrate import upgrade_server

        upgrade_server(lambda: self._connect(autocommit=False))

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            for mine in self._open.values():
                mine.connection.close()
            self._open.clear()
            self._local = threading.local()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Make psycopg's errors ours; after a lost connection the next call makes a new one."""
        try:
            yield
        except psycopg.IntegrityError:
            raise
        except psycopg.Error as error:
            ours = postgres_errors.of_working(error, self._name)
            if isinstance(ours, CacheLost):
                self._hang_up()
            raise ours from error

    def _commit(self, connection: _Connection) -> None:
        # PostgreSQL answers the COMMIT of a transaction that has failed with a silent ROLLBACK.
        if connection.info.transaction_status is TransactionStatus.INERROR:
            raise CacheProblem(path=self._name, detail=N_("a statement of the transaction failed"))
        connection.execute("COMMIT")

    def _mine(self) -> _Mine:
        mine: _Mine | None = getattr(self._local, "mine", None)
        if mine is not None and not mine.connection.closed:
            return mine
        if mine is not None and mine.inside:
            # What follows in the block must not run outside its transaction.
            raise psycopg.OperationalError("the connection was lost within a transaction")
        mine = self._local.mine = _Mine(self._connect(autocommit=True), next(self._versions))
        with self._lock:
            self._leave_the_dead()
            self._open[threading.current_thread()] = mine
        return mine

    def _hang_up(self) -> None:
        mine: _Mine | None = getattr(self._local, "mine", None)
        if mine is not None:
            mine.connection.close()

    def _leave_the_dead(self) -> None:
        for thread in [each for each in self._open if not each.is_alive()]:
            self._open.pop(thread).connection.close()

    def _connect(self, *, autocommit: bool) -> _Connection:
        wanted: dict[str, Any] = {**_DEFAULTS, **self._address.parameters()}
        try:
            connection = psycopg.connect(**wanted, autocommit=autocommit)
        except psycopg.Error as error:
            raise postgres_errors.of_connecting(error, self._name) from error
        agree_on_values(connection)
        if autocommit:
            connection.execute(self._session, prepare=False)
        return connection
