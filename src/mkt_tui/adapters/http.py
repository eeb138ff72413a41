"""HTTP for every adapter: pace, retries, limits, and foreign errors turned into ours.

What a failure means depends on the direction. A read may be repeated, so a read that failed is
only a matter of saying why. A write may have been carried out although its answer never came; it
is sent once, and unless it is certain that nothing happened the error is `Doubtful`.
"""

import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from types import MappingProxyType
from typing import IO, Any, Final, NoReturn, Self

import httpx
import orjson
import stamina
from aiolimiter import AsyncLimiter

from mkt_tui.adapters.answers import (
    NotReadable,
    http_instant,
    json_object,
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
    SecretMissing,
    Unavailable,
    Unreachable,
)
from mkt_tui.i18n import N_

TIMEOUT: Final = httpx.Timeout(30.0, connect=10.0)
LONGEST_ANSWER: Final = 64 * 1024 * 1024
LONGEST_WAIT: Final = 30.0
READ_TRIES: Final = 3


@cache
def trusted() -> ssl.SSLContext:
    """Return the authorities that are trusted; reading them takes 20 ms, so all channels share."""
    return httpx.create_ssl_context()


Query = Mapping[str, str | int]
Parts = Sequence[tuple[str, tuple[str | None, bytes, str]]]

# Nothing of a request leaves before one of these is over.
_NOT_CONNECTED: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON object from a marketplace.

    Attributes:
        at: The server's own clock when it answered, where it says so.
    """

    data: dict[str, Any]
    at: datetime | None


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    headers: httpx.Headers
    body: bytes


class Http:
    """One channel's connection, an async context manager.

    Args:
        channel: Whose address is asked; its name goes into every error.
        headers: Called for every request, so that a key changed on disk works at once.
        rate: Most requests a second.
        timeout: For tests that cannot wait.
        transport: For tests that need no network.

    Raises:
        Unreachable: The channel's address is none.
    """

    def __init__(
        self,
        channel: Channel,
        headers: Callable[[], Mapping[str, str]],
        *,
        rate: float = 10.0,
        timeout: httpx.Timeout = TIMEOUT,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._channel = channel
        self._url = self._base_url()
        self._headers = headers
        # A bucket must hold at least one request, so slow rates are told by a longer period.
        self._limiter = AsyncLimiter(max(rate, 1.0), max(1.0, 1.0 / rate))
        self._timeout = timeout
        self._transport = transport

    async def __aenter__(self) -> Self:
        self._client = httpx.AsyncClient(
            base_url=self._url,
            headers={"User-Agent": f"mkt-tui/{version('mkt-tui')}", "Accept": "application/json"},
            timeout=self._timeout,
            transport=self._transport,
            verify=trusted(),
            follow_redirects=False,
        )
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def get(self, path: str, query: Query, *, rows: str | None = None) -> Answer:
        """Read a JSON object; passing faults are tried again a few times.

        Args:
            rows: What a bare list is called in the answer, for a marketplace that may send one.

        Raises:
            ChannelError: Why it could not be read.
        """
        return self._answer(
            await self._patiently(
                lambda: self._client.build_request(
                    "GET", path, params=query, headers=self._checked_headers()
                )
            ),
            rows,
        )

    async def download(self, path: str, query: Query) -> bytes:
        """Read a file; passing faults are tried again a few times.

        Raises:
            ChannelError: Why it could not be read.
        """
        reply = await self._patiently(
            lambda: self._client.build_request(
                "GET",
                path,
                params=query,
                headers={**self._checked_headers(), "Accept": "application/octet-stream"},
            )
        )
        return reply.body

    async def ask(self, path: str, form: Mapping[str, str]) -> Answer:
        """Post a form that changes nothing there, as for a token; tried again as a read is.

        Raises:
            ChannelError: Why there is no answer.
        """
        return self._answer(
            await self._patiently(
                lambda: self._client.build_request(
                    "POST", path, data=form, headers=self._checked_headers()
                )
            )
        )

    async def call(self, path: str, content: bytes, kind: str) -> bytes:
        """Post a question that is no JSON, such as SOAP; tried again as a read is.

        Args:
            kind: The Content-Type of `content`.
        """
        own = {"Content-Type": kind, "Accept": kind.partition(";")[0]}
        reply = await self._patiently(
            lambda: self._client.build_request(
                "POST", path, content=content, headers={**self._checked_headers(), **own}
            )
        )
        return reply.body

    async def post(self, path: str, query: Query, parts: Parts) -> dict[str, Any]:
        """Send a multipart form, once, and return the JSON object that confirms it.

        Raises:
            Unreachable, RateLimited, Unavailable: It certainly did not arrive.
            AccessRefused, Refused: A definite no.
            Doubtful: It may have arrived.
        """
        request = self._client.build_request(
            "POST", path, params=query, files=parts, headers=self._checked_headers()
        )
        return await self._write(request, json_object)

    async def upload(
        self,
        path: str,
        fields: Mapping[str, str],
        files: Mapping[str, tuple[str, IO[bytes] | bytes, str]],
        headers: Mapping[str, str],
    ) -> dict[str, Any]:
        """Send a form with files, once; an open file is read piece by piece as it leaves.

        Sent again with the same headers it is the same to the byte, so that a server which
        compares requests under one Idempotency-Key sees no other one.

        Raises:
            ChannelError: See `post`.
        """
        boundary = sha256(repr(sorted(headers.items())).encode()).hexdigest()[:40]
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        request = self._client.build_request(
            *("POST", path),
            data=fields,
            files=files,
            headers={**self._checked_headers(), **headers, **kind},
        )
        return await self._write(request, json_object)

    async def send(
        self,
        method: str,
        path: str,
        content: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
        query: Query | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> dict[str, Any]:
        """Send JSON, once, and return the JSON object that confirms it, {} for an empty answer.

        Args:
            headers: Beside those of every request, such as an Idempotency-Key.

        Raises:
            ChannelError: See `post`.
        """
        body = None if content is None else orjson.dumps(content)
        request = self._client.build_request(
            method, path, params=query, content=body, headers={**self._checked_headers(), **headers}
        )
        if body is not None:
            request.headers["Content-Type"] = "application/json"
        return await self._write(request, lambda body: json_object(body) if body.strip() else {})

    async def send_form(self, path: str, form: Mapping[str, str]) -> dict[str, Any]:
        """Send a form, once, and return the JSON object that answers it.

        Raises:
            ChannelError: See `post`.
        """
        request = self._client.build_request(
            "POST", path, data=form, headers=self._checked_headers()
        )
        return await self._write(request, json_object)

    async def _write(
        self, request: httpx.Request, read: Callable[[bytes], dict[str, Any]]
    ) -> dict[str, Any]:
        try:
            reply = await self._exchange(request)
            if not 200 <= reply.status < 300:
                self._raise_for_write(request, reply)
            return read(reply.body)
        except _NOT_CONNECTED as error:
            raise self._unreachable(error) from error
        except (httpx.HTTPError, NotReadable) as error:
            raise self._error(Doubtful, detail=_reason(error)) from error

    async def _patiently(self, make: Callable[[], httpx.Request]) -> _Reply:
        async for attempt in stamina.retry_context(
            on=_pause,
            attempts=READ_TRIES,
            timeout=None,
            wait_initial=0.5,
            wait_max=5.0,
            wait_jitter=0.5,
        ):
            with attempt:
                return await self._read(make())
        raise AssertionError

    def _answer(self, reply: _Reply, rows: str | None = None) -> Answer:
        try:
            return Answer(json_object(reply.body, rows), http_instant(reply.headers.get("Date")))
        except NotReadable as error:
            raise self._error(BadAnswer, detail=_reason(error)) from error

    async def _read(self, request: httpx.Request) -> _Reply:
        try:
            reply = await self._exchange(request)
            if not 200 <= reply.status < 300:
                self._raise_for_read(request, reply)
            return reply  # noqa: TRY300 - what follows is about failures only
        except (httpx.DecodingError, NotReadable) as error:
            raise self._error(BadAnswer, detail=_reason(error)) from error
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error

    async def _exchange(self, request: httpx.Request) -> _Reply:
        async with self._limiter, self._sent(request) as response:
            body = bytearray()
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > LONGEST_ANSWER:
                    raise NotReadable(N_("it is longer than 64 MB"))
            return _Reply(response.status_code, response.headers, bytes(body))

    @asynccontextmanager
    async def _sent(self, request: httpx.Request) -> AsyncIterator[httpx.Response]:
        response = await self._client.send(request, stream=True)
        try:
            yield response
        finally:
            await response.aclose()

    def _checked_headers(self) -> Mapping[str, str]:
        """Return the headers; one that HTTP cannot carry never gets near a foreign error text."""
        headers = self._headers()
        if all(value.isascii() and value.isprintable() for value in headers.values()):
            return headers
        raise SecretMissing(
            reference=self._channel.secret,
            channel=self._channel.name,
            detail=N_("it holds characters that a request cannot carry"),
        )

    def _raise_for_read(self, request: httpx.Request, reply: _Reply) -> NoReturn:
        if reply.status >= 500:
            raise self._later(Unavailable, reply)
        if reply.status < 400:
            # A redirect could carry the key to another host, so none is followed.
            raise self._error(BadAnswer, detail=status_line(reply.status))
        self._raise_for_client_error(request, reply)

    def _raise_for_write(self, request: httpx.Request, reply: _Reply) -> NoReturn:
        if reply.status == 503 and retry_after(reply.headers.get("Retry-After")) is not None:
            # A server that names a time turned the request away; a bare 503 may be a proxy's
            # word about a server that is still at work.
            raise self._later(Unavailable, reply)
        if not 400 <= reply.status < 500:
            raise self._error(Doubtful, detail=status_line(reply.status))
        self._raise_for_client_error(request, reply)

    def _raise_for_client_error(self, request: httpx.Request, reply: _Reply) -> NoReturn:
        if reply.status in (401, 403):
            raise self._error(AccessRefused, status=reply.status, secret=self._channel.secret)
        if reply.status == 429:
            raise self._later(RateLimited, reply)
        words = server_words(reply.body) or status_line(reply.status)
        for header in self._headers():
            words = without_secret(words, request.headers.get(header, ""))
        raise self._error(Refused, status=reply.status, detail=words)

    def _later(self, kind: type[ChannelError], reply: _Reply) -> ChannelError:
        error = self._error(kind, status=reply.status)
        told = retry_after(reply.headers.get("Retry-After"))
        restored = restored_after(reply.headers.get("x-amzn-RateLimit-Limit"))
        error.retry_after = restored if told is None else told
        return error

    def _error(self, kind: type[ChannelError], **parameters: object) -> ChannelError:
        return kind(channel=self._channel.name, **parameters)

    def _unreachable(self, error: Exception) -> ChannelError:
        return self._error(Unreachable, url=self._channel.base_url, detail=_reason(error))

    def _base_url(self) -> httpx.URL:
        """Return the channel's address if it is one; what is not shown could be a password."""
        try:
            url = httpx.URL(self._channel.base_url)
            url.host.encode("idna")
        except (httpx.InvalidURL, UnicodeError) as error:
            raise self._no_address(N_("it is no address")) from error
        if url.scheme not in ("http", "https") or not url.host or (url.port or 0) > 65_535:
            raise self._no_address(N_("it must be like https://host or http://host:port"))
        if url.userinfo:
            raise self._no_address(N_("it must hold no user name or password"))
        if url.query or url.fragment:
            raise self._no_address(N_("it must hold no ? or #"))
        return url

    def _no_address(self, detail: str) -> ChannelError:
        shown = self._channel.base_url.rpartition("@")[2]
        return self._error(Unreachable, url=shown, detail=detail)


def _pause(error: Exception) -> bool | float:
    """Tell stamina whether a read is worth another try, and after how many seconds."""
    if not isinstance(error, RateLimited | Unavailable | Unreachable):
        return False
    if error.retry_after is None:
        return True
    return error.retry_after if error.retry_after <= LONGEST_WAIT else False


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
    return str(error) or type(error).__name__
