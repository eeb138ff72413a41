"""Search as it is typed, letter by letter, beside a raw FTS5 query for the whole words.

python -m bench.search --tickets 100000
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from bench import homes
from bench.report import Budget, Line, command_line, percentile, publish
from mkt_tui.cache.database import Database
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


def measure(folder: Path, rounds: int) -> list[Line]:
    """Measure a seeded home."""
    home = find_home(folder)
    database = Database(home.cache_file)
    desk = Desk(database, Settings(), home, agent_name())
    try:
        size = f"{database.value('SELECT COUNT(*) FROM ticket'):,}"
        lines = []
        for kind, texts in _TYPED.items():
            keys(desk, texts[:1])
            spent = [each for _ in range(rounds) for each in keys(desk, texts)]
            floor = list(raw(home.cache_file, texts, rounds * 5))
            for name, share in (("p50", 50), ("p95", 95)):
                budget = Budget(50) if share == 95 else None
                what = f"{size}: a letter of {kind}, {name}"
                lines.append(
                    Line(what, "ms", percentile(spent, share), budget, percentile(floor, share))
                )
        slowest = max(filtered(desk))
        return [*lines, Line(f"{size}: slowest filter, in a thread", "ms", slowest)]
    finally:
        database.close()


def main() -> None:
    """Read the command line and measure."""
    cli = command_line("Measure search.")
    cli.add_argument("--tickets", type=int, default=10_000)
    cli.add_argument("--home", type=Path, help="a seeded home instead")
    cli.add_argument("--rounds", type=int, default=5)
    args = cli.parse_args()
    publish(measure(args.home or homes.home(args.tickets), args.rounds), args.json)


if __name__ == "__main__":
    main()
