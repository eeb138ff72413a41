"""A desk that dies at a numbered step, within the test: what it does with its cache and on the wire.

The dead do nothing more: from the chosen step on every statement and request of that desk fails.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from mkt_tui.cache.database import Database

UNDER_WAY = "SELECT COUNT(*) FROM operation WHERE state IN ('queued', 'sending', 'unknown')"


class Dead(BaseException):
    """The process is gone."""


@dataclass
class Steps:
    """Counts the steps of a desk; at the fatal one it dies."""

    fatal: int = 0
    count: int = 0

    def take(self) -> None:
        """One step further, or none any more."""
        self.count += 1
        if self.fatal and self.count >= self.fatal:
            raise Dead


class StepwiseDatabase(Database):
    """A cache whose every statement and commit is a step."""

    steps: Steps

    def execute(self, *arguments: Any) -> int:
        self.steps.take()
        changed = super().execute(*arguments)
        self.steps.take()
        return changed

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[None]:
        self.steps.take()
        with super().transaction(durable=durable):
            yield
            self.steps.take()
        self.steps.take()


@dataclass
class Wire(httpx.AsyncBaseTransport):
    """The way to the marketplace; every request and every answer is a step."""

    to: httpx.AsyncBaseTransport
    steps: Steps = field(default_factory=Steps)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.steps.take()
        answer = await self.to.handle_async_request(request)
        self.steps.take()
        return answer
