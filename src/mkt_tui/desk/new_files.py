"""Private files that overwrite nothing, under names that no outside text can lead astray."""

import os
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path, PurePath
from typing import Final
from unicodedata import combining, normalize

from mkt_tui.domain.errors import NotAllowed
from mkt_tui.i18n import _, why

_LONGEST_NAME: Final = 80
_LONGEST_SUFFIX: Final = 8
_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9_-]+")


def write(folder: Path, stem: str, suffix: str, content: bytes) -> Path:
    """Write a new file STEM.SUFFIX, or STEM-2.SUFFIX and so on where one is there; return its path.

    Raises:
        OSError: The folder takes no file; none is left behind.
    """
    for path in _names(folder, stem, suffix):
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return path
    raise AssertionError  # names never end


def save(folder: Path | None, stem: str, name: str, content: bytes) -> Path:
    """Write a file that came from outside under the stem and the words of its own name.

    Args:
        folder: Where to; the agent's home folder when left out.

    Raises:
        NotAllowed: The folder takes no file.
    """
    target, own = folder or Path.home(), PurePath(name)
    try:
        return write(target, f"{stem}-{own.stem}", own.suffix[1 : _LONGEST_SUFFIX + 1], content)
    except OSError as error:
        raise NotAllowed(
            what=_("No file can be written in {path} ({detail})").format(
                path=target, detail=why(error)
            ),
            remedy=_("Choose another folder or free some space."),
        ) from error


def _names(folder: Path, stem: str, suffix: str) -> Iterator[Path]:
    plain = _plain(stem) or "file"
    ending = f".{kept}" if (kept := _plain(suffix)) else ""
    yield folder / f"{plain}{ending}"
    for copy in count(2):
        yield folder / f"{plain}-{copy}{ending}"


def _plain(text: str) -> str:
    # An accented letter is kept without its accent, not as a hyphen.
    bare = "".join(each for each in normalize("NFKD", text) if not combining(each))
    return _NOT_IN_NAMES.sub("-", bare).strip("-")[:_LONGEST_NAME]
