"""A publisher's acts: a desk that dies at any step, and two syncs at once. Done once, or not at all.

What the practice portal carried out is the judge; of files it counts those that it took in, not
those that it holds, for it would know the same file again.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from mkt_tui.adapters.bookwire import BookwireAdapter
from mkt_tui.cache import backup
from mkt_tui.cache.complaints import Override
from mkt_tui.cache.database import Database
from mkt_tui.cache.drafts import Draft
from mkt_tui.cache.salvage import salvage
from mkt_tui.desk import conversation, correcting, replying
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.operation_kinds import Kind, OperationState
from mkt_tui.domain.publishing import Defect, Stage
from mkt_tui.domain.tickets import Audience
from mkt_tui.sandbox.bookwire.catalogue import Catalogue
from mkt_tui.sandbox.bookwire.records import Case, File, Title
from mkt_tui.sandbox.server import create_app
from mkt_tui.sync.outbox import Outbox
from tests.conftest import Clock
from tests.faults.stepwise import UNDER_WAY, Dead, Steps, StepwiseDatabase, Wire
from tests.publisher import Portal, epub, passed, portal
from tests.worlds import NOW

# A corrected file takes more steps than any other act.
TICKETS = {"correct": 130}


@dataclass
class Scene:
    """A portal with a ticket for every step, and how often it took each file in, by its hash."""

    there: Portal
    clock: Clock
    folder: Path
    taken: Counter[str]
    portal: httpx.AsyncBaseTransport

    def open_cases(self) -> Iterator[Case]:
        for case in [*self.there.catalogue.cases.values()]:
            if case.status == "waiting_seller":
                yield case

    def adapter(self, steps: Steps) -> BookwireAdapter:
        key = self.there.world.shops[0].identity.api_key
        wire = Wire(self.portal, steps)
        return BookwireAdapter(self.there.channel, lambda: key, transport=wire, clock=self.clock)

    async def live(self, road: str, case: Case, fatal: int) -> bool:
        """Let a desk do it and deliver it, until it dies; return whether it lives."""
        # What a dead machine loses is not the question here, and waiting for the disk is slow.
        database = StepwiseDatabase(self.there.desk.database.place, durable=False)
        database.steps = steps = Steps()
        desk = replace(self.there.desk, database=database)
        act = ROADS[road]
        prepared = act(replace(self.there, desk=desk), case, self.folder)
        steps.fatal = fatal
        try:
            prepared()
            self.clock.go(seconds=desk.settings.hold_seconds)
            async with self.adapter(steps) as adapter:
                await Outbox(database, self.clock, f"doomed {fatal}").deliver(
                    self.there.channel, adapter
                )
        except Dead:
            return False
        finally:
            steps.fatal = 0
            database.close()
        return True

    async def recover(self) -> None:
        """Let the sync of another process deliver what is left, minutes apart."""
        for _again in range(3):
            self.clock.go(minutes=5)
            async with self.adapter(Steps()) as adapter:
                outbox = Outbox(self.there.desk.database, self.clock, "another")
                await outbox.deliver(self.there.channel, adapter)
            if not self.there.desk.database.value(UNDER_WAY):
                return

    def done(self, road: str, case: Case) -> int:
        """Count how often the portal carried it out."""
        if road == "correct":
            return self.taken[sha256(content_of(case)).hexdigest()]
        words = sum(each.body == text_of(road, case) for each in case.messages)
        if road == "dispute" and words:
            [told] = [each for each in case.messages if each.body == text_of(road, case)]
            assert len(told.attachments) == 1
        return words


def text_of(road: str, case: Case) -> str:
    return f"{road}: {case.id}"


def content_of(case: Case) -> bytes:
    return f"PK {case.id}".encode()


def correct(there: Portal, case: Case, folder: Path) -> Callable[[], None]:
    ticket = there.ticket(case)
    path = epub(folder, content_of(case))
    file = correcting.chosen(there.desk, ticket, path)
    passed(there.desk, ticket, file)
    return lambda: correcting.send(there.desk, ticket, correcting.correct(there.desk, ticket, file))


def assign(there: Portal, case: Case, _folder: Path) -> Callable[[], None]:
    ticket, words = there.ticket(case), text_of("assign", case)
    return lambda: correcting.send(there.desk, ticket, correcting.assign(there.desk, ticket, words))


def dispute(there: Portal, case: Case, _folder: Path) -> Callable[[], None]:
    ticket, words = there.ticket(case), text_of("dispute", case)
    return lambda: correcting.send(
        there.desk, ticket, correcting.dispute(there.desk, ticket, words, b"{}")
    )


def note(there: Portal, case: Case, _folder: Path) -> Callable[[], None]:
    talk = conversation.load(there.desk, there.ticket(case).row.id)
    draft = Draft(text_of("note", case), Audience.OPERATOR)

    def send() -> None:
        replying.send(there.desk, talk, draft)

    return send


ROADS = {"correct": correct, "assign": assign, "dispute": dispute, "note": note}
REASONS = {"assign": "assigned_to_manager", "dispute": "disputed"}


@pytest.fixture
def quick(desk: Desk) -> Iterator[Desk]:
    """The desk on a connection that does not wait for the disk."""
    database = Database(desk.database.place, durable=False)
    yield replace(desk, database=database)
    database.close()


@pytest.fixture
async def scene(
    quick: Desk,
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Scene:
    taken: Counter[str] = Counter()
    take = Catalogue.take

    def counted(self: Catalogue, title: Title, file: File, **named: Any) -> File:
        taken[file.sha256] += 1
        return take(self, title, file, **named)

    monkeypatch.setattr(Catalogue, "take", counted)
    parameters = getattr(request.node, "callspec", None)
    there = portal(quick, clock, TICKETS.get(parameters.params["road"] if parameters else "", 90))
    await there.read_tickets()
    app = httpx.ASGITransport(create_app(there.world))
    return Scene(there, clock, tmp_path, taken, app)


@pytest.mark.parametrize("road", ROADS)
async def test_a_desk_that_dies_at_any_step_has_done_it_once_or_not_at_all(
    scene: Scene, road: str
) -> None:
    ends: list[tuple[int, str | None]] = []
    for step, case in enumerate(scene.open_cases(), 1):
        lives = await scene.live(road, case, step)
        await scene.recover()
        state = scene.there.desk.database.value(
            "SELECT operation.state FROM operation JOIN ticket ON ticket.id = ticket_id"
            " WHERE ticket.code = :code",
            {"code": case.id},
        )
        ends.append((scene.done(road, case), state))
        if lives:
            break
    assert lives, "more steps than tickets"
    sent_from = ends.index((1, "sent"))
    assert set(ends[:sent_from]) <= {(0, None)}
    assert set(ends[sent_from:]) == {(1, "sent")}
    assert 0 < sent_from < len(ends) - 10


async def test_two_syncs_at_once_carry_every_act_out_once(scene: Scene) -> None:
    """Each with a connection and a loop of its own, as two processes have."""
    cases = [*zip(scene.open_cases(), [*ROADS] * 10, strict=False)]
    for case, road in cases:
        ROADS[road](scene.there, case, scene.folder)()
    scene.clock.go(minutes=1)

    def sync(name: str) -> int:
        async def deliver() -> int:
            database = Database(scene.there.desk.database.place, durable=False)
            async with scene.adapter(Steps()) as adapter:
                outbox = Outbox(database, scene.clock, name)
                sent = await outbox.deliver(scene.there.channel, adapter)
            database.close()
            return sent

        return asyncio.run(deliver())

    with ThreadPoolExecutor(2) as pool:
        shares = await asyncio.to_thread(lambda: [*pool.map(sync, ("one", "two"))])
    assert sum(shares) == len(cases)
    assert [scene.done(road, case) for case, road in cases] == [1] * len(cases)
    kinds = {Kind(kind) for (kind,) in scene.there.desk.database.rows("SELECT kind FROM operation")}
    assert kinds == {Kind.CORRECT, Kind.ASSIGN, Kind.DISPUTE, Kind.REPLY}


@pytest.mark.parametrize("saved", ["salvage", "backup"])
async def test_written_reasons_and_words_on_the_defect_outlive_the_cache(
    desk: Desk, clock: Clock, tmp_path: Path, saved: str
) -> None:
    there = portal(desk, clock, 12)
    await there.read()
    first, second = [
        each for each in there.catalogue.cases.values() if each.status == "waiting_seller"
    ][:2]
    ticket = there.ticket(first)
    file = correcting.chosen(desk, ticket, epub(tmp_path))
    override = Override("O erro é do verificador.", '{"errors": 1}')
    correcting.send(desk, ticket, correcting.correct(desk, ticket, file), override)
    clock.go(minutes=1)
    assert await there.deliver() == 1
    correcting.choose_defect(desk, there.ticket(second), Defect.TOC, "nav antigo")
    desk.database.close()
    place = keep(desk.home.cache_file, tmp_path, saved)
    database = Database(place)
    again = replace(there, desk=replace(desk, database=database))
    [kept] = again.ticket(first).corrections
    assert (kept.override, kept.file, kept.state) == (override, file, OperationState.SENT)
    await again.read()
    row = again.ticket(second).row
    assert (row.defect, row.defect_note, row.defect_by) == (Defect.TOC, "nav antigo", "ana")
    clock.go(seconds=10)
    await again.read()
    assert again.ticket(first).row.stage is Stage.CLOSED, "the shops' word is still awaited"
    database.close()


def keep(cache: Path, folder: Path, saved: str) -> Path:
    """Return the cache as it is after a salvage, or as a backup holds it."""
    if saved == "salvage":
        salvage(cache, NOW)
        return cache
    backup.copy(cache, folder / "backup.db")
    return folder / "backup.db"
