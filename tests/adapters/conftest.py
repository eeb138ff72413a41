from collections.abc import Iterator

import pytest
import stamina

from tests.adapters.mails import Account
from tests.mailserver import Dovecot, PostOffice, dovecot, post_office


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Talk to our own sockets directly, whatever the machine's environment says."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(autouse=True)
def _no_waiting_between_tries() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield


@pytest.fixture(scope="session")
def imap() -> Iterator[Dovecot]:
    """An IMAP server for the whole run."""
    with dovecot() as running:
        yield running


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """An SMTP server."""
    with post_office() as running:
        yield running


@pytest.fixture
def account(imap: Dovecot, office: PostOffice) -> Account:
    """A shop's empty mail account."""
    return Account(imap.mailbox(), office)
