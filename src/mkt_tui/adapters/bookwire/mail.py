"""A publisher's portal that speaks by mail: tickets are mails that name an ISBN.

The contract page, chapter 8: read tickets from e-mail where there is no bridge. Corrected files leave by
SFTP, where the channel names a server for them; answers are mails.
"""

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import ClassVar, Final

from mkt_tui.adapters.base import Page
from mkt_tui.adapters.bookwire.acts import untold
from mkt_tui.adapters.bookwire.sftp import Drop
from mkt_tui.adapters.mail.account import PASSWORD
from mkt_tui.adapters.mailbox.adapter import MailboxAdapter
from mkt_tui.adapters.reasons import ANSWERS_ONLY, OF_ORDERS, SET_ASIDE, TITLES_ONLY
from mkt_tui.adapters.secrets import Secrets
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.operations import Delivery, Operation
from mkt_tui.domain.publishing import Complaint, Source, Stage, defect_of, isbn13
from mkt_tui.domain.ticket_operations import CorrectTitle
from mkt_tui.domain.tickets import TicketSnapshot
from mkt_tui.domain.words import fold
from mkt_tui.i18n import N_

SFTP_SECRET: Final = "sftp_secret"  # noqa: S105 - the name of the secret
_ISBN: Final = re.compile(r"97[89](?:[ \u00a0-\u2015-]?[0-9]){10}|97[89][0-9 -]{10,14}[0-9]")
_MOST_WORDS: Final = 20_000


class TitleMailAdapter(MailboxAdapter):
    """One mail account, and an SFTP account for files where the channel names one.

    Options beside those of `mailbox`: `title_shops` (names of shops, with commas: the one that a mail names is the ticket's), `sftp`
    (sftp://host, for corrected files) with the options of `Drop`. Without `sftp`, any text
    will do for its secret.
    """

    SECRETS: ClassVar[tuple[str, ...]] = (PASSWORD, SFTP_SECRET)
    UNAVAILABLE: ClassVar = {
        **dict.fromkeys(("thread", "operator_thread", "hand"), ANSWERS_ONLY),
        "close": SET_ASIDE,
        **dict.fromkeys(OF_ORDERS, TITLES_ONLY),
    }
    RESUMES: ClassVar[bool] = True
    progress: Callable[[int, int], None] = staticmethod(untold)

    def __init__(self, channel: Channel, secret: Callable[[], str]) -> None:
        super().__init__(channel, secret)
        secrets, server = Secrets(channel, secret), channel.options.get("sftp")
        self._drop = Drop(channel, server, lambda: secrets(SFTP_SECRET)) if server else None
        told = channel.options.get("title_shops", "").split(",")
        self._shops = tuple(each.strip() for each in told if each.strip())

    async def check(self) -> None:
        """Log in to every server."""
        await super().check()
        if self._drop:
            await self._drop.check()

    async def tickets(self, cursor: str | None) -> AsyncIterator[Page[TicketSnapshot]]:
        """Yield the mails that came in; one that names an ISBN is about a title."""
        async for page in super().tickets(cursor):
            yield replace(page, items=tuple(map(self._about, page.items)))

    async def correct_title(self, wanted: CorrectTitle) -> Delivery:
        """Deliver the corrected file by SFTP.

        Raises:
            NotAllowed: There is no file, or no server for it.
        """
        if wanted.along:
            return Delivery("")
        if self._drop is None or wanted.file is None:
            raise NotAllowed(
                what=N_(
                    "Only a file can be delivered, and only where the channel has a server for it"
                ),
                remedy=N_("Answer the mail instead, or set the option sftp."),
            )
        await self._drop.put(wanted.file, wanted.operation, self.progress)
        return Delivery("")

    async def find_done(self, wanted: Operation) -> Delivery | None:
        """Look whether the file is at the server."""
        if isinstance(wanted, CorrectTitle) and wanted.along:
            return Delivery("")
        if self._drop and isinstance(wanted, CorrectTitle) and wanted.file:
            found = await self._drop.has(wanted.file, wanted.operation)
            return Delivery("") if found else None
        raise NotAllowed(
            what=N_("This channel cannot tell whether it was carried out"),
            remedy=N_("Look in the marketplace's own portal."),
        )

    def _about(self, ticket: TicketSnapshot) -> TicketSnapshot:
        """Return the ticket with the title that its mails name."""
        words = " ".join((ticket.subject, *(each.body for each in ticket.messages)))[:_MOST_WORDS]
        isbn = next((found for each in _ISBN.findall(words) if (found := isbn13(each))), None)
        if isbn is None:
            return ticket
        folded = fold(words)
        shop = next((each for each in self._shops if fold(each) in folded), ticket.customer or "")
        stage = Stage.OPEN if ticket.waiting_since else Stage.MANAGER
        defect = defect_of("", ticket.subject, words)
        return replace(ticket, complaint=Complaint(isbn, shop, defect, stage, Source.SHOP))
