"""Private files that overwrite nothing, under names that no outside text can lead astray."""

import os
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Final

_LONGEST_NAME: Final = 80
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


def _names(folder: Path, stem: str, suffix: str) -> Iterator[Path]:
    plain = _plain(stem) or "file"
    ending = f".{kept}" if (kept := _plain(suffix)) else ""
    yield folder / f"{plain}{ending}"
    for copy in count(2):
        yield folder / f"{plain}-{copy}{ending}"


def _plain(text: str) -> str:
    return _NOT_IN_NAMES.sub("-", text).strip("-")[:_LONGEST_NAME]
