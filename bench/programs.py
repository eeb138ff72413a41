"""The command lines that are measured, and the environment they get."""

import os
import sys
from pathlib import Path
from typing import Final

FIRST_ROW: Final = "PRIORITY"
FLOOR_READY: Final = "READY"
FLOOR_ROW: Final = "#30"


def environment() -> dict[str, str]:
    """Return the environment of a measured program: compiled modules kept, no animations."""
    # The size is the terminal's own, whatever the shell says of its.
    lacking = {"PYTHONDONTWRITEBYTECODE", "NO_COLOR", "MKT_TUI_HOME", "COLUMNS", "LINES"}
    kept = {name: value for name, value in os.environ.items() if name not in lacking}
    return kept | {"TEXTUAL_ANIMATIONS": "none"}


def desk(home: Path) -> list[str]:
    """Return the desk on a home."""
    return [sys.executable, "-m", "mkt_tui", "--lang", "en", "--home", str(home)]


def bare_textual() -> list[str]:
    """Return an app with one Static."""
    return [sys.executable, "-m", "bench.floor", "static"]


def bare_list(rows: int) -> list[str]:
    """Return an app with a list of computed rows."""
    return [sys.executable, "-m", "bench.floor", str(rows)]
