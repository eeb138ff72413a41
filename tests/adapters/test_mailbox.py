"""Buyers' mails on real servers: read from Dovecot, answered by SMTP."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from mkt_tui.adapters import testing
from mkt_tui.adapters.base import FindsSent, HearsNews, ListsTickets, Replies
from mkt_tui.adapters.mailbox import MailboxAdapter
from mkt_tui.domain.errors import (
    Doubtful,
    LoginRefused,
    MailBusy,
    MailRefused,
    NotAllowed,
    Unreachable,
)
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.ticket_operations import File, Reply
from mkt_tui.domain.tickets import Audience, Role
from tests.adapters.mails import MARIA, SHOP, Account, mail, read
from tests.mailserver import PASSWORD

NOW = datetime.now(UTC).replace(microsecond=0)
OPERATION = "0b6a5f0e-7d3c-4b52-9e7a-111111111111"


def reply(ticket: str, text: str = "Olá!", operation: str = OPERATION) -> Reply:
    return Reply(operation, ticket, text, Audience.CUSTOMER, NOW)


async def test_the_adapter_says_what_it_can_do(account: Account) -> None:
    for port in (ListsTickets, Replies, FindsSent, HearsNews):
        assert isinstance(account.adapter(), port)


@pytest.mark.parametrize("count", [0, 1, 50, 51])
async def test_reading_conforms(account: Account, count: int) -> None:
    for number in range(count):
        account.box.deliver(mail(f"mensagem {number}"))
    async with account.adapter() as adapter:
        await adapter.check()
        found = await testing.check_list(adapter.tickets, lambda ticket: ticket.code)
    assert len(found) == count
    assert account.box.flags() == set() if count else True


async def test_a_mail_becomes_a_ticket(account: Account) -> None:
    at = NOW - timedelta(hours=3)
    account.box.deliver(mail("Cadê?", subject="Re: Pedido M123456", number="a@x"), at)
    async with account.adapter(order_pattern=r"M\d{6}") as adapter:
        [ticket], _ = await read(adapter)
    assert (ticket.code, ticket.order_number) == ("a@x", "M123456")
    assert (ticket.customer, ticket.subject) == ("Maria Silva", "Pedido M123456")
    assert (ticket.waiting_since, ticket.waiting) == (at, Role.CUSTOMER)
    [message] = ticket.messages
    assert (message.code, message.body) == ("a@x", "Cadê?")


async def test_only_what_is_new_is_read_again(account: Account) -> None:
    account.box.deliver(mail())
    async with account.adapter() as adapter:
        _, cursor = await read(adapter)
        account.box.deliver(mail("Alguém aí?"))
        [ticket], later = await read(adapter, cursor)
        assert [each.body for each in ticket.messages] == ["Alguém aí?"]
        assert await read(adapter, later) == ([], later)


async def test_a_mailbox_numbered_anew_is_read_anew(account: Account) -> None:
    account.box.deliver(mail(number="a@x"))
    async with account.adapter() as adapter:
        _, cursor = await read(adapter)
        before = re.sub(r"\[\d+,1\]", "[1,1]", cursor)
        tickets, later = await read(adapter, before)
    assert (before != cursor, later) == (True, cursor)
    assert [each.code for each in tickets] == ["a@x"]


@pytest.mark.parametrize("cursor", ["", "{", "[]", "7", '{"INBOX":3}', '{"INBOX":["a"]}'])
async def test_a_damaged_cursor_reads_everything_anew(account: Account, cursor: str) -> None:
    account.box.deliver(mail(number="a@x"))
    async with account.adapter() as adapter:
        tickets, _ = await read(adapter, cursor)
    assert [each.code for each in tickets] == ["a@x"]


async def test_old_mails_are_left_alone_at_the_first_read(account: Account) -> None:
    account.box.deliver(mail(), NOW - timedelta(days=9))
    account.box.deliver(mail(number="new@x"), NOW - timedelta(days=2))
    async with account.adapter(mail_days="5") as adapter:
        tickets, _ = await read(adapter)
    assert [each.code for each in tickets] == ["new@x"]


async def test_a_channel_that_was_off_for_long_misses_no_mail(account: Account) -> None:
    """How far back the first read goes says nothing of the later ones."""
    account.box.deliver(mail())
    async with account.adapter(mail_days="5") as adapter:
        _, cursor = await read(adapter)
        account.box.deliver(mail(number="late@x"), NOW - timedelta(days=9))
        tickets, _ = await read(adapter, cursor)
    assert [each.code for each in tickets] == ["late@x"]


async def test_a_thread_of_mails_is_one_ticket(account: Account) -> None:
    account.box.deliver(mail(number="a@x"))
    account.box.deliver(mail("E então?", number="b@x", References="<a@x>", In_Reply_To="<a@x>"))
    async with account.adapter() as adapter:
        [ticket], _ = await read(adapter)
    assert [each.code for each in ticket.messages] == ["a@x", "b@x"]


async def test_a_reply_arrives_once_under_the_number_it_is_given(account: Account) -> None:
    account.box.deliver(mail(number="a@x", References="<root@x>"))
    async with account.adapter() as adapter:
        delivery = await adapter.reply(reply("root@x"))
    [sent] = account.office.mails
    assert sent["Message-ID"] == f"<{delivery.remote_code}>"


async def test_the_answer_goes_to_the_buyer_in_the_same_thread(account: Account) -> None:
    account.box.deliver(mail(number="a@x", subject="Pedido é meu"))
    text = "Olá,\n\n.um ponto\nfoi enviado – amanhã chega.\n" + "x" * 1200
    async with account.adapter() as adapter:
        await adapter.reply(reply("a@x", text))
    [sent] = account.office.mails
    assert account.office.envelopes == [(SHOP, [MARIA])]
    assert (sent["To"], sent["From"]) == (MARIA, f"Casa Prado <{SHOP}>")
    assert sent["Subject"] == "Re: Pedido é meu"
    assert (sent["In-Reply-To"], sent["References"]) == ("<a@x>", "<a@x>")
    assert sent.get_content().replace("\r\n", "\n").rstrip("\n") == text


async def test_files_go_with_the_answer(account: Account) -> None:
    account.box.deliver(mail(number="a@x"))
    files = (File("nota é.pdf", "JVBERg=="), File("x.strange", "AAAA"))
    async with account.adapter() as adapter:
        await adapter.reply(replace(reply("a@x", "Segue a nota"), files=files))
    [sent] = account.office.mails
    words, *parts = sent.iter_parts()
    assert words.get_content().strip() == "Segue a nota"
    told = [(each.get_content_type(), each.get_filename(), each.get_content()) for each in parts]
    assert told == [
        ("application/pdf", "nota é.pdf", b"%PDF"),
        ("application/octet-stream", "x.strange", bytes(3)),
    ]


async def test_an_answer_goes_to_the_newest_mail_and_keeps_the_chain(account: Account) -> None:
    chain = "<a@x> " + " ".join(f"<r{number}@{'y' * 60}>" for number in range(30))
    account.box.deliver(mail(number="a@x"))
    account.box.deliver(mail(number="z@x", References=chain, Reply_To="other@buyers.example"))
    async with account.adapter() as adapter:
        await adapter.reply(reply("a@x"))
    [sent] = account.office.mails
    assert sent["To"] == "other@buyers.example"
    references = sent["References"].split()
    assert (references[0], references[-1]) == ("<a@x>", "<z@x>")
    assert len(references) == 21


async def test_the_number_of_a_mail_is_the_same_on_every_try(account: Account) -> None:
    account.box.deliver(mail(number="a@x"))
    async with account.adapter() as adapter:
        assert await adapter.reply(reply("a@x")) == await adapter.reply(reply("a@x"))
    first, second = account.office.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert OPERATION in first["Message-ID"]


async def test_an_answer_to_our_answer_finds_its_ticket(account: Account) -> None:
    account.box.deliver(mail(number="root-of-the-thread@x"))
    async with account.adapter() as adapter:
        _, cursor = await read(adapter)
        ours = (await adapter.reply(reply("root-of-the-thread@x"))).remote_code
        # Some programs tell the last mail only.
        account.box.deliver(mail("Obrigada", In_Reply_To=f"<{ours}>"))
        [ticket], _ = await read(adapter, cursor)
    assert ticket.code == "root-of-the-thread@x"


async def test_what_the_mail_system_could_not_deliver_is_told_on_the_ticket(
    account: Account,
) -> None:
    account.box.deliver(mail(number="a@x"))
    async with account.adapter() as adapter:
        _, cursor = await read(adapter)
        ours = (await adapter.reply(reply("a@x"))).remote_code
        account.box.deliver(bounce(ours))
        [ticket], _ = await read(adapter, cursor)
    assert (ticket.code, ticket.waiting) == ("a@x", Role.CUSTOMER)
    assert ticket.messages[0].author is Role.OPERATOR
    assert "rejected" in ticket.messages[0].body


def bounce(number: str) -> bytes:
    return f"""From: MAILER-DAEMON@shop.example
To: {SHOP}
Subject: Undelivered
Message-ID: <bounce@shop.example>
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

The address rejected your mail.

--b
Content-Type: message/delivery-status

Action: failed

--b
Content-Type: text/rfc822-headers

From: {SHOP}
Message-ID: <{number}>

--b--
""".replace("\n", "\r\n").encode()


async def test_notices_of_absence_are_no_tickets(account: Account) -> None:
    account.box.deliver(mail(Auto_Submitted="auto-replied (vacation)"))
    account.box.deliver(mail(number="a@x", Auto_Submitted="no"))
    async with account.adapter() as adapter:
        tickets, _ = await read(adapter)
    assert [each.code for each in tickets] == ["a@x"]


async def test_only_the_marketplace_s_mails_are_tickets_if_so_wished(account: Account) -> None:
    account.box.deliver(mail())
    account.box.deliver(mail(number="a@x", sender="x@mail.manomano.com"))
    account.box.deliver(mail(number="b@x", sender="x@notmanomano.com"))
    async with account.adapter(mail_senders="manomano.com") as adapter:
        tickets, _ = await read(adapter)
    assert [each.code for each in tickets] == ["a@x"]


async def test_sent_mails_are_part_of_the_thread(account: Account) -> None:
    account.box.deliver(mail(number="a@x"))
    answer = mail("Chega amanhã", sender=SHOP, number="ours@shop", References="<a@x>")
    account.box.deliver(answer, folder="Sent")
    account.box.deliver(mail("Nova oferta", sender=SHOP, number="other@shop"), folder="Sent")
    async with account.adapter(sent_folder="Sent") as adapter:
        tickets, cursor = await read(adapter)
        assert await read(adapter, cursor) == ([], cursor)
    assert [each.code for each in tickets] == ["a@x", "a@x"]
    assert [each.author for each in tickets[1].messages] == [Role.SHOP]


async def test_a_notice_of_absence_of_ours_answers_nobody(account: Account) -> None:
    """A machine's answer stops no customer's clock."""
    account.box.deliver(mail(number="a@x"))
    notice = mail(
        "Estamos de recesso", sender=SHOP, number="auto@shop", References="<a@x>",
        Auto_Submitted="auto-replied",
    )  # fmt: skip
    account.box.deliver(notice, folder="Sent")
    async with account.adapter(sent_folder="Sent") as adapter:
        tickets, _ = await read(adapter)
    assert [(each.code, each.waiting) for each in tickets] == [("a@x", Role.CUSTOMER)]


async def test_a_doubtful_answer_is_found_among_the_sent_mails_or_left_to_a_person(
    account: Account,
) -> None:
    account.box.deliver(mail(number="a@x"))
    account.office.after_data = ""
    for options in ({}, {"sent_folder": "Sent"}):
        async with account.adapter(**options) as adapter:
            with pytest.raises(Doubtful):
                await adapter.reply(reply("a@x"))
            with pytest.raises(Doubtful, match="settle it yourself"):
                await adapter.find_sent(reply("a@x"))
    account.box.deliver(account.office.mails[0], folder="Sent")
    async with account.adapter(sent_folder="Sent") as adapter:
        found = await adapter.find_sent(reply("a@x"))
    assert found == Delivery(str(account.office.mails[0]["Message-ID"]).strip("<>"))


@pytest.mark.parametrize(
    ("refusal", "after_data", "error"),
    [
        ("550 5.1.1 not approved", None, MailRefused),
        ("451 try later", None, MailBusy),
        (None, "554 spam", MailRefused),
        (None, "452 full", MailBusy),
        (None, "", Doubtful),
    ],
)
async def test_what_the_server_says_decides(
    account: Account, refusal: str | None, after_data: str | None, error: type[Exception]
) -> None:
    account.box.deliver(mail(number="a@x"))
    account.office.refusal, account.office.after_data = refusal, after_data
    async with account.adapter() as adapter:
        with pytest.raises(error) as caught:
            await adapter.reply(reply("a@x"))
    assert type(caught.value) is error
    assert len(account.office.mails) == (1 if after_data == "" else 0)


async def test_a_mail_that_is_gone_cannot_be_answered(account: Account) -> None:
    account.box.deliver(mail())
    async with account.adapter() as adapter:
        with pytest.raises(NotAllowed, match="no longer in the folder INBOX"):
            await adapter.reply(reply("gone@x"))
        with pytest.raises(NotAllowed, match="customer only"):
            await adapter.reply(Reply("op", "a@x", "x", Audience.BOTH, NOW))
    assert account.office.mails == []


async def test_a_new_mail_is_told_of_at_once(account: Account) -> None:
    async with account.adapter() as adapter:
        hearing = asyncio.create_task(adapter.news())
        while not hearing.done():
            account.box.deliver(mail())
            await asyncio.wait([hearing], timeout=0.5)
        await hearing


async def test_listening_can_be_given_up(account: Account) -> None:
    async with account.adapter() as adapter:
        hearing = asyncio.create_task(adapter.news())
        await asyncio.wait([hearing], timeout=0.5)
        hearing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hearing


async def test_a_wrong_password_is_said_and_not_shown(
    account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    account.password = "falsch-und-geheim"
    caplog.set_level(0)
    async with account.adapter() as adapter:
        with pytest.raises(LoginRefused, match="env:MAIL") as caught:
            await adapter.check()
        with pytest.raises(LoginRefused):
            await adapter._mails()._post.check()
    assert account.password not in str(caught.value) + caplog.text


async def test_no_log_line_holds_the_password(
    account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    account.box.deliver(mail(number="a@x"))
    async with account.adapter() as adapter:
        await adapter.check()
        await adapter.reply(reply("a@x"))
    assert PASSWORD not in caplog.text


async def test_a_server_that_is_not_there(account: Account) -> None:
    channel = account.channel(smtp="smtp://127.0.0.1:1")
    async with MailboxAdapter(channel, account.secret) as adapter:
        with pytest.raises(Unreachable, match=re.escape("smtp://127.0.0.1:1")):
            await adapter.check()


async def test_a_folder_that_is_not_there(account: Account) -> None:
    async with account.adapter(mail_folder="Suporte") as adapter:
        with pytest.raises(MailRefused, match="Suporte"):
            await adapter.check()


async def test_a_subject_of_several_lines_cannot_add_headers(account: Account) -> None:
    evil = b"From: Maria <maria@buyers.example>\r\nMessage-ID: <e@x>\r\nSubject: " + (
        b"=?utf-8?q?Pedido=0D=0ABcc:_evil@x.example?=\r\n\r\nOi\r\n"
    )
    account.box.deliver(evil)
    async with account.adapter() as adapter:
        await adapter.reply(reply("e@x"))
    [sent] = account.office.mails
    assert isinstance(sent, EmailMessage)
    assert sent["Bcc"] is None
    assert account.office.envelopes == [(SHOP, [MARIA])]
