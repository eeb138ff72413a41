"""Nine counts are read out of one index: the orders themselves, a million of them, stay untouched."""

import random
from collections.abc import Sequence
from typing import Any

from mkt_tui.cache import monitor
from mkt_tui.cache.database import Database, Parameters, Row
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.monitor import Asked
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.monitor import Watch
from tests.monitor_orders import invent
from tests.worlds import NOW, channel, read_orders

ORDERS = 4_000


class Recording:
    """A database that notes which statements are read from it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.asked: list[tuple[str, Parameters | None]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    def rows(self, sql: str, parameters: Parameters | None = None) -> Sequence[Row]:
        self.asked.append((sql, parameters))
        return self._database.rows(sql, parameters)


def plan(database: Database, engine: str, sql: str, parameters: Parameters | None) -> str:
    explain = "EXPLAIN QUERY PLAN " if engine == "sqlite" else "EXPLAIN "
    return "\n".join(str(row[-1]) for row in database.rows(explain + sql, parameters))


def test_the_counts_are_read_out_of_their_index(desk: Desk, engine: str) -> None:
    shop = channel(desk.database)
    read_orders(desk.database, shop, *invent(ORDERS, random.Random(3)))
    # Nothing has moved after the present, and most orders of a shop are over.
    desk.database.execute("DELETE FROM order_move WHERE at > :now", {"now": to_cache(NOW)})
    desk.database.execute("UPDATE sales_order SET open_until = 0 WHERE id % 50 <> 0")
    desk.database.execute("ANALYZE")
    recording: Any = Recording(desk.database)

    counted = monitor.counts(recording, Asked([shop.id], to_cache(NOW), Watch()))

    assert sum(counted.values())
    (statement,) = (each for each in recording.asked if "COUNT(*)" in each[0])
    told = plan(desk.database, engine, *statement)
    if engine == "sqlite":
        assert "SEARCH o USING COVERING INDEX order_monitor (open_until>?)" in told
    else:
        assert "Scan using order_monitor" in told or "Bitmap Index Scan on order_monitor" in told
    assert "Seq Scan on sales_order" not in told
