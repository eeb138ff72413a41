"""Tokens that outlive a process, in one private file that all processes of a channel share.

Some marketplaces kill a refresh token with its first use, others count logins. So a lock on the file
lets one process renew what is spent, and the others read what it got; the new tokens are on the disk
before anybody uses them. They are never in the cache.
"""

import asyncio
import fcntl
import os
import stat
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import orjson

from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import SecretMissing
from mkt_tui.i18n import N_, _

# A token that ends while a request is on its way would be refused there.
_MARGIN: Final = 60.0
_WAIT: Final = 0.1
_PATIENCE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the file holds; instants are seconds since 1970 by this machine's clock.

    Attributes:
        logins: When a password was used, for marketplaces that count that.
    """

    access_token: str = ""
    refresh_token: str = ""
    ends_at: float = 0.0
    logins: tuple[float, ...] = ()


class TokenFile:
    """The tokens of one channel.

    Args:
        renew: Trades the held tokens for new ones; called by one process at a time.
        required: Whether the file must hold a refresh token to begin with: it is part of the
            channel's secret then. Else a file that is missing or unreadable holds nothing.
        clock: Seconds since 1970.
    """

    def __init__(
        self,
        channel: Channel,
        path: Path,
        renew: Callable[[Tokens], Awaitable[Tokens]],
        *,
        required: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._channel = channel
        self._path = path.expanduser()
        self._renew = renew
        self._required = required
        self._clock = clock

    async def access(self, refused: str = "") -> str:
        """Return an access token that is good now and is not `refused`.

        Raises:
            SecretMissing: The file cannot be used.
            ChannelError: The marketplace gives no new token.
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

    def expires_at(self) -> datetime | None:
        """Return when the access token ends; None = there is none.

        Raises:
            SecretMissing: The file cannot be used.
        """
        held = self._read()
        return datetime.fromtimestamp(held.ends_at, UTC) if held.access_token else None

    def write(self, held: Tokens) -> None:
        """Put tokens into the file; for `renew` only, which runs behind the lock."""
        try:
            handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=self._path.name)
            with os.fdopen(handle, "wb") as file:
                os.fchmod(handle, self._mode())
                file.write(orjson.dumps(asdict(held)))
                file.flush()
                os.fsync(handle)
            Path(name).replace(self._path)
        except OSError as error:
            raise self._unusable(error.strerror) from error

    async def _renewed(self, refused: str) -> str:
        held = self._read()
        # Whoever had the lock before may have done it.
        if not self._is_good(held, refused):
            held = await self._renew(held)
            self.write(held)
        return held.access_token

    def _is_good(self, held: Tokens, refused: str) -> bool:
        ends = held.ends_at - _MARGIN
        return bool(held.access_token) and held.access_token != refused and self._clock() < ends

    def _mode(self) -> int:
        """Keep the file as private as it is; a shared home lets its group share a new one."""
        try:
            return self._path.stat().st_mode & 0o660
        except FileNotFoundError:
            return 0o600 | (self._path.parent.stat().st_mode & 0o060)

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
            held = _tokens(self._path.read_bytes())
        except FileNotFoundError as error:
            if self._required:
                raise self._unusable(error.strerror) from error
            return Tokens()
        except OSError as error:
            raise self._unusable(error.strerror) from error
        if self._required and not held.refresh_token:
            raise self._unusable(
                _("it is no JSON object with a {name}").format(name="refresh_token")
            )
        return held

    def _unusable(self, detail: str | None) -> SecretMissing:
        return SecretMissing(
            reference=f"file:{self._path}", channel=self._channel.name, detail=detail or "-"
        )


def _tokens(content: bytes) -> Tokens:
    """Read a file's content; what cannot be read is worth no token."""
    try:
        values = orjson.loads(content)
        access, refresh = values.get("access_token", ""), values.get("refresh_token", "")
        if not (isinstance(access, str) and isinstance(refresh, str)):
            return Tokens()
        logins = tuple(map(float, values.get("logins", ())))
        return Tokens(access, refresh, float(values.get("ends_at", 0.0)), logins)
    except (ValueError, TypeError, AttributeError):
        return Tokens()
