"""Nine counts are read out of indexes: the orders themselves, a million of them, stay untouched."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from mkt_tui.cache import monitor
from mkt_tui.cache.database import Database, Parameters, Row
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.monitor import Asked
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.monitor import Report, Watch
from tests.monitor_orders import invent
from tests.worlds import HOUR, NOW, channel, read_orders

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


def filled(desk: Desk) -> Asked:
    """Write orders of which most are over; nothing lies ahead of the present."""
    shop = channel(desk.database)
    read_orders(desk.database, shop, *invent(ORDERS, random.Random(3)))
    desk.database.execute(
        "UPDATE sales_order SET open_until = 0, watched = NULL WHERE id % 50 <> 0"
    )
    desk.database.execute("DELETE FROM order_move WHERE at > :now", {"now": to_cache(NOW)})
    desk.database.execute("ANALYZE")
    return Asked([shop.id], to_cache(NOW), Watch())


def counting(desk: Desk, asked: Asked, engine: str) -> str:
    recording: Any = Recording(desk.database)
    assert sum(monitor.counts(recording, asked).values())
    (statement,) = (each for each in recording.asked if "COUNT(*)" in each[0])
    told = plan(desk.database, engine, *statement)
    assert "Seq Scan on sales_order" not in told
    return told


def test_the_past_is_counted_out_of_one_index(desk: Desk, engine: str) -> None:
    asked = filled(desk)
    # One event ahead is enough for the rules to be worked out order by order.
    desk.database.execute(
        "UPDATE sales_order SET watched = 'ship', shipped_at = :at WHERE id = 1",
        {"at": asked.now + 1},
    )
    told = counting(desk, asked, engine)
    if engine == "sqlite":
        assert "SEARCH o USING COVERING INDEX order_monitor (open_until>?)" in told
    else:
        assert "Scan using order_monitor" in told or "Bitmap Index Scan on order_monitor" in told


def test_the_present_is_counted_in_ranges_of_indexes(desk: Desk, engine: str) -> None:
    asked = Asked([1], to_cache(NOW + 999 * HOUR), Watch(horizon=timedelta(hours=9)))
    filled(desk)
    told = counting(desk, asked, engine)
    assert "order_monitor" not in told
    indexes = ("order_to_ship", "order_in_transit", "order_technical")
    assert all(each in told for each in indexes)
    if engine == "sqlite":
        assert "SEARCH o USING COVERING INDEX order_to_ship (ship_by>? AND ship_by<?)" in told
        assert "SEARCH o USING COVERING INDEX order_in_transit (promised_at<?)" in told
        assert "SCAN o" not in told


def test_the_first_orders_of_a_report_are_read_in_their_sequence(desk: Desk, engine: str) -> None:
    filled(desk)
    asked = Asked([1], to_cache(NOW + 999 * HOUR), Watch())
    recording: Any = Recording(desk.database)
    assert monitor.cases(recording, asked, Report.TRANSIT_LATE, 5)
    told = plan(desk.database, engine, *recording.asked[-1])
    assert "order_in_transit" in told
    assert "order_monitor" not in told
