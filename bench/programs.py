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
    lacking = {"PYTHONDONTWRITEBYTECODE", "NO_COLOR", "MKT_TUI_HOME"}
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


def mutt(folder: Path, mails: int) -> list[str]:
    """Return mutt on a mailbox of so many mails, made in a folder."""
    box = folder / "box"
    with box.open("w", encoding="utf-8") as file:
        for number in range(mails):
            file.write(_MAIL.format(number=number, minute=number % 60, hour=number // 60 % 24))
    settings = folder / "muttrc"
    keys = "bind index <PageDown> next-page\nbind index <Home> first-entry\n"
    settings.write_text(
        f"{keys}bind index <End> last-entry\nset sort=mailbox-order\nset folder={folder}\n"
    )
    return ["mutt", "-n", "-R", "-F", str(settings), "-f", str(box)]


MAIL: Final = "Cliente 3 "
_MAIL: Final = """From a@example.com Tue Mar 10 {hour:02}:{minute:02}:00 2026
From: Cliente {number} <c{number}@example.com>
To: loja@example.com
Subject: Pedido {number} ainda nao chegou, onde esta
Date: Tue, 10 Mar 2026 {hour:02}:{minute:02}:00 +0000
Message-ID: <{number}@example.com>

Onde esta meu pedido?

"""
