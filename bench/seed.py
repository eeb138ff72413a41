"""Fill a home's cache with N believable tickets, through the product's own writes.

    python -m bench.seed --home DIR --tickets 1000000

The channels are switched off and lead nowhere, so no desk on this home starts a sync of its own.
"""

import argparse
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from bench.invention import CHANNELS, Invention
from mkt_tui.cache import channels, order_upserts, ticket_upserts
from mkt_tui.cache.database import Database
from mkt_tui.cache.places import Place, ServerAddress
from mkt_tui.cache.streams import Stream
from mkt_tui.config import Settings, agent_name, rule_book
from mkt_tui.desk.desk import utc_now
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.deadlines.clocks import Clocks
from mkt_tui.home import find_home, prepare
from mkt_tui.sync.ahead import seldom_collected

# A page goes to one channel. In larger ones fewer places of the file are written again and again.
_LEAST_PAGE: Final = 1_000
_MOST_PAGES: Final = 200
_NOWHERE: Final = "http://127.0.0.1:9"


def fill(
    folder: Path, tickets: int, orders: int, seed: int, now: datetime, place: Place | None = None
) -> Place:
    """Make a home with so many tickets and return where its cache is.

    The same arguments give the same rows.
    """
    home = find_home(folder)
    prepare(home, None)
    with closing(Database(place or home.cache_file, durable=False)) as database, seldom_collected():
        database.expect_pages()
        if isinstance(database.place, Path):
            # The indexes of a million rows are larger than that.
            database.execute("PRAGMA cache_size = -262144")
            database.execute("PRAGMA synchronous = OFF")
        _add_channels(database, now)
        _write(database, Invention(seed, now), tickets, orders)
        if isinstance(database.place, Path):
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return database.place


def _add_channels(database: Database, now: datetime) -> None:
    for name in CHANNELS:
        channel = Channel(
            id=0, name=name, adapter="mirakl", country="BR", base_url=_NOWHERE,
            secret="env:MKT_TUI_BENCH", zone="America/Sao_Paulo",
        )  # fmt: skip
        channels.add_channel(database, channel, now, agent_name())


def _write(database: Database, world: Invention, tickets: int, orders: int) -> None:
    clocks = [Clocks(rule_book(Settings()), each) for each in channels.all_channels(database)]
    ids = [each.channel.id for each in clocks]
    # A ticket and its order must be of one channel, so both are dealt out by the same rule.
    size = max(_LEAST_PAGE, max(tickets, orders) // _MOST_PAGES)
    for number, part in enumerate(_pages(orders, size)):
        stream = Stream(ids[number % len(ids)], "orders", str(part.stop), complete=True)
        order_upserts.write_orders(database, stream, world.orders(part))
    for number, part in enumerate(_pages(tickets, size)):
        stream = Stream(ids[number % len(ids)], "tickets", str(part.stop), complete=True)
        found = world.tickets(part, orders)
        ticket_upserts.write_tickets(database, stream, found, None, clocks[number % len(ids)])


def _pages(total: int, size: int) -> Iterator[range]:
    for start in range(0, total, size):
        yield range(start, min(start + size, total))


def main() -> None:
    """Read the command line and fill the home."""
    cli = argparse.ArgumentParser(description="Fill a home with believable tickets.")
    cli.add_argument("--home", type=Path, required=True)
    cli.add_argument("--tickets", type=int, required=True)
    cli.add_argument("--orders", type=int, help="default: one per ticket")
    cli.add_argument("--seed", type=int, default=1)
    cli.add_argument(
        "--now",
        type=datetime.fromisoformat,
        default=utc_now(),
        metavar="INSTANT",
        help="when all of it is seen; default: now",
    )
    cli.add_argument("--database", help="a PostgreSQL database instead of the home's file")
    args = cli.parse_args()
    began = time.perf_counter()
    orders = args.tickets if args.orders is None else args.orders
    server = ServerAddress.parse(args.database, "--database") if args.database else None
    place = fill(args.home, args.tickets, orders, args.seed, args.now, server)
    took = time.perf_counter() - began
    size = f"{place.stat().st_size / 1e6:.0f} MB " if isinstance(place, Path) else ""
    print(f"{args.tickets} tickets, {orders} orders, {size}in {took:.1f} s")


if __name__ == "__main__":
    main()
