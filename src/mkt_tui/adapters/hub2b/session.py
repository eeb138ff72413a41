"""A login that lasts: the hub takes 30 logins a day, so all processes share one token.

The token is in a private file beside the channel's secret (or where the option `token_file` says),
never in the cache. Who finds it spent locks the file, refreshes it, and the others read what that
one got; only where the refresh token is refused is the password used, and the file counts those
logins, so that thirty desks and a service cannot lock the seller out of his own hub.
"""

import asyncio
import fcntl
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from mkt_tui.adapters.answers import without_secret
from mkt_tui.adapters.http import Http
from mkt_tui.adapters.secrets import Secrets
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import (
    AccessRefused,
    BadAnswer,
    Doubtful,
    RateLimited,
    Refused,
    SecretMissing,
    SettingsWrong,
    Unavailable,
)
from mkt_tui.i18n import N_, _

SECRETS: Final = ("client_id", "client_secret", "username", "password")
MOST_LOGINS: Final = 30
_SCOPE: Final = "inventory orders catalog"
_DAY: Final = 86_400.0
# A token that ends while a request is on its way would be refused there.
_MARGIN: Final = 60.0
_WAIT: Final = 0.1
_PATIENCE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the file holds; instants are seconds since 1970 by this machine's clock."""

    access_token: str = ""
    refresh_token: str = ""
    ends_at: float = 0.0
    logins: tuple[float, ...] = ()


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
        self._path = _place(channel)

    async def token(self, refused: str = "") -> str:
        """Return an access token that is good now and is not `refused`.

        Raises:
            SecretMissing: The file cannot be used, or the secret lacks something.
            RateLimited: The logins of this day are used up.
            ChannelError: The hub gives no token.
        """
        held = self._read()
        if self._is_good(held, refused):
            return held.access_token
        async with asyncio.timeout(_PATIENCE):
            while True:
                with self._locked() as mine:
                    if mine:
                        return await self._renewed(refused)
                await asyncio.sleep(_WAIT)

    def scrubbed(self, words: str) -> str:
        """Return a server's words without what we log in with; some repeat all they know."""
        for name in SECRETS:
            words = without_secret(words, self._secrets(name))
        return words

    async def _renewed(self, refused: str) -> str:
        held = self._read()
        # Whoever had the lock before may have done it.
        if not self._is_good(held, refused):
            held = await self._refreshed(held) or await self._logged_in(held)
            self._write(held)
        return held.access_token

    def _is_good(self, held: Tokens, refused: str) -> bool:
        ends = held.ends_at - _MARGIN
        return bool(held.access_token) and held.access_token != refused and self._clock() < ends

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
        self._write(Tokens(held.access_token, held.refresh_token, held.ends_at, (*recent, now)))
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

    @contextmanager
    def _locked(self) -> Iterator[bool]:
        """Hold the lock; False when another process has it."""
        try:
            lock = os.open(f"{self._path}.lock", os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise self._unusable(error.strerror) from error
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
            else:
                yield True
        finally:
            os.close(lock)

    def _read(self) -> Tokens:
        try:
            if self._path.stat().st_mode & stat.S_IRWXO:
                raise self._unusable(N_("other users of this machine could read it"))
            values = orjson.loads(self._path.read_bytes())
            return Tokens(**values | {"logins": tuple(map(float, values["logins"]))})
        except FileNotFoundError:
            return Tokens()
        except OSError as error:
            raise self._unusable(error.strerror) from error
        except (ValueError, TypeError, KeyError):
            # What cannot be read is worth no more than a login.
            return Tokens()

    def _write(self, held: Tokens) -> None:
        try:
            handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=self._path.name)
            with os.fdopen(handle, "wb") as file:
                # A shared home lets its group share the token too.
                os.fchmod(handle, 0o600 | (self._path.parent.stat().st_mode & 0o060))
                file.write(orjson.dumps(asdict(held)))
                file.flush()
                os.fsync(handle)
            Path(name).replace(self._path)
        except OSError as error:
            raise self._unusable(error.strerror) from error

    def _unusable(self, detail: str | None) -> SecretMissing:
        return SecretMissing(
            reference=f"file:{self._path}", channel=self._channel.name, detail=detail or "-"
        )


def _place(channel: Channel) -> Path:
    """Return where the token is kept: beside the secret's file, unless the channel names a place.

    Raises:
        SettingsWrong: The secret is in no file, and no place is named.
    """
    scheme, _colon, rest = channel.secret.partition(":")
    path = channel.options.get("token_file") or (f"{rest}.token" if scheme == "file" else "")
    if path:
        return Path(path).expanduser()
    raise SettingsWrong(
        what=_("Channel {channel} names no token file").format(channel=channel.name),
        remedy=N_("Set its option token_file to a place in a private folder."),
    )
