"""Where the files of one installation are, and that nobody else can read them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mkt_tui import privacy
from mkt_tui.domain.errors import SettingsWrong
from mkt_tui.i18n import _, why

HOME_VARIABLE: Final = "MKT_TUI_HOME"


@dataclass(frozen=True, slots=True)
class Home:
    """The folders of one installation; `group` is who may share them, None = the owner only."""

    settings: Path
    data: Path
    logs: Path

    @property
    def settings_file(self) -> Path:
        """The settings, in TOML; it need not exist."""
        return self.settings / "settings.toml"

    @property
    def deadlines_file(self) -> Path:
        """The shop's own deadline rules, in TOML; it need not exist."""
        return self.settings / "deadlines.toml"

    @property
    def marketplaces_file(self) -> Path:
        """The shop's own names and addresses of marketplaces, in TOML; it need not exist."""
        return self.settings / "marketplaces.toml"

    @property
    def secrets(self) -> Path:
        """The folder of the secret store; it need not exist."""
        return self.settings / "secrets"

    @property
    def cache_file(self) -> Path:
        """The SQLite cache."""
        return self.data / "cache.db"

    @property
    def files(self) -> Path:
        """Where files wait that are too large for the outbox, until they have left."""
        return self.data / "files"

    @property
    def log_file(self) -> Path:
        """The log of this installation; never holds secrets or personal data."""
        return self.logs / "mkt-tui.log"


def find_home(wanted: Path | None, environment: Mapping[str, str] = os.environ) -> Home:
    """Return the home named by `--home`, else by MKT_TUI_HOME, else the platform's own folders."""
    if wanted is None and (named := environment.get(HOME_VARIABLE)):
        wanted = Path(named)
    if wanted is not None:
        top = wanted.expanduser().absolute()
        return Home(settings=top, data=top, logs=top / "logs")
    from platformdirs import PlatformDirs

    dirs = PlatformDirs("mkt-tui", appauthor=False)
    return Home(dirs.user_config_path, dirs.user_data_path, dirs.user_log_path)


def prepare(home: Home, group: str | None) -> None:
    """Make the folders where they lack, and see that nobody else can read them.

    Raises:
        NotPrivate: A folder or the cache is open to others; nothing was touched.
        SettingsWrong: The group does not exist, or a folder cannot be made.
    """
    os.umask(0o007 if group else 0o077)
    gid = privacy.group_id(group) if group else None
    for folder in (home.settings, home.data, home.logs):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o770 if group else 0o700)
        except OSError as error:
            raise SettingsWrong(
                what=_("The folder {path} cannot be made ({detail})").format(
                    path=folder, detail=why(error)
                ),
                remedy=_("Choose another one with --home or MKT_TUI_HOME."),
            ) from error
    for path in private_paths(home):
        privacy.check(path, gid)


def private_paths(home: Home) -> list[Path]:
    """Return the folders and files, of those that exist, that must be private."""
    files = (home.settings_file, home.cache_file, home.log_file)
    folders = dict.fromkeys((home.settings, home.data, home.logs, home.secrets))
    secrets = home.secrets.iterdir() if home.secrets.is_dir() else ()
    return [each for each in (*folders, *files, *secrets) if each.exists()]
