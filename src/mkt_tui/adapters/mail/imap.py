"""One connection to an IMAP server, for reading only: nothing in the mailbox is ever changed.

The protocol is imapclient's, which waits where it is called; so each connection lives in a thread
of its own, and leaving the session cuts what that thread waits for.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from mkt_tui.adapters.answers import without_secret
from mkt_tui.adapters.http import trusted
from mkt_tui.adapters.mail.account import Account, reason
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import (
    BadAnswer,
    ChannelError,
    LoginRefused,
    MailBusy,
    MailRefused,
    Unreachable,
)
from mkt_tui.i18n import N_

if TYPE_CHECKING:
    from imapclient import IMAPClient

_SECONDS_TO_CONNECT: Final = 10.0
_SECONDS_TO_ANSWER: Final = 30.0
# A mail of this size is read with others; of a larger one only the beginning, which has the text.
_SMALL: Final = 256 * 1024
_MOST_OF_ONE: Final = 12 * 1024 * 1024
# Servers drop a connection that idles for 30 minutes, and routers much earlier.
_IDLE_SECONDS: Final = 9 * 60.0

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder when it was opened; `validity` changes when the server numbers its mails anew."""

    validity: int
    next_uid: int


@dataclass(frozen=True, slots=True)
class RawMail:
    """A mail as the server holds it; `at` is when it came in there."""

    uid: int
    at: datetime
    data: bytes


class Session:
    """A logged-in connection, an async context manager.

    Raises:
        Unreachable, LoginRefused, MailBusy, SecretMissing: It cannot be had.
    """

    def __init__(self, channel: Channel, account: Account, password: Callable[[], str]) -> None:
        self._channel = channel
        self._account = account
        self._password = password
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="imap")
        self._client: IMAPClient | None = None

    async def __aenter__(self) -> Self:
        try:
            await self._call(self._connect)
        except BaseException:
            self._end()
            raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None and self._client is not None:
            with suppress(ChannelError):
                await self._call(self._client.logout)
        self._end()

    async def open(self, name: str) -> Folder:
        """Open a folder for reading.

        Raises:
            MailRefused: There is none of that name.
        """
        told = await self._call(lambda: self._ready.select_folder(name, readonly=True))
        validity, following = told.get(b"UIDVALIDITY"), told.get(b"UIDNEXT")
        if type(validity) is not int or type(following) is not int:
            raise BadAnswer(channel=self._channel.name, detail="UIDVALIDITY")
        return Folder(validity, following)

    async def after(self, uid: int, since: date | None) -> list[int]:
        """Return the numbers of the mails behind `uid` in order; `since` leaves older ones out."""
        days = () if since is None else ("SINCE", since)
        found = await self.search("UID", f"{uid + 1}:*", *days)
        # To "n:*" a server always answers with its last mail, even when it stands before n.
        return [each for each in found if each > uid]

    async def search(self, *criteria: object) -> list[int]:
        """Return the numbers of the mails that fit (RFC 3501, 6.4.4), in order."""
        charset = None if all(str(each).isascii() for each in criteria) else "UTF-8"
        found = await self._call(lambda: self._ready.search(list(criteria), charset))
        return sorted(int(each) for each in found)

    async def read(self, uids: Sequence[int]) -> list[RawMail]:
        """Return these mails without marking them as seen; those that are gone are left out."""
        told = await self._call(
            lambda: self._ready.fetch(list(uids), ["RFC822.SIZE", "INTERNALDATE"])
        )
        small = [uid for uid in told if _size(told[uid]) <= _SMALL]
        bodies = await self._call(lambda: self._ready.fetch(small, ["BODY.PEEK[]"]))
        for uid in set(told) - set(small):
            part = f"BODY.PEEK[]<0.{_MOST_OF_ONE}>"
            bodies |= await self._call(self._ready.fetch, [uid], [part])
        return [
            RawMail(uid, _at(told[uid]), _body(bodies[uid]))
            for uid in uids
            if uid in told and uid in bodies
        ]

    async def wait(self) -> bool:
        """Return once the server tells of a new mail in the open folder (RFC 2177), or in time.

        Returns:
            False when the server cannot do that.
        """
        return await self._call(self._idle)

    @property
    def _ready(self) -> "IMAPClient":
        assert self._client is not None
        return self._client

    def _idle(self) -> bool:
        client = self._ready
        if not client.has_capability("IDLE"):
            return False
        client.idle()
        client.idle_check(timeout=_IDLE_SECONDS)
        client.idle_done()
        return True

    def _connect(self) -> None:
        # Imported late: only channels with mails need it.
        from imapclient import IMAPClient, SocketTimeout

        server = self._account.imap
        client = IMAPClient(
            server.host,
            server.port,
            ssl=server.tls,
            ssl_context=trusted() if server.tls else None,
            timeout=SocketTimeout(_SECONDS_TO_CONNECT, _SECONDS_TO_ANSWER),
        )
        self._client = client
        client.normalise_times = False
        if server.starttls:
            client.starttls(trusted())
        # PLAIN carries any password, LOGIN only what is ASCII.
        plain = client.has_capability("AUTH=PLAIN")
        (client.plain_login if plain else client.login)(self._account.user, self._password())

    def _end(self) -> None:
        if self._client is not None:
            with suppress(OSError):
                self._client.shutdown()
        self._thread.shutdown(wait=False)

    async def _call(self, act: Callable[..., Result], *arguments: Any) -> Result:
        with self._border():
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, act, *arguments)

    @contextmanager
    def _border(self) -> Iterator[None]:
        """Turn the library's errors into ours."""
        from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

        try:
            yield
        except LoginError as error:
            raise self._no_login(str(error)) from None
        except IMAPClientAbortError as error:
            # The library's word for a connection that broke, in whatever state.
            raise self._unreachable(N_("the connection broke off")) from error
        except IMAPClientError as error:
            raise MailRefused(channel=self._channel.name, detail=str(error)) from error
        except OSError as error:
            raise self._unreachable(reason(error)) from error
        except (ValueError, KeyError, IndexError, AssertionError) as error:
            # imapclient's parser, of an answer that is no IMAP.
            raise BadAnswer(channel=self._channel.name, detail=type(error).__name__) from error

    def _no_login(self, words: str) -> ChannelError:
        words = without_secret(words, self._password())
        if "[UNAVAILABLE]" in words or "[INUSE]" in words:
            return MailBusy(channel=self._channel.name, detail=words)
        return LoginRefused(
            channel=self._channel.name,
            user=self._account.user,
            detail=words,
            secret=self._channel.secret,
        )

    def _unreachable(self, detail: str) -> ChannelError:
        return Unreachable(channel=self._channel.name, url=self._account.imap, detail=detail)


def _size(told: dict[bytes, Any]) -> int:
    return int(told.get(b"RFC822.SIZE", 0))


def _at(told: dict[bytes, Any]) -> datetime:
    moment = told[b"INTERNALDATE"]
    assert isinstance(moment, datetime)
    return moment.astimezone(UTC)


def _body(told: dict[bytes, Any]) -> bytes:
    found = next(value for key, value in told.items() if key.startswith(b"BODY["))
    assert isinstance(found, bytes)
    return found
