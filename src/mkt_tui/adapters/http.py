"""HTTP for every adapter: pace, retries and limits; see `failures` for what errors mean.

A read that failed may be repeated; a write is sent once.
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
from typing import IO, Any, Final, Self

import httpx
import orjson
import stamina
from aiolimiter import AsyncLimiter

from mkt_tui.adapters.answers import NotReadable, http_instant, json_object
from mkt_tui.adapters.failures import Failures, Reply, address
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import (
    RateLimited,
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


Query = Mapping[str, str | int | list[str]]
Parts = Sequence[tuple[str, tuple[str | None, bytes, str]]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON object from a marketplace.

    Attributes:
        at: The server's own clock when it answered, where it says so.
    """

    data: dict[str, Any]
    at: datetime | None


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
        self._failures = Failures(channel)
        self._url = address(channel)
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
        return self._answer(await self._patiently("GET", path, params=query), rows)

    async def download(self, path: str, query: Query) -> bytes:
        """Read a file; passing faults are tried again a few times.

        Raises:
            ChannelError: Why it could not be read.
        """
        reply = await self._patiently(
            "GET", path, params=query, headers={"Accept": "application/octet-stream"}
        )
        return reply.body

    async def ask(self, path: str, form: Mapping[str, str]) -> Answer:
        """Post a form that changes nothing there, as for a token; tried again as a read is.

        Raises:
            ChannelError: Why there is no answer.
        """
        return self._answer(await self._patiently("POST", path, data=form))

    async def call(self, path: str, content: bytes, kind: str) -> bytes:
        """Post a question that is no JSON, such as SOAP; tried again as a read is.

        Args:
            kind: The Content-Type of `content`.
        """
        own = {"Content-Type": kind, "Accept": kind.partition(";")[0]}
        reply = await self._patiently("POST", path, content=content, headers=own)
        return reply.body

    async def post(self, path: str, query: Query, parts: Parts) -> dict[str, Any]:
        """Send a multipart form, once, and return the JSON object that confirms it.

        Raises:
            Unreachable, RateLimited, Unavailable: It certainly did not arrive.
            AccessRefused, Refused: A definite no.
            Doubtful: It may have arrived.
        """
        request = self._request("POST", path, params=query, files=parts)
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
        request = self._request(
            *("POST", path),
            data=fields,
            files=files,
            headers={**headers, **kind},
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
        request = self._request(method, path, params=query, content=body, headers=headers)
        if body is not None:
            request.headers["Content-Type"] = "application/json"
        return await self._write(request, lambda body: json_object(body) if body.strip() else {})

    async def send_form(self, path: str, form: Mapping[str, str]) -> dict[str, Any]:
        """Send a form, once, and return the JSON object that answers it.

        Raises:
            ChannelError: See `post`.
        """
        request = self._request("POST", path, data=form)
        return await self._write(request, json_object)

    async def _write(
        self, request: httpx.Request, read: Callable[[bytes], dict[str, Any]]
    ) -> dict[str, Any]:
        try:
            reply = await self._exchange(request)
            if not reply.is_success:
                self._failures.raise_for_write(reply)
            return read(reply.body)
        except (httpx.HTTPError, NotReadable) as error:
            raise self._failures.of_write(error) from error

    async def _patiently(self, method: str, path: str, **content: Any) -> Reply:
        async for attempt in stamina.retry_context(
            on=_pause,
            attempts=READ_TRIES,
            timeout=None,
            wait_initial=0.5,
            wait_max=5.0,
            wait_jitter=0.5,
        ):
            with attempt:
                return await self._read(self._request(method, path, **content))
        raise AssertionError

    def _answer(self, reply: Reply, rows: str | None = None) -> Answer:
        try:
            return Answer(json_object(reply.body, rows), http_instant(reply.headers.get("Date")))
        except NotReadable as error:
            raise self._failures.of_read(error) from error

    async def _read(self, request: httpx.Request) -> Reply:
        try:
            reply = await self._exchange(request)
            if not reply.is_success:
                self._failures.raise_for_read(reply)
            return reply  # noqa: TRY300 - what follows is about failures only
        except (httpx.HTTPError, NotReadable) as error:
            raise self._failures.of_read(error) from error

    async def _exchange(self, request: httpx.Request) -> Reply:
        async with self._limiter, self._sent(request) as response:
            body = bytearray()
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > LONGEST_ANSWER:
                    raise NotReadable(N_("it is longer than 64 MB"))
            secrets = request.extensions["secrets"]
            return Reply(response.status_code, response.headers, bytes(body), secrets)

    @asynccontextmanager
    async def _sent(self, request: httpx.Request) -> AsyncIterator[httpx.Response]:
        response = await self._client.send(request, stream=True)
        try:
            yield response
        finally:
            await response.aclose()

    def _request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] = MappingProxyType({}),
        **content: Any,
    ) -> httpx.Request:
        own = self._checked_headers()
        return self._client.build_request(
            method,
            path,
            headers={**own, **headers},
            extensions={"secrets": tuple(own.values())},
            **content,
        )

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


def _pause(error: Exception) -> bool | float:
    """Tell stamina whether a read is worth another try, and after how many seconds."""
    if not isinstance(error, RateLimited | Unavailable | Unreachable):
        return False
    if error.retry_after is None:
        return True
    return error.retry_after if error.retry_after <= LONGEST_WAIT else False
