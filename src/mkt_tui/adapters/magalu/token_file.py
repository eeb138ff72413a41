"""Tokens that change with every use, kept in a private file.

Each refresh gives a new refresh token and kills the one before. Two processes that refreshed at once
would lock each other out, so a lock on the file lets one do it, and the others read what it got;
the new token is on the disk before anybody uses it.
"""

import asyncio
import fcntl
import os
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import SecretMissing
from mkt_tui.i18n import N_, _

_WAIT: Final = 0.1
_PATIENCE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Held:
    """What the file holds; `ends` is seconds since 1970, by this machine's clock."""

    refresh: str
    access: str = ""
    ends: float = 0.0


class TokenFile:
    """The tokens of one channel.

    Args:
        refresh: Trades a refresh token for new tokens.
    """

    def __init__(
        self, channel: Channel, path: str, refresh: Callable[[str], Awaitable[Held]]
    ) -> None:
        self._channel = channel
        self._path = Path(path).expanduser()
        self._refresh = refresh

    async def access(self, now: float, unless: str = "") -> str:
        """Return an access token that is good at `now` and is not `unless`, which was refused.

        Raises:
            SecretMissing: The file cannot be read or written, is open to others, or holds no token.
            ChannelError: The marketplace gives no new token.
        """
        held = self._read()
        if held.ends > now and held.access != unless:
            return held.access
        async with asyncio.timeout(_PATIENCE):
            while True:
                with self._locked() as mine:
                    if mine:
                        return await self._renewed(now, unless)
                await asyncio.sleep(_WAIT)

    async def _renewed(self, now: float, unless: str) -> str:
        held = self._read()
        # Whoever had the lock before may have done it.
        if held.ends <= now or held.access == unless:
            held = await self._refresh(held.refresh)
            self._write(held)
        return held.access

    @contextmanager
    def _locked(self) -> Iterator[bool]:
        """Hold the lock; False when another process has it."""
        try:
            lock = os.open(f"{self._path}.lock", os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise self._missing(error.strerror or type(error).__name__) from error
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
            else:
                yield True
        finally:
            os.close(lock)

    def _read(self) -> Held:
        try:
            if self._path.stat().st_mode & 0o007:
                raise self._missing(N_("other users of this machine could read it"))
            values: Any = orjson.loads(self._path.read_bytes())
            refresh = values["refresh_token"]
            ends = float(values.get("ends_at", 0.0))
            held = Held(refresh, values.get("access_token", ""), ends)
        except OSError as error:
            raise self._missing(error.strerror or type(error).__name__) from error
        except (ValueError, TypeError, KeyError, AttributeError):
            # Not chained: the text of the error would quote what was read.
            raise self._missing(
                _("it is no JSON object with a {name}").format(name="refresh_token")
            ) from None
        if not (isinstance(refresh, str) and isinstance(held.access, str)):
            raise self._missing(
                _("it is no JSON object with a {name}").format(name="refresh_token")
            )
        return held

    def _write(self, held: Held) -> None:
        content = {
            "refresh_token": held.refresh,
            "access_token": held.access,
            "ends_at": held.ends,
        }
        try:
            handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=self._path.name)
            with os.fdopen(handle, "wb") as file:
                os.fchmod(handle, self._path.stat().st_mode & 0o660)
                file.write(orjson.dumps(content))
                file.flush()
                os.fsync(handle)
            Path(name).replace(self._path)
        except OSError as error:
            raise self._missing(error.strerror or type(error).__name__) from error

    def _missing(self, detail: str) -> SecretMissing:
        return SecretMissing(
            reference=f"file:{self._path}", channel=self._channel.name, detail=detail
        )
