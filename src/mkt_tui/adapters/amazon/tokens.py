"""The access token of the Selling Partner API: an hour long, kept in memory only.

POST https://api.amazon.com/auth/o2/token with grant_type=refresh_token (facts.md). A library for
OAuth 2 would bring its own HTTP errors and a cryptography package for this one form.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self
from urllib.parse import urlsplit

from mkt_tui.adapters.http import Http
from mkt_tui.adapters.secrets import Secrets
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import AccessRefused, BadAnswer, Refused

SECRETS: Final = ("client_id", "client_secret", "refresh_token")
_TOKEN_URL: Final = "https://api.amazon.com/auth/o2/token"  # noqa: S105 - an address
# A token that ends while a request is on its way would be refused there.
_MARGIN: Final = 60.0


class Tokens:
    """Fetches the token when it is needed, once for all that wait; an async context manager."""

    def __init__(self, channel: Channel, secrets: Secrets, **http: Any) -> None:
        self._channel = channel
        self._secrets = secrets
        address = urlsplit(channel.options.get("token_url") or _TOKEN_URL)
        self._path = address.path
        host = f"{address.scheme}://{address.netloc}"
        self._http = Http(replace(channel, base_url=host), dict, **http)
        self._lock = asyncio.Lock()
        self._token = ""
        # By the event loop's clock, which nobody sets; 0 = there is none.
        self._expires_at = 0.0

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.__aexit__()

    def headers(self) -> Mapping[str, str]:
        """Return the header of a request; `prepare` must have been called."""
        return {"x-amz-access-token": self._token}

    def ends_at(self) -> datetime | None:
        """Return the instant at which the token ends; None = there is none."""
        if not self._expires_at:
            return None
        lasts = self._expires_at - asyncio.get_running_loop().time()
        return datetime.now(UTC) + timedelta(seconds=lasts)

    def forget(self) -> None:
        """Let the next request fetch a new token, for this one was refused."""
        self._expires_at = 0.0

    async def prepare(self) -> None:
        """See that there is a token which lasts long enough for a request.

        Raises:
            AccessRefused: Amazon does not accept the secrets.
            ChannelError: Why none could be fetched; nothing of a request has left then.
        """
        async with self._lock:
            now = asyncio.get_running_loop().time()
            if now >= self._expires_at - _MARGIN:
                data = await self._fetch()
                token, lasts = data.get("access_token"), data.get("expires_in")
                if not isinstance(token, str) or not token or type(lasts) is not int:
                    raise BadAnswer(channel=self._channel.name, detail="access_token")
                self._token, self._expires_at = token, now + lasts

    async def _fetch(self) -> dict[str, Any]:
        form = {"grant_type": "refresh_token"} | {name: self._secrets(name) for name in SECRETS}
        try:
            return (await self._http.ask(self._path, form)).data
        except Refused as error:
            # 400 invalid_grant, 401 invalid_client: the secrets, not the request.
            raise AccessRefused(
                channel=self._channel.name,
                status=error.parameters.get("status"),
                secret=self._channel.secret,
            ) from error
