"""A mail account as a channel's options describe it.

Options: `imap` and `smtp` (imaps://host, imap://host:143, smtps://host, smtp://host:587: without
the s the connection must turn to TLS by STARTTLS), `mail_from` (the address that answers come
from, approved at the marketplace), `mail_user` (where the login is another), `mail_name` (shown
beside the address), `mail_folder` (INBOX), `sent_folder` (none), `mail_days` (30: how far back
the first read goes).
"""

import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from typing import Final
from urllib.parse import urlsplit

from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import SettingsWrong
from mkt_tui.i18n import N_, _

PASSWORD: Final = "mail_password"  # noqa: S105 - the name of the secret
_PORTS: Final = {"imaps": 993, "imap": 143, "smtps": 465, "smtp": 587}
_THIS_MACHINE: Final = ("127.0.0.1", "::1", "localhost")
_LONGEST_DAYS: Final = 3_650


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server; `tls` from the first byte, `starttls` after the greeting."""

    scheme: str
    host: str
    port: int

    @property
    def tls(self) -> bool:
        """Whether TLS begins with the connection."""
        return self.scheme.endswith("s")

    @property
    def starttls(self) -> bool:
        """Whether the connection must turn to TLS; only this machine may be spoken to in clear."""
        return not self.tls and self.host not in _THIS_MACHINE

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Account:
    """Where mails come in and go out, and under which address."""

    imap: Server
    smtp: Server
    address: str
    user: str
    name: str
    folder: str
    sent_folder: str | None
    days: int

    @property
    def domain(self) -> str:
        """The domain of the address."""
        return self.address.rpartition("@")[2]


def account_of(channel: Channel, imap: str | None) -> Account:
    """Return the account that the options of `channel` describe; `imap` is the server's address.

    Raises:
        SettingsWrong: An option lacks or means nothing.
    """
    options = channel.options
    address = _address(channel, options.get("mail_from", ""))
    return Account(
        imap=_server(channel, "imap", imap or ""),
        smtp=_server(channel, "smtp", options.get("smtp", "")),
        address=address,
        user=options.get("mail_user") or address,
        name=options.get("mail_name", ""),
        folder=options.get("mail_folder") or "INBOX",
        sent_folder=options.get("sent_folder") or None,
        days=_days(channel, options.get("mail_days") or "30"),
    )


def _server(channel: Channel, kind: str, text: str) -> Server:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        host, port = None, 0
    if not host or parts.username or not parts.scheme.startswith(kind):
        raise _wrong(channel, kind, f"{kind}s://mail.example.com")
    return Server(parts.scheme, host, port)


def _address(channel: Channel, text: str) -> str:
    try:
        address = Address(addr_spec=text)
    except (ValueError, IndexError):
        address = Address()
    if not (address.username and address.domain and text.isascii()):
        raise _wrong(channel, "mail_from", "support@example.com")
    return address.addr_spec


def _days(channel: Channel, text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text[:9]) <= _LONGEST_DAYS:
        return int(text)
    raise _wrong(channel, "mail_days", "30")


def _wrong(channel: Channel, name: str, example: str) -> SettingsWrong:
    return SettingsWrong(
        what=_("The option {name} of channel {channel} lacks or cannot be used").format(
            name=name, channel=channel.name
        ),
        remedy=_("Set it to something like {example}.").format(example=example),
    )


def reason(error: Exception) -> str:
    """Return why a mail server could not be talked to, in our words where there are none."""
    if isinstance(error, TimeoutError):
        return N_("no answer in time")
    if isinstance(error, ssl.SSLCertVerificationError):
        return _("its certificate is not trusted: {detail}").format(detail=error.verify_message)
    if isinstance(error, ConnectionResetError | BrokenPipeError | EOFError):
        return N_("the connection broke off")
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
