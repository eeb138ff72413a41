"""Addresses of databases: understood, refused, and never shown with their password."""

from pathlib import Path

import pytest

from mkt_tui.cache.engines.translate import to_psycopg
from mkt_tui.cache.places import DATABASE_VARIABLE, ServerAddress, choose, environment_for
from mkt_tui.domain.errors import SettingsWrong

SECRET = "s3gr3do"
FILE = Path("/home/ana/cache.db")


@pytest.mark.parametrize(
    ("url", "parameters"),
    [
        ("postgresql+psycopg://ana@db/desk", {"user": "ana", "host": "db", "dbname": "desk"}),
        ("postgresql://db:5433/desk", {"host": "db", "port": "5433", "dbname": "desk"}),
        ("postgresql:///desk?host=/run/pg", {"dbname": "desk", "host": "/run/pg"}),
        ("postgresql://%2Frun%2Fpg/desk", {"host": "/run/pg", "dbname": "desk"}),
        ("postgresql://[::1]:5/d", {"host": "::1", "port": "5", "dbname": "d"}),
        ("postgresql://a:1,b/d", {"host": "a,b", "port": "1,", "dbname": "d"}),
        ("postgresql+psycopg:///?service=desk", {"service": "desk"}),
        ("postgresql://u%40x@h/d?sslmode=require", {"user": "u@x", "sslmode": "require"}),
    ],
)
def test_an_address_says_what_libpq_wants_to_know(url: str, parameters: dict[str, str]) -> None:
    found = ServerAddress.parse(url, "--database").parameters()
    assert found == {**found, **parameters}


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+psycopg://ana:{SECRET}@db/desk",
        f"postgresql+psycopg://db/desk?password={SECRET}",
        f"postgresql+psycopg://ana:{SECRET}%40x@[::1]:5432/desk?sslmode=require",
    ],
)
def test_a_password_is_for_the_variable_only_and_never_shown(url: str) -> None:
    for place in ("--database", "settings.toml", "--to"):
        with pytest.raises(SettingsWrong, match="holds a password") as refused:
            ServerAddress.parse(url, place)
        assert SECRET not in str(refused.value)
    address = choose(None, None, FILE, {DATABASE_VARIABLE: url})
    assert isinstance(address, ServerAddress)
    assert SECRET in address.parameters()["password"]
    assert SECRET not in f"{address} {address!r} {[address]}"
    assert str(address).startswith("postgresql+psycopg://")


@pytest.mark.parametrize(
    "url", ["mysql://ana:x@db/desk", "desk", "postgresql://[::1/d", "postgresql://h:p:q/d"]
)
def test_what_is_no_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(SettingsWrong, match="cannot be used") as refused:
        ServerAddress.parse(url, "--database")
    assert url not in str(refused.value)


def test_the_option_wins_over_the_variable_over_the_settings_over_the_file() -> None:
    option, variable, setting = (f"postgresql://db/{name}" for name in "ovs")
    environment = {DATABASE_VARIABLE: variable}
    assert choose(option, setting, FILE, environment) == ServerAddress(option)
    assert choose(None, setting, FILE, environment) == ServerAddress(variable)
    assert choose(None, setting, FILE, {}) == ServerAddress(setting)
    assert choose(None, None, FILE, {}) == FILE


def test_a_child_works_where_its_parent_does() -> None:
    url = f"postgresql://ana:{SECRET}@db/desk"
    assert environment_for(ServerAddress(url), {"A": "1"}) == {"A": "1", DATABASE_VARIABLE: url}
    assert environment_for(FILE, {"A": "1", DATABASE_VARIABLE: url}) == {"A": "1"}


@pytest.mark.parametrize(
    ("ours", "psycopgs"),
    [
        ("a = :a AND b=-:b_2", "a = %(a)s AND b=-%(b_2)s"),
        ("'it''s :no ? 5%' || :yes", "'it''s :no ? 5%%' || %(yes)s"),
        ('"od:d" % :x::text', '"od:d" %% %(x)s::text'),
        ("VALUES (?, ?)", "VALUES (%s, %s)"),
    ],
)
def test_statements_in_psycopgs_words(ours: str, psycopgs: str) -> None:
    assert to_psycopg(ours) == psycopgs
