"""The half of an adapter that speaks by mail, for channels whose API has no messages."""

from collections.abc import AsyncIterator

from mkt_tui.adapters.base import Page
from mkt_tui.adapters.mail.desk import MailDesk
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import AttachmentPlace, TicketSnapshot
from mkt_tui.i18n import N_


class SpeaksByMail:
    """Tickets and replies by mail; `_mail` is None where the channel has no mail account."""

    _mail: MailDesk | None = None

    async def tickets(self, cursor: str | None) -> AsyncIterator[Page[TicketSnapshot]]:
        """Yield the mails that came in, by thread; none where the channel has no mail account."""
        if not self._mail:
            yield Page((), cursor or "", complete=True)
            return
        async for page in self._mail.tickets(cursor):
            yield page

    async def news(self) -> None:
        """Return when a mail has come in."""
        await self._mails().news()

    async def reply(self, reply: Reply) -> Delivery:
        """Answer the newest mail of the thread."""
        return await self._mails().reply(reply)

    async def find_sent(self, reply: Reply) -> Delivery | None:
        """Look among the sent mails, where the account keeps them."""
        return await self._mails().find_sent(reply)

    async def attachment(self, place: AttachmentPlace) -> bytes:
        """Return a file that came with a mail."""
        return await self._mails().attachment(place)

    def _mails(self) -> MailDesk:
        if self._mail:
            return self._mail
        raise NotAllowed(
            what=N_("This channel has no mail account, and its API has no messages"),
            remedy=N_("Set its options imap, smtp and mail_from, or answer in the portal."),
        )
