"""TOML files that come with the package and that a shop may have its own of, beside its settings."""

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import SettingsWrong
from mkt_tui.i18n import _

Made = TypeVar("Made")
_PACKAGE = Path(__file__).parent.parent


def of_package(name: str) -> dict[str, Any]:
    """Return a file of the package."""
    return tomllib.loads((_PACKAGE / name).read_text("utf-8"))


def of_agent(desk: Desk, name: str) -> Path:
    """Return where an agent's own file is: macros.toml becomes macros-LOGIN.toml."""
    # A login is a file's name but for its strangest signs.
    login = re.sub(r"[^\w.-]", "_", desk.agent)
    path = desk.home.settings / name
    return path.with_name(f"{path.stem}-{login}{path.suffix}")


def of_shop(path: Path, make: Callable[[Mapping[str, Any]], Made]) -> Made:
    """Return what `make` reads from a file; it gets {} when there is none.

    Raises:
        SettingsWrong: It cannot be read, is not TOML, or `make` raised ValueError.
    """
    try:
        return make(tomllib.loads(path.read_text("utf-8")) if path.exists() else {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValueError) as error:
        raise SettingsWrong(
            what=_("The file {path} cannot be used ({detail})").format(path=path, detail=error),
            remedy=_("Correct it or move it away."),
        ) from error
