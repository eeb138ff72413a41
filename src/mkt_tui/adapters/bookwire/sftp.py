"""Files handed to a publisher's portal by SFTP: {ISBN}.epub into one folder, ONIX into another.

Described for Bookwire's server by the contract page (chapter 8). A file goes up under another name
and is renamed when it is whole, so the portal never takes a part; what broke off goes on where it
broke off. Nothing has been delivered before the rename, and only the rename can be in doubt.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final, NoReturn, cast
from urllib.parse import urlsplit

from mkt_tui.adapters.bookwire.acts import opened
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import (
    ChannelError,
    Doubtful,
    HostKeyWrong,
    KeyRefused,
    Refused,
    SettingsWrong,
    Unreachable,
)
from mkt_tui.domain.ticket_operations import KeptFile
from mkt_tui.i18n import N_, _

if TYPE_CHECKING:
    import asyncssh

_PORT: Final = 22
_PIECE: Final = 256 * 1024
_SECONDS: Final = 15
_ONIX: Final = ".xml"
_KEY: Final = "-----BEGIN"
HOST_KEY: Final = "sftp_host_key"


@dataclass(frozen=True, slots=True)
class Server:
    """Where files go, and as whom."""

    user: str
    host: str
    port: int

    @property
    def url(self) -> str:
        """The address without a user."""
        return f"sftp://{self.host}:{self.port}"


class Drop:
    """One account at an SFTP server; the secret is a password, or a private key in OpenSSH's form.

    Options of the channel: `sftp_user`, `sftp_host_key` (the fingerprint of the server's key, SHA256:...),
    `assets_folder` (/assets), `xml_folder` (/xml).
    """

    def __init__(self, channel: Channel, address: str, secret: Callable[[], str]) -> None:
        self._channel, self._secret = channel, secret
        self._server = _server(channel, address)
        self._key = channel.options.get(HOST_KEY, "").strip()
        if not self._key.startswith("SHA256:"):
            raise SettingsWrong(
                what=_("The option {name} of channel {channel} lacks or cannot be used").format(
                    name=HOST_KEY, channel=channel.name
                ),
                remedy=N_("It is the server's fingerprint, such as SHA256:...; ask its operator."),
            )

    async def check(self) -> None:
        """Log in and look at the folders."""
        async with self._session() as sftp:
            for folder in (self._folder(".epub"), self._folder(_ONIX)):
                await sftp.stat(folder)

    async def put(self, file: KeptFile, operation: str, tell: Callable[[int, int], None]) -> None:
        """Deliver a file, going on where an earlier try of this operation ended.

        Raises:
            Unreachable: It is not there yet, and nothing was delivered.
            Doubtful: It may have been delivered.
            AccessRefused, Refused, NotAllowed, FileAway: A definite no.
        """
        content = await asyncio.to_thread(opened, file, self._channel.name)
        with content:
            async with self._session() as sftp:
                part = self._part(file, operation)
                done = await self._begun(sftp, part, file.size)
                content.seek(done)
                async with sftp.open(part, "ab" if done else "wb") as remote:
                    tell(done, file.size)
                    while piece := content.read(_PIECE):
                        await remote.write(piece)
                        done += len(piece)
                        tell(done, file.size)
                if (await sftp.stat(part)).size != file.size:
                    await sftp.remove(part)
                    raise self._error(Unreachable, detail=N_("the file arrived in another size"))
                await self._rename(sftp, part, self._place(file))

    async def has(self, file: KeptFile, operation: str) -> bool:
        """Tell whether the file was delivered: it is there whole, and no part of it any more."""
        async with self._session() as sftp:
            place = self._place(file)
            if await sftp.exists(self._part(file, operation)) or not await sftp.exists(place):
                return False
            if (await sftp.stat(place)).size != file.size:
                return False
            digest = hashlib.sha256()
            async with sftp.open(place, "rb") as remote:
                while piece := await remote.read(_PIECE):
                    digest.update(cast("bytes", piece))
            return digest.hexdigest() == file.sha256

    async def _begun(self, sftp: "asyncssh.SFTPClient", part: str, size: int) -> int:
        """Return how much of the file an earlier try has left there."""
        if not await sftp.exists(part):
            return 0
        there = (await sftp.stat(part)).size or 0
        return there if there <= size else 0

    async def _rename(self, sftp: "asyncssh.SFTPClient", part: str, place: str) -> None:
        import asyncssh

        try:
            await sftp.posix_rename(part, place)
        except asyncssh.SFTPOpUnsupported:
            if await sftp.exists(place):
                await sftp.remove(place)
            await sftp.rename(part, place)
        except (asyncssh.ConnectionLost, asyncssh.SFTPConnectionLost, OSError) as error:
            raise self._error(Doubtful, detail=str(error)) from error

    def _place(self, file: KeptFile) -> str:
        return str(PurePosixPath(self._folder(Path(file.name).suffix.lower())) / file.name)

    def _part(self, file: KeptFile, operation: str) -> str:
        folder = PurePosixPath(self._folder(Path(file.name).suffix.lower()))
        return str(folder / f".{operation}.part")

    def _folder(self, ending: str) -> str:
        options = self._channel.options
        if ending == _ONIX:
            return options.get("xml_folder") or "/xml"
        return options.get("assets_folder") or "/assets"

    @asynccontextmanager
    async def _session(self) -> AsyncIterator["asyncssh.SFTPClient"]:
        import asyncssh  # with all of its cryptography: only who delivers waits for it

        try:
            async with (
                asyncssh.connect(
                    self._server.host,
                    self._server.port,
                    username=self._server.user,
                    client_factory=lambda: _known_host(self._key),
                    # Nobody is trusted but who shows the key of the option.
                    known_hosts=([], [], []),
                    config=None,
                    agent_path=None,
                    connect_timeout=_SECONDS,
                    login_timeout=_SECONDS,
                    keepalive_interval=_SECONDS,
                    **self._login(),
                ) as connection,
                connection.start_sftp_client() as sftp,
            ):
                yield sftp
        except ChannelError:
            raise
        except (asyncssh.Error, OSError, TimeoutError) as error:
            self._fail(error)

    def _login(self) -> dict[str, Any]:
        import asyncssh

        secret = self._secret()
        if not secret.startswith(_KEY):
            return {"password": secret, "client_keys": None}
        try:
            return {"client_keys": [asyncssh.import_private_key(secret)], "password": None}
        except asyncssh.KeyImportError:
            # Not chained: the error could quote the key.
            raise self._error(
                KeyRefused, user=self._server.user, secret=self._channel.secret,
                detail=N_("the private key cannot be read"),
            ) from None  # fmt: skip

    def _fail(self, error: Exception) -> NoReturn:
        import asyncssh

        if isinstance(error, asyncssh.HostKeyNotVerifiable):
            raise self._error(HostKeyWrong, option=HOST_KEY) from error
        if isinstance(error, asyncssh.PermissionDenied):
            raise self._error(
                KeyRefused,
                user=self._server.user,
                secret=self._channel.secret,
                detail=error.reason,
            ) from error
        gone = (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection)
        if isinstance(error, asyncssh.SFTPError) and not isinstance(error, gone):
            raise self._error(Refused, status="SFTP", detail=error.reason) from error
        detail = str(error) or type(error).__name__
        raise self._error(Unreachable, detail=detail) from error

    def _error(self, kind: type[ChannelError], **parameters: object) -> ChannelError:
        return kind(channel=self._channel.name, url=self._server.url, **parameters)


def _known_host(fingerprint: str) -> "asyncssh.SSHClient":
    import asyncssh

    class Client(asyncssh.SSHClient):
        def validate_host_public_key(
            self, host: str, addr: str, port: int, key: asyncssh.SSHKey
        ) -> bool:
            del host, addr, port
            return key.get_fingerprint() == fingerprint

    return Client()


def _server(channel: Channel, address: str) -> Server:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port or _PORT
    except ValueError:
        host, port, parts = None, 0, urlsplit("")
    user = channel.options.get("sftp_user", "")
    if not host or not user or parts.username or parts.scheme != "sftp":
        raise SettingsWrong(
            what=_("Channel {channel} has no address of an SFTP server").format(
                channel=channel.name
            ),
            remedy=N_("Write it such as sftp://ftp.example.com, and the user as option sftp_user."),
        )
    return Server(user, host, port)
