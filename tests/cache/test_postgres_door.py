"""How PostgreSQL lets a desk in, makes its tables, and complains."""

import socket
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

from mkt_tui.cache.database import SCHEMA, Database
from mkt_tui.cache.engines import postgres_errors
from mkt_tui.cache.places import ServerAddress
from mkt_tui.domain import errors
from mkt_tui.domain.errors import CacheProblem, SettingsWrong
from tests.cache.test_schema import not_of_search
from tests.postgres import PASSWORD, Server


@pytest.fixture
def address(postgres: Server) -> Iterator[ServerAddress]:
    with postgres.database() as address:
        yield address


# The door


@pytest.mark.parametrize("words", ["", f":{PASSWORD}"])
def test_a_server_that_is_not_there_is_a_sentence(words: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    address = ServerAddress(f"postgresql+psycopg://ana{words}@127.0.0.1:{port}/desk")
    with pytest.raises(errors.CacheUnreachable, match="cannot be reached") as refused:
        Database(address)
    assert f"ana@127.0.0.1:{port}/desk" in str(refused.value)
    assert PASSWORD not in str(refused.value)


def test_a_wrong_password_is_a_sentence_that_does_not_repeat_it(postgres: Server) -> None:
    with pytest.raises(errors.CacheRefuses, match="does not let you in") as refused:
        Database(ServerAddress(postgres.tcp(login="asked:wr0ng")))
    assert "wr0ng" not in str(refused.value)


def test_libpqs_own_variable_holds_the_password(
    postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres.database(empty=True) as address:
        name = address.parameters()["dbname"]
        postgres.run(f"ALTER DATABASE {name} OWNER TO asked")
        monkeypatch.setenv("PGPASSWORD", PASSWORD)
        Database(ServerAddress(postgres.tcp(name, "asked"))).close()


def test_a_database_that_was_not_created_is_a_sentence(postgres: Server) -> None:
    with pytest.raises(errors.CacheMissing, match="does not exist yet"):
        Database(ServerAddress(postgres.url("nowhere")))


def test_a_role_that_may_not_make_tables_is_a_sentence(postgres: Server) -> None:
    with postgres.database(empty=True) as address:
        name = address.parameters()["dbname"]
        with pytest.raises(errors.CacheUnwritable, match="permission denied"):
            Database(ServerAddress(postgres.tcp(name, f"asked:{PASSWORD}")))


def test_a_driver_that_lacks_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mkt_tui.cache.engines.postgres", None)
    with pytest.raises(SettingsWrong, match=r"pip install 'mkt-tui\[postgres\]'"):
        Database(ServerAddress("postgresql://db/desk"))


# The schema


def test_migrations_make_what_the_tables_say(address: ServerAddress) -> None:
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(**address.parameters()),  # type: ignore[arg-type]  # texts
        poolclass=NullPool,
    )
    with engine.connect() as connection:
        # Integers and booleans are bigint here, so only their names and keys are compared.
        context = MigrationContext.configure(
            connection, opts={"compare_type": False, "include_name": not_of_search}
        )
        assert compare_metadata(context, SQLModel.metadata) == []


def test_a_newer_cache_is_left_alone(postgres: Server, address: ServerAddress) -> None:
    name = address.parameters()["dbname"]
    postgres.run("UPDATE alembic_version SET version_num = '9999'", name)
    with pytest.raises(errors.CacheNewer, match="newer mkt-tui"):
        Database(address)


def test_several_processes_on_an_empty_database_migrate_it_once(postgres: Server) -> None:
    program = (
        "import sys; from mkt_tui.cache.database import Database;"
        "from mkt_tui.cache.places import ServerAddress; Database(ServerAddress(sys.argv[1])).close()"
    )
    with postgres.database(empty=True) as address:
        command = [sys.executable, "-c", program, address.url]
        started = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
        assert [each.communicate(timeout=60)[1] for each in started] == [b""] * 3
        rows = postgres.run(
            "SELECT version_num FROM alembic_version", address.parameters()["dbname"]
        )
        assert rows == [(SCHEMA,)]


# What goes wrong at work


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (psycopg.errors.DiskFull("no space left on device"), errors.CacheFull),
        (psycopg.errors.ReadOnlySqlTransaction("standby"), errors.CacheUnwritable),
        (psycopg.errors.InsufficientPrivilege("no"), errors.CacheUnwritable),
        (psycopg.errors.AdminShutdown("terminated"), errors.CacheLost),
        (psycopg.errors.IdleInTransactionSessionTimeout("stood still"), errors.CacheLost),
        (psycopg.OperationalError("server closed the connection"), errors.CacheLost),
        (psycopg.errors.LockNotAvailable("lock timeout"), CacheProblem),
    ],
)
def test_foreign_errors_become_sentences(error: psycopg.Error, kind: type[CacheProblem]) -> None:
    ours = postgres_errors.of_working(error, "desk")
    assert type(ours) is kind
    assert "desk" in str(ours)


def test_words_have_reached_the_disk_when_they_are_kept(
    postgres: Server, address: ServerAddress
) -> None:
    name = address.parameters()["dbname"]
    postgres.run(f"ALTER DATABASE {name} SET synchronous_commit = off")
    found = {}
    for durable in (True, False):
        database = Database(address, durable=durable)
        found[durable] = database.value("SELECT current_setting('synchronous_commit')")
        database.close()
    assert found == {True: "on", False: "off"}
