"""What is PostgreSQL's own at work: notifications, lost connections, turns of writers, values."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import NullPool, create_engine, inspect

from mkt_tui.cache import migrate
from mkt_tui.cache.database import Database
from mkt_tui.cache.engines import postgres_schema
from mkt_tui.cache.places import ServerAddress
from mkt_tui.domain import errors
from mkt_tui.domain.errors import CacheProblem
from tests.postgres import Server
from tests.thorough import examples
from tests.worlds import channel

LAG = 5.0


@pytest.fixture
def address(postgres: Server) -> Iterator[ServerAddress]:
    with postgres.database() as address:
        yield address


@pytest.fixture
def opened(address: ServerAddress) -> Iterator[Callable[[], Database]]:
    """Opens databases, each with connections of its own."""
    made: list[Database] = []

    def make() -> Database:
        made.append(Database(address))
        return made[-1]

    yield make
    for each in made:
        each.close()


def changed(database: Database, before: int) -> bool:
    """Wait for a notification, which comes a moment after the other's commit."""
    patience = threading.Event()
    for _ in range(int(LAG / 0.02)):
        if database.version() != before:
            return True
        patience.wait(0.02)
    return False


def test_a_database_of_any_older_version_is_brought_up_to_date(postgres: Server) -> None:
    with postgres.database(empty=True) as address:
        engine = create_engine(address.url, poolclass=NullPool)
        with engine.connect() as connection:
            script = ScriptDirectory.from_config(migrate.configuration(connection))
        for each in reversed(list(script.walk_revisions())):
            # Each older version ended with what makes PostgreSQL behave as SQLite does.
            with engine.begin() as connection:
                command.upgrade(migrate.configuration(connection), each.revision)
                tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
                postgres_schema.adapt(migrate._runner(connection), sorted(tables))
        database = Database(address)
        assert database.value("SELECT COUNT(*) FROM ticket") == 0
        database.close()


# What others change


def test_changes_of_others_are_heard_and_ones_own_are_not(
    opened: Callable[[], Database],
) -> None:
    one, other = opened(), opened()
    before_one, before_other = one.version(), other.version()
    channel(one)
    assert changed(other, before_other)
    assert one.version() == before_one


def test_a_statement_that_changes_nothing_wakes_nobody(opened: Callable[[], Database]) -> None:
    one, other = opened(), opened()
    before = other.version()
    one.execute("UPDATE channel SET enabled = 0 WHERE name = 'nobody'")
    one.execute("SELECT pg_notify('another_channel', '')")
    assert other.version() == before
    channel(one)
    assert changed(other, before)


def test_looking_for_changes_asks_the_server_nothing(
    opened: Callable[[], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    database = opened()
    database.version()
    with monkeypatch.context() as no_questions:
        no_questions.setattr(psycopg.Connection, "execute", None)
        no_questions.setattr(psycopg.Cursor, "execute", None)
        database.version()


# Connections


def cut(postgres: Server, address: ServerAddress) -> None:
    """End every connection to the database, as an administrator or a fault does."""
    name = address.parameters()["dbname"]
    postgres.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


def test_a_lost_connection_is_a_sentence_and_then_a_new_one(
    postgres: Server, address: ServerAddress, opened: Callable[[], Database]
) -> None:
    database = opened()
    before = database.version()
    cut(postgres, address)
    with pytest.raises(errors.CacheLost, match="was lost"):
        database.value("SELECT 1")
    assert database.value("SELECT 1") == 1
    # What happened in between was not heard, so it counts as a change.
    assert database.version() != before


def test_looking_for_changes_notices_a_lost_connection(
    postgres: Server, address: ServerAddress, opened: Callable[[], Database]
) -> None:
    database = opened()
    before = database.version()
    cut(postgres, address)
    with pytest.raises(errors.CacheLost):
        changed(database, before)
    assert database.version() != before


def test_a_transaction_whose_connection_broke_keeps_nothing(
    postgres: Server, address: ServerAddress, opened: Callable[[], Database]
) -> None:
    database = opened()

    def work() -> None:
        channel(database)
        cut(postgres, address)
        for _ in range(2):
            # The second try must not run outside the transaction on a new connection.
            with pytest.raises(errors.CacheLost):
                channel(database, "Leroy")

    with pytest.raises(CacheProblem), database.transaction():
        work()
    assert database.rows("SELECT name FROM channel") == []


def test_a_transaction_with_a_failed_statement_is_not_taken_for_kept(
    opened: Callable[[], Database],
) -> None:
    database = opened()

    def work() -> None:
        channel(database)
        with pytest.raises(psycopg.IntegrityError):
            channel(database)

    with pytest.raises(CacheProblem), database.transaction():
        work()
    assert database.rows("SELECT name FROM channel") == []


def test_what_was_read_in_a_transaction_stays_so_to_its_end(
    opened: Callable[[], Database],
) -> None:
    one, other = opened(), opened()
    shop = channel(one)

    def rename() -> None:
        other.execute("UPDATE channel SET country = country || '!'")

    with ThreadPoolExecutor(1) as pool:
        with one.transaction():
            waiting = pool.submit(rename)
            found = one.value("SELECT country FROM channel")
            with pytest.raises(TimeoutError):
                waiting.result(0.3)
            assert one.value("SELECT country FROM channel") == found == shop.country
        waiting.result(LAG)
    assert one.value("SELECT country FROM channel") == f"{shop.country}!"


def test_a_thread_that_ended_leaves_no_connection_behind(
    postgres: Server, address: ServerAddress, opened: Callable[[], Database]
) -> None:
    database = opened()
    for _ in range(5):
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(database.value, "SELECT 1").result(LAG) == 1
    name = address.parameters()["dbname"]
    query = f"SELECT COUNT(*) FROM pg_stat_activity WHERE datname = '{name}'"
    for _ in range(100):
        if (found := postgres.run(query)[0][0]) <= 2:
            break
        threading.Event().wait(0.02)
    assert found <= 2


# Values


def test_values_are_those_of_sqlite(opened: Callable[[], Database]) -> None:
    (row,) = opened().rows(
        "SELECT SUM(a), 1 = 1, 1 = 2, :n % 7 FROM (VALUES (:n), (5)) AS t (a)", {"n": 2**40}
    )
    assert row == (2**40 + 5, 1, 0, 2**40 % 7)
    assert [type(each) for each in row] == [int] * 4


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)
leaves = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts | st.lists(st.integers())
objects = st.dictionaries(
    st.sampled_from("abcd"),
    st.recursive(leaves, lambda inner: st.dictionaries(st.sampled_from("abcd"), inner, max_size=3)),
    max_size=4,
)


@pytest.fixture(scope="module")
def pair(postgres: Server) -> Iterator[tuple[Database, Any]]:
    lite = sqlite3.connect(":memory:")
    with postgres.database() as address:
        server = Database(address)
        yield server, lite
        server.close()
    lite.close()


@settings(max_examples=examples(200), deadline=None)
@given(target=objects, patch=objects)
def test_json_is_merged_as_on_sqlite(
    pair: tuple[Database, Any], target: dict[str, Any], patch: dict[str, Any]
) -> None:
    server, lite = pair
    words = {"target": json.dumps(target), "patch": json.dumps(patch)}
    (expected,) = lite.execute("SELECT json_patch(:target, :patch)", words).fetchone()
    found = server.value("SELECT json_patch(CAST(:target AS text), CAST(:patch AS text))", words)
    assert json.loads(found) == json.loads(expected)
