"""Is the home sound: its permissions, its disk, the SQLite file in it?"""

import shutil
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from mkt_tui import privacy
from mkt_tui.cache import soundness
from mkt_tui.cache.salvage import Salvaged, salvage
from mkt_tui.desk.findings import Finding
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.home import Home, private_paths
from mkt_tui.i18n import _, why

ROOM_WANTED: Final = 200_000_000
LONGEST_LOG: Final = 64_000_000


def permissions(home: Home, group: str | None) -> Iterator[Finding]:
    """Find folders and files that other users of the machine could read."""
    gid = privacy.group_id(group) if group else None
    for path in private_paths(home):
        if bits := privacy.rights_of_others(path, gid):
            yield Finding(
                "permissions",
                _("{path} can be read by other users of this machine.").format(path=path),
                _("Take the rights away from them: mkt-tui doctor --fix"),
                partial(_close, path, bits),
            )
        if privacy.is_strangers(path, gid):
            yield Finding(
                "owner",
                _("{path} belongs to another user.").format(path=path),
                _("Let root give it to you, or share the home with a group (settings: group)."),
            )


def room(home: Home) -> Iterator[Finding]:
    """Find a disk that is nearly full."""
    free = shutil.disk_usage(home.data).free
    if free < ROOM_WANTED:
        yield Finding(
            "disk",
            _("The disk of {path} has {size} MB left.").format(
                path=home.data, size=free // 1_000_000
            ),
            _("Free some space before replies can no longer be saved."),
        )


def cache_file(path: Path, now: datetime) -> Iterator[Finding]:
    """Find damage of the SQLite cache; a cache that does not exist yet is none."""
    try:
        found = soundness.examine(path)
    except FileNotFoundError:
        return
    except OSError as error:
        yield Finding(
            "cache",
            _("The cache {path} cannot be opened ({detail}).").format(path=path, detail=why(error)),
            _("Check who owns it."),
        )
        return
    if found.damage:
        yield _damage(path, found.damage, now)
        return
    if found.orphans:
        yield Finding(
            "references",
            _("Rows of the cache that refer to rows that are not there: {count}.").format(
                count=found.orphans
            ),
            _("Make a backup and report it: this is a bug of mkt-tui."),
        )
    if found.log_bytes > LONGEST_LOG:
        yield _long_log(path, found.log_bytes)


def _damage(path: Path, detail: str, now: datetime) -> Finding:
    return Finding(
        "damage",
        _("The cache file {path} is damaged ({detail}).").format(path=path, detail=detail),
        _("Set it aside and save what can be read: mkt-tui doctor --fix"),
        partial(_salvage, path, now),
    )


def _long_log(path: Path, size: int) -> Finding:
    def shorten() -> str:
        if soundness.shorten_log(path):
            return _("It was written into the cache.")
        return _("Somebody is still reading from it; it will shrink when they end.")

    return Finding(
        "log",
        _("The write-ahead log of the cache has grown to {size} MB.").format(
            size=size // 1_000_000
        ),
        _("Write it into the cache: mkt-tui doctor --fix"),
        shorten,
    )


def _close(path: Path, bits: int) -> str:
    try:
        path.chmod(path.stat().st_mode & 0o7777 & ~bits)
    except OSError as error:
        raise NotAllowed(
            what=_("The rights of {path} cannot be changed ({detail})").format(
                path=path, detail=why(error)
            ),
            remedy=_("Ask its owner."),
        ) from error
    return _("They cannot read it any more.")


def _salvage(path: Path, now: datetime) -> str:
    if others := soundness.users(path):
        raise NotAllowed(
            what=_("The damaged cache is in use by the processes {pids}").format(
                pids=", ".join(map(str, others))
            ),
            remedy=_("End them first: desks, and the sync service."),
        )
    try:
        return _told(salvage(path, now))
    except OSError as error:
        raise NotAllowed(
            what=_("The damaged cache {path} cannot be set aside ({detail})").format(
                path=path, detail=why(error)
            ),
            remedy=_("Nothing was lost; look at the disk and the rights of its folder."),
        ) from error


def _told(saved: Salvaged) -> str:
    return _(
        "It is kept as {path}. Saved: channels {channels}, drafts {drafts}, replies {replies}, "
        "rows of the audit log {acts}. Tickets and orders are fetched anew."
    ).format(
        path=saved.aside,
        channels=saved.rows.get("channel", 0),
        drafts=saved.rows.get("draft", 0),
        replies=saved.rows.get("operation", 0),
        acts=saved.rows.get("audit", 0),
    )
