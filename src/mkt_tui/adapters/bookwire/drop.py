"""A publisher's portal without a bridge: tickets are imported, corrected files leave by SFTP.

What the shops do with a file only the portal knows: the ticket stays at the shops until the next
import says that it is closed. Source: the contract page, chapter 8.
"""

from collections.abc import Callable
from typing import ClassVar, Self

from mkt_tui.adapters.bookwire.acts import untold
from mkt_tui.adapters.bookwire.sftp import Drop
from mkt_tui.adapters.reasons import OF_ORDERS, TITLES_ONLY
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.operations import Delivery, Operation
from mkt_tui.domain.ticket_operations import CorrectTitle
from mkt_tui.i18n import N_


class DropAdapter:
    """One publisher's SFTP account; see `Drop` for its secret and options."""

    UNAVAILABLE: ClassVar = {
        **dict.fromkeys(OF_ORDERS, TITLES_ONLY),
        **dict.fromkeys(
            (
                *("tickets", "news", "reply", "files", "find_sent", "thread", "operator_thread"),
                *("close", "hand"),
            ),
            N_("SFTP takes files only; tickets are imported and answered in the portal"),
        ),
    }
    RESUMES: ClassVar[bool] = True
    progress: Callable[[int, int], None] = staticmethod(untold)

    def __init__(self, channel: Channel, secret: Callable[[], str]) -> None:
        self._drop = Drop(channel, channel.base_url, secret)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing stays open between two files."""

    async def check(self) -> None:
        """Log in and look at the folders."""
        await self._drop.check()

    async def correct_title(self, wanted: CorrectTitle) -> Delivery:
        """Deliver the corrected file; one that mends several tickets goes once.

        Raises:
            NotAllowed: There is none: words cannot be delivered here.
        """
        if wanted.along:
            return Delivery("")
        if wanted.file is None:
            raise NotAllowed(
                what=N_("This channel delivers files only"),
                remedy=N_("Tell the reason in the portal, or to the account manager."),
            )
        await self._drop.put(wanted.file, wanted.operation, self.progress)
        return Delivery("")

    async def find_done(self, wanted: Operation) -> Delivery | None:
        """Look whether the file is there."""
        if isinstance(wanted, CorrectTitle) and wanted.along:
            return Delivery("")
        if isinstance(wanted, CorrectTitle) and wanted.file is not None:
            found = await self._drop.has(wanted.file, wanted.operation)
            return Delivery("") if found else None
        raise NotAllowed(
            what=N_("This channel delivers files only"), remedy=N_("Look in the portal.")
        )
