"""Where a cache lives: in a file of this machine, or in a database of a PostgreSQL server."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self, TypeAlias
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from mkt_tui.domain.errors import SettingsWrong
from mkt_tui.i18n import _

DATABASE_VARIABLE: Final = "MKT_TUI_DATABASE"
_SCHEMES: Final = frozenset({"postgresql", "postgresql+psycopg"})
_SECRET: Final = frozenset({"password", "sslpassword"})
_HOST: Final = re.compile(r"(\[[^\]]+\]|[^:\[\]]*)(?::(\d*))?")


@dataclass(frozen=True, slots=True, repr=False)
class ServerAddress:
    """A database of a PostgreSQL server; as text (`str`, `repr`) it never shows a password.

    Attributes:
        url: The address as it was given, its password too: for a connection or a child's
            environment only.
    """

    url: str

    @classmethod
    def parse(cls, url: str, where: str, *, password_allowed: bool = False) -> Self:
        """Return the address, having seen that it is one.

        Args:
            where: What gave it, for the error: --database, the variable's name.
            password_allowed: Whether a password may stand there; command lines and settings are
                read by others.

        Raises:
            SettingsWrong: It is no address of a PostgreSQL database, or shows a password.
        """
        try:
            address = cls(url)
            holds = _SECRET & address.parameters().keys()
        except ValueError as error:
            raise _wrong(where) from error
        if holds and not password_allowed:
            raise _shows_password(where)
        return address

    def parameters(self) -> dict[str, str]:
        """Return what libpq calls its parameters: host, port, user, password, dbname, sslmode ...

        Raises:
            ValueError: It is no address of a PostgreSQL database.
        """
        parts = urlsplit(self.url)
        if parts.scheme not in _SCHEMES:
            raise ValueError
        given = dict(_of_authority(parts.netloc))
        if len(parts.path) > 1:
            given["dbname"] = unquote(parts.path[1:])
        return given | dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self})"

    def __str__(self) -> str:
        parts = urlsplit(self.url)
        authority, at, hosts = parts.netloc.rpartition("@")
        query = [pair for pair in parse_qsl(parts.query) if pair[0] not in _SECRET]
        return SplitResult(
            parts.scheme, authority.partition(":")[0] + at + hosts, parts.path, urlencode(query), ""
        ).geturl()


Place: TypeAlias = Path | ServerAddress


def choose(
    wanted: str | None, setting: str | None, file: Path, environment: Mapping[str, str]
) -> Place:
    """Return the place named by `--database`, else by MKT_TUI_DATABASE, else by the settings.

    Args:
        file: The SQLite file that is used when none of them names one.

    Raises:
        SettingsWrong: What is named cannot be used.
    """
    if wanted:
        return ServerAddress.parse(wanted, "--database")
    if named := environment.get(DATABASE_VARIABLE):
        return ServerAddress.parse(named, DATABASE_VARIABLE, password_allowed=True)
    if setting:
        return ServerAddress.parse(setting, "settings.toml")
    return file


def environment_for(place: Place, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a child process that shall work on the same cache."""
    others = {key: value for key, value in environment.items() if key != DATABASE_VARIABLE}
    return others | ({DATABASE_VARIABLE: place.url} if isinstance(place, ServerAddress) else {})


def _of_authority(authority: str) -> Iterator[tuple[str, str]]:
    login, _at, hosts = authority.rpartition("@")
    user, colon, password = login.partition(":")
    if user:
        yield "user", unquote(user)
    if colon:
        yield "password", unquote(password)
    if hosts:
        pairs = [_host(each) for each in hosts.split(",")]
        yield "host", ",".join(host for host, _port in pairs)
        if any(port for _host, port in pairs):
            yield "port", ",".join(port for _host, port in pairs)


def _host(text: str) -> tuple[str, str]:
    found = _HOST.fullmatch(text)
    if found is None:
        raise ValueError
    return unquote(found[1].strip("[]")), found[2] or ""


def _wrong(where: str) -> SettingsWrong:
    # What was typed may hold a password, so it is not shown.
    return SettingsWrong(
        what=_("The database address of {where} cannot be used").format(where=where),
        remedy=_("Write it like postgresql+psycopg://user@host/database."),
    )


def _shows_password(where: str) -> SettingsWrong:
    return SettingsWrong(
        what=_("The database address of {where} holds a password, which others could read").format(
            where=where
        ),
        remedy=_("Put the password into ~/.pgpass or the variable PGPASSWORD, and leave it out."),
    )
