"""Any marketplace that speaks to its sellers by mail only (ManoMano: facts.md has no messages)."""

from collections.abc import Callable
from typing import ClassVar, Self

from mkt_tui.adapters.mail.account import PASSWORD, account_of
from mkt_tui.adapters.mail.desk import MailDesk
from mkt_tui.adapters.mail.half import SpeaksByMail
from mkt_tui.adapters.mail.threads import by_thread
from mkt_tui.adapters.reasons import ANSWERS_ONLY, OF_ORDERS, SET_ASIDE
from mkt_tui.adapters.secrets import Secrets
from mkt_tui.domain.channels import Channel
from mkt_tui.i18n import N_


class MailboxAdapter(SpeaksByMail):
    """One mail account; the channel's address is its IMAP server's, imaps://host.

    Options of the channel: those of `adapters.mail.account`, `mail_senders` (the domains whose
    mails are tickets, with commas) and `order_pattern` (a regular expression).
    """

    SECRETS: ClassVar[tuple[str, ...]] = (PASSWORD,)

    SENDS_FILES: ClassVar[bool] = True
    UNAVAILABLE: ClassVar = {
        each: N_("mails know no orders; they are read by an API or kept in the portal")
        for each in OF_ORDERS
    } | {
        **dict.fromkeys(("thread", "operator_thread", "hand"), ANSWERS_ONLY),
        "close": SET_ASIDE,
        "find_done": N_("nothing but mails is sent"),
    }

    def __init__(self, channel: Channel, secret: Callable[[], str]) -> None:
        secrets = Secrets(channel, secret)
        account = account_of(channel, channel.base_url)
        self._mail = MailDesk(channel, account, lambda: secrets(PASSWORD), by_thread(channel))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def check(self) -> None:
        """Log in to both servers."""
        await self._mails().check()
