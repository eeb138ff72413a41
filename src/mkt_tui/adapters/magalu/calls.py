"""Requests with a token that is good, whatever became of the one before."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Self, TypeVar
from urllib.parse import urlsplit

import httpx

from mkt_tui.adapters.http import Answer, Http, Query
from mkt_tui.adapters.pacing import per_minute
from mkt_tui.adapters.secrets import Secrets
from mkt_tui.adapters.token_file import TokenFile, Tokens
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import AccessRefused, BadAnswer, Doubtful, Refused, SettingsWrong
from mkt_tui.i18n import N_, _

SECRETS: Final = ("client_id", "client_secret")
_TOKEN_URL: Final = "https://id.magalu.com/oauth/token"  # noqa: S105 - an address

Result = TypeVar("Result")


class Calls:
    """One channel's requests, an async context manager; `rates` are names and figures a minute."""

    def __init__(
        self,
        channel: Channel,
        secrets: Secrets,
        rates: Mapping[str, float],
        timeout: httpx.Timeout,
        transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self._channel = channel
        self._secrets = secrets
        address = urlsplit(channel.options.get("token_url") or _TOKEN_URL)
        self._token_path = address.path
        at_sign_in = replace(channel, base_url=f"{address.scheme}://{address.netloc}")
        self._sign_in = Http(at_sign_in, dict, timeout=timeout, transport=transport)
        self._token = ""
        self._lines = {
            option: Http(
                channel,
                lambda: {"Authorization": f"Bearer {self._token}"},
                rate=per_minute(channel, option, allowed),
                timeout=timeout,
                transport=transport,
            )
            for option, allowed in rates.items()
        }
        path = channel.options.get("token_file")
        if not path:
            raise SettingsWrong(
                what=_("Channel {channel} names no token file").format(channel=channel.name),
                remedy=N_("Set the option token_file to a private file with the refresh token."),
            )
        self.tokens = TokenFile(channel, Path(path), self._refreshed, required=True)

    async def __aenter__(self) -> Self:
        for each in (self._sign_in, *self._lines.values()):
            await each.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        for each in (self._sign_in, *self._lines.values()):
            await each.__aexit__()

    async def get(self, line: str, path: str, query: Query) -> Answer:
        """Read a JSON object; see `Http.get`."""
        return await self._with_token(lambda: self._lines[line].get(path, query))

    async def download(self, line: str, path: str) -> bytes:
        """Read a file; see `Http.download`."""
        return await self._with_token(lambda: self._lines[line].download(path, {}))

    async def send(self, line: str, path: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """Send JSON, once; see `Http.send`."""
        return await self._with_token(lambda: self._lines[line].send("POST", path, content))

    async def _with_token(self, call: Callable[[], Awaitable[Result]]) -> Result:
        self._token = await self.tokens.access()
        try:
            return await call()
        except AccessRefused as refusal:
            # 401 is a token that ended early; what it came with was not carried out.
            if refusal.parameters.get("status") != "401":
                raise
        self._token = await self.tokens.access(refused=self._token)
        return await call()

    async def _refreshed(self, held: Tokens) -> Tokens:
        form = {
            "grant_type": "refresh_token",
            "client_id": self._secrets("client_id"),
            "client_secret": self._secrets("client_secret"),
            "refresh_token": held.refresh_token,
        }
        try:
            told = await self._sign_in.send_form(self._token_path, form)
            access, refresh = told["access_token"], told["refresh_token"]
            lasts = float(told.get("expires_in") or 0.0)
        except Refused as error:
            raise AccessRefused(
                channel=self._channel.name, status=400, secret=self._channel.secret
            ) from error
        except (KeyError, TypeError, ValueError):
            # Not chained: the text of the error could quote a token.
            raise BadAnswer(
                channel=self._channel.name, detail=N_("no tokens in the answer")
            ) from None
        except Doubtful as error:
            # The old token may be dead now, and the new one lost: the next try tells.
            raise BadAnswer(channel=self._channel.name, detail=N_("no answer in time")) from error
        return Tokens(str(access), str(refresh), time.time() + lasts)
