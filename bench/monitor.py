"""The nine counts of the order monitor at a million orders, beside raw sqlite3 on the same file.

    python -m bench.monitor --orders 1000000

One order in twenty is open, as in a shop that ships within days; `all open` is the worst case.
"""

import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bench.report import Budget, Line, command_line, publish
from mkt_tui.cache import channels, monitor, order_upserts
from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.monitor import Asked
from mkt_tui.cache.streams import Stream
from mkt_tui.desk.desk import utc_now
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.monitor import Report, Watch
from mkt_tui.domain.orders import Billing, OrderSnapshot, OrderStatus, Tracking, Transport

_PAGE = 2_000
_FEW = 100
_TIMES = 9
_REFERENCE = (
    "SELECT COUNT(*), SUM(ship_by < :now), SUM(promised_at < :now) FROM sales_order"
    " WHERE open_until > :now AND approved_at <= :now"
)


def orders(
    part: range, now: datetime, rng: random.Random, open_share: float
) -> list[OrderSnapshot]:
    """Return orders of a year, the newest still open."""
    return [_order(number, now, rng, is_open=rng.random() < open_share) for number in part]


def _order(number: int, now: datetime, rng: random.Random, *, is_open: bool) -> OrderSnapshot:
    age = timedelta(hours=rng.uniform(0, 200 if is_open else 8760))
    created = now - age
    shipped = created + timedelta(hours=rng.uniform(5, 60))
    delivered = None if is_open else shipped + timedelta(hours=rng.uniform(24, 200))
    # What has not happened yet is not told, or the monitor has to work out order by order.
    delivered = delivered if delivered and delivered <= now else None
    has_left = shipped <= now and (not is_open or rng.random() < 0.6)
    return OrderSnapshot(
        number=f"{number:09}-A",
        site_number=None,
        status=OrderStatus.DELIVERED if delivered else OrderStatus.SHIPPED,
        marketplace_status="SHIPPED",
        customer="Maria Silva",
        currency="BRL",
        created_at=created,
        updated_at=delivered or created,
        billing=Billing(paid_at=created),
        transport=Transport(ship_by=created + timedelta(hours=72)),
        tracking=Tracking(
            promised_until=created + timedelta(hours=240),
            shipped_at=shipped if has_left else None,
            delivered_at=delivered,
        ),
    )


def fill(database: Database, total: int, open_share: float) -> int:
    """Write the orders and return the channel's id."""
    plain = Channel(0, "Bench", "mirakl", "BR", "http://127.0.0.1:9", "env:NO", "America/Sao_Paulo")
    now, rng = utc_now(), random.Random(1)
    channels.add_channel(database, plain, now, "bench")
    (channel,) = channels.all_channels(database)
    for part in _pages(total):
        stream = Stream(channel.id, "orders", "", complete=True)
        order_upserts.write_orders(database, stream, orders(part, now, rng, open_share))
    return channel.id


def _pages(total: int) -> Iterator[range]:
    for start in range(0, total, _PAGE):
        yield range(start, min(start + _PAGE, total))


def measure(total: int, open_share: float, name: str) -> list[Line]:
    """Return the figures for one share of open orders."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "cache.db"
        database = Database(place, durable=False)
        channel = fill(database, total, open_share)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        asked = Asked([channel], to_cache(utc_now()), Watch())

        raw = _raw(place, asked.now)
        cold, _counted = _timed(lambda: _fresh(place, asked))
        database = Database(place, durable=False)
        monitor.counts(database, asked)
        warm = []
        rng = random.Random(2)
        for _time in range(_TIMES):
            few = range(total, total + _FEW)
            stream = Stream(channel, "orders", "", complete=True)
            order_upserts.write_orders(database, stream, orders(few, utc_now(), rng, 1.0))
            later = Asked([channel], to_cache(utc_now()), Watch())
            warm.append(_timed(partial(monitor.counts, database, later))[0])
        listed = _timed(lambda: monitor.cases(database, asked, Report.SHIP_LATE, 2_000))[0]
        database.close()
    return [
        Line(f"nine counts, {name}: cold", "ms", cold, Budget(1_000), raw),
        Line(
            f"nine counts, {name}: {_FEW} orders changed",
            "ms",
            statistics.median(warm),
            Budget(100),
            raw,
        ),
        Line(f"report 3, the first 2,000, {name}", "ms", listed),
    ]


def _fresh(place: Path, asked: Asked) -> dict[Report, int]:
    database = Database(place)
    try:
        return monitor.counts(database, asked)
    finally:
        database.close()


def _raw(place: Path, now: int) -> float:
    connection = sqlite3.connect(place)
    try:
        return _timed(lambda: connection.execute(_REFERENCE, {"now": now}).fetchall())[0]
    finally:
        connection.close()


def _timed(act: Callable[[], object]) -> tuple[float, object]:
    began = time.perf_counter()
    result = act()
    return (time.perf_counter() - began) * 1000, result


def main() -> None:
    """Read the command line, measure, print."""
    cli = command_line("Measure the order monitor.")
    cli.add_argument("--orders", type=int, default=1_000_000)
    args = cli.parse_args()
    usual = measure(args.orders, 0.05, "1 in 20 open")
    publish([*usual, *measure(args.orders, 1.0, "all open")], args.json)


if __name__ == "__main__":
    main()
