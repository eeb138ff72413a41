"""A sync that is killed while a file is on its way.

    python -m tests.faults.uploader HOME SHARE

It delivers what is due, and kills itself with SIGKILL once more than SHARE percent have left.
"""

import asyncio
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from mkt_tui.cache import channels, uploads
from mkt_tui.cache.database import Database
from mkt_tui.config import Settings
from mkt_tui.desk.desk import utc_now
from mkt_tui.home import find_home
from mkt_tui.sync import outbox
from mkt_tui.sync.engine import Engine


def main(home: str, share: str) -> None:
    """Deliver, and die on the way."""
    outbox._TELL_EVERY = timedelta(0)  # type: ignore[misc]
    note = uploads.note

    def noted(
        database: Database, operation: str, worker: str, upload: tuple[int, int], *rest: object
    ) -> None:
        note(database, operation, worker, upload, *rest)  # type: ignore[arg-type]
        if upload[0] * 100 > upload[1] * int(share):
            os.kill(os.getpid(), signal.SIGKILL)

    uploads.note = noted  # type: ignore[assignment]
    database = Database(find_home(Path(home)).cache_file)
    for channel in channels.all_channels(database):
        asyncio.run(Engine(database, Settings(), utc_now).deliver_now(channel))


if __name__ == "__main__":
    main(*sys.argv[1:])
