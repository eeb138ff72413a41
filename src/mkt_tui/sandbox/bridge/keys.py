"""Idempotency keys: the same key answers the first result again, for seven days."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox.contract import Endpoint
from mkt_tui.sandbox.errors import ApiError
from mkt_tui.sandbox.world import Shop, World

_LAST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _First:
    at: datetime
    request: str
    status: int
    body: bytes


class Keys:
    """What was carried out under which key."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._known: dict[str, _First] = {}

    def guarding(self, endpoint: Endpoint) -> Endpoint:
        """Return `endpoint` so that it carries nothing out twice under one key."""

        async def guarded(world: World, shop: Shop, request: Request) -> Response:
            key = request.headers.get("Idempotency-Key")
            if not key:
                raise ApiError(400, "The header Idempotency-Key is required")
            asked = await _fingerprint(request)
            first = self._known.get(key)
            if first is None or self._clock() - first.at > _LAST:
                # A refusal is not kept: nothing was carried out.
                response = await endpoint(world, shop, request)
                first = _First(self._clock(), asked, response.status_code, bytes(response.body))
                self._known[key] = first
            if first.request != asked:
                raise ApiError(409, "The key was used for another request")
            media = "application/json" if first.body else None
            return Response(first.body, first.status, media_type=media)

        return guarded


async def _fingerprint(request: Request) -> str:
    body = await request.body()
    return f"{request.method} {request.url.path} {hashlib.sha256(body).hexdigest()}"
