"""Real mail servers for tests: Dovecot in a temporary folder, and an SMTP server that keeps mails."""

import asyncio
import grp
import imaplib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.listening import free_port, wait_for_port

PASSWORD = 'pássaro "1" \\barra'
# Root may not run its mailboxes; Debian's package brings this user.
USER = "dovecot"
_SECONDS = 30
_USERS = 200


@dataclass
class Dovecot:
    """A running IMAP server; its users are let in with PASSWORD."""

    folder: Path
    port: int
    tls_port: int
    authority: Path
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(_USERS)))

    def mailbox(self) -> "Mailbox":
        """Return an empty mailbox that nobody had yet."""
        return Mailbox(self, f"user{next(self.numbers)}")


@dataclass
class Mailbox:
    """One user's mails, as a hand at the server puts them there."""

    server: Dovecot
    user: str

    def deliver(
        self, mail: bytes | EmailMessage, at: datetime | None = None, folder: str = "INBOX"
    ) -> None:
        """Let a mail come in; `at` is when it came in, now when not given."""
        data = (
            mail
            if isinstance(mail, bytes)
            else mail.as_bytes(policy=policy.SMTP.clone(max_line_length=990))
        )
        when = at or time.time()
        with self._connection() as imap:
            code, answer = imap.append(folder, "", imaplib.Time2Internaldate(when), data)
            assert code == "OK", answer

    def flags(self) -> set[bytes]:
        """Return the flags of all mails of the inbox, but for Recent."""
        with self._connection() as imap:
            imap.select("INBOX", readonly=True)
            _code, told = imap.fetch("1:*", "FLAGS")
        return {flag for line in told for flag in imaplib.ParseFlags(cast("bytes", line))} - {
            b"\\Recent"
        }

    @contextmanager
    def _connection(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.server.port) as imap:
            imap.authenticate("PLAIN", lambda _: f"\0{self.user}\0{PASSWORD}".encode())
            yield imap


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """Run an IMAP server, or skip the test where none is installed."""
    program = shutil.which("dovecot") or "/usr/sbin/dovecot"
    if not Path(program).exists():
        message = "no IMAP server (apt install dovecot-imapd)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    folder = Path(tempfile.mkdtemp(prefix="mkt-tui-imap-"))
    user = USER if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    try:
        running = Dovecot(folder, free_port(), free_port(), folder / "ca.pem")
        _prepare(running, user)
        with _running(program, running, user):
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(running: Dovecot, user: str) -> None:
    account = pwd.getpwnam(user)
    group = grp.getgrgid(account.pw_gid).gr_name
    authority = trustme.CA()
    authority.cert_pem.write_to_path(running.authority)
    identity = authority.issue_cert("localhost", "127.0.0.1")
    identity.private_key_pem.write_to_path(running.folder / "key.pem")
    for number, pem in enumerate(identity.cert_chain_pems):
        pem.write_to_path(running.folder / "cert.pem", append=number > 0)
    (running.folder / "homes").mkdir()
    users = (f"user{number}:{{PLAIN}}{PASSWORD}\n" for number in range(_USERS))
    (running.folder / "passwords").write_text("".join(users))
    (running.folder / "dovecot.conf").write_text(_settings(running, user, group, account))
    for each in (running.folder, *running.folder.iterdir()):
        if os.getuid() == 0:
            os.chown(each, account.pw_uid, account.pw_gid)
    running.folder.chmod(0o755)


def _settings(running: Dovecot, user: str, group: str, account: pwd.struct_passwd) -> str:
    top = running.folder
    return f"""
base_dir = {top}/run
state_dir = {top}/state
log_path = {top}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 1
mail_uid = {account.pw_uid}
mail_gid = {account.pw_gid}
mail_location = maildir:~/Maildir
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{top}/cert.pem
ssl_key = <{top}/key.pem
mail_max_userip_connections = 100
passdb {{
  driver = passwd-file
  args = username_format=%u {top}/passwords
}}
userdb {{
  driver = static
  args = uid={account.pw_uid} gid={account.pw_gid} home={top}/homes/%u
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = create
  }}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    port = {running.port}
  }}
  inet_listener imaps {{
    port = {running.tls_port}
  }}
}}
service stats {{
  chroot =
}}
"""


@contextmanager
def _running(program: str, running: Dovecot, user: str) -> Iterator[None]:
    command = [program, "-F", "-c", str(running.folder / "dovecot.conf")]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if os.getuid() == 0:
        quiet |= {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
    with subprocess.Popen(command, cwd="/", stdin=subprocess.DEVNULL, **quiet) as process:
        try:
            wait_for_port(running.port, process, running.folder / "log")
            yield
        finally:
            process.terminate()
            process.wait(_SECONDS)


@dataclass
class PostOffice:
    """An SMTP server that keeps what it takes.

    Attributes:
        refusal: What it answers to a mail's recipient, such as "550 no such user".
        after_data: What it answers to a whole mail; "" = it hangs up without a word.
    """

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    refusal: str | None = None
    after_data: str | None = None

    async def handle_RCPT(  # noqa: N802 - its signature
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        # The library's own demand for a login warns, for it knows no loopback.
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        if self.refusal is not None:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a mail, if it shall be taken."""
        if self.after_data:
            return self.after_data
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.envelopes.append((str(envelope.mail_from), list(envelope.rcpt_tos)))
        if self.after_data == "":
            cast("asyncio.Transport", server.transport).abort()
        return "250 OK"


def _let_in(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    known = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=known, handled=known)


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """Run an SMTP server that wants PASSWORD."""
    office = PostOffice(free_port())
    controller = Controller(
        office,
        hostname="127.0.0.1",
        port=office.port,
        authenticator=_let_in,
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield office
    finally:
        controller.stop()
