"""Amazon whole: orders by the Selling Partner API, buyers by real mail servers (Dovecot, SMTP)."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from mkt_tui.adapters.amazon import AmazonAdapter
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import Audience, Role
from mkt_tui.sandbox.amazon.grants import Grants
from tests.adapters.amazon import AmazonPractice
from tests.adapters.mails import SHOP, Account, mail
from tests.mailserver import PASSWORD

BUYER = "Maria <kq8x1example@marketplace.amazon.com.br>"


def whole(practice: AmazonPractice, account: Account) -> AmazonAdapter:
    """The adapter of an account that has both: the API's address and the mail servers'."""
    plain: Channel = practice.channel
    options = {
        **plain.options,
        "imap": f"imap://127.0.0.1:{account.box.server.port}",
        "smtp": f"smtp://127.0.0.1:{account.office.port}",
        "mail_from": SHOP,
        "mail_user": account.box.user,
    }
    secrets = json.dumps({**Grants.secrets(practice.shop), "mail_password": PASSWORD})
    return AmazonAdapter(
        replace(plain, options=options), lambda: secrets, transport=practice.transport
    )


def order_of(practice: AmazonPractice) -> str:
    return sorted(practice.orders())[0]


async def test_a_buyers_mail_is_a_ticket_of_its_order_and_is_answered_in_its_thread(
    account: Account,
) -> None:
    practice = AmazonPractice(3)
    order = order_of(practice)
    text = f"Onde está meu pedido?\n\n> Em 3 de março, a loja escreveu:\n> Pedido {order}"
    account.box.deliver(
        mail(text, sender=BUYER, subject=f"Pergunta sobre o pedido {order}", number="b1@amazon")
    )
    account.box.deliver(mail("Compre agora!", sender="promo@spam.example"))
    async with whole(practice, account) as adapter:
        await adapter.check()
        [page] = [page async for page in adapter.tickets(None) if page.items]
        [ticket] = page.items
        assert (ticket.code, ticket.order_number) == (order, order)
        assert ticket.waiting is Role.CUSTOMER
        assert ticket.messages[-1].body == "Onde está meu pedido?"
        assert await adapter.order(order) is not None
        answer = Reply(
            "0b6a5f0e-7d3c-4b52-9e7a-222222222222", order, "Chega amanhã!", Audience.CUSTOMER,
            datetime.now(UTC),
        )  # fmt: skip
        await adapter.reply(answer)
    [sent] = account.office.mails
    assert "kq8x1example@marketplace.amazon.com.br" in str(sent["To"])
    assert sent["In-Reply-To"] == "<b1@amazon>"
    assert "Chega amanhã!" in sent.get_content()
