"""How each test of the kit is run."""

from collections.abc import Callable, Coroutine
from typing import Any

from mkt_tui.adapters.testing.practice import Practice
from mkt_tui.adapters.testing.stage import Stage
from mkt_tui.adapters.testing.virtual_time import run


class Player:
    """Runs stories on practice marketplaces."""

    def practice(self, tickets: int) -> Practice:
        """Return a new marketplace that holds so many tickets, each of an order.

        It is called inside the running loop, so that `testing.clock()` is at hand.
        """
        raise NotImplementedError

    def play(self, tickets: int, story: Callable[[Stage], Coroutine[Any, Any, None]]) -> None:
        """Run `story` on a new marketplace, on a clock that jumps."""

        async def whole() -> None:
            with Stage(self.practice(tickets)) as stage:
                await story(stage)

        run(whole())
