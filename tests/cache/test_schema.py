"""The migrations and the tables are one schema, and SCHEMA names the newest migration."""

import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlmodel import SQLModel

from mkt_tui.cache import migrate, operations, returns, searching, tables
from mkt_tui.cache.database import SCHEMA, Database
from mkt_tui.cache.returns import ReturnFilter
from mkt_tui.cache.searching import Wanted
from mkt_tui.domain.errors import CacheDamaged, CacheNewer, CacheUnwritable
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import Audience
from tests.worlds import HOUR, NOW, channel, read, ticket

BEFORE_SEARCH = "0004"


def not_of_search(name: str | None, _kind: str, _parents: object) -> bool:
    """Leave out the full-text indexes, which every engine has in words of its own."""
    return not re.fullmatch(r"(ticket|order)_((words_)?index(_\w+)?|terms)", name or "")


def test_migrations_make_what_the_tables_say(tmp_path: Path) -> None:
    Database(tmp_path / "cache.db").close()
    engine = create_engine(f"sqlite:///{tmp_path / 'cache.db'}")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": not_of_search}
        )
        assert compare_metadata(context, SQLModel.metadata) == []
        script = ScriptDirectory.from_config(migrate.configuration(connection))
        assert script.get_current_head() == SCHEMA
    engine.dispose()
    assert tables.tickets.TicketRow.__tablename__ == "ticket"


def test_replies_queued_by_an_older_version_still_leave(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        command.upgrade(migrate.configuration(connection), "0002")
        for statement in (
            "INSERT INTO channel VALUES (1, 'C', 'mirakl', 'BR', 'u', 's', 'UTC', 1, '{}', 0, 'a')",
            "INSERT INTO ticket (id, channel_id, code, subject, state, sort_at, participants,"
            " registered_at, received_at, created_at, updated_at)"
            " VALUES (1, 1, 't1', 's', 1, 0, '', 0, 0, 0, 0)",
            "INSERT INTO operation (id, kind, channel_id, ticket_id, agent, audience, text, state,"
            " queued_at, next_try_at, tries)"
            " VALUES ('op1', 'reply', 1, 1, 'ana', 'both', 'Chega amanhã.', 'queued', 0, 0, 0)",
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()
    database = Database(path)
    claimed = operations.claim(database, 1, "worker", NOW, HOUR)
    assert claimed
    reply = Reply("op1", "t1", "Chega amanhã.", Audience.BOTH, datetime.fromtimestamp(0, UTC))
    assert claimed.wanted == reply
    database.close()


def test_returns_told_to_an_older_version_are_found_by_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        command.upgrade(migrate.configuration(connection), "0023")
        told = """{"rma":"RMA-7","tracking":"BR1"}"""
        for statement in (
            "INSERT INTO channel (id, name, adapter, country, base_url, secret, zone, enabled,"
            " options, created_at, created_by)"
            " VALUES (1, 'C', 'mirakl', 'BR', 'u', 's', 'UTC', 1, '{}', 0, 'a')",
            "INSERT INTO order_return VALUES (1, 'u1', '4711-A', 'waiting', 'W', 0, 0, '{}')",
            f"INSERT INTO order_return VALUES (1, 'u2', '4712-A', 'waiting', 'W', 0, 0, '{told}')",
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()
    database = Database(path)
    for number, code in (("RMA-7", "u2"), ("BR1", "u2"), ("4711", "u1")):
        [found] = returns.ids(database, ReturnFilter(number=number))
        assert returns.by_id(database, [found])[found].code == code
    database.close()


def test_a_newer_cache_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    Database(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(CacheNewer, match="newer mkt-tui"):
        Database(path)


def test_a_damaged_cache_is_named_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    path.write_bytes(b"these were tickets once" * 500)
    before = path.read_bytes()
    with pytest.raises(CacheDamaged, match="damaged"):
        Database(path)
    assert path.read_bytes() == before


def test_a_cache_damaged_inside_is_named_when_it_shows(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    Database(path).close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(CacheDamaged):
        Database(path).rows("SELECT * FROM ticket")


def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(CacheUnwritable, match="cannot be written"):
        Database(tmp_path / "nowhere" / "cache.db")


def test_a_cache_from_before_search_gets_its_words(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    database = Database(path)
    read(database, channel(database), ticket("t-1", customer="João"))
    database.close()
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        command.downgrade(migrate.configuration(connection), BEFORE_SEARCH)
    engine.dispose()
    database = Database(path)
    (hit,) = searching.search(database, Wanted(words=("joao",))).tickets
    assert hit[1].code == "t-1"
    database.close()
