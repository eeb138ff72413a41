"""The documents that a marketplace holds of an order: asked for when they are looked at, and saved.

Nothing of them is kept in the cache: they are other people's papers, and may be large.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from mkt_tui.adapters.base import HoldsDocuments
from mkt_tui.cache.audit import Act
from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.desk import asking, new_files
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotFound, UserError
from mkt_tui.domain.orders import OrderDocument
from mkt_tui.i18n import _

Value = TypeVar("Value")


def are_offered(desk: Desk, record: OrderRecord) -> bool:
    """Tell whether the order's channel hands out documents."""
    return asking.is_offered(desk, record, HoldsDocuments)


async def listed(desk: Desk, record: OrderRecord) -> tuple[OrderDocument, ...]:
    """Ask the marketplace for the order's documents.

    Raises:
        NotAllowed: The channel hands out none.
        ChannelError: Why they cannot be had now.
    """
    return await _asked(desk, record, lambda adapter: adapter.documents(record.number))


async def save(
    desk: Desk, record: OrderRecord, wanted: OrderDocument, folder: Path | None = None
) -> Path:
    """Fetch a document into a new private file and return its path; the audit log notes it.

    Args:
        folder: Where to; the agent's home folder when left out.

    Raises:
        NotAllowed: The folder takes no file, or the channel hands out none.
        ChannelError: Why it cannot be had.
    """
    content = await _asked(desk, record, lambda adapter: adapter.document(wanted.code))
    path = new_files.save(folder, record.number, wanted.name, content)
    channel = asking.channel_of(desk, record)
    act = Act("document.saved", channel.name, order_number=record.number, detail=wanted.code)
    try:
        desk.record(act)
    except UserError:
        path.unlink(missing_ok=True)
        raise
    return path


def chosen(found: tuple[OrderDocument, ...], code: str) -> OrderDocument:
    """Return the document of that code.

    Raises:
        NotFound: There is none.
    """
    for each in found:
        if each.code == code:
            return each
    codes = ", ".join(each.code for each in found) or "-"
    raise NotFound(
        kind=_("document"), name=code, remedy=_("The order has: {codes}.").format(codes=codes)
    )


async def _asked(
    desk: Desk, record: OrderRecord, ask: Callable[[HoldsDocuments], Awaitable[Value]]
) -> Value:
    refusal = _("{channel} hands out no documents from here")
    return await asking.asked(desk, record, HoldsDocuments, ask, refusal)
