"""The print view of an order on standard output."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mkt_tui.cache.database import Database
from mkt_tui.config import agent_name
from mkt_tui.home import Home
from tests import worlds
from tests.cli.program import Program

DOCUMENT = "52998224725"


@pytest.fixture(autouse=True)
def cache(home: Home) -> Iterator[Database]:
    """Carrefour and Fnac both know an order 100-A; only Carrefour knows 200-A."""
    database = Database(home.cache_file)
    carrefour, fnac = worlds.channel(database), worlds.channel(database, "Fnac")
    worlds.read_orders(
        database, carrefour, worlds.order(), worlds.order("200-A", site_number="SP-2")
    )
    worlds.read_orders(database, fnac, worlds.order())
    yield database
    database.close()


def reveals(cache: Database) -> list[tuple[str, ...]]:
    return cache.rows("SELECT agent, channel, order_number FROM audit WHERE act = 'order.revealed'")


@pytest.mark.parametrize("number", ["200-A", "SP-2"])
def test_an_order_by_either_number(mkt_tui: Program, number: str) -> None:
    done = mkt_tui("order", "show", number)
    assert done.code == 0
    assert "Chaleira" in done.out


def test_personal_data_is_masked_until_revealed(mkt_tui: Program, cache: Database) -> None:
    for output in ("text", "json"):
        done = mkt_tui("order", "show", "200-A", "--format", output)
        assert DOCUMENT not in done.out
    assert reveals(cache) == []
    done = mkt_tui("order", "show", "200-A", "--reveal", "--format", "json")
    assert DOCUMENT in "".join(filter(str.isdigit, done.out))
    assert reveals(cache) == [(agent_name(), "Carrefour", "200-A")]


def test_json_is_an_object(mkt_tui: Program) -> None:
    assert isinstance(mkt_tui("order", "show", "200-A", "--format", "json").json, dict)


def test_a_number_of_two_channels_needs_the_channel(mkt_tui: Program) -> None:
    done = mkt_tui("order", "show", "100-A")
    assert done.code == 1
    assert "Name one of them with --channel." in done.err
    assert mkt_tui("order", "show", "100-A", "--channel", "fnac").code == 0


def test_an_order_that_is_not_there(mkt_tui: Program) -> None:
    done = mkt_tui("order", "show", "300-A")
    assert (done.code, done.out) == (1, "")
    assert "There is no order 300-A" in done.err


def test_a_sheet_as_a_page(mkt_tui: Program) -> None:
    done = mkt_tui("order", "show", "200-A", "--format", "html")
    assert done.out.startswith("<!DOCTYPE html>")
    assert "Chaleira" in done.out


def test_an_order_printed_as_pdf(mkt_tui: Program, tmp_path: Path) -> None:
    done = mkt_tui("order", "print", "200-A", "--to", str(tmp_path))
    assert Path(done.out.strip()).read_bytes().startswith(b"%PDF-1")


def test_orders_printed_into_one_file(mkt_tui: Program, tmp_path: Path) -> None:
    done = mkt_tui("order", "print", "200-A", "SP-2", "--format", "text", "--to", str(tmp_path))
    path = Path(done.out.strip())
    assert path.read_text(encoding="utf-8").count("Chaleira") == 2


def test_orders_in_a_list(mkt_tui: Program) -> None:
    listed = mkt_tui("orders", "--json").json
    assert sorted((each["channel"], each["order"]) for each in listed) == [
        ("Carrefour", "100-A"),
        ("Carrefour", "200-A"),
        ("Fnac", "100-A"),
    ]
    assert [each["order"] for each in mkt_tui("orders", "SP-2", "--json").json] == ["200-A"]
    assert "109.90 BRL" in mkt_tui("orders", "--channel", "fnac").out
    assert mkt_tui("orders", "--status", "cancelled").err.strip() == "No order."
    assert len(mkt_tui("orders", "--limit", "1", "--json").json) == 1


def test_nothing_is_done_without_a_yes(mkt_tui: Program, cache: Database) -> None:
    cache.execute("UPDATE sales_order SET status = 'to_ship'")
    told = ("order", "ship", "200-A", "15600", "--carrier", "BRT")
    done = mkt_tui(*told)
    assert done.code == 1
    assert "order 200-A at Carrefour" in done.err
    assert "--yes" in done.err
    assert cache.value("SELECT COUNT(*) FROM operation") == 0
    assert mkt_tui(*told, "--yes").code == 0
    assert cache.rows("SELECT kind, order_number FROM operation") == [("ship", "200-A")]
    listed = mkt_tui("orders", "--acted-on", "--json").json
    assert [(each["order"], each["touched"]) for each in listed] == [("200-A", "ship")]
