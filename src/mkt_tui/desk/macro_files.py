"""Changing the files that macros are kept in: comments and everything else in them stay.

Raises, in all functions:
    SettingsWrong: A file cannot be read or written, or is not what it should be.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mkt_tui.desk import macros, own_files
from mkt_tui.desk.desk import Desk
from mkt_tui.domain import macros as rules
from mkt_tui.domain.errors import NotAllowed, NotFound, SettingsWrong
from mkt_tui.domain.macros import Macro
from mkt_tui.domain.text import clean
from mkt_tui.i18n import _

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


class Kept(NamedTuple):
    """A macro and whose it is: package, shop or own."""

    macro: Macro
    owner: str


def everything(desk: Desk) -> list[Kept]:
    """Return all macros by name; of one name only the one that holds."""
    own, shop = macros.own_file(desk), desk.home.settings / macros.FILE
    places = ((own, "own"), (shop, "shop"))
    names = {path: own_files.of_shop(path, dict) for path, _owner in places}

    def owner(name: str) -> str:
        return next((word for path, word in places if name in names[path]), "package")

    found = sorted(macros.known(desk), key=lambda each: each.name)
    return [Kept(each, owner(each.name)) for each in found]


def find(desk: Desk, name: str) -> Kept:
    """Return a macro by its name.

    Raises:
        NotFound: None is called so.
    """
    for each in everything(desk):
        if each.macro.name == name:
            return each
    raise NotFound(kind=_("macro"), name=name, remedy=_("See: mkt-tui macro list"))


def put(desk: Desk, found: Mapping[str, Mapping[str, Any]], *, shop: bool) -> None:
    """Write macros under their names, in place of those of the same names in that file.

    Args:
        found: Their fields by name, as in the file.
        shop: Into the shop's file, which holds for all agents; else the agent's own.

    Raises:
        NotAllowed: One of them means nothing.
    """
    import tomlkit

    try:
        rules.macros(found)
    except ValueError as error:
        raise NotAllowed(
            what=_("This macro cannot be used ({detail})").format(detail=error),
            remedy=_(
                "Its name has letters, digits, - and _; places are {{order.number}} and so on."
            ),
        ) from error
    path = _path(desk, shop=shop)
    document = _read(path)
    for name, fields in found.items():
        table = tomlkit.table()
        for key, value in fields.items():
            long = key == "text" and "\n" in value
            table[key] = tomlkit.string(value, multiline=True) if long else value
        document[name] = table
    _write(path, document)


def remove(desk: Desk, name: str, *, shop: bool) -> None:
    """Take a macro out of that file; what it stood in place of holds again.

    Raises:
        NotFound: It is not in there.
    """
    path = _path(desk, shop=shop)
    document = _read(path)
    if name not in document:
        told = _(
            "It is in no file of yours; the shop's need --shop, the package's are dropped with off = true."
        )
        raise NotFound(kind=_("macro"), name=name, remedy=told)
    del document[name]
    _write(path, document)


def exported(desk: Desk, names: list[str]) -> str:
    """Return macros as a file of them; all that hold when none is named."""
    import tomlkit

    document = tomlkit.document()
    for each in [find(desk, name) for name in names] or everything(desk):
        document[each.macro.name] = as_fields(each.macro)
    return tomlkit.dumps(document)


def read(text: str) -> dict[str, Any]:
    """Return the macros of an exported file's text, cleaned."""
    import tomllib

    try:
        told = tomllib.loads(clean(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsWrong(
            what=_("This is no file of macros ({detail})").format(detail=error),
            remedy=_("It is TOML, as mkt-tui macro export writes it."),
        ) from error
    return told


def as_fields(macro: Macro) -> dict[str, Any]:
    """Return a macro's fields as in a file."""
    fields: dict[str, Any] = {"language": macro.language} if macro.language else {}
    if macro.channels:
        fields["channels"] = list(macro.channels)
    return fields | {"text": macro.text}


def _path(desk: Desk, *, shop: bool) -> Path:
    return desk.home.settings / macros.FILE if shop else macros.own_file(desk)


def _read(path: Path) -> "TOMLDocument":
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        return tomlkit.parse(path.read_text("utf-8") if path.exists() else "")
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise _unusable(path, error) from error


def _write(path: Path, document: "TOMLDocument") -> None:
    """Put the file in place as a whole, so that no desk reads half of it."""
    import tomlkit

    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_text(tomlkit.dumps(document), encoding="utf-8")
        fresh.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o600)
        fresh.replace(path)
    except OSError as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, error: Exception) -> SettingsWrong:
    return SettingsWrong(
        what=_("The file {path} cannot be used ({detail})").format(path=path, detail=error),
        remedy=_("Correct it or move it away."),
    )
