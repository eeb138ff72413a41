"""Any marketplace that speaks to its sellers by mail only (ManoMano: facts.md has no messages)."""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Self

from mkt_tui.adapters.base import Page
from mkt_tui.adapters.mail.account import PASSWORD, account_of
from mkt_tui.adapters.mail.desk import MailDesk
from mkt_tui.adapters.mail.reading import Mail
from mkt_tui.adapters.secrets import Secrets
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import SettingsWrong
from mkt_tui.domain.operations import Delivery, Reply
from mkt_tui.domain.tickets import TicketSnapshot
from mkt_tui.i18n import N_, _

# A search finds a mail by a part of its number, so that a longer one needs not be kept whole.
_LONGEST_CODE: Final = 150


@dataclass(frozen=True, slots=True)
class _ByThread:
    """One ticket per thread of mails: its code is the number of the thread's first mail.

    Attributes:
        senders: Whose mails are tickets, as domains such as manomano.com; empty = everybody's.
        order_pattern: What an order number looks like; None = the mails tell none.
    """

    senders: tuple[str, ...]
    order_pattern: re.Pattern[str] | None

    def ticket(self, mail: Mail) -> str | None:
        """Return the thread of a mail, None when its sender does not count."""
        return _thread(mail) if self._counts(mail.sender) else None

    def ticket_of_ours(self, mail: Mail) -> str | None:
        """Return the thread of a mail of ours; one that answers nothing belongs to none."""
        wanted = mail.references and any(map(self._counts, mail.recipients))
        return _thread(mail) if wanted else None

    def order(self, mail: Mail) -> str | None:
        """Return the first thing in a mail that looks like an order number."""
        if self.order_pattern is None:
            return None
        found = self.order_pattern.search(f"{mail.subject}\n{mail.whole[:20_000]}")
        return found[0][:100] if found else None

    def search(self, ticket: str) -> Sequence[object]:
        """Return the mails that are the thread's first or refer to it."""
        return ("OR", "HEADER", "Message-ID", ticket, "HEADER", "References", ticket)

    def _counts(self, address: str) -> bool:
        domain = address.rpartition("@")[2]
        return bool(domain) and (
            not self.senders
            or any(domain == each or domain.endswith(f".{each}") for each in self.senders)
        )


class MailboxAdapter:
    """One mail account; the channel's address is its IMAP server's, imaps://host.

    Options of the channel: those of `adapters.mail.account`, `mail_senders` (the domains whose
    mails are tickets, with commas) and `order_pattern` (a regular expression).
    """

    SECRETS: ClassVar = (PASSWORD,)

    SENDS_FILES: ClassVar[bool] = True

    def __init__(self, channel: Channel, secret: Callable[[], str]) -> None:
        secrets = Secrets(channel, secret)
        sorting = _ByThread(_senders(channel), _pattern(channel))
        account = account_of(channel, channel.base_url)
        self._mail = MailDesk(channel, account, lambda: secrets(PASSWORD), sorting)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def check(self) -> None:
        """Log in to both servers."""
        await self._mail.check()

    async def news(self) -> None:
        """Return when a mail has come in."""
        await self._mail.news()

    def tickets(self, cursor: str | None) -> AsyncIterator[Page[TicketSnapshot]]:
        """Yield the mails that came in, by thread."""
        return self._mail.tickets(cursor)

    async def reply(self, reply: Reply) -> Delivery:
        """Answer the newest mail of the thread."""
        return await self._mail.reply(reply)

    async def find_sent(self, reply: Reply) -> Delivery | None:
        """Look among the sent mails, where the account keeps them."""
        return await self._mail.find_sent(reply)


def _thread(mail: Mail) -> str:
    first = mail.references[0] if mail.references else mail.message_id
    return first[:_LONGEST_CODE]


def _senders(channel: Channel) -> tuple[str, ...]:
    told = channel.options.get("mail_senders", "").lower().split(",")
    return tuple(each.strip().lstrip("@") for each in told if each.strip())


def _pattern(channel: Channel) -> re.Pattern[str] | None:
    text = channel.options.get("order_pattern")
    try:
        return re.compile(text) if text else None
    except re.error as error:
        raise SettingsWrong(
            what=_("The option {name} of channel {channel} lacks or cannot be used").format(
                name="order_pattern", channel=channel.name
            ),
            remedy=N_("It must be a regular expression."),
        ) from error
