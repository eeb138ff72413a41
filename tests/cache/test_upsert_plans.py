"""Writing a page costs what is in the page, however much the cache holds already."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from mkt_tui.cache.database import Database, Parameters, Row
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.orders import Event, OrderParcel, OrderStatus
from tests.worlds import HOUR, NOW, channel, message, order, read, read_orders, ticket

LARGE = ("ticket", "message", "sales_order", "order_move", "order_notice", "order_status", "parcel",
         "ticket_words", "order_words")  # fmt: skip
# One row by its id, or the rows of one ticket, order or number within a channel.
NARROW = re.compile(r"rowid=\?|\(ticket_id=\?|=\? AND \w+=\?")


class Recording:
    """A database that notes every statement, with the values it runs with."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.ran: dict[str, Parameters | Row] = {}

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._database, name)
        return found if name not in ("rows", "row", "value", "execute") else self._noted(found)

    def execute_many(self, sql: str, parameters: Iterable[Any]) -> None:
        listed = list(parameters)
        if listed:
            self.ran[sql] = listed[0]
        self._database.execute_many(sql, listed)

    def _noted(self, method: Any) -> Any:
        def noted(sql: str, parameters: Parameters | None = None) -> Any:
            self.ran[sql] = parameters or {}
            return method(sql, parameters)

        return noted


def wide(recording: Recording) -> list[tuple[str, str]]:
    """Return the steps that walk through more of a large table than what is asked for."""
    found = []
    for sql, parameters in list(recording.ran.items()):
        for row in recording.rows(f"EXPLAIN QUERY PLAN {sql}", parameters):
            verb, table, *_rest = str(row[-1]).split()
            walks = verb in ("SCAN", "SEARCH") and table in LARGE
            if walks and not NARROW.search(row[-1]):
                found.append((sql, row[-1]))
    return found


@pytest.fixture
def recording(desk: Desk, engine: str) -> Any:
    if engine != "sqlite":
        pytest.skip("PostgreSQL plans by what its tables hold")
    return Recording(desk.database)


def test_a_page_of_tickets_looks_at_its_own_tickets_only(recording: Any) -> None:
    shop = channel(recording)
    for text in ("Oi", "Ainda nada"):
        read(recording, shop, ticket(messages=(message(text, text),)), ticket("t2", None))
    assert any("order_notice" in sql for sql in recording.ran)
    assert wide(recording) == []


def test_a_page_of_orders_looks_at_its_own_orders_only(recording: Any) -> None:
    shop = channel(recording)
    read(recording, shop, ticket())
    # Once, when the last order has come, all tickets are looked through for orders that lack.
    read_orders(recording, shop, order("1"))
    recording.ran.clear()
    first = order(parcels=(OrderParcel("BR1", "Correios"),), history=(Event(NOW, "moved"),))
    delivered = replace(
        first, updated_at=NOW + HOUR, status=OrderStatus.DELIVERED, marketplace_status="RECEIVED"
    )
    read_orders(recording, shop, first)
    read_orders(recording, shop, delivered)
    assert any("order_status" in sql for sql in recording.ran)
    assert wide(recording) == []
