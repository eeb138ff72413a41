"""Bring the schema of a cache file to this version, through Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection


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
    try:
        with engine.begin() as connection:
            command.upgrade(configuration(connection), "head")
    except CommandError as error:
        raise UnknownRevisionError from error
    finally:
        engine.dispose()


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
