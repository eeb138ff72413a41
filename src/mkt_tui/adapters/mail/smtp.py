"""Sending one mail by SMTP, once.

Up to its last line a mail is certainly not delivered; after it, only the server's answer counts.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from mkt_tui.adapters.answers import without_secret
from mkt_tui.adapters.http import trusted
from mkt_tui.adapters.mail.account import Account, reason
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import (
    ChannelError,
    Doubtful,
    LoginRefused,
    MailBusy,
    MailRefused,
    Unreachable,
)

if TYPE_CHECKING:
    from aiosmtplib import SMTP
    from aiosmtplib.errors import SMTPException, SMTPResponseException

_SECONDS: Final = 30.0


class Post:
    """Sends mails of one account."""

    def __init__(self, channel: Channel, account: Account, password: Callable[[], str]) -> None:
        self._channel = channel
        self._account = account
        self._password = password

    async def check(self) -> None:
        """Log in and out again.

        Raises:
            Unreachable, LoginRefused, MailBusy, MailRefused, SecretMissing: It cannot be done.
        """
        async with self._session():
            pass

    async def send(self, content: bytes, recipient: str) -> None:
        """Hand the mail to the server, once.

        Raises:
            Unreachable, MailBusy: It was certainly not taken; it may be tried again.
            LoginRefused, MailRefused: A definite no.
            Doubtful: The server's answer to the whole mail never came.
        """
        from aiosmtplib.errors import SMTPException, SMTPResponseException

        async with self._session() as smtp:
            try:
                await smtp.mail(self._account.address)
                await smtp.rcpt(recipient)
                # From here on every failure without an answer leaves a doubt.
                await self._data(smtp, content)
            except SMTPResponseException as error:
                raise self._refusal(error) from error
            except (SMTPException, OSError) as error:
                raise self._unreachable(error) from error

    async def _data(self, smtp: "SMTP", content: bytes) -> None:
        from aiosmtplib.errors import SMTPException, SMTPResponseException

        try:
            await smtp.data(content)
        except SMTPResponseException:
            raise
        except (SMTPException, OSError) as error:
            raise Doubtful(channel=self._channel.name, detail=reason(error)) from error

    @asynccontextmanager
    async def _session(self) -> AsyncIterator["SMTP"]:
        from aiosmtplib import SMTP

        server = self._account.smtp
        smtp = SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls,
            start_tls=server.starttls,
            tls_context=trusted() if server.tls or server.starttls else None,
            timeout=_SECONDS,
        )
        await self._log_in(smtp)
        try:
            yield smtp
        finally:
            # Its thanks are of no interest; the mail has been taken or refused by now.
            smtp.close()

    async def _log_in(self, smtp: "SMTP") -> None:
        from aiosmtplib.errors import (
            SMTPAuthenticationError,
            SMTPException,
            SMTPResponseException,
        )

        password = self._password()
        try:
            await smtp.connect()
            await smtp.login(self._account.user, password)
        except SMTPAuthenticationError as error:
            smtp.close()
            raise self._no_login(error, password) from None
        except SMTPResponseException as error:
            smtp.close()
            raise self._refusal(error) from error
        except (SMTPException, OSError) as error:
            smtp.close()
            raise self._unreachable(error) from error

    def _no_login(self, error: "SMTPResponseException", password: str) -> ChannelError:
        words = without_secret(f"{error.code} {error.message}", password)
        if error.code < 500:
            return MailBusy(channel=self._channel.name, detail=words)
        return LoginRefused(
            channel=self._channel.name,
            user=self._account.user,
            detail=words,
            secret=self._channel.secret,
        )

    def _refusal(self, error: "SMTPResponseException") -> ChannelError:
        words = f"{error.code} {error.message}"
        kind = MailBusy if error.code < 500 else MailRefused
        return kind(channel=self._channel.name, detail=words)

    def _unreachable(self, error: "SMTPException | OSError") -> ChannelError:
        return Unreachable(channel=self._channel.name, url=self._account.smtp, detail=reason(error))
