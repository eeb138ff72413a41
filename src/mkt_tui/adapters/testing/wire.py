"""The wire between an adapter and its practice marketplace, on which the kit spoils what it wants."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

Spoil = Callable[[httpx.Request, httpx.AsyncBaseTransport], Awaitable[httpx.Response]]
Change = Callable[[str, Any], Any]


class Wire(httpx.AsyncBaseTransport):
    """Passes requests on; `reads` and `writes` say how those are spoiled, None = not at all.

    `tokens` are the keys that were seen in requests, which nobody may tell.

    Args:
        sign_in: Paths that are always passed on as they are.
    """

    def __init__(self, marketplace: httpx.AsyncBaseTransport, sign_in: tuple[str, ...]) -> None:
        self._marketplace = marketplace
        self._sign_in = sign_in
        self.reads: Spoil | None = None
        self.writes: Spoil | None = None
        self.tokens: set[str] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request, well or badly."""
        if token := request.headers.get("Authorization", "").rpartition(" ")[2]:
            self.tokens.add(token)
        spoil = self.reads if request.method in ("GET", "HEAD") else self.writes
        if spoil is None or request.url.path.endswith(self._sign_in or ("\0",)):
            return await self._marketplace.handle_async_request(request)
        return await spoil(request, self._marketplace)


def answering(status: int) -> Spoil:
    """Turn requests away, not carried out, and repeat what they came with, as rude servers do."""

    async def spoil(request: httpx.Request, _rest: httpx.AsyncBaseTransport) -> httpx.Response:
        message = f"Practice refusal of {' '.join(request.headers.values())}"
        return httpx.Response(
            status,
            json={"message": message, "errors": [{"code": "x", "message": message}]},
            request=request,
        )

    return spoil


async def lost_before(request: httpx.Request, _rest: httpx.AsyncBaseTransport) -> httpx.Response:
    """Find no connection: the request never leaves."""
    raise httpx.ConnectError("practice", request=request)


async def lost_after(request: httpx.Request, rest: httpx.AsyncBaseTransport) -> httpx.Response:
    """Carry the request out and lose the answer."""
    response = await rest.handle_async_request(request)
    await response.aread()
    raise httpx.ReadTimeout("practice", request=request)


def with_values(change: Change) -> Spoil:
    """Change the values of answers: `change` is given each key with its value."""

    async def spoil(request: httpx.Request, rest: httpx.AsyncBaseTransport) -> httpx.Response:
        response = await rest.handle_async_request(request)
        await response.aread()
        if response.status_code != 200 or "json" not in response.headers.get("Content-Type", ""):
            return response
        kept = {
            name: value
            for name, value in response.headers.items()
            if name.lower() not in ("content-encoding", "content-length", "content-type")
        }
        return httpx.Response(200, headers=kept, json=_changed(response.json(), change))

    return spoil


def _changed(content: Any, change: Change) -> Any:
    if isinstance(content, dict):
        return {name: change(name, _changed(value, change)) for name, value in content.items()}
    if isinstance(content, list):
        return [_changed(each, change) for each in content]
    return content
