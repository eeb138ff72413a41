"""Killed at every step between an agent's hand and the marketplace: nothing lost, nothing doubled.

The steps are not sampled: one desk dies at each, until one has none left to die at. Another process
recovers what each left, and what the marketplace holds is the judge. Two contracts (Mirakl
and Casas Bahia), two roads (a reply and a shipment), both engines.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TypeAlias

import pytest

from mkt_tui.cache.database import Database
from mkt_tui.cache.places import DATABASE_VARIABLE, Place, ServerAddress
from mkt_tui.config import Settings
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.orders import OrderStatus
from mkt_tui.home import Home
from mkt_tui.sync.engine import Engine
from tests.conftest import Clock
from tests.faults.rude_casas_bahia import CasasBahia
from tests.faults.rude_shop import RudeShop, add_channel, report, rude_shop

ROOT = Path(__file__).resolve().parents[2]
RECOVERIES = 3
UNDER_WAY = "SELECT COUNT(*) FROM operation WHERE state IN ('queued', 'sending', 'unknown')"
_PARCELS = count(156_000_000_000_001)


@pytest.fixture(scope="module", params=[RudeShop, CasasBahia], ids=["mirakl", "cnova"])
def shop(request: pytest.FixtureRequest) -> Iterator[RudeShop]:
    """A polite marketplace with a ticket and an order for every step, on each engine."""
    with rude_shop(1_000, request.param) as shop:
        yield shop


@dataclass(frozen=True)
class Desks:
    """Makes desks that are to die; see tests.faults.doomed."""

    process: subprocess.Popen[str]

    def die(self, road: str, target: str, step: int, text: str) -> int:
        """Let one live and die; return its exit code."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{road} {target} {step} {text}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def doomed(place: Place, home: Home, adapter: str) -> Iterator[Desks]:
    """Start what desks are forked from."""
    url = place.url if isinstance(place, ServerAddress) else ""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.doomed", str(home.data / "cache.db"), adapter],
        cwd=ROOT,
        env={**os.environ, DATABASE_VARIABLE: url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Desks(process)


@dataclass
class Scene:
    """A cache that was filled while all went well, and who recovers it afterwards."""

    database: Database
    shop: RudeShop
    channel: Channel

    def recover(self) -> None:
        """Let the sync of another process deliver what is left, minutes apart, until nothing is."""
        clock = Clock(datetime.now(UTC))
        engine = Engine(self.database, Settings(), clock)
        for _again in range(RECOVERIES):
            clock.go(minutes=5)
            asyncio.run(engine.deliver_now(self.channel))
            if not self.database.value(UNDER_WAY):
                return

    def left(self, road: str, target: str) -> tuple[bool, str | None]:
        """Return whether a draft is kept, and where the only operation on the target stands."""
        name = {"reply": "ticket_id", "ship": "order_number"}[road]
        value = {"value": int(target) if road == "reply" else target}
        states = self.database.rows(f"SELECT state FROM operation WHERE {name} = :value", value)
        assert len(states) < 2
        kept = road == "reply" and self.database.value(
            "SELECT COUNT(*) FROM draft WHERE ticket_id = :value", value
        )
        return bool(kept), states[0][0] if states else None

    def arrived(self, road: str, target: str, text: str) -> int:
        """Count what the marketplace holds of it."""
        if road == "ship":
            return self.shop.shipments(target, text)
        code = self.database.value("SELECT code FROM ticket WHERE id = :id", {"id": int(target)})
        return self.shop.copies(code, text)


@pytest.fixture
def scene(place: Place, home: Home, shop: RudeShop) -> Iterator[Scene]:
    database = Database(place)
    channel = add_channel(database, shop, home.data / "key")
    (result,) = asyncio.run(Engine(database, Settings(), lambda: datetime.now(UTC)).once())
    assert result.error is None
    yield Scene(database, shop, channel)
    database.close()


# Tickets and orders that are all alike, so that the roads have the same steps.
TARGETS = {
    "reply": "SELECT id FROM ticket WHERE state = 0 AND waiting = 'customer' ORDER BY id",
    "ship": f"SELECT number FROM sales_order WHERE status = '{OrderStatus.TO_SHIP}' ORDER BY number",
}
# What may be left: copies there, a draft here, the state of the operation.
End: TypeAlias = tuple[int, bool, str | None]
NEVER_SENT: dict[str, End] = {"reply": (0, True, None), "ship": (0, False, None)}
ARRIVED: End = (1, False, "sent")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
def test_a_desk_killed_at_any_step(engine: str, place: Place, home: Home, scene: Scene) -> None:
    with doomed(place, home, scene.channel.adapter) as desks:
        for road in TARGETS:
            ends = kill_at_each_step(desks, road, scene)
            for step, end in enumerate(ends, 1):
                what = f"{scene.channel.adapter} {engine} {road} step {step} of {len(ends)}"
                report("killed", what, "SIGKILL", str(end))
            # Killed before the first word could be saved: the second that may be lost.
            assert ends[0] in {(0, False, None), NEVER_SENT[road]}
            sent_from = ends.index(ARRIVED)
            assert set(ends[1:sent_from]) <= {NEVER_SENT[road]}
            assert set(ends[sent_from:]) == {ARRIVED}


def kill_at_each_step(desks: Desks, road: str, scene: Scene) -> list[End]:
    """Let a desk die at each step, until one has fewer steps and lives; return what was left."""
    ends: list[End] = []
    for step, (target,) in enumerate(scene.database.rows(TARGETS[road]), 1):
        words = text(road)
        code = desks.die(road, str(target), step, words)
        scene.recover()
        ends.append((scene.arrived(road, str(target), words), *scene.left(road, str(target))))
        if code == 0:
            break
        assert code == -signal.SIGKILL, step
    # Fewer would mean that it did not come to the marketplace.
    assert len(ends) > 10
    assert code == 0
    return ends[:-1]


def text(road: str) -> str:
    """Return words, or the number of a parcel, that no other desk sends."""
    number = next(_PARCELS)
    return f"Sai hoje, objeto {number}." if road == "reply" else str(number)
