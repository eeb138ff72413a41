"""Returns, parcels, first messages and documents at Mirakl: through every fault once, never twice.

All in this process: a line that breaks between the adapter and the practice marketplace, and a
desk that ends at any step. What the marketplace agreed to do is the judge.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import stamina

from mkt_tui.adapters import registry
from mkt_tui.adapters.mirakl import MiraklAdapter
from mkt_tui.cache import operations
from mkt_tui.cache.database import Database
from mkt_tui.config import Settings
from mkt_tui.desk import acting, order_acts
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.operations import Operation
from mkt_tui.home import Home
from mkt_tui.sandbox.invention import invent
from mkt_tui.sandbox.records import Order
from mkt_tui.sandbox.server import create_app
from mkt_tui.sandbox.world import Shop
from mkt_tui.sync.engine import Engine
from tests.conftest import Clock
from tests.faults.mirakl_roads import ROADS, known
from tests.worlds import NOW, channel

ROUNDS = 4


class Killed(BaseException):
    """The process is gone."""


@dataclass(frozen=True)
class Fault:
    """What becomes of a write: whether it reaches the marketplace, and what is heard of it."""

    heard: type[httpx.TransportError] | int
    reaches: bool
    states: tuple[str, ...] = ("unknown", "sent")

    def answer(self) -> httpx.Response:
        if isinstance(self.heard, int):
            return httpx.Response(self.heard, headers={"Retry-After": "7"}, json={"message": "no"})
        raise self.heard("the line broke")


FAULTS: Final = {
    "the answer is lost": Fault(httpx.ReadError, reaches=True),
    "no answer in time": Fault(httpx.ReadTimeout, reaches=True),
    "an error is heard though it was done": Fault(500, reaches=True),
    "the line breaks before": Fault(httpx.ReadError, reaches=False),
    "nobody is there": Fault(httpx.ConnectError, reaches=False, states=("queued", "sent")),
    "busy": Fault(503, reaches=False, states=("queued", "sent")),
    "refused": Fault(400, reaches=False, states=("failed",)),
}


@dataclass
class Line(httpx.AsyncBaseTransport):
    """The way to the marketplace; `agreed` counts the writes that it took and said yes to."""

    inner: httpx.AsyncBaseTransport
    faults: deque[Fault] = field(default_factory=deque)
    blind: int = 0
    agreed: int = 0
    step: Callable[[], None] = lambda: None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.step()
        if request.method == "GET":
            self.blind -= 1
            if self.blind >= 0:
                return httpx.Response(503, request=request)
            return await self.inner.handle_async_request(request)
        fault = self.faults.popleft() if self.faults else None
        if fault and not fault.reaches:
            return fault.answer()
        answer = await self.inner.handle_async_request(request)
        self.agreed += _agrees(answer.status_code, await answer.aread())
        return fault.answer() if fault else answer


def _agrees(status: int, content: bytes) -> bool:
    told = httpx.Response(status, content=content).json() if content else {}
    return status < 300 and not any(told[each] for each in told if each.endswith("_errors"))


@dataclass
class Scene:
    """A desk, the marketplace it speaks to, and orders that nobody has acted on."""

    desk: Desk
    clock: Clock
    line: Line
    orders: dict[bool, Iterator[Order]]
    channel: Channel

    def begin(self, road: str) -> tuple[Order, Operation]:
        """Return an order that fits the road, and what the agent is about to do."""
        self.line.agreed, self.line.blind = 0, 0
        self.line.faults.clear()
        there = next(self.orders[road.startswith("ST")])
        return there, ROADS[road](self.desk, there)

    def send(self, there: Order, wanted: Operation) -> None:
        if getattr(wanted, "order_number", None):
            order_acts.perform(self.desk, known(self.desk, there), wanted)
        else:
            acting.send(self.desk, self.channel, wanted)

    def deliver(self) -> None:
        engine = Engine(self.desk.database, self.desk.settings, self.clock)
        asyncio.run(engine.deliver_now(self.channel))

    def state(self, wanted: Operation) -> str | None:
        found = operations.outcome(self.desk.database, wanted.operation)
        return None if found is None else str(found.state)

    def settle(self, wanted: Operation) -> tuple[str | None, ...]:
        """Let time pass and deliver until nothing changes; return the states passed through."""
        states: list[str | None] = []
        for _round in range(ROUNDS):
            self.clock.go(minutes=5)
            self.deliver()
            if not states or states[-1] != self.state(wanted):
                states.append(self.state(wanted))
        return tuple(states)


def alike(shop: Shop, state: str) -> Iterator[Order]:
    """Yield new orders in one state for ever."""
    model = next(each for each in shop.orders.values() if each.state == state)
    for number in count(1):
        made = deepcopy(model)
        made.id = f"{state}-{number}-A"
        shop.orders[made.id] = made
        yield made


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("roads")
    clock = Clock()
    world = replace(invent(30, 11, NOW), clock=clock)
    shop = world.shops[0]
    key = shop.identity.api_key
    line = Line(httpx.ASGITransport(app=create_app(world)))
    database = Database(folder / "cache.db", durable=False)
    home = Home(*(folder / each for each in ("settings", "data", "logs")))
    desk = Desk(database, Settings(hold_seconds=0), home, "ana", clock)
    made = channel(database, base_url="http://x/carrefour")

    class Lined(MiraklAdapter):
        def __init__(self, channel: Channel, _secret: Callable[[], str], **_more: Any) -> None:
            quick = replace(channel, options={"requests_per_second": "1000"})
            super().__init__(quick, lambda: key, transport=line)

    orders = {True: alike(shop, "SHIPPING"), False: alike(shop, "SHIPPED")}
    with pytest.MonkeyPatch.context() as patch, stamina.set_testing(True, attempts=2):
        patch.setattr(registry, "load", lambda _name: Lined)
        patch.setenv("CARREFOUR_KEY", key)
        yield Scene(desk, clock, line, orders, made)
    database.close()


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("fault", FAULTS)
def test_it_is_done_once_or_refused(scene: Scene, road: str, fault: str) -> None:
    there, wanted = scene.begin(road)
    scene.line.faults.append(FAULTS[fault])
    scene.send(there, wanted)
    scene.clock.go(seconds=1)
    scene.deliver()
    # What would settle a doubt cannot be read at first either.
    scene.line.blind = 2
    first = scene.state(wanted)
    passed = [first, *(each for each in scene.settle(wanted) if each != first)]
    assert tuple(passed) == FAULTS[fault].states
    assert scene.line.agreed == (0 if fault == "refused" else 1)


class Steps:
    """Counts the steps of a desk, and ends it at one of them."""

    def __init__(self) -> None:
        self.left = 0

    def take(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed


@contextmanager
def watched(scene: Scene, steps: Steps) -> Iterator[None]:
    """Take a step before every statement, transaction, commit and request."""
    execute, transaction = Database.execute, Database.transaction

    def execute_stepwise(self: Database, *arguments: Any) -> int:
        steps.take()
        return execute(self, *arguments)

    @contextmanager
    def transaction_stepwise(self: Database, *, durable: bool = True) -> Iterator[None]:
        steps.take()
        with transaction(self, durable=durable):
            yield
            steps.take()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "execute", execute_stepwise)
        patch.setattr(Database, "transaction", transaction_stepwise)
        patch.setattr(scene.line, "step", steps.take)
        yield


@pytest.mark.parametrize("road", ["RT25", "ST06", "ST24", "M14", "OR76"])
def test_a_desk_that_ends_at_any_step_loses_and_doubles_nothing(scene: Scene, road: str) -> None:
    ends = []
    for step in count(1):
        there, wanted = scene.begin(road)
        steps = Steps()
        steps.left = step
        with watched(scene, steps), suppress(Killed, BaseExceptionGroup):
            scene.send(there, wanted)
            scene.clock.go(seconds=1)
            scene.deliver()
        if steps.left > 0:
            break
        steps.left = 0
        scene.settle(wanted)
        ends.append((scene.state(wanted), scene.line.agreed))
    sent_from = ends.index(("sent", 1))
    # Until it is queued nothing was promised; from then on it is done, once.
    assert set(ends[:sent_from]) <= {(None, 0)}
    assert set(ends[sent_from:]) == {("sent", 1)}
    assert len(ends) > 10
