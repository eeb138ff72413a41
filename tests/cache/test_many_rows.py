"""Rows that are read one by one: a list of a million takes no memory of a million."""

import tracemalloc

from mkt_tui.desk.desk import Desk

MANY = 100_000
NUMBERS = (
    "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :many)"
    " SELECT n FROM number ORDER BY n"
)


def test_all_rows_come_in_their_order_and_are_not_kept(desk: Desk) -> None:
    tracemalloc.start()
    try:
        counted = sum(
            row[0] == place
            for place, row in enumerate(desk.database.each(NUMBERS, {"many": MANY}), 1)
        )
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert counted == MANY
    # A list of them takes ten times as much.
    assert most < 1_000_000


def test_no_rows_are_none(desk: Desk) -> None:
    assert list(desk.database.each("SELECT id FROM ticket")) == []
