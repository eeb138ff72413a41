# ruff: noqa: A005 - the product calls it so too
"""The queue at several sizes on both engines, beside bare references and peers, in one run.

python -m bench.queue --tickets 10000 100000 1000000 --engines sqlite postgresql far

"far" is the same server with 20 ms to every answer.

The peers are mutt, neomutt and aerc, those that are installed, on a mailbox of as many mails (at most 100,000).
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench import homes, measures, peers, programs
from bench.far import far
from bench.measures import Held, Presses
from bench.report import Budget, Line, command_line, percentile, publish
from bench.server import server
from bench.session import Session
from mkt_tui.cache.database import Database
from mkt_tui.cache.places import DATABASE_VARIABLE, ServerAddress
from mkt_tui.cache.queries import QueueFilter, QueueOrder
from mkt_tui.desk import queue
from mkt_tui.desk.queue import Measure
from mkt_tui.home import find_home

ENGINES: Final = ("sqlite", "postgresql", "far")
_MOST_MAILS: Final = 100_000
_WINDOW: Final = 1.5
# To the first rows: what threads count and find for them comes later, as another update.
_FIRST: Final = 0.005
_ORDERS: Final = 2 * len(QueueOrder)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one program showed."""

    down: Presses
    up: Presses
    page: Presses
    end: Presses
    held: Held
    cpu: float
    bytes: float
    memory: float


def look(session: Session, count: int, seconds: float) -> Seen:
    """Measure a list that shows its first rows."""
    session.settle(_WINDOW)
    down, up = measures.press(session, ["down", "up"], count)
    (page,) = measures.press(session, ["pagedown"], count)
    end, _home = measures.press(session, ["end", "home"], max(count // 3, 10))
    held = measures.hold(session, "pagedown", seconds)
    cpu, flow = measures.idle(session, seconds)
    return Seen(down, up, page, end, held, cpu, flow, measures.memory(session))


@dataclass(frozen=True, slots=True)
class Place:
    """A seeded cache: the desk's command line, and the address of a server that holds it."""

    name: str
    home: Path
    address: str | None = None

    def open(self) -> Session:
        """Open a desk on it."""
        return Session(programs.desk(self.home), self.environment)

    def through(self, port: int, other: int) -> "Place":
        """Return the same place by way of another port."""
        assert self.address
        address = self.address.replace(f":{port}/", f":{other}/")
        return Place(f"{self.name}, far", self.home, address)

    @property
    def environment(self) -> dict[str, str]:
        """What a desk must be told."""
        return {DATABASE_VARIABLE: self.address} if self.address else {}

    def database(self) -> Database:
        """Return the cache itself."""
        found = find_home(self.home).cache_file
        return Database(ServerAddress(self.address) if self.address else found)


def of_desk(place: Place, count: int, seconds: float) -> Seen:
    """Measure the desk on a cache."""
    with place.open() as session:
        session.wait_for(programs.FIRST_ROW)
        return look(session, count, seconds)


def of_list(rows: int, count: int, seconds: float) -> Seen:
    """Measure the bare list of so many rows."""
    with Session(programs.bare_list(rows)) as session:
        session.wait_for(programs.FLOOR_ROW)
        return look(session, count, seconds)


def lines(name: str, ours: Seen, floor: Seen) -> list[Line]:
    """Return the figures of a cache beside those of the bare list."""

    def latency(key: str, mine: Presses, theirs: Presses, budget: float) -> list[Line]:
        return [
            Line(f"{name}: {key}, p50", "ms", mine.median, None, theirs.median),
            Line(f"{name}: {key}, p95", "ms", mine.slow, Budget(budget), theirs.slow),
        ]

    return [
        *latency("Down", ours.down, floor.down, 6),
        *latency("Up", ours.up, floor.up, 6),
        *latency("Page Down", ours.page, floor.page, 10),
        *latency("last row", ours.end, floor.end, 30),
        Line(f"{name}: bytes of Down", "B", ours.down.bytes, Budget(500), floor.down.bytes),
        Line(f"{name}: bytes of Page Down", "B", ours.page.bytes, Budget(8_000), floor.page.bytes),
        Line(f"{name}: Page Down held, lag", "ms", ours.held.lag, Budget(10), floor.held.lag),
        Line(f"{name}: Page Down held, CPU a key", "ms", ours.held.cpu, None, floor.held.cpu),
        Line(f"{name}: idle", "% core", ours.cpu, Budget(0.3), floor.cpu),
        Line(f"{name}: idle", "B/s", ours.bytes, Budget(0), floor.bytes),
        Line(f"{name}: memory (PSS)", "MB", ours.memory, Budget(75), floor.memory),
    ]


def other_keys(place: Place, count: int) -> list[Line]:
    """Measure what opens or changes more than the list."""
    with place.open() as session:
        session.wait_for(programs.FIRST_ROW)
        session.settle(_WINDOW)
        # The first press of each also loads its code, which a day of work does once.
        first = measures.press(session, ["enter", "escape", "m", "escape"], 1, _WINDOW)
        spent = measures.cpu_seconds(session)
        opened, closed = measures.press(session, ["enter", "escape"], count, _WINDOW)
        spent = (measures.cpu_seconds(session) - spent) * 1000 / count
        menu, _closed = measures.press(session, ["m", "escape"], count)
        (filtered,) = measures.press(session, ["1"], count, _WINDOW, _FIRST)
        # Every order both ways: the desk keeps the last one, and the next run begins with it.
        rounds = measures.press(session, ["t"] * _ORDERS, -(-count // _ORDERS), _WINDOW, _FIRST)
        sorted_ = [ms for each in rounds for ms in each.ms]
    name = place.name
    return [
        Line(f"{name}: open ticket, first time", "ms", first[0].slow),
        Line(f"{name}: open ticket, p95", "ms", opened.slow, Budget(30)),
        Line(f"{name}: open ticket and back, CPU", "ms", spent),
        Line(f"{name}: back to the queue, p95", "ms", closed.slow),
        Line(f"{name}: change filter, p95", "ms", filtered.slow, Budget(50)),
        Line(f"{name}: change order, p95", "ms", percentile(sorted_, 95), Budget(50)),
        Line(f"{name}: channel menu, p95", "ms", menu.slow),
    ]


def reads(place: Place, count: int) -> list[Line]:
    """Measure what the desk asks the cache for, beside the same page asked of raw sqlite3."""
    database = place.database()
    try:
        found = queue.measure(database, QueueFilter(), None)
        middle = found.total // 2
        raw = _raw_pages(database, found, count) if place.address is None else None
        pages = [_timed(lambda: queue.shown(database, found).row(middle)) for _ in range(count)]
        whole = [_timed(lambda: queue.measure(database, QueueFilter(), None)) for _ in range(5)]
    finally:
        database.close()
    return [
        Line(f"{place.name}: 64 rows in the middle, p95", "ms", percentile(pages, 95), None, raw),
        Line(f"{place.name}: keys to jump by, in a thread", "ms", percentile(whole, 50)),
    ]


def _raw_pages(database: Database, found: Measure, count: int) -> float:
    anchor = found.anchors[len(found.anchors) // 2]
    asked = (
        "SELECT * FROM ticket WHERE state = 0 AND (sort_at, id) >= (?, ?)"
        " ORDER BY state, sort_at, id LIMIT 64"
    )
    with closing(sqlite3.connect(str(database.place))) as raw:
        took = [
            _timed(lambda: raw.execute(asked, (anchor[1], anchor[2])).fetchall())
            for _ in range(count)
        ]
    return percentile(took, 95)


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def of_peers(mails: int, count: int, seconds: float) -> list[Line]:
    """Measure each peer that is installed on a mailbox of so many mails."""
    return [line for each in peers.installed() for line in of_peer(each, mails, count, seconds)]


def of_peer(name: str, mails: int, count: int, seconds: float) -> list[Line]:
    """Measure one peer."""
    with TemporaryDirectory() as folder:
        started = peers.installed()[name](Path(folder), mails)
        with Session(started.command, started.environment) as session:
            session.wait_for(peers.FIRST, 300)
            seen = look(session, count, seconds)
    told = f"{name}, {mails:,} mails"
    return [
        Line(f"{told}: Down, p95", "ms", seen.down.slow),
        Line(f"{told}: Page Down, p95", "ms", seen.page.slow),
        Line(f"{told}: last row, p95", "ms", seen.end.slow),
        Line(f"{told}: Page Down held, lag", "ms", seen.held.lag),
        Line(f"{told}: Page Down held, CPU a key", "ms", seen.held.cpu),
        Line(f"{told}: bytes of Down", "B", seen.down.bytes),
        Line(f"{told}: bytes of Page Down", "B", seen.page.bytes),
        Line(f"{told}: memory (PSS)", "MB", seen.memory),
    ]


@contextmanager
def places(sizes: Sequence[int], engines: Sequence[str]) -> Iterator[list[Place]]:
    """Give the caches to measure, the server running meanwhile."""
    found = []
    if "sqlite" in engines:
        found += [Place(f"{size:,}", homes.home(size)) for size in sizes]
    if not {"postgresql", "far"} & set(engines):
        yield found
        return
    with server() as running:
        here = [
            Place(f"{size:,} PostgreSQL", homes.home(size), running.home(size)) for size in sizes
        ]
        found += here if "postgresql" in engines else []
        with far(running.port) as port:
            found += [each.through(running.port, port) for each in here if "far" in engines]
            yield found


def measure(found: Sequence[Place], sizes: Sequence[int], count: int, secs: float) -> list[Line]:
    """Measure all places; what memory a million rows cost more than a thousand, once."""
    floors = {size: of_list(size, count, secs) for size in sizes}
    told: list[Line] = []
    for place in found:
        size = int(place.name.split()[0].replace(",", ""))
        seen = of_desk(place, count, secs)
        told += [*lines(place.name, seen, floors[size]), *reads(place, count)]
        told += other_keys(place, max(count // 6, 10))
        if size == max(sizes):
            least = of_desk(Place("1,000", homes.home(1_000)), 5, 1).memory
            grown = seen.memory - least
            told.append(Line(f"{place.name}: memory more than at 1,000", "MB", grown, Budget(12)))
    return told + of_peers(min(max(sizes), _MOST_MAILS), count, secs)


def main() -> None:
    """Read the command line and measure."""
    cli = command_line("Measure the queue.")
    cli.add_argument("--tickets", type=int, nargs="+", default=[10_000])
    cli.add_argument("--engines", nargs="+", default=["sqlite"], choices=ENGINES)
    cli.add_argument("--count", type=int, default=50, help="presses of each key (50)")
    cli.add_argument("--seconds", type=float, default=10.0, help="of holding and idleness (10)")
    args = cli.parse_args()
    with places(args.tickets, args.engines) as found:
        publish(measure(found, args.tickets, args.count, args.seconds), args.json)


if __name__ == "__main__":
    main()
