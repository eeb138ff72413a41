"""EPUB files checked for the shops of a title, with the publisher's own rules over the package's."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from mkt_tui.config import Home
from mkt_tui.desk import own_files
from mkt_tui.domain.errors import NotFound
from mkt_tui.epub import check as checking
from mkt_tui.epub.profiles import DEFAULT, Profile, choose, read
from mkt_tui.epub.progress import Cancelled, OnProgress
from mkt_tui.epub.report import Report
from mkt_tui.i18n import N_

FILE: Final = "epub_profiles.toml"


def profiles(home: Home) -> dict[str, Profile]:
    """Return every shop's profile: the package's, with the publisher's own over them.

    Raises:
        SettingsWrong: The publisher's file cannot be used.
    """
    figures = own_files.of_package(FILE)
    return own_files.of_shop(home.settings / FILE, lambda own: read(figures, own))


def profiles_of(home: Home, shops: Iterable[str]) -> list[Profile]:
    """Return the profiles of these shops by any of their names, each once.

    A shop that has none, and no shop at all, are judged by the distributor's.

    Raises:
        SettingsWrong: The publisher's file cannot be used.
        NotFound: A shop has no profile, and the distributor's is switched off.
    """
    known = profiles(home)
    try:
        chosen = [choose(known, each) for each in shops] or [known[DEFAULT]]
    except KeyError as error:
        raise NotFound(
            kind=N_("profile"), name=str(error), remedy=", ".join(known) or FILE
        ) from error
    return list({each.name: each for each in chosen}.values())


def check(
    home: Home,
    path: Path,
    shops: Sequence[str] = (),
    *,
    on_progress: OnProgress = lambda _progress: None,
    cancelled: Cancelled | None = None,
) -> Report:
    """Check a file for these shops; see `epub.check.check`, whose errors it raises too.

    Args:
        home: Whose profiles hold.
        path: The file, on this server.
        shops: Names of shops; none = the distributor's rules.
        on_progress: Told about ten times a second, from this thread.
        cancelled: Set it from another thread to end the check.

    Raises:
        SettingsWrong: The publisher's file of profiles cannot be used.
    """
    chosen = profiles_of(home, shops)
    return checking.check(path, chosen, on_progress=on_progress, cancelled=cancelled)
