"""Mails as tickets by their threads, for marketplaces that say nothing of their own in a mail."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mkt_tui.adapters.mail.reading import Mail
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import SettingsWrong
from mkt_tui.i18n import N_, _

# A search finds a mail by a part of its number, so that a longer one needs not be kept whole.
_LONGEST_CODE: Final = 150


@dataclass(frozen=True, slots=True)
class ByThread:
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


def by_thread(channel: Channel) -> ByThread:
    """Return how the options `mail_senders` and `order_pattern` of a channel sort its mails.

    Raises:
        SettingsWrong: The pattern is no regular expression.
    """
    return ByThread(_senders(channel), _pattern(channel))


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
