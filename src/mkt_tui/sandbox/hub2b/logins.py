"""Logging in: at most 30 times a day, and by the refresh token as often as one likes."""

from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import forms
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.errors import ApiError
from mkt_tui.sandbox.rates import Window
from mkt_tui.sandbox.world import Shop, World

MOST_LOGINS = 30
_LIFE = timedelta(seconds=7200)


def credentials(shop: Shop) -> dict[str, str]:
    """Return what the shop logs in with."""
    return {
        "client_id": f"practice-{shop.identity.number}",
        "client_secret": f"client-{shop.identity.api_key}",
        "username": f"practice@{shop.identity.number}",
        "password": f"word-{shop.identity.api_key}",
    }


class Logins:
    """The tokens of one shop; a refresh gives a new pair and ends the old one."""

    def __init__(self, world: World, shop: Shop) -> None:
        self._shop = shop
        self._window = Window(MOST_LOGINS, timedelta(days=1), world.clock)
        self._number = 0
        self._ends: datetime = world.clock()
        self._world = world

    def access(self, _request: Request) -> str:
        """Return the token that is good now.

        Raises:
            ApiError: None is.
        """
        if not self._number or self._world.clock() >= self._ends:
            raise ApiError(401, "invalid_token")
        return self._token("access")

    async def log_in(self, _world: World, shop: Shop, request: Request) -> Response:
        """POST /oauth2/login."""
        content = await forms.read_json(request)
        wanted = credentials(shop) | {"grant_type": "password"}
        if any(content.get(name) != value for name, value in wanted.items()):
            raise ApiError(401, "invalid_grant")
        if "orders" not in str(content.get("scope")).split():
            raise ApiError(400, "invalid_scope")
        if not self._window.take():
            raise ApiError(429, "Too many logins today")
        return self._new()

    async def refresh(self, _world: World, shop: Shop, request: Request) -> Response:
        """POST /oauth2/token."""
        content = await forms.read_json(request)
        wanted = {name: credentials(shop)[name] for name in ("client_id", "client_secret")}
        wanted |= {"grant_type": "refresh_token", "refresh_token": self._token("refresh")}
        if not self._number or any(content.get(name) != value for name, value in wanted.items()):
            raise ApiError(401, "invalid_grant")
        return self._new()

    def _new(self) -> Response:
        self._number += 1
        self._ends = self._world.clock() + _LIFE
        return json_answer(
            {
                "access_token": self._token("access"),
                "token_type": "bearer",
                "expires_in": int(_LIFE.total_seconds()),
                "refresh_token": self._token("refresh"),
            }
        )

    def _token(self, kind: str) -> str:
        return f"{kind}-{self._number}-{self._shop.identity.api_key}"
