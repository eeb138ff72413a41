"""Backing the cache up."""

from pathlib import Path

from mkt_tui.cache import backup as copies
from mkt_tui.cache.audit import Act
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.i18n import _, why


def backup(desk: Desk, target: Path) -> int:
    """Copy the cache to a new file and return its size in bytes; the audit log tells it.

    Raises:
        NotAllowed: The cache is not a file, or the copy cannot be written there.
        CacheProblem: The cache cannot be read or is damaged.
    """
    source = desk.database.place
    if not isinstance(source, Path):
        raise NotAllowed(
            what=_("This cache is a PostgreSQL database"),
            remedy=_("Back it up with PostgreSQL's own program: pg_dump --format=custom"),
        )
    try:
        size = copies.copy(source, target)
    except FileExistsError as error:
        raise NotAllowed(
            what=_("There is a file {path} already").format(path=target),
            remedy=_("Name another one; nothing is ever overwritten."),
        ) from error
    except OSError as error:
        raise NotAllowed(
            what=_("The backup {path} cannot be written ({detail})").format(
                path=target, detail=why(error)
            ),
            remedy=_("Choose another place."),
        ) from error
    desk.record(Act("cache.backup", detail=f"file={target.name} bytes={size}"))
    return size
