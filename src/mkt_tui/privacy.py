"""Who else could read a file: settings, cache and logs belong to their owner or to one group."""

import grp
import os
import stat
from pathlib import Path

from mkt_tui.domain.errors import NotPrivate, SettingsWrong
from mkt_tui.i18n import _


def group_id(name: str) -> int:
    """Return the number of a Unix group.

    Raises:
        SettingsWrong: There is none of that name.
    """
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError as error:
        raise SettingsWrong(
            what=_("The group {name} of the settings does not exist").format(name=name),
            remedy=_("Create it or correct the setting."),
        ) from error


def rights_of_others(path: Path, gid: int | None) -> int:
    """Return the rights (bits of the mode) that others have and must not have.

    Args:
        gid: The group that may read it too; None = the owner only.
    """
    status = path.stat()
    shared = gid is not None and status.st_gid == gid
    return status.st_mode & (stat.S_IRWXO if shared else stat.S_IRWXO | stat.S_IRWXG)


def is_strangers(path: Path, gid: int | None) -> bool:
    """Tell whether it belongs to another user, who could open it to others at any time."""
    return gid is None and path.stat().st_uid not in (os.getuid(), 0)


def check(path: Path, gid: int | None) -> None:
    """See that nobody else can read the file or folder.

    Raises:
        NotPrivate: Somebody can.
    """
    shared = gid is not None and path.stat().st_gid == gid
    if rights_of_others(path, gid) or is_strangers(path, gid):
        raise NotPrivate(path=path, mode="o-rwx" if shared else "go-rwx")
