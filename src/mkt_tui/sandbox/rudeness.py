"""How each fault is played: an application wrapped around the marketplace's own.

Off by default; then a request costs one look at an empty tuple.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Final

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mkt_tui.sandbox import distortions
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.distortions import Answer
from mkt_tui.sandbox.faults import Fault
from mkt_tui.sandbox.wire import reset

Play = Callable[[Fault, ASGIApp, Scope, Receive, Send], Awaitable[None]]


class Faults:
    """The faults in force; each remembers how often it was met."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self.set(faults)

    def set(self, faults: Iterable[Fault]) -> None:
        """Show these from now on and no others."""
        self.all = tuple(faults)
        self._left = [each.times for each in self.all]

    def take(self, number: int) -> bool:
        """Count one more request that meets the fault; False when it was met often enough."""
        left = self._left[number]
        if left is None:
            return True
        self._left[number] = max(0, left - 1)
        return left > 0


class Rudeness:
    """ASGI middleware: lets every request of a shop meet the faults in force."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, well or badly."""
        app = self._app
        if self._faults.all and scope["type"] == "http" and not _is_control(scope):
            for number, fault in reversed(list(enumerate(self._faults.all))):
                if fault.concerns(scope["method"]):
                    app = partial(self._meet, number, fault, app)
        await app(scope, receive, send)

    async def _meet(
        self, number: int, fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send
    ) -> None:
        # Faults written before this one may have ended the request: it was not met then.
        if self._faults.take(number):
            await _PLAYS[fault.name](fault, app, scope, receive, send)
        else:
            await app(scope, receive, send)


def _is_control(scope: Scope) -> bool:
    return str(scope["path"]).startswith("/control/")


def _refusal(status: int) -> Play:
    """Turn the request away, not carried out."""

    async def play(fault: Fault, _app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        await _read(receive)
        answer = json_answer({"status": status, "message": "Practice fault"}, status)
        if fault.seconds:
            answer.headers["Retry-After"] = f"{fault.seconds:.0f}"
        await answer(scope, receive, send)

    return play


async def _reset_before(
    _fault: Fault, _app: ASGIApp, scope: Scope, receive: Receive, _send: Send
) -> None:
    reset(scope)
    await _gone(receive)


async def _reset_after_read(
    _fault: Fault, _app: ASGIApp, scope: Scope, receive: Receive, _send: Send
) -> None:
    await _read(receive)
    reset(scope)
    await _gone(receive)


async def _reset_after_accept(
    _fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, _send: Send
) -> None:
    await _answer_of(app, scope, receive)
    reset(scope)
    await _gone(receive)


async def _stall(fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Fall silent; then answer a read late, and say of a write that it was not carried out."""
    if scope["method"] not in ("GET", "HEAD"):
        await _read(receive)
        app = Response(status_code=504)
    if not await _left_within(fault.seconds, receive):
        await app(scope, receive, send)


async def _stall_after_accept(
    fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send
) -> None:
    answer = await _answer_of(app, scope, receive)
    if not await _left_within(fault.seconds, receive):
        await answer.send(send)


def _distortion(distort: Callable[[Answer], Answer]) -> Play:
    """Carry the request out and spoil the answer."""

    async def play(_fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        await distort(await _answer_of(app, scope, receive)).send(send)

    return play


async def _duplicated(
    _fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send
) -> None:
    """Serve a list in which every row stands twice, so that no page is longer than asked for."""
    halved = distortions.half_as_many(scope)
    await distortions.doubled(await _answer_of(app, halved, receive)).send(send)


async def _reordered(
    _fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send
) -> None:
    """Serve the last page first, and every page from its end."""
    backwards = distortions.from_the_end(scope)
    answer = await _answer_of(app, backwards, receive)
    await distortions.reversed_rows(answer, scope).send(send)


async def _clock(fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Live at another time: told in every date, and understood in every date that is asked for."""
    answer = await _answer_of(app, distortions.asked_at(scope, -fault.seconds), receive)
    await distortions.told_at(answer, fault.seconds).send(send)


_PLAYS: Final[dict[str, Play]] = {
    "400": _refusal(400),
    "429": _refusal(429),
    "429-retry-after": _refusal(429),
    "500": _refusal(500),
    "503": _refusal(503),
    "503-retry-after": _refusal(503),
    "reset-before": _reset_before,
    "reset-after-read": _reset_after_read,
    "reset-after-accept": _reset_after_accept,
    "stall": _stall,
    "stall-after-accept": _stall_after_accept,
    "truncated": _distortion(distortions.truncated),
    "charset": _distortion(distortions.not_utf8),
    "duplicated": _duplicated,
    "reordered": _reordered,
    "clock": _clock,
}


async def _answer_of(app: ASGIApp, scope: Scope, receive: Receive) -> Answer:
    """Let the request be carried out and keep the answer."""
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    start = messages[0]
    body = b"".join(each.get("body", b"") for each in messages[1:])
    return Answer(start["status"], list(start["headers"]), body)


async def _read(receive: Receive) -> None:
    while (await receive()).get("more_body"):
        pass


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _left_within(seconds: float, receive: Receive) -> bool:
    """Wait; tell whether the client went away meanwhile."""
    try:
        await asyncio.wait_for(_gone(receive), seconds)
    except TimeoutError:
        return False
    return True
