"""Wait until a desk has come to rest."""

from contextlib import suppress
from typing import Any

from textual.pilot import Pilot
from textual.worker import WorkerCancelled


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until nothing is read, counted or checked any more."""
    while any(not worker.is_finished for worker in pilot.app.workers):
        # A later look at the words or the cache cancels an earlier one, which is no failure.
        with suppress(WorkerCancelled):
            await pilot.app.workers.wait_for_complete()
    await pilot.pause()
