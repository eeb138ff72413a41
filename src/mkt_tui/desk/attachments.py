"""Files that came with a ticket's messages: asked for when somebody wants one, and saved (T25).

Nothing of them is kept in the cache: they are customers' pictures, and may be large.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from mkt_tui.adapters.base import HoldsAttachments
from mkt_tui.cache.audit import Act
from mkt_tui.cache.queries import QueueRow
from mkt_tui.cache.threads import ThreadMessage
from mkt_tui.desk import asking, new_files
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotFound, UserError
from mkt_tui.domain.tickets import AttachmentPlace
from mkt_tui.i18n import _


class Attached(NamedTuple):
    """A file of a thread; `size` in bytes, 0 where the marketplace does not tell."""

    message: ThreadMessage
    code: str
    name: str
    size: int


def of_thread(messages: Iterable[ThreadMessage]) -> list[Attached]:
    """Return the files of a thread that marketplaces told of, the newest message's first."""
    return [
        Attached(message, each["code"], each["name"], each["size"])
        for message in reversed(list(messages))
        for each in message.attachments
    ]


def chosen(found: list[Attached], code: str) -> Attached:
    """Return the file of that code.

    Raises:
        NotFound: There is none.
    """
    for each in found:
        if each.code == code:
            return each
    codes = ", ".join(each.code for each in found) or "-"
    remedy = _("The ticket has: {codes}.").format(codes=codes)
    raise NotFound(kind=_("file"), name=code, remedy=remedy)


async def save(desk: Desk, ticket: QueueRow, wanted: Attached, folder: Path | None = None) -> Path:
    """Fetch a file into a new private one and return its path; the audit log notes it.

    Args:
        folder: Where to; the agent's home folder when left out.

    Raises:
        NotAllowed: The folder takes no file, or the channel hands out none.
        ChannelError: Why it cannot be had.
    """
    refusal = _("{channel} hands out no attached files from here")
    place = AttachmentPlace(ticket.code, wanted.message.code, wanted.code)
    content = await asking.asked(
        desk, ticket, HoldsAttachments, lambda adapter: adapter.attachment(place), refusal
    )
    path = new_files.save(folder, ticket.code, wanted.name, content)
    channel = asking.channel_of(desk, ticket)
    try:
        desk.record(Act("attachment.saved", channel.name, ticket=ticket.code, detail=wanted.code))
    except UserError:
        path.unlink(missing_ok=True)
        raise
    return path
