"""Files that came with messages are fetched as the marketplace holds them (T25)."""

from email.message import EmailMessage

import pytest

from mkt_tui.adapters.base import HoldsAttachments, ListsTickets
from mkt_tui.domain.errors import NotAllowed, Refused
from mkt_tui.domain.tickets import AttachmentPlace
from tests.adapters.mails import Account, mail, read
from tests.adapters.practice import SandboxPractice
from tests.adapters.test_bridge_conforms import BridgePractice
from tests.adapters.test_magalu_conforms import MagaluPractice
from tests.adapters.test_mirakl_conforms import MiraklPractice


@pytest.mark.parametrize("kind", [MiraklPractice, MagaluPractice, BridgePractice])
async def test_every_file_of_a_thread_can_be_had(kind: type[SandboxPractice]) -> None:
    practice = kind(30)
    fetched = []
    async with practice.adapter(practice.transport) as adapter:
        assert isinstance(adapter, ListsTickets)
        assert isinstance(adapter, HoldsAttachments)
        async for page in adapter.tickets(None):
            for ticket in page.items:
                for message in ticket.messages:
                    for each in message.attachments:
                        place = AttachmentPlace(ticket.code, message.code, each.code)
                        content = await adapter.attachment(place)
                        assert len(content) == each.size
                        fetched.append(content)
        gone = AttachmentPlace(next(iter(practice.tickets())), "m-0", "../orders")
        with pytest.raises(Refused):
            await adapter.attachment(gone)
    assert fetched
    assert set(fetched) <= {each.content for each in practice.shop.attachments.values()}


async def test_a_file_of_a_mail_is_read_out_of_the_mailbox(account: Account) -> None:
    account.box.deliver(mail("outra"))
    account.box.deliver(with_picture())
    async with account.adapter() as adapter:
        tickets, _cursor = await read(adapter)
        ticket = next(each for each in tickets if each.messages[0].attachments)
        [message] = ticket.messages
        [picture] = message.attachments
        place = AttachmentPlace(ticket.code, message.code, picture.code)
        assert await adapter.attachment(place) == b"\x89PNG danificado"
        with pytest.raises(NotAllowed, match="no longer in the mailbox"):
            await adapter.attachment(place._replace(message="nobody@x"))
        with pytest.raises(NotAllowed, match="no longer in the mailbox"):
            await adapter.attachment(place._replace(code="7"))
    assert account.box.flags() == set(), "nothing is marked as read"


def with_picture() -> EmailMessage:
    made = mail("Chegou quebrado, veja a foto.", subject="Pedido M1")
    made.add_attachment(b"\x89PNG danificado", maintype="image", subtype="png", filename="foto.png")
    return made
