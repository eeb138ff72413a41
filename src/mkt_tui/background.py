"""The sync engine of an open desk: a child process, for a stalled link stops the desk's own loop.

It runs only while no service holds the channels, and ends with the desk however the desk ends:
its standard input is a pipe that closes with us.
"""

import asyncio
import os
import subprocess
import sys
from contextlib import suppress
from typing import Final

from mkt_tui.cache import marking, waking
from mkt_tui.cache.database import Database
from mkt_tui.cache.places import environment_for
from mkt_tui.desk.desk import utc_now
from mkt_tui.domain.errors import CacheProblem
from mkt_tui.home import Home
from mkt_tui.sync.lease import covered

_LOOK_EVERY: Final = 30.0
_POLL_EVERY: Final = 1.0
_ENDS_WITHIN: Final = 3.0
_VERB: Final = ("sync", "--service", "--while-open")


class BackgroundSync:
    """Keeps the cache fed while the desk is open."""

    def __init__(self, home: Home, database: Database) -> None:
        self._home = home
        self._database = database

    async def keep_running(self) -> None:
        """Start the child whenever nobody else reads the channels, until cancelled."""
        while True:
            # Without its cache there is nothing to feed, and a child would make a new one.
            with suppress(CacheProblem):
                if not await asyncio.to_thread(self._covered):
                    await self._run_child()
            await asyncio.sleep(_LOOK_EVERY)

    def _covered(self) -> bool:
        """Tell whether an engine is at work; what was put off comes back where none is, too."""
        now = utc_now()
        waking.in_time(self._database, now)
        marking.remind(self._database, now)
        return covered(self._database, now)

    async def _run_child(self) -> None:
        # Not asyncio's own child: its watcher outlives the loop and complains on the terminal.
        with subprocess.Popen(  # noqa: S603, ASYNC220 - this very program; a few milliseconds once
            [sys.executable, "-m", "mkt_tui", *self._home_arguments(), *_VERB],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Not among the arguments, which other users see: it may hold a password.
            env=environment_for(self._database.place, os.environ),
            start_new_session=True,
        ) as child:
            try:
                while child.poll() is None:  # noqa: ASYNC110 - a process sets no event
                    await asyncio.sleep(_POLL_EVERY)
            finally:
                _let_go(child)

    def _home_arguments(self) -> list[str]:
        same = self._home.settings == self._home.data
        return ["--home", str(self._home.data)] if same else []


def _let_go(child: subprocess.Popen[bytes]) -> None:
    """Close the pipe, at which the child ends by itself; do not wait long for it."""
    if child.stdin:
        child.stdin.close()
    try:
        child.wait(_ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        child.terminate()
