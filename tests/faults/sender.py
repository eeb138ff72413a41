"""An agent's reply on its way to a rude marketplace, and the judgement of what became of it."""

from functools import partialmethod
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest

from mkt_tui.adapters import registry
from mkt_tui.adapters.base import Adapter
from mkt_tui.adapters.mirakl import MiraklAdapter
from mkt_tui.cache import operations
from mkt_tui.cache.database import Database
from mkt_tui.cache.drafts import Draft
from mkt_tui.cache.operations import Outcome
from mkt_tui.config import Settings
from mkt_tui.desk import conversation, replying
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.operation_kinds import OperationState
from mkt_tui.domain.tickets import Audience
from mkt_tui.home import Home
from mkt_tui.sync.engine import Engine
from tests.conftest import Clock
from tests.faults.rude_shop import RudeShop, report

ROUNDS = 7
REPAIRED_AFTER = 3


def impatient(
    faults: str, monkeypatch: pytest.MonkeyPatch, adapter: type[Adapter] = MiraklAdapter
) -> None:
    """Let the adapter give up early, where the marketplace is going to stall."""
    timeout = httpx.Timeout(0.5 if "stall" in faults else 30.0)
    start = partialmethod(adapter.__init__, timeout=timeout)
    kind = type("Impatient", (adapter,), {"__init__": start})
    monkeypatch.setattr(registry, "load", lambda _name: kind)


class Sender:
    """An agent who answers one ticket, and the engine that delivers."""

    def __init__(self, database: Database, home: Home, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        settings = Settings(zone=ZoneInfo("America/Sao_Paulo"))
        self.desk = Desk(self.database, settings, home, "ana", clock)
        (self.channel,) = self.desk.channels().values()
        self.text = f"Olá! Chega amanhã. {uuid4()}"
        self.ticket_id, self.code = self.database.rows(
            "SELECT id, code FROM ticket WHERE state = 0 AND participants LIKE '%customer%'"
            " ORDER BY code LIMIT 1"
        )[0]
        loaded = conversation.load(self.desk, self.ticket_id)
        draft = Draft(self.text, Audience.CUSTOMER, loaded.newest)
        self.operation = replying.send(self.desk, loaded, draft)
        self.states: list[str] = []

    @property
    def outcome(self) -> Outcome:
        found = operations.outcome(self.database, self.operation)
        assert found is not None
        return found

    async def deliver(self) -> None:
        """Let some time pass, deliver what is due, note where that leads."""
        self.clock.go(minutes=7)
        engine = Engine(self.database, self.desk.settings, self.clock)
        await engine.deliver_now(self.channel)
        if not self.states or self.states[-1] != self.outcome.state:
            self.states.append(self.outcome.state)

    async def deliver_through(self, shop: RudeShop, faults: tuple[str, ...]) -> None:
        """Deliver under these faults, and after some rounds without them."""
        shop.be(*faults)
        for number in range(ROUNDS):
            if number == REPAIRED_AFTER:
                shop.be()
            await self.deliver()
        shop.be()

    async def copies_in_view(self) -> int:
        """Read the marketplace again and count what the agent sees of the reply."""
        await Engine(self.database, self.desk.settings, self.clock).once()
        found = self.database.value(
            "SELECT COUNT(*) FROM message WHERE ticket_id = :id AND body = :text",
            {"id": self.ticket_id, "text": self.text},
        )
        return int(found)


async def judge(sender: Sender, shop: RudeShop, faults: tuple[str, ...], *, refused: bool) -> None:
    """See that the reply is at the marketplace once, or not at all after a definite no."""
    await sender.deliver_through(shop, faults)
    wanted = 0 if refused else 1
    assert shop.copies(sender.code, sender.text) == wanted, sender.states
    assert sender.outcome.state is (OperationState.FAILED if refused else OperationState.SENT)
    assert await sender.copies_in_view() == wanted
    final = "refused, none at the marketplace" if refused else "sent, one at the marketplace"
    report("reply", ", ".join(faults), " > ".join(sender.states), final)
