"""Search as it is typed, letter by letter, beside a raw FTS5 query for the whole words.

python -m bench.search --tickets 100000 --engines sqlite postgresql
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from bench import homes
from bench.report import Budget, Line, command_line, percentile, publish
from bench.server import server
from mkt_tui.cache.database import Database
from mkt_tui.cache.places import ServerAddress
from mkt_tui.config import Settings, agent_name
from mkt_tui.desk import queue, search
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.queue import View
from mkt_tui.domain import words
from mkt_tui.domain.filters import parse
from mkt_tui.home import find_home

_TYPED: Final = {
    "words": ("produto chegou quebrado", "João da Silva", "rastreio parado sexta", "maria troca"),
    "numbers": ("58012345-A", "7000123", "BR000000777", "529.982.247-25"),
}
_FILTERS: Final = ("mediation", "subject:estorno >2d", "customer:conceicao late", "has:draft")


def keys(desk: Desk, texts: tuple[str, ...]) -> list[float]:
    """Return the ms of each search while the texts are typed."""
    spent = []
    for text in texts:
        for length in range(1, len(text) + 1):
            began = time.perf_counter()
            search.find(desk, text[:length])
            spent.append((time.perf_counter() - began) * 1000)
    return spent


def raw(file: Path, texts: tuple[str, ...], count: int) -> Iterator[float]:
    """Yield the ms of a bare FTS5 query for the newest hits of whole words."""
    with closing(sqlite3.connect(file)) as connection:
        for text in texts * count:
            asked = " AND ".join(f'"{each}"' for each in words.words(text))
            began = time.perf_counter()
            connection.execute(
                "SELECT rowid FROM ticket_index WHERE ticket_index MATCH ?"
                " ORDER BY rowid DESC LIMIT 100",
                (asked,),
            ).fetchall()
            yield (time.perf_counter() - began) * 1000


def filtered(desk: Desk) -> list[float]:
    """Return the ms to find all tickets of a filter that no index serves."""
    spent = []
    for text in _FILTERS:
        wanted = View(terms=parse(text, ())).filter(desk)
        began = time.perf_counter()
        queue.measure(desk.database, wanted, None)
        spent.append((time.perf_counter() - began) * 1000)
    return spent


def measure(folder: Path, rounds: int, address: str | None = None) -> list[Line]:
    """Measure a seeded home, or the same rows on a server."""
    home = find_home(folder)
    database = Database(ServerAddress(address) if address else home.cache_file)
    desk = Desk(database, Settings(), home, agent_name())
    try:
        size = f"{database.value('SELECT COUNT(*) FROM ticket'):,}"
        name = f"{size} PostgreSQL" if address else size
        typed = [
            line
            for kind, texts in _TYPED.items()
            for line in _typed(desk, f"{name}: a letter of {kind}", texts, rounds)
        ]
        slowest = max(filtered(desk))
        return [*typed, Line(f"{name}: slowest filter, in a thread", "ms", slowest)]
    finally:
        database.close()


def _typed(desk: Desk, name: str, texts: tuple[str, ...], rounds: int) -> list[Line]:
    keys(desk, texts[:1])
    spent = [each for _ in range(rounds) for each in keys(desk, texts)]
    floor = list(raw(desk.home.cache_file, texts, rounds * 5))
    return [
        Line(f"{name}, p50", "ms", percentile(spent, 50), None, percentile(floor, 50)),
        Line(f"{name}, p95", "ms", percentile(spent, 95), Budget(50), percentile(floor, 95)),
    ]


def main() -> None:
    """Read the command line and measure."""
    cli = command_line("Measure search.")
    cli.add_argument("--tickets", type=int, default=10_000)
    cli.add_argument("--engines", nargs="+", default=["sqlite"], choices=["sqlite", "postgresql"])
    cli.add_argument("--rounds", type=int, default=5)
    args = cli.parse_args()
    folder, lines = homes.home(args.tickets), []
    if "sqlite" in args.engines:
        lines += measure(folder, args.rounds)
    if "postgresql" in args.engines:
        with server() as running:
            lines += measure(folder, args.rounds, running.home(args.tickets))
    publish(lines, args.json)


if __name__ == "__main__":
    main()
