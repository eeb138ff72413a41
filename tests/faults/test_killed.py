"""Killed at every step between a draft and the marketplace: nothing lost, nothing doubled.

The steps are not sampled: a first run counts them, then one run dies at each. Afterwards another
process recovers what they left, and the marketplace's own threads are the judge.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mkt_tui.cache.database import Database
from mkt_tui.cache.places import DATABASE_VARIABLE, Place, ServerAddress
from mkt_tui.config import Home, Settings
from mkt_tui.sync.engine import Engine
from tests.conftest import Clock
from tests.faults.rude_shop import RudeShop, add_channel, report, rude_shop

ROOT = Path(__file__).resolve().parents[2]
RECOVERIES = 4


@pytest.fixture(scope="module")
def shop() -> Iterator[RudeShop]:
    """A polite marketplace with a ticket for every step."""
    with rude_shop(tickets=200) as shop:
        yield shop


def doom(place: Place, home: Path, ticket: int, step: int) -> subprocess.CompletedProcess[str]:
    """Let a desk send a reply and die at a step."""
    url = place.url if isinstance(place, ServerAddress) else ""
    return subprocess.run(
        [
            *(sys.executable, "-m", "tests.faults.doomed"),
            *(str(home / "cache.db"), str(ticket), str(step), words(place, step)),
        ],
        cwd=ROOT,
        env={**os.environ, DATABASE_VARIABLE: url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def words(place: Place, step: int) -> str:
    """The words of a step; of each engine its own, for both answer the same marketplace."""
    return f"Resposta do passo {step} de {type(place).__name__}."


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
def test_a_desk_killed_at_any_step(engine: str, place: Place, home: Home, shop: RudeShop) -> None:
    database = Database(place)
    add_channel(database, shop, home.data / "key")
    clock = Clock(datetime.now(UTC))
    asyncio.run(Engine(database, Settings(), clock).once())
    codes: dict[int, str] = dict(
        database.rows(
            "SELECT id, code FROM ticket WHERE participants LIKE '%customer%' ORDER BY id"
        )
    )
    tickets = list(codes)
    whole = doom(place, home.data, tickets[0], 0)
    assert whole.returncode == 0, whole.stderr
    steps = range(1, int(whole.stdout) + 1)
    assert len(steps) > 20
    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(lambda step: doom(place, home.data, tickets[step], step), steps))
    assert {each.returncode for each in ends} == {-signal.SIGKILL}
    for _again in range(RECOVERIES):
        clock.go(minutes=5)
        (result,) = asyncio.run(Engine(database, Settings(), clock).once())
        assert result.error is None
    for step in steps:
        copies = shop.copies(codes[tickets[step]], words(place, step))
        kept = database.value(
            "SELECT COUNT(*) FROM draft WHERE ticket_id = :id", {"id": tickets[step]}
        )
        state = database.value(
            "SELECT state FROM operation WHERE ticket_id = :id", {"id": tickets[step]}
        )
        report("killed", f"{engine} step {step}", "SIGKILL", f"copies={copies} draft={kept}")
        if step == 1:
            # Killed before the first word could be saved: the second that may be lost.
            assert (copies, state) == (0, None)
        else:
            assert (copies, kept, state) in {(0, 1, None), (1, 0, "sent")}, step
    database.close()
