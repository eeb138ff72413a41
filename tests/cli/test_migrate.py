"""`mkt-tui migrate`, `--database`: the same desk on a PostgreSQL server."""

import os
from collections.abc import Iterator

import pytest

from mkt_tui.cache.database import Database
from mkt_tui.cache.places import DATABASE_VARIABLE, ServerAddress
from mkt_tui.desk.desk import utc_now
from mkt_tui.home import Home
from mkt_tui.sync.lease import Leases
from tests.cli.program import Program, end
from tests.postgres import PASSWORD, Server
from tests.worlds import channel, read, ticket

SECRET = "s3gr3do"


@pytest.fixture
def address(postgres: Server) -> Iterator[ServerAddress]:
    with postgres.database(empty=True) as address:
        yield address


@pytest.fixture
def filled(home: Home) -> Iterator[Database]:
    database = Database(home.cache_file)
    read(database, channel(database), ticket("t1"), ticket("t2"))
    yield database
    database.close()


def test_there_and_back(
    mkt_tui: Program, home: Home, filled: Database, address: ServerAddress
) -> None:
    before = mkt_tui("tickets", "--json").json
    there = mkt_tui("migrate", "--to", address.url)
    assert (there.code, there.err) == (0, "")
    assert "ticket: 2\n" in there.out
    assert mkt_tui("--database", address.url, "tickets", "--json").json == before
    assert mkt_tui("tickets", "--json").json == before
    back = home.data / "back.db"
    assert mkt_tui("--database", address.url, "migrate", "--to", str(back)).code == 0
    again = Database(back)
    assert again.rows("SELECT code FROM ticket ORDER BY id") == [("t1",), ("t2",)]
    again.close()
    refused = mkt_tui("migrate", "--to", address.url)
    assert (refused.code, refused.out) == (1, "")
    assert "never overwritten" in refused.err


def test_a_cache_at_work_is_not_moved(
    mkt_tui: Program, filled: Database, address: ServerAddress
) -> None:
    assert Leases(filled, utc_now).take(1)
    done = mkt_tui("migrate", "--to", address.url)
    assert done.code == 1
    assert "at work" in done.err


def test_a_cache_is_not_moved_onto_itself(mkt_tui: Program, home: Home) -> None:
    done = mkt_tui("migrate", "--to", str(home.cache_file))
    assert done.code == 1
    assert "already" in done.err


@pytest.mark.parametrize("option", [["--database"], ["migrate", "--to"]])
def test_a_password_on_the_command_line_is_refused(mkt_tui: Program, option: list[str]) -> None:
    verb = [] if option[0] == "migrate" else ["tickets"]
    done = mkt_tui(*option, f"postgresql+psycopg://ana:{SECRET}@db/desk", *verb)
    assert done.code == 1
    assert "PGPASSWORD" in done.err
    assert SECRET not in done.out + done.err


def test_the_variable_may_hold_a_password_and_keeps_it(
    mkt_tui: Program, home: Home, postgres: Server, address: ServerAddress
) -> None:
    home.cache_file.unlink()
    name = address.parameters()["dbname"]
    postgres.run(f"ALTER DATABASE {name} OWNER TO asked")
    for login, code in ((f"asked:{PASSWORD}", 0), (f"asked:{SECRET}", 1)):
        url = postgres.tcp(name, login)
        process = mkt_tui.process("tickets", env={**os.environ, DATABASE_VARIABLE: url})
        done = end(process)
        assert done.code == code, done.err
        assert SECRET not in done.out + done.err
        assert PASSWORD not in done.out + done.err
    assert not home.cache_file.exists()


def test_the_settings_may_name_the_database(
    mkt_tui: Program, home: Home, address: ServerAddress
) -> None:
    home.cache_file.unlink()
    home.settings_file.write_text(f'database = "{address.url}"\n')
    home.settings_file.chmod(0o600)
    done = mkt_tui("tickets")
    assert (done.code, done.err) == (0, "No ticket.\n")
    assert not home.cache_file.exists()
