"""The promises of an adapter, each a test; subclass `Conformance` to run them with pytest."""

import asyncio

from mkt_tui.adapters.base import Adapter, ListsOrders, ListsTickets, ReadsThread, least_every
from mkt_tui.adapters.testing.checks import hold
from mkt_tui.adapters.testing.reading import Reading
from mkt_tui.adapters.testing.replying import Replying
from mkt_tui.adapters.testing.stage import LISTS, Stage
from mkt_tui.domain.errors import AccessRefused

_BUSY = 40
# As impatient as the engine's shortest period.
_IMPATIENT = 30.0
_LOOKS = 4


async def _keep_reading(adapter: Adapter, name: str, recovers: float) -> None:
    clock = asyncio.get_running_loop().time
    every = max(least_every(adapter, name).total_seconds(), _IMPATIENT)
    cursor, until = None, clock() + max(_LOOKS * every, recovers)
    while clock() < until:
        begun = clock()
        async for page in getattr(adapter, name)(cursor):
            cursor = page.cursor
        await asyncio.sleep(max(every - (clock() - begun), 0.0))


class Conformance(Reading, Replying):
    """Everything an adapter promises; what it does not implement is skipped.

    A subclass says what marketplace it is tested against::

        class TestMine(Conformance):
            def practice(self, tickets: int) -> Practice:
                return MyPractice(tickets)
    """

    def test_its_check_is_one_harmless_request(self) -> None:
        """`check` passes where all is well, on a shop without a single ticket too."""

        async def story(stage: Stage) -> None:
            async with stage.adapter() as adapter:
                await adapter.check()

        self.play(0, story)
        self.play(1, story)

    def test_the_rates_are_kept(self) -> None:
        """Nothing comes faster than the marketplace allows, by the marketplace's own clock."""

        async def story(stage: Stage) -> None:
            async with stage.adapter() as adapter:
                codes = []
                if isinstance(adapter, ListsTickets):
                    codes = [
                        each.code async for page in adapter.tickets(None) for each in page.items
                    ]
                if isinstance(adapter, ListsOrders):
                    assert [page async for page in adapter.orders(None)]
                if isinstance(adapter, ReadsThread):
                    for code in codes * 2:
                        await adapter.thread(code)
            hold(stage.practice.too_fast == 0, "No request comes too fast.")

        self.play(_BUSY, story)

    def test_lists_are_asked_for_as_often_as_allowed(self) -> None:
        """Read on and on, side by side, as the engine does: every list as often as EVERY allows."""

        async def story(stage: Stage) -> None:
            async with stage.adapter() as adapter, asyncio.TaskGroup() as group:
                for name, way in LISTS.items():
                    if isinstance(adapter, way):
                        group.create_task(_keep_reading(adapter, name, stage.practice.recovers))
            hold(stage.practice.too_fast == 0, "No list is asked for too often.")

        self.play(2, story)

    def test_no_secret_is_told(self) -> None:
        """Keys stand in no log line and no error, whatever goes wrong (`Stage` listens)."""

        async def story(stage: Stage) -> None:
            tickets = await stage.all_tickets()
            for status in (401, 403, 404, 422, 500):
                stage.refuse(status, status)
                await stage.failure(lambda adapter: adapter.check())
                for ticket in list(tickets.values())[:1]:
                    for audience in ticket.audiences[:1]:
                        await stage.reply_fails(stage.reply(ticket.code, audience))

        self.play(2, story)

    def test_a_wrong_key_is_told(self) -> None:
        """401 and 403 name the key's place, so that its owner can mend it."""

        async def story(stage: Stage) -> None:
            for status in (401, 403):
                stage.refuse(read=status)
                error = await stage.failure(lambda adapter: adapter.check())
                hold(isinstance(error, AccessRefused), f"{status} is AccessRefused.")

        self.play(1, story)
