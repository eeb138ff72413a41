"""What one command needs of the installation: its home, its settings, its language, the desk."""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from mkt_tui import i18n

if TYPE_CHECKING:
    # The bare desk starts without the first, and help is written without any.
    import typer

    from mkt_tui.cache.places import Place
    from mkt_tui.config import Settings
    from mkt_tui.desk.desk import Desk
    from mkt_tui.home import Home

LANGUAGES: Final = ("en", "pt-BR", "it")


class Session:
    """One run of the program; opens only what its verb asks for, and closes it at the end.

    Attributes:
        wanted_home: What `--home` says.
        wanted_database: What `--database` says.
        wanted_language: What `--lang` says.
        logged_at: The log file in use, None before there is one.
    """

    def __init__(self) -> None:
        self.wanted_home: Path | None = None
        self.wanted_database: str | None = None
        self.wanted_language: str | None = None
        self.logged_at: Path | None = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def desk(self) -> "Desk":
        """Open the desk of this process's user.

        Raises:
            SettingsWrong: The settings or the home cannot be used.
            CacheProblem: The cache cannot be used.
        """
        from mkt_tui.cache import places
        from mkt_tui.config import load_settings
        from mkt_tui.home import find_home, prepare

        home = find_home(self.wanted_home)
        settings = load_settings(home)
        i18n.set_language(i18n.choose(self.wanted_language or settings.language))
        prepare(home, settings.group)
        place = places.choose(self.wanted_database, settings.database, home.cache_file, os.environ)
        return self.desk_at(home, settings, place)

    def desk_at(self, home: "Home", settings: "Settings", place: "Place") -> "Desk":
        """Open the desk of a prepared home on the cache of that place."""
        from mkt_tui.cache.database import Database
        from mkt_tui.config import agent_name
        from mkt_tui.desk.desk import Desk
        from mkt_tui.logs import log_to

        self._open.enter_context(log_to(home.log_file))
        self.logged_at = home.log_file
        database = Database(place)
        self._open.callback(database.close)
        return Desk(database, settings, home, agent_name())


def session_of(context: "typer.Context") -> Session:
    """Return the session that `run` has put into the context."""
    found = context.obj
    assert isinstance(found, Session)
    return found


def desk_of(context: "typer.Context") -> "Desk":
    """Open the desk for a command."""
    return session_of(context).desk()


def is_language(spelling: str) -> bool:
    """Tell whether `--lang` may say so: en, pt, pt-BR, pt_BR, it, it-IT ..."""
    return spelling.replace("-", "_").split(".")[0].split("_")[0].lower() in {"en", "pt", "it"}


def peek_language(arguments: Sequence[str]) -> str | None:
    """Return what `--lang` says, before the command line is read in earnest."""
    for place, word in enumerate(arguments):
        if word.startswith("--lang="):
            return word.partition("=")[2]
        if word == "--lang" and place + 1 < len(arguments):
            return arguments[place + 1]
        if word == "--":
            break
    return None
