"""A progress bar on standard error for what is read from marketplaces."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mkt_tui.i18n import N_, _
from mkt_tui.sync.pull import ORDERS, SALES, TICKETS, TITLES, Progress

if TYPE_CHECKING:
    from rich.progress import TaskID

_STREAMS = {
    TICKETS: N_("tickets"),
    ORDERS: N_("orders"),
    TITLES: N_("titles"),
    SALES: N_("sales"),
}


@contextmanager
def shown() -> Iterator[Callable[[Progress], None]]:
    """Show a bar per channel and stream while the block runs, if anybody is there to see it."""
    if not sys.stderr.isatty():
        yield _nobody_looks
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    with Bars(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    ) as bars:
        tasks: dict[tuple[int, str], TaskID] = {}

        def tell(progress: Progress) -> None:
            key = progress.channel.id, progress.stream
            if key not in tasks:
                title = f"{progress.channel.name}: {_(_STREAMS[progress.stream])}"
                tasks[key] = bars.add_task(title, total=None)
            # What no total is known of is full when it is complete.
            total = progress.done if progress.complete else progress.total
            bars.update(tasks[key], completed=progress.done, total=total)

        yield tell


def _nobody_looks(_progress: Progress) -> None:
    """Show nothing."""
