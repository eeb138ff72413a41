"""Files that wait for their delivery: copied into the home, so that they leave as they were chosen."""

import hashlib
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from mkt_tui.cache import complaints
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.text import clean_line
from mkt_tui.domain.ticket_operations import KeptFile
from mkt_tui.i18n import _, why

LARGEST: Final = 2_000_000_000
_LONGEST_NAME: Final = 120
_FRESH: Final = 3600.0


def keep(desk: Desk, typed: str, name: str | None = None) -> KeptFile:
    """Copy the file at a path into the home, private, under its hash; for a thread.

    Args:
        name: What it is called when it leaves, such as {ISBN}.epub; None = its own name.

    Raises:
        NotAllowed: It cannot be read, is empty, or larger than LARGEST bytes.
    """
    tidy(desk)
    path = Path(typed.strip()).expanduser()
    shown = clean_line(path.name, _LONGEST_NAME) or "-"
    try:
        if not path.is_file():
            raise _refused(shown, _("there is no such file"))
        size = path.stat().st_size
        if not 0 < size <= LARGEST:
            reason = _("it is empty") if not size else _("it is larger than 2 GB")
            raise _refused(shown, reason)
        kept, digest = _copied(desk.home.files, path, shared=desk.settings.group is not None)
    except OSError as error:
        raise _refused(shown, why(error)) from error
    return KeptFile(str(kept), name or shown, digest, kept.stat().st_size)


def tidy(desk: Desk) -> None:
    """Remove the files that nothing waits for any more; a fresh one may be about to be sent."""
    wanted = complaints.still_wanted(desk.database)
    with suppress(OSError):
        for each in desk.home.files.iterdir():
            if each.stem not in wanted and time.time() - each.stat().st_mtime > _FRESH:
                each.unlink(missing_ok=True)


def _copied(folder: Path, path: Path, *, shared: bool) -> tuple[Path, str]:
    # Where a group shares the home, the sync that delivers may be another user's.
    folder.mkdir(mode=0o770 if shared else 0o700, parents=True, exist_ok=True)
    # In the same folder, so that its new name is one step; others see it whole or not at all.
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as copy:
        with path.open("rb") as source:
            shutil.copyfileobj(source, copy, 1024 * 1024)
        copy.flush()
    made = Path(copy.name)
    with made.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    place = folder / f"{digest}{path.suffix.lower()[:10]}"
    made.chmod(0o660 if shared else 0o600)
    made.replace(place)
    return place, digest


def _refused(name: str, reason: str) -> NotAllowed:
    return NotAllowed(
        what=_("{name} cannot be sent: {reason}").format(name=name, reason=reason),
        remedy=_("Choose another file."),
    )
