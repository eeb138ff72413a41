"""The sync engine of an open desk: a child process, for a stalled link stops the desk's own loop.

It runs only while no service holds the channels, and ends with the desk however the desk ends:
its standard input is a pipe that closes with us.
"""

import asyncio
import contextlib
import os
import sys
from typing import Final

from mkt_tui.cache.database import Database
from mkt_tui.cache.places import environment_for
from mkt_tui.config import Home
from mkt_tui.desk.desk import utc_now
from mkt_tui.sync.lease import covered

_LOOK_EVERY: Final = 30.0
_ENDS_WITHIN: Final = 5.0


class BackgroundSync:
    """Keeps the cache fed while the desk is open."""

    def __init__(self, home: Home, database: Database) -> None:
        self._home = home
        self._database = database

    async def keep_running(self) -> None:
        """Start the child whenever nobody else reads the channels, until cancelled."""
        while True:
            if not await asyncio.to_thread(covered, self._database, utc_now()):
                await self._run_child()
            await asyncio.sleep(_LOOK_EVERY)

    async def _run_child(self) -> None:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "mkt_tui",
            *self._home_arguments(),
            "sync",
            "--service",
            "--while-open",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            # Not among the arguments, which other users see: it may hold a password.
            env=environment_for(self._database.place, os.environ),
            start_new_session=True,
        )
        try:
            await child.wait()
        finally:
            if child.stdin:
                child.stdin.close()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(child.wait(), _ENDS_WITHIN)
            if child.returncode is None:
                child.terminate()

    def _home_arguments(self) -> list[str]:
        same = self._home.settings == self._home.data
        return ["--home", str(self._home.data)] if same else []
