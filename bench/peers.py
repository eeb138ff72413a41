"""Mail programs for the terminal, each on a mailbox of so many mails, where they are installed."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

# What the first row shows once the list is there.
FIRST: Final = "Cliente 3 "
_MAIL: Final = """From: Cliente {number} <c{number}@example.com>
To: loja@example.com
Subject: Pedido {number} ainda nao chegou, onde esta
Date: Tue, 10 Mar 2026 {hour:02}:{minute:02}:00 +0000
Message-ID: <{number}@example.com>

Onde esta meu pedido?

"""
# The keys as they come from a terminal whose keypad sends the cursor's codes.
_MUTT_KEYS: Final = "".join(
    f'bind index "\\e[{code}" {act}\n'
    for code, act in (
        ("B", "next-entry"), ("A", "previous-entry"), ("6~", "next-page"),
        ("H", "first-entry"), ("F", "last-entry"),
    )
)  # fmt: skip
_AERC_KEYS: Final = (
    "[messages]\n<Down> = :next<Enter>\n<Up> = :prev<Enter>\n<PgDn> = :next 100%<Enter>\n"
    "<Home> = :select 0<Enter>\n<End> = :select -1<Enter>\n"
)


@dataclass(frozen=True, slots=True)
class Started:
    """How a peer is run on its mailbox: the command, and what its environment has besides."""

    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)


def installed() -> dict[str, Callable[[Path, int], Started]]:
    """Return the peers of this machine by name; each makes its mailbox in a folder."""
    return {name: start for name, start in _PEERS.items() if shutil.which(name)}


def _mutt(folder: Path, mails: int) -> Started:
    return _mutt_like("mutt", folder, mails)


def _neomutt(folder: Path, mails: int) -> Started:
    return _mutt_like("neomutt", folder, mails)


def _mutt_like(name: str, folder: Path, mails: int) -> Started:
    box = folder / "box"
    with box.open("w", encoding="utf-8") as file:
        for number in range(mails):
            file.write("From a@example.com Tue Mar 10 00:00:00 2026\n" + _mail(number))
    settings = folder / "muttrc"
    settings.write_text(f"{_MUTT_KEYS}set sort=mailbox-order\nset folder={folder}\n")
    return Started([name, "-n", "-R", "-F", str(settings), "-f", str(box)])


def _aerc(folder: Path, mails: int) -> Started:
    settings, box = folder / "aerc", folder / "mails" / "INBOX"
    for each in (settings, *(box / name for name in ("cur", "new", "tmp"))):
        each.mkdir(parents=True)
    for number in range(mails):
        (box / "cur" / f"{number:07}.example:2,S").write_text(_mail(number))
    accounts = settings / "accounts.conf"
    accounts.write_text(f"[box]\nsource = maildir://{folder / 'mails'}\nfrom = a@example.com\n")
    accounts.chmod(0o600)
    (settings / "binds.conf").write_text(_AERC_KEYS)
    (settings / "aerc.conf").write_text("[ui]\nsort = arrival\n")
    return Started(["aerc"], {"XDG_CONFIG_HOME": str(folder), "XDG_CACHE_HOME": str(folder)})


def _mail(number: int) -> str:
    # Who sorts by date has the first ones on the first page, however many there are.
    minutes = min(number, 24 * 60 - 1)
    return _MAIL.format(number=number, minute=minutes % 60, hour=minutes // 60)


_PEERS: Final = {"mutt": _mutt, "neomutt": _neomutt, "aerc": _aerc}
