"""The first consent of a seller (OAuth 2, authorization code): an address to open, a code to trade.

Source: section 3 of the reference page (Auth): the code lives ten minutes and is taken once; the
tokens it gives are written before anybody uses them.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import orjson

from mkt_tui.adapters.http import Http
from mkt_tui.adapters.secrets import Secrets
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import AccessRefused, BadAnswer, NotAllowed, Refused
from mkt_tui.i18n import N_, _

_LOGIN_URL: Final = "https://id.magalu.com/login"
_TOKEN_URL: Final = "https://id.magalu.com/oauth/token"  # noqa: S105 - an address


class Consent:
    """One seller's consent for a channel.

    Args:
        redirect: Where the seller's browser is sent afterwards, as the application is registered.
    """

    def __init__(
        self, channel: Channel, secret: Callable[[], str], redirect: str, **http: Any
    ) -> None:
        self._channel = channel
        self._secrets = Secrets(channel, secret)
        self._redirect = redirect
        self._http = http
        self._state = uuid4().hex
        path = channel.options.get("token_file")
        if not path:
            raise NotAllowed(
                what=_("Channel {channel} names no token file").format(channel=channel.name),
                remedy=N_("Set the option token_file to a private file with the refresh token."),
            )
        self._path = Path(path).expanduser()

    def address(self, scope: str) -> str:
        """Return what the seller opens in a browser, and agrees to.

        Args:
            scope: What the application asks for, with blanks; those of tickets are in no public document.
        """
        asked = {
            "client_id": self._secrets("client_id"),
            "redirect_uri": self._redirect,
            "scope": scope,
            "response_type": "code",
            "choose_tenants": "true",
            "state": self._state,
        }
        return f"{self._channel.options.get('login_url') or _LOGIN_URL}?{urlencode(asked)}"

    async def take(self, answered: str) -> None:
        """Trade the code for tokens and write them into the channel's token file.

        Args:
            answered: The address that the browser was sent to, or the code in it alone.

        Raises:
            NotAllowed: The address belongs to another consent, or the seller refused.
            AccessRefused: The code is not taken: too old, used before, or of other secrets.
            SecretMissing: The file cannot be written.
        """
        content = {
            "grant_type": "authorization_code",
            "client_id": self._secrets("client_id"),
            "client_secret": self._secrets("client_secret"),
            "redirect_uri": self._redirect,
            "code": self._code(answered.strip()),
        }
        parts = urlsplit(self._channel.options.get("token_url") or _TOKEN_URL)
        place = Channel(
            **{
                **{name: getattr(self._channel, name) for name in self._channel.__slots__},
                "base_url": f"{parts.scheme}://{parts.netloc}",
            }
        )
        async with Http(place, dict, **self._http) as door:
            try:
                told = await door.send("POST", parts.path, content)
            except Refused as error:
                raise AccessRefused(
                    channel=self._channel.name,
                    status=error.parameters.get("status"),
                    secret=self._channel.secret,
                ) from error
        self._write(told)

    def _code(self, answered: str) -> str:
        if "?" not in answered:
            return answered
        found = parse_qs(urlsplit(answered).query)
        if found.get("state") != [self._state] or not found.get("code"):
            raise NotAllowed(
                what=N_("That address does not answer this consent"),
                remedy=N_("Open the address anew, agree, and paste where the browser ends up."),
            )
        return found["code"][0]

    def _write(self, told: dict[str, Any]) -> None:
        refresh, access = told.get("refresh_token"), told.get("access_token")
        if not (isinstance(refresh, str) and refresh and isinstance(access, str)):
            raise BadAnswer(channel=self._channel.name, detail=N_("no tokens in the answer"))
        lasts = told.get("expires_in")
        content = {
            "refresh_token": refresh,
            "access_token": access,
            "ends_at": time.time() + (lasts if isinstance(lasts, int) else 0) - 60,
        }
        part = self._path.with_name(f"{self._path.name}.{self._state}")
        handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o660)
        with os.fdopen(handle, "wb") as file:
            file.write(orjson.dumps(content))
            file.flush()
            os.fsync(handle)
        part.replace(self._path)
