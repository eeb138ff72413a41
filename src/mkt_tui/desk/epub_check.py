"""EPUB files checked for the shops of a title, with the publisher's own rules over the package's."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from mkt_tui.desk import own_files
from mkt_tui.domain.errors import NotFound, SettingsWrong
from mkt_tui.epub import check as checking
from mkt_tui.epub.profiles import DEFAULT, Profile, choose, read
from mkt_tui.epub.progress import Cancelled, OnProgress
from mkt_tui.epub.report import Report, as_text
from mkt_tui.home import Home
from mkt_tui.i18n import N_, _, why

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


def save(home: Home, report: Report) -> Path:
    """Write a report as text and as JSON into the home's folder of exports; return the text.

    Raises:
        SettingsWrong: The folder or a file cannot be written.
    """
    folder = home.data / "exports"
    place = folder / f"{Path(report.name).stem}-{report.checked_at:%Y%m%dT%H%M%SZ}.txt"
    try:
        folder.mkdir(exist_ok=True)
        place.write_text(as_text(report), encoding="utf-8")
        place.with_suffix(".json").write_text(report.to_json() + "\n", encoding="utf-8")
    except OSError as error:
        raise SettingsWrong(
            what=_("{path} cannot be written ({detail})").format(path=place, detail=why(error)),
            remedy=_("Check the folder and its disk."),
        ) from error
    return place
