"""Mails to try adapters with, and a shop's account on the servers of a test."""

import json
from dataclasses import dataclass, field
from email.message import EmailMessage
from itertools import count

from mkt_tui.adapters.base import Page
from mkt_tui.adapters.mailbox import MailboxAdapter
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.tickets import TicketSnapshot
from tests.mailserver import PASSWORD, Mailbox, PostOffice

SHOP = "support@shop.example"
MARIA = "maria@buyers.example"
_numbers = count(1)


def mail(
    text: str = "Onde está meu pedido?",
    *,
    subject: str = "Pedido",
    sender: str = f"Maria Silva <{MARIA}>",
    number: str | None = None,
    **headers: str,
) -> EmailMessage:
    """Return a mail to the shop; `in_reply_to` and others become headers."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = SHOP
    message["Subject"] = subject
    message["Message-ID"] = f"<{number or f'm{next(_numbers)}@buyers.example'}>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


@dataclass
class Account:
    """A shop's mail account; `office` is where its mails go out."""

    box: Mailbox
    office: PostOffice
    options: dict[str, str] = field(default_factory=dict)
    password: str = PASSWORD

    def channel(self, **options: str) -> Channel:
        return Channel(
            id=1,
            name="ManoMano",
            adapter="mailbox",
            country="IT",
            base_url=f"imap://127.0.0.1:{self.box.server.port}",
            secret="env:MAIL",
            zone="Europe/Rome",
            enabled=True,
            options={
                "smtp": f"smtp://127.0.0.1:{self.office.port}",
                "mail_from": SHOP,
                "mail_user": self.box.user,
                "mail_name": "Casa Prado",
                **self.options,
                **options,
            },
        )

    def secret(self) -> str:
        return json.dumps({"mail_password": self.password})

    def adapter(self, **options: str) -> MailboxAdapter:
        return MailboxAdapter(self.channel(**options), self.secret)


async def read(
    adapter: MailboxAdapter, cursor: str | None = None
) -> tuple[list[TicketSnapshot], str]:
    pages: list[Page[TicketSnapshot]] = [page async for page in adapter.tickets(cursor)]
    return [item for page in pages for item in page.items], pages[-1].cursor
