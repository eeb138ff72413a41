"""`mkt-tui search` for scripts."""

from collections.abc import Iterator

import pytest

from mkt_tui.cache.database import Database
from mkt_tui.home import Home
from tests.cli.program import Program
from tests.worlds import channel, order, read, read_orders, ticket


@pytest.fixture
def cache(home: Home) -> Iterator[Database]:
    database = Database(home.cache_file)
    shop = channel(database)
    read(database, shop, ticket("t-1", customer="João"))
    read_orders(database, shop, order(), order("300-C"))
    yield database
    database.close()


@pytest.mark.usefixtures("cache")
def test_hits_as_json(mkt_tui: Program) -> None:
    (hit,) = mkt_tui("search", "--json", "joao").json
    assert (hit["found"], hit["code"], hit["exact"]) == ("ticket", "t-1", False)
    (hit,) = mkt_tui("search", "--json", "300", "C").json
    assert (hit["found"], hit["order"]) == ("order", "300-C")


@pytest.mark.usefixtures("cache")
def test_hits_for_people(mkt_tui: Program) -> None:
    done = mkt_tui("search", "100-A")
    assert "t-1" in done.out
    assert "Carrefour" in done.out


@pytest.mark.usefixtures("cache")
def test_nothing_found_ends_with_one_and_tells_a_wrong_digit(mkt_tui: Program) -> None:
    done = mkt_tui("search", "52998224726")
    assert done.code == 1
    assert "Nothing found." in done.err
    assert "check digits" in done.err


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("text", ['"', "a AND", "*", "é" * 10_000, "NEAR("])
def test_hostile_words_are_only_words(mkt_tui: Program, text: str) -> None:
    assert mkt_tui("search", "--", text).code in (0, 1)


@pytest.mark.usefixtures("cache")
def test_tickets_by_a_filter(mkt_tui: Program) -> None:
    (found,) = mkt_tui("tickets", "--json", "--filter", "carrefour customer:joao").json
    assert found["code"] == "t-1"
    assert mkt_tui("tickets", "--json", "--filter", "customer:rita").json == []
    done = mkt_tui("tickets", "--filter", "late foo:bar")
    assert done.code != 0
    assert "foo:bar: there is no such field. possible: is, has, channel" in done.err
