"""Mail servers elsewhere are spoken to by TLS only, and only when their certificate is trusted."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from mkt_tui.adapters import http
from mkt_tui.adapters.mail.account import account_of
from mkt_tui.adapters.mail.imap import Session
from mkt_tui.domain.errors import Unreachable
from tests.adapters.mails import Account, mail, read
from tests.mailserver import PASSWORD


@pytest.fixture
def trusting(account: Account, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SSL_CERT_FILE", str(account.box.server.authority))
    http.trusted.cache_clear()
    yield
    http.trusted.cache_clear()


def secure(account: Account) -> str:
    return f"imaps://localhost:{account.box.server.tls_port}"


@pytest.mark.usefixtures("trusting")
async def test_mails_are_read_by_tls(account: Account) -> None:
    account.box.deliver(mail(number="a@x"))
    adapter = account.adapter()
    channel = replace(account.channel(), base_url=secure(account))
    async with type(adapter)(channel, account.secret) as reader:
        tickets, _ = await read(reader)
    assert [each.code for each in tickets] == ["a@x"]


async def test_a_certificate_of_a_stranger_is_refused(account: Account) -> None:
    channel = replace(account.channel(), base_url=secure(account))
    async with type(account.adapter())(channel, account.secret) as reader:
        with pytest.raises(Unreachable, match="certificate is not trusted"):
            await read(reader)


@pytest.mark.usefixtures("trusting")
async def test_a_connection_elsewhere_turns_to_tls_before_the_password(account: Account) -> None:
    plain = account_of(account.channel(), f"imap://127.0.0.1:{account.box.server.port}")
    elsewhere = replace(plain.imap, host="127.0.0.2")
    assert elsewhere.starttls
    assert not plain.imap.starttls
    asked: list[str] = []

    def password() -> str:
        asked.append("asked")
        return PASSWORD

    with pytest.raises(Unreachable):
        async with Session(account.channel(), replace(plain, imap=elsewhere), password):
            pass
    assert asked == []
