"""Many processes, one cache: whatever two of them want, one gets, and nobody hears of a lock.

MKT_TUI_RACES says how many tickets each race is about (10,000 for the report).
"""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from mkt_tui.cache.database import Database
from mkt_tui.cache.places import DATABASE_VARIABLE, Place, ServerAddress
from mkt_tui.home import Home
from tests.faults.rude_shop import report
from tests.worlds import channel, read, ticket

ROOT = Path(__file__).resolve().parents[2]
TICKETS = int(os.environ.get("MKT_TUI_RACES", "300"))


def racers(place: Place, home: Home, number: int) -> list[subprocess.Popen[str]]:
    """Start the processes; each waits for its line."""
    url = place.url if isinstance(place, ServerAddress) else ""
    marketplace = home.data / "marketplace"
    marketplace.touch()
    return [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.faults.racer"),
                *(str(home.cache_file), f"agent-{each}", str(marketplace)),
            ],
            cwd=ROOT,
            env={**os.environ, DATABASE_VARIABLE: url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for each in range(number)
    ]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize("processes", [2, 8])
def test_one_winner_each(engine: str, processes: int, place: Place, home: Home) -> None:
    database = Database(place)
    # An order each: a desk that loads a ticket loads all others of its order.
    tickets = (ticket(f"t{number}", order_number=f"{number}-A") for number in range(TICKETS))
    read(database, channel(database), *tickets)
    started = racers(place, home, processes)
    for each in started:
        assert each.stdin
        each.stdin.write("go\n")
        each.stdin.flush()
    ends = [each.communicate() for each in started]
    assert [said for _won, said in ends] == [""] * processes
    won = [int(count) for count, _said in ends]
    assert sum(won) == TICKETS
    assert sum(map(bool, won)) > 1, "nobody raced"
    arrived = (home.data / "marketplace").read_text().splitlines()
    assert Counter(line.split()[0] for line in arrived) == {f"t{n}": 1 for n in range(TICKETS)}
    states: dict[str, int] = dict(
        database.rows("SELECT state, COUNT(*) FROM operation GROUP BY state")
    )
    assert states == {"sent": TICKETS}
    report("race", f"{engine}, {processes} processes", f"{TICKETS} tickets", f"won={won}")
    database.close()
