"""Below HTTP: the date of every answer, and a hand on the connection itself."""

import asyncio
import socket
import struct
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

BACKWARDS: Final = "mkt_tui.backwards"
"""Set in the scope of a request whose list shall begin at its end: a marketplace being rude."""

_RESET: Final = "mkt_tui.reset"
# With this, closing a socket throws away what is unsent and tells the client with RST, not FIN.
_AT_ONCE: Final = struct.pack("ii", 1, 0)


def reset(scope: Scope) -> None:
    """Cut the connection that the request came over, without a word.

    Raises:
        ConnectionResetError: There is none: the application was called within its process.
    """
    cut: Callable[[], None] | None = scope.get("extensions", {}).get(_RESET)
    if cut is None:
        raise ConnectionResetError
    cut()


class WireProtocol(H11Protocol):
    """uvicorn's own, whose application can reach the connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin a connection."""
        super().connection_made(transport)
        self.app = _Wire(self.app, transport)


class _Wire:
    """The application as one connection sees it.

    uvicorn would put the date in front of the application's own headers, so a marketplace whose
    clock is wrong would tell two.
    """

    def __init__(self, app: ASGIApp, transport: asyncio.Transport) -> None:
        self._app = app
        self._transport = transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                if all(name != b"date" for name, _value in headers):
                    headers = [*headers, date_header(time.time())]
                    message = {**message, "headers": headers}
            await send(message)

        scope["extensions"] = {**scope.get("extensions", {}), _RESET: self._reset}
        await self._app(scope, receive, dated)

    def _reset(self) -> None:
        connection: socket.socket = self._transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self._transport.abort()


def date_header(seconds: float) -> tuple[bytes, bytes]:
    """Return the Date header of an instant, given in seconds since 1970."""
    return b"date", formatdate(seconds, usegmt=True).encode()
