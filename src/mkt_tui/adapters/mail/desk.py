"""Tickets out of a mailbox, and answers into it: what every adapter that speaks by mail shares."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Protocol

from mkt_tui.adapters.base import Page
from mkt_tui.adapters.mail.account import Account
from mkt_tui.adapters.mail.cursors import Cursor
from mkt_tui.adapters.mail.imap import RawMail, Session
from mkt_tui.adapters.mail.reading import Mail, attached_file, read_mail
from mkt_tui.adapters.mail.smtp import Post
from mkt_tui.adapters.mail.writing import answer_to, message_id, ticket_of, wire, without_re
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import Doubtful, NotAllowed
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import (
    AttachmentPlace,
    Audience,
    MessageSnapshot,
    Role,
    TicketSnapshot,
    owed_after,
)
from mkt_tui.i18n import N_, _

_PAGE: Final = 50
# How many mails of a thread are looked at, from the newest, for the one to answer.
_MOST_CANDIDATES: Final = 200
_LONGEST_CODE: Final = 200
_LONGEST_ID: Final = 250


class Sorting(Protocol):
    """How one marketplace's mails make tickets."""

    def ticket(self, mail: Mail) -> str | None:
        """Return the ticket a mail from outside belongs to, None when it is no ticket's."""
        ...

    def ticket_of_ours(self, mail: Mail) -> str | None:
        """Return the ticket that a mail from our own address belongs to, None for any other."""
        ...

    def order(self, mail: Mail) -> str | None:
        """Return the marketplace's order number in a mail, if there is one."""
        ...

    def search(self, ticket: str) -> Sequence[object]:
        """Return what every mail of a ticket fits, as IMAP searches (RFC 3501, 6.4.4)."""
        ...


@dataclass(frozen=True, slots=True)
class _Sorted:
    """A mail with its place among the tickets."""

    ticket: str
    mail: Mail
    author: Role
    at: datetime


class MailDesk:
    """One mail account as a source of tickets; `sorting` knows the marketplace's ways."""

    def __init__(
        self, channel: Channel, account: Account, password: Callable[[], str], sorting: Sorting
    ) -> None:
        self._channel = channel
        self._account = account
        self._password = password
        self._sorting = sorting
        self._post = Post(channel, account, password)

    async def check(self) -> None:
        """Log in to both servers and open the folders."""
        async with self._session() as session:
            for folder in self._folders:
                await session.open(folder)
        await self._post.check()

    async def news(self) -> None:
        """Return when the server tells of a new mail; if it cannot, right away and never again."""
        async with self._session() as session:
            await session.open(self._account.folder)
            if not await session.wait():
                raise NotAllowed(
                    what=N_("The mail server does not tell of new mails"),
                    remedy=N_("They are fetched from time to time."),
                )

    async def tickets(self, cursor: str | None) -> AsyncIterator[Page[TicketSnapshot]]:
        """Yield what came into the folders since, each mail once, as news on its ticket."""
        place = Cursor.from_text(cursor)
        async with self._session() as session:
            for name in self._folders:
                folder = await session.open(name)
                known = place.uid(name, folder.validity)
                uids = await session.after(known, None if known else self._earliest())
                for start in range(0, len(uids), _PAGE):
                    chosen = uids[start : start + _PAGE]
                    place = place.after(name, folder.validity, chosen[-1])
                    items = self._snapshots(await session.read(chosen))
                    yield Page(items, place.to_text(), complete=False)
                reached = max(known, folder.next_uid - 1, *uids[-1:])
                place = place.after(name, folder.validity, reached)
        yield Page((), place.to_text(), complete=True)

    async def reply(self, reply: Reply) -> Delivery:
        """Answer the newest mail of the ticket, in its thread."""
        if reply.audience is not Audience.CUSTOMER:
            raise NotAllowed(
                what=N_("A mail reaches the customer only"),
                remedy=N_("Choose the customer as recipient."),
            )
        mail = await self._answered(reply.ticket_code)
        try:
            message = answer_to(mail, reply, self._account)
        except ValueError as error:
            raise NotAllowed(
                what=N_("The address of the customer's mail cannot be written to"),
                remedy=N_("Answer in the marketplace's own portal."),
            ) from error
        await self._post.send(wire(message), mail.sender)
        return Delivery(message_id(reply, self._account))

    async def find_sent(self, reply: Reply) -> Delivery:
        """Look for the reply in the folder of sent mails, if the account has one.

        Raises:
            Doubtful: It is not there. That proves nothing, for not every server keeps a copy: a
                person must settle it.
        """
        number = message_id(reply, self._account)
        if self._account.sent_folder:
            async with self._session() as session:
                await session.open(self._account.sent_folder)
                if await session.search("HEADER", "Message-ID", f"<{number}>"):
                    return Delivery(number)
        raise Doubtful(
            channel=self._channel.name,
            detail=N_("mail cannot be read back: look at the marketplace and settle it yourself"),
        )

    async def attachment(self, place: AttachmentPlace) -> bytes:
        """Return a file of a mail that is still in one of the folders.

        Raises:
            NotAllowed: The mail with the file is in none of them.
        """
        async with self._session() as session:
            for name in self._folders:
                await session.open(name)
                # Unlike ours, the server's comparison takes what begins or ends otherwise.
                uids = await session.search("HEADER", "Message-ID", place.message)
                for raw in await session.read(uids[:_MOST_CANDIDATES]):
                    found = attached_file(raw.data, place.code)
                    if (
                        found is not None
                        and read_mail(raw.data).message_id[:_LONGEST_ID] == place.message
                    ):
                        return found
        raise NotAllowed(
            what=N_("The mail with the file is no longer in the mailbox"),
            remedy=N_("Move it back there, or look in the marketplace's own portal."),
        )

    @property
    def _folders(self) -> list[str]:
        names = [self._account.folder, self._account.sent_folder]
        return [each for each in names if each]

    def _session(self) -> Session:
        return Session(self._channel, self._account, self._password)

    def _earliest(self) -> date:
        return (datetime.now(UTC) - timedelta(days=self._account.days)).date()

    async def _answered(self, ticket: str) -> Mail:
        """Return the newest mail from outside on the ticket."""
        async with self._session() as session:
            await session.open(self._account.folder)
            found = await session.search(*self._sorting.search(ticket))
            for uid in found[: -_MOST_CANDIDATES - 1 : -1]:
                for placed in self._sorted(await session.read([uid])):
                    if placed.ticket == ticket and placed.author is Role.CUSTOMER:
                        return placed.mail
        raise NotAllowed(
            what=_("The mail to answer is no longer in the folder {name}").format(
                name=self._account.folder
            ),
            remedy=N_("Move it back there, or answer in the marketplace's own portal."),
        )

    def _snapshots(self, raw: Iterable[RawMail]) -> tuple[TicketSnapshot, ...]:
        tickets: dict[str, list[_Sorted]] = {}
        for each in self._sorted(raw):
            tickets.setdefault(each.ticket, []).append(each)
        return tuple(self._snapshot(code, placed) for code, placed in tickets.items())

    def _sorted(self, raw: Iterable[RawMail]) -> list[_Sorted]:
        found = []
        for each in raw:
            mail = read_mail(each.data)
            ours = mail.origin == self._account.address.lower()
            author = Role.SHOP if ours else Role.OPERATOR if mail.bounce else Role.CUSTOMER
            ticket = self._ticket(mail, ours=ours)
            if ticket is not None and not mail.automatic:
                found.append(_Sorted(ticket, mail, author, each.at))
        return found

    def _ticket(self, mail: Mail, *, ours: bool) -> str | None:
        """Return the ticket of a mail: that of a mail of ours it answers, or what it says itself."""
        own = (ticket_of(each) for each in (mail.message_id, *reversed(mail.references)))
        told = next((each for each in own if each), None)
        if told is None and not mail.bounce:
            told = self._sorting.ticket_of_ours(mail) if ours else self._sorting.ticket(mail)
        return told if told and len(told) <= _LONGEST_CODE else None

    def _snapshot(self, code: str, placed: list[_Sorted]) -> TicketSnapshot:
        messages = tuple(map(self._message, placed))
        wait = owed_after(None, messages)
        orders = (self._sorting.order(each.mail) for each in placed)
        names = (each.mail.name for each in placed if each.author is Role.CUSTOMER)
        return TicketSnapshot(
            code=code,
            order_number=next((each for each in orders if each), None),
            customer=next(names, None),
            subject=without_re(placed[0].mail.subject),
            waiting_since=wait.since if wait else None,
            waiting=wait.side if wait else None,
            created_at=placed[0].at,
            updated_at=placed[-1].at,
            participants=(Role.CUSTOMER,),
            messages=messages,
            news=True,
        )

    def _message(self, placed: _Sorted) -> MessageSnapshot:
        mail = placed.mail
        return MessageSnapshot(
            code=mail.message_id[:_LONGEST_ID],
            author=placed.author,
            author_name=mail.name,
            recipients=(Role.CUSTOMER,) if placed.author is Role.SHOP else (Role.SHOP,),
            body=mail.text,
            sent_at=placed.at,
            attachments=mail.attachments,
        )
