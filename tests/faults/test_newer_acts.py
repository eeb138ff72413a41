"""Casas Bahia's newer acts, Magalu's, and replies with a picture: a desk that dies anywhere, a wire that breaks.

What the practice marketplace carried out is the judge; an act is there once, or not at all and said so.
"""

import asyncio
from base64 import b64encode
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace

import httpx
import pytest
import stamina

from mkt_tui.adapters.base import Adapter, ListsOrders, ListsTickets
from mkt_tui.adapters.testing import run
from mkt_tui.cache import channels, queries
from mkt_tui.cache.database import Database
from mkt_tui.cache.drafts import Draft
from mkt_tui.config import Settings
from mkt_tui.desk import conversation, doubts, order_acts, replying, sheet, ticket_acts
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.deadlines import HouseRules
from mkt_tui.domain.deadlines.rules import book
from mkt_tui.domain.order_operations import Parcel
from mkt_tui.domain.ticket_operations import File
from mkt_tui.home import Home
from mkt_tui.sandbox.magalu.api import TOKEN_PATH
from mkt_tui.sandbox.records import SHOP
from mkt_tui.sandbox.server import create_app
from mkt_tui.sync.outbox import Outbox
from mkt_tui.sync.pull import Pull
from tests.adapters.practice import SandboxPractice
from tests.adapters.test_cnova_conforms import CnovaPractice
from tests.adapters.test_magalu_conforms import MagaluPractice
from tests.adapters.test_mirakl_conforms import MiraklPractice
from tests.faults.stepwise import UNDER_WAY, Dead, Steps, StepwiseDatabase, Wire

PICTURE = File("foto.png", b64encode(b"\x89PNG of the damage").decode())
PARCEL = Parcel("Correios", "AA123456785BR")


@dataclass
class Breaking(httpx.AsyncBaseTransport):
    """The wire; the next write meets `trouble`. Counts what the marketplace took in, by path."""

    to: httpx.AsyncBaseTransport
    trouble: str = ""
    taken: Counter[str] = field(default_factory=Counter)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET" or request.url.path.endswith(TOKEN_PATH):
            return await self.to.handle_async_request(request)
        trouble, self.trouble = self.trouble, ""
        if trouble.isdigit():
            return httpx.Response(int(trouble), request=request)
        if trouble == "no connection":
            raise httpx.ConnectError("refused", request=request)
        answer = await self.to.handle_async_request(request)
        self.taken[request.url.path] += answer.is_success
        if trouble == "answer lost":
            raise httpx.ReadError("reset by peer", request=request)
        return answer


@dataclass
class Scene:
    """A desk before a practice marketplace, by the marketplace's own clock."""

    practice: SandboxPractice
    desk: Desk
    wire: Breaking
    doomed: StepwiseDatabase

    def adapter(self, steps: Steps | None = None) -> Adapter:
        return self.practice.adapter(Wire(self.wire, steps or Steps()))

    async def read(self, road: "Road") -> None:
        """Read what the act is done to."""
        pull = Pull(self.desk.database, self.desk.clock, book({}, {}, HouseRules()), lambda _: None)
        async with self.adapter() as adapter:
            if road.targets is sent:
                assert isinstance(adapter, ListsOrders)
                await pull.orders(self.practice.channel, adapter)
            else:
                assert isinstance(adapter, ListsTickets)
                await pull.tickets(self.practice.channel, adapter)

    async def live(self, road: "Road", target: str, fatal: int = 0) -> bool:
        """Let a desk do it and deliver it, until it dies; return whether it lives."""
        self.doomed.steps = steps = Steps()
        act = road.prepare(replace(self.desk, database=self.doomed), target)
        steps.fatal = fatal
        try:
            act()
            await asyncio.sleep(self.desk.settings.hold_seconds)
            async with self.adapter(steps) as adapter:
                outbox = Outbox(self.doomed, self.desk.clock, f"doomed {fatal}")
                await outbox.deliver(self.practice.channel, adapter)
        except Dead:
            return False
        finally:
            steps.fatal = 0
        return True

    async def recover(self) -> None:
        """Let the sync of another process deliver what is left, minutes apart."""
        for _again in range(3):
            await asyncio.sleep(300)
            async with self.adapter() as adapter:
                outbox = Outbox(self.desk.database, self.desk.clock, "another")
                await outbox.deliver(self.practice.channel, adapter)
            if not self.desk.database.value(UNDER_WAY):
                return

    def state(self, target: str) -> str | None:
        """Tell where the only operation on a ticket or an order stands."""
        rows = self.desk.database.rows(
            "SELECT operation.state FROM operation LEFT JOIN ticket ON ticket.id = ticket_id"
            " WHERE COALESCE(ticket.code, operation.order_number) = :target",
            {"target": target},
        )
        assert len(rows) < 2
        return rows[0][0] if rows else None


@dataclass(frozen=True)
class Road:
    """An act: whose marketplace, what it may be done to, how, and how often it was carried out.

    `asks`: whether nobody but a person can tell that a doubtful one is not there, as of trackings that
    the contract does not promise to show.
    """

    practice: type[SandboxPractice]
    targets: Callable[[Scene], list[str]]
    prepare: Callable[[Desk, str], Callable[[], object]]
    done: Callable[[Scene, str], int]
    asks: bool = False


def waiting(scene: Scene) -> list[str]:
    threads = scene.practice.shop.threads
    return sorted(each.id for each in threads.values() if each.waiting_since)


def sent(scene: Scene) -> list[str]:
    return sorted(
        each.id for each in scene.practice.shop.orders.values() if each.state == "SHIPPED"
    )


def hand(desk: Desk, code: str) -> Callable[[], object]:
    (row,) = queries.tickets_by_code(desk.database, code)
    return lambda: ticket_acts.hand(desk, [row.id], f"Extravio: {code}")


def handed(scene: Scene, code: str) -> int:
    thread = scene.practice.shop.threads[code]
    assert (thread.assigned == SHOP) == (told(scene, code, f"Extravio: {code}") == 0)
    return told(scene, code, f"Extravio: {code}")


def told(scene: Scene, code: str, text: str) -> int:
    return sum(each.body == text for each in scene.practice.shop.threads[code].messages)


def deliver(desk: Desk, number: str) -> Callable[[], object]:
    record = sheet.find(desk, number)
    return lambda: order_acts.perform(desk, record, order_acts.deliver(desk, record))


def delivered(scene: Scene, number: str) -> int:
    times = taken(scene, number, "delivered")
    assert (scene.practice.shop.orders[number].state == "RECEIVED") == (times > 0)
    return times


def finished(scene: Scene, number: str) -> int:
    path = f"/deliveries/delivery-{number}/finishing"
    times = sum(times for each, times in scene.wire.taken.items() if each.endswith(path))
    assert (scene.practice.shop.orders[number].state == "RECEIVED") == (times > 0)
    return times


def exchange(desk: Desk, number: str) -> Callable[[], object]:
    record = sheet.find(desk, number)
    act = order_acts.exchange(desk, record, PARCEL, returned=False)
    return lambda: order_acts.perform(desk, record, act)


def exchanged(scene: Scene, number: str) -> int:
    times = taken(scene, number, "exchange")
    assert len(scene.practice.shop.orders[number].steps) == times
    return times


def taken(scene: Scene, number: str, kind: str) -> int:
    path = f"/orders/{number}/trackings/{kind}"
    return sum(times for each, times in scene.wire.taken.items() if each.endswith(path))


def picture(desk: Desk, code: str) -> Callable[[], object]:
    (row,) = queries.tickets_by_code(desk.database, code)
    talk = conversation.load(desk, row.id)
    draft = Draft(f"Veja a foto: {code}", talk.audiences[0], files=(PICTURE,))
    return lambda: replying.send(desk, talk, draft)


def pictured(scene: Scene, code: str) -> int:
    text = f"Veja a foto: {code}"
    found = [each for each in scene.practice.shop.threads[code].messages if each.body == text]
    for each in found:
        assert [(file.name, file.content) for file in each.attachments] == [
            (PICTURE.name, PICTURE.data)
        ]
    return len(found)


ROADS = {
    "hand": Road(CnovaPractice, waiting, hand, handed),
    "deliver": Road(CnovaPractice, sent, deliver, delivered),
    "exchange": Road(CnovaPractice, sent, exchange, exchanged, asks=True),
    "finish": Road(MagaluPractice, sent, deliver, finished),
    "picture": Road(MiraklPractice, waiting, picture, pictured),
}


@pytest.fixture(autouse=True)
def _few_tries() -> Iterator[None]:
    with stamina.set_testing(True, attempts=2):
        yield


def play(home: Home, road: Road, tickets: int, story: Callable[[Scene], Awaitable[None]]) -> None:
    """Play a story in a time that costs none."""

    async def whole() -> None:
        practice = road.practice(tickets)
        # What a dead machine loses is not the question here, and waiting for the disk is slow.
        database = Database(home.cache_file, durable=False)
        channels.add_channel(database, practice.channel, practice.world.clock(), "ana")
        desk = Desk(database, Settings(), home, "ana", practice.world.clock)
        app = httpx.ASGITransport(create_app(practice.world))
        doomed = StepwiseDatabase(home.cache_file, durable=False)
        scene = Scene(practice, desk, Breaking(app), doomed)
        try:
            await scene.read(road)
            await story(scene)
        finally:
            doomed.close()
            database.close()

    run(whole())


@pytest.mark.parametrize("name", ROADS)
def test_a_desk_that_dies_at_any_step_has_done_it_once_or_not_at_all(home: Home, name: str) -> None:
    road = ROADS[name]

    async def story(scene: Scene) -> None:
        ends: list[tuple[int, str | None]] = []
        asked: list[str] = []
        lives = False
        for step, target in enumerate(road.targets(scene), 1):
            lives = await scene.live(road, target, step)
            await scene.recover()
            ends.append((road.done(scene, target), scene.state(target)))
            asked += [target] if ends[-1] == ASKED else []
            if lives:
                break
        assert lives, "more steps than targets"
        sent_from = ends.index((1, "sent"))
        assert set(ends[:sent_from]) <= {(0, None)}
        assert set(ends[sent_from:]) - ({ASKED} if road.asks else set()) == {(1, "sent")}
        assert 0 < sent_from < len(ends) - 10
        for _each in asked:
            doubt = doubts.first(scene.desk)
            assert doubt
            doubts.send_again(scene.desk, doubt)
        await scene.recover()
        assert [(road.done(scene, each), scene.state(each)) for each in asked] == [
            (1, "sent") for _each in asked
        ]

    play(home, road, 100 if road.targets is waiting else 220, story)


ASKED = (0, "unknown")
ENDS = {
    "no connection": (1, "sent"),
    "answer lost": (1, "sent"),
    "429": (1, "sent"),
    "500": (1, "sent"),
    "503": (1, "sent"),
    "400": (0, "failed"),
}


@pytest.mark.parametrize("name", ROADS)
def test_a_wire_that_breaks_once_does_not_lose_or_double_it(home: Home, name: str) -> None:
    road = ROADS[name]

    async def story(scene: Scene) -> None:
        for trouble, target in zip(ENDS, road.targets(scene), strict=False):
            scene.wire.trouble = trouble
            assert await scene.live(road, target)
            await scene.recover()
            end = ASKED if road.asks and trouble in ("500", "503") else ENDS[trouble]
            assert (road.done(scene, target), scene.state(target)) == end, trouble

    play(home, road, 40, story)
