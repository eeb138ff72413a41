"""Bring the schema of a cache to this version, through Alembic."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

from mkt_tui.cache import tables  # noqa: F401 - defines the tables


class UnknownRevisionError(Exception):
    """The cache was made by a newer version than this one."""


def upgrade(path: Path) -> None:
    """Run the migrations that `path` lacks, all of them in one transaction.

    Two processes that start at once on a new file run one after the other: the write lock is
    taken before the schema is looked at.
    """
    engine = create_engine(f"sqlite:///{path}")
    # sqlite3 would open its transaction only at the first write, too late for DDL and for races.
    event.listen(engine, "connect", _own_transactions)
    event.listen(engine, "begin", _begin_immediately)
    with _transaction(engine) as connection:
        command.upgrade(configuration(connection), "head")


def upgrade_server(connect: Callable[[], Any]) -> None:
    """Run the migrations that a PostgreSQL database lacks, all of them in one transaction.

    Of several processes that start at once, one takes the writer's lock and the others wait.

    Args:
        connect: Opens a connection of psycopg, not in autocommit.
    """
    from mkt_tui.cache.engines.postgres_schema import WRITER, adapt

    engine = create_engine("postgresql+psycopg://", creator=connect, poolclass=NullPool)
    with _transaction(engine) as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER})")
        command.upgrade(configuration(connection), "head")
        adapt(_runner(connection), [each.name for each in SQLModel.metadata.sorted_tables])


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    try:
        with engine.begin() as connection:
            yield connection
    except CommandError as error:
        raise UnknownRevisionError from error
    except DBAPIError as error:
        # The driver's own error is what the engines know how to tell.
        raise error.orig or error from error
    finally:
        engine.dispose()


def _runner(connection: Connection) -> Callable[[str], Any]:
    def run(statement: str) -> Any:
        cursor = connection.connection.cursor()
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []

    return run


def configuration(connection: Connection) -> Config:
    """Return the settings Alembic needs to work on `connection`."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _own_transactions(connection: object, _record: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]  # sqlite3.Connection
    connection.execute("PRAGMA busy_timeout=20000")  # type: ignore[attr-defined]


def _begin_immediately(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
