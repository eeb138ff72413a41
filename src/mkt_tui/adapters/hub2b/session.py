"""A login that lasts: the hub takes 30 logins a day, so all processes share one token.

The token is in a private file beside the channel's secret, or where the option `token_file` says (see
`adapters.token_file`). Only where the refresh token is refused is the password used, and the file
counts those logins, so that thirty desks and a service cannot lock the seller out of his own hub.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from mkt_tui.adapters.answers import without_secret
from mkt_tui.adapters.http import Http
from mkt_tui.adapters.secrets import Secrets
from mkt_tui.adapters.token_file import TokenFile, Tokens
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import (
    AccessRefused,
    BadAnswer,
    Doubtful,
    RateLimited,
    Refused,
    SettingsWrong,
    Unavailable,
)
from mkt_tui.i18n import N_, _

SECRETS: Final = ("client_id", "client_secret", "username", "password")
MOST_LOGINS: Final = 30
_SCOPE: Final = "inventory orders catalog"
_DAY: Final = 86_400.0


class Login:
    """The tokens of one channel.

    Args:
        http: A line to the hub that carries no token.
        clock: Seconds since 1970.
    """

    def __init__(
        self,
        channel: Channel,
        secrets: Secrets,
        http: Http,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._channel = channel
        self._secrets = secrets
        self._http = http
        self._clock = clock
        self.file = TokenFile(channel, _place(channel), self._renewed, clock=clock)

    async def token(self, refused: str = "") -> str:
        """Return an access token that is good now and is not `refused`.

        Raises:
            SecretMissing: The file cannot be used, or the secret lacks something.
            RateLimited: The logins of this day are used up.
            ChannelError: The hub gives no token.
        """
        return await self.file.access(refused)

    def scrubbed(self, words: str) -> str:
        """Return a server's words without what we log in with; some repeat all they know."""
        for name in SECRETS:
            words = without_secret(words, self._secrets(name))
        return words

    async def _renewed(self, held: Tokens) -> Tokens:
        return await self._refreshed(held) or await self._logged_in(held)

    async def _refreshed(self, held: Tokens) -> Tokens | None:
        """Trade the refresh token for new ones; None where the hub does not take it any more."""
        if not held.refresh_token:
            return None
        content = {
            "client_id": self._secrets("client_id"),
            "client_secret": self._secrets("client_secret"),
            "grant_type": "refresh_token",
            "refresh_token": held.refresh_token,
        }
        try:
            answer = await self._asked("/oauth2/token", content)
        except (AccessRefused, Refused):
            return None
        return self._tokens(answer, held.logins)

    async def _logged_in(self, held: Tokens) -> Tokens:
        now = self._clock()
        recent = tuple(each for each in held.logins if now - _DAY < each <= now)
        if len(recent) >= MOST_LOGINS:
            error = RateLimited(channel=self._channel.name, status=429)
            error.retry_after = recent[0] + _DAY - now
            raise error
        # Counted before it is tried: one that fails counts at the hub too.
        self.file.write(Tokens(held.access_token, held.refresh_token, held.ends_at, (*recent, now)))
        content = {name: self._secrets(name) for name in SECRETS}
        content |= {"grant_type": "password", "scope": _SCOPE}
        try:
            answer = await self._asked("/oauth2/login", content)
        except Refused as refusal:
            # Its words are not told: a rude server repeats what it was sent.
            status = refusal.parameters.get("status")
            raise AccessRefused(
                channel=self._channel.name, status=status, secret=self._channel.secret
            ) from None
        return self._tokens(answer, (*recent, now))

    async def _asked(self, path: str, content: dict[str, str]) -> dict[str, Any]:
        try:
            return await self._http.send("POST", path, content)
        except Doubtful as error:
            # Whether a login arrived is of no matter: another one can be made.
            raise Unavailable(channel=self._channel.name, status="-") from error

    def _tokens(self, answer: dict[str, Any], logins: tuple[float, ...]) -> Tokens:
        access, refresh = answer.get("access_token"), answer.get("refresh_token")
        lasts = answer.get("expires_in", 7200)
        if not (isinstance(access, str) and access and isinstance(lasts, int)):
            raise BadAnswer(channel=self._channel.name, detail="access_token")
        kept = refresh if isinstance(refresh, str) else ""
        return Tokens(access, kept, self._clock() + lasts, logins)


def _place(channel: Channel) -> Path:
    """Return where the token is kept: beside the secret's file, unless the channel names a place.

    Raises:
        SettingsWrong: The secret is in no file, and no place is named.
    """
    scheme, _colon, rest = channel.secret.partition(":")
    path = channel.options.get("token_file") or (f"{rest}.token" if scheme == "file" else "")
    if path:
        return Path(path)
    raise SettingsWrong(
        what=_("Channel {channel} names no token file").format(channel=channel.name),
        remedy=N_("Set its option token_file to a place in a private folder."),
    )
