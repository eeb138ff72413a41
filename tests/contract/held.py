"""A way to a practice marketplace on which everything said and answered is held against OpenAPI."""

import json
import re
from email import message_from_bytes
from email.message import Message
from functools import cache
from typing import Any

import httpx

from tests.contract.openapi import (
    check_query,
    check_request_part,
    check_response,
    operations,
)


class Held(httpx.AsyncBaseTransport):
    """Checks each request and answer; `seen` are the operations, in order."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.seen: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = "/api/" + request.url.raw_path.decode().split("?")[0].partition("/api/")[2]
        operation = _operation(request.method, path)
        self.seen.append(operation)
        check_query(operation, dict(request.url.params))
        await request.aread()
        for name, body in _bodies(request):
            check_request_part(operation, name, body)
        response = await self.inner.handle_async_request(request)
        content = await response.aread()
        check_response(operation, response.status_code, _content(response, content))
        return response


def _content(response: httpx.Response, content: bytes) -> Any:
    if response.headers.get("Content-Type", "").startswith("application/json"):
        return json.loads(content)
    return content


def _bodies(request: httpx.Request) -> list[tuple[str | None, Any]]:
    kind = request.headers.get("Content-Type", "")
    if not kind.startswith("multipart/"):
        return [(None, json.loads(request.content) if request.content else None)]
    form = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + request.content)
    parts = [each for each in form.walk() if not each.is_multipart()]
    return [(_name(each), json.loads(_payload(each))) for each in parts if _name(each) != "files"]


def _name(part: Message) -> str:
    return str(part.get_param("name", header="Content-Disposition"))


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload


def _operation(method: str, path: str) -> str:
    for known_method, pattern, name in _patterns():
        if known_method == method and pattern.fullmatch(path):
            return name
    raise AssertionError(f"The contract has no {method} {path}")


@cache
def _patterns() -> list[tuple[str, re.Pattern[str], str]]:
    # What is named exactly comes before what is a parameter: /orders/refund, /orders/{order_id}.
    known = sorted(operations(), key=lambda each: each[1].count("{"))
    return [
        (method, re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))), name)
        for method, path, name in known
    ]
