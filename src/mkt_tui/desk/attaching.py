"""Files that go with a reply: what the channel takes is known before anything is sent."""

import os
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from mkt_tui.desk import policies
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.policy.rules import Policy
from mkt_tui.domain.text import clean_line
from mkt_tui.domain.ticket_operations import File
from mkt_tui.domain.tickets import Audience
from mkt_tui.i18n import _, why

_MEGABYTE: Final = 1_000_000
_LONGEST_NAME: Final = 120


def read(desk: Desk, talk: Conversation, to: Audience, files: Sequence[File], typed: str) -> File:
    """Return the file at a path, to go beside `files`.

    Raises:
        NotAllowed: It cannot be read, or the channel does not take it.
    """
    path = Path(typed.strip()).expanduser()
    limit = _limit(desk, talk, to)
    try:
        if not path.is_file():
            raise _refused(path.name, _("there is no such file"))
        # What is too large is not even read.
        _check_size(limit, files, path.name, path.stat().st_size)
        content = path.read_bytes()
    except OSError as error:
        raise _refused(path.name, why(error)) from error
    file = File(clean_line(path.name, _LONGEST_NAME), b64encode(content).decode())
    check(desk, talk, to, [*files, file])
    return file


def check(desk: Desk, talk: Conversation, to: Audience, files: Sequence[File]) -> None:
    """See whether the channel takes these files.

    Raises:
        NotAllowed: It does not; says which and why.
    """
    if not files:
        return
    limit = _limit(desk, talk, to)
    if len(files) > (limit.files or 0):
        raise _refused(
            files[-1].name, _("at most {count} files can be sent").format(count=limit.files)
        )
    for place, each in enumerate(files):
        ending = each.name.rpartition(".")[2].lower()
        if limit.extensions and ending not in limit.extensions:
            allowed = ", ".join(limit.extensions)
            raise _refused(each.name, _("only these are taken: {names}").format(names=allowed))
        if not each.size:
            raise _refused(each.name, _("it is empty"))
        _check_size(limit, files[:place], each.name, each.size)


def _limit(desk: Desk, talk: Conversation, to: Audience) -> Policy:
    """Return the rule that says how many files the channel takes; the shop's last word holds."""
    today = desk.clock().date()
    holding = [each for each in policies.in_force(desk) if each.holds(talk.channel, to, today)]
    for each in reversed(holding):
        if each.files:
            return each
    raise NotAllowed(
        what=_("No files can be sent to {channel} from here").format(channel=talk.channel.name),
        remedy=_("Send them in the marketplace's own portal."),
    )


def _check_size(limit: Policy, files: Sequence[File], name: str, more: int) -> None:
    most = None if limit.megabytes is None else limit.megabytes * _MEGABYTE
    if most is not None and sum(each.size for each in files) + more > most:
        from mkt_tui.desk.formats import size  # scripts that send no file start without it

        reason = _("all files together may have {size}").format(size=size(most))
        raise _refused(name, reason)


def _refused(name: str, reason: str) -> NotAllowed:
    return NotAllowed(
        what=_("{name} cannot be attached: {reason}").format(
            name=clean_line(name, _LONGEST_NAME) or "-", reason=reason
        ),
        remedy=_("Choose another file."),
    )


def completion(typed: str) -> str | None:
    """Return a path that begins with what is typed, the first in the order of names."""
    folder, begun = os.path.split(typed)
    try:
        with os.scandir(Path(folder or ".").expanduser()) as entries:
            found = sorted(
                each.name + ("/" if each.is_dir() else "")
                for each in entries
                if each.name.startswith(begun) and (begun or not each.name.startswith("."))
            )
    except OSError:
        return None
    return str(os.path.join(folder, found[0])) if found and found[0] != begun else None  # noqa: PTH118 - what is typed stays as it is typed
