"""What a failed exchange means, for every adapter: foreign errors turned into ours.

It depends on the direction. A read may be repeated, so a read that failed is only a matter of
saying why. A write may have been carried out although its answer never came; unless it is certain
that nothing happened the error is `Doubtful`.
"""

import errno
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NoReturn

import httpx

from mkt_tui.adapters.answers import (
    NotReadable,
    restored_after,
    retry_after,
    server_words,
    status_line,
    without_secret,
)
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import (
    AccessRefused,
    BadAnswer,
    ChannelError,
    Doubtful,
    RateLimited,
    Refused,
    Unavailable,
    Unreachable,
)
from mkt_tui.i18n import N_

_NO_WAY: Final = (errno.ENETUNREACH, errno.EHOSTUNREACH)
# By what OpenSSL found (its X509_V_ERR_ numbers).
_CERTIFICATES: Final = {
    10: N_("its certificate has expired"),
    18: N_("its certificate is signed by itself"),
    19: N_("its certificate is signed by itself"),
    62: N_("its certificate is another host's"),
}
# Nothing of a request leaves before one of these is over.
_NOT_CONNECTED: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, whole.

    Attributes:
        secrets: What the request carried in its headers, which no error text may repeat.
    """

    status: int
    headers: httpx.Headers
    body: bytes
    secrets: tuple[str, ...] = field(repr=False)

    @property
    def is_success(self) -> bool:
        """Whether the server says that it did what was asked."""
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Failures:
    """Makes the errors of one channel."""

    channel: Channel

    def error(self, kind: type[ChannelError], **parameters: object) -> ChannelError:
        """Return an error that names the channel."""
        return kind(channel=self.channel.name, **parameters)

    def raise_for_read(self, reply: Reply) -> NoReturn:
        """Raise what a refused read means."""
        if reply.status >= 500:
            raise self._later(Unavailable, reply)
        if reply.status < 400:
            # A redirect could carry the key to another host, so none is followed.
            raise self.error(BadAnswer, detail=status_line(reply.status))
        self._raise_for_client_error(reply)

    def raise_for_write(self, reply: Reply) -> NoReturn:
        """Raise what a refused write means."""
        if reply.status == 503 and retry_after(reply.headers.get("Retry-After")) is not None:
            # A server that names a time turned the request away; a bare 503 may be a proxy's
            # word about a server that is still at work.
            raise self._later(Unavailable, reply)
        if not 400 <= reply.status < 500:
            raise self.error(Doubtful, detail=status_line(reply.status))
        self._raise_for_client_error(reply)

    def of_read(self, broken: httpx.HTTPError | NotReadable) -> ChannelError:
        """Return what a read that broke off means."""
        if isinstance(broken, httpx.DecodingError | NotReadable):
            return self.error(BadAnswer, detail=_reason(broken))
        return self._unreachable(broken)

    def of_write(self, broken: httpx.HTTPError | NotReadable) -> ChannelError:
        """Return what a write that broke off means."""
        if isinstance(broken, _NOT_CONNECTED):
            return self._unreachable(broken)
        return self.error(Doubtful, detail=_reason(broken))

    def _raise_for_client_error(self, reply: Reply) -> NoReturn:
        if reply.status in (401, 403):
            raise self.error(AccessRefused, status=reply.status, secret=self.channel.secret)
        if reply.status == 429:
            raise self._later(RateLimited, reply)
        words = server_words(reply.body) or status_line(reply.status)
        for secret in reply.secrets:
            words = without_secret(words, secret)
        raise self.error(Refused, status=reply.status, detail=words)

    def _later(self, kind: type[ChannelError], reply: Reply) -> ChannelError:
        error = self.error(kind, status=reply.status)
        told = retry_after(reply.headers.get("Retry-After"))
        restored = restored_after(reply.headers.get("x-amzn-RateLimit-Limit"))
        error.retry_after = restored if told is None else told
        return error

    def _unreachable(self, broken: Exception) -> ChannelError:
        return self.error(Unreachable, url=self.channel.base_url, detail=_reason(broken))


def address(channel: Channel) -> httpx.URL:
    """Return the channel's address.

    Raises:
        Unreachable: It is none; what is not shown of it could be a password.
    """
    try:
        url = httpx.URL(channel.base_url)
        url.host.encode("idna")
    except (httpx.InvalidURL, UnicodeError) as error:
        raise _no_address(channel, N_("it is no address")) from error
    if url.scheme not in ("http", "https") or not url.host or (url.port or 0) > 65_535:
        raise _no_address(channel, N_("it must be like https://host or http://host:port"))
    if url.userinfo:
        raise _no_address(channel, N_("it must hold no user name or password"))
    if url.query or url.fragment:
        raise _no_address(channel, N_("it must hold no ? or #"))
    return url


def _no_address(channel: Channel, detail: str) -> ChannelError:
    shown = channel.base_url.rpartition("@")[2]
    return Unreachable(channel=channel.name, url=shown, detail=detail)


def _reason(error: Exception) -> str:
    """Return why an exchange failed, in our words where httpx has only a class name."""
    if isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
        return N_("no connection in time")
    if isinstance(error, httpx.TimeoutException):
        return N_("no answer in time")
    if isinstance(error, httpx.DecodingError):
        return N_("its compression is broken")
    if isinstance(error, httpx.ReadError | httpx.WriteError | httpx.RemoteProtocolError):
        return N_("the connection broke off")
    return next(
        filter(None, map(_in_our_words, _behind(error))), str(error) or type(error).__name__
    )


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """Give the errors that led to one, which tell more than the library's own."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            yield from error.exceptions
        error = error.__cause__ or error.__context__


def _in_our_words(error: BaseException) -> str | None:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATES.get(error.verify_code, N_("its certificate cannot be trusted"))
    if isinstance(error, socket.gaierror):
        return N_("its name is not known")
    if isinstance(error, ConnectionRefusedError):
        return N_("nothing answers there")
    return N_("no way leads there") if getattr(error, "errno", None) in _NO_WAY else None
