"""The agent's own editor on the words of a reply, in a file that nobody else can read."""

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.i18n import _, why

_LARGEST: Final = 1_000_000
_VIM: Final = ("-n", "-i", "NONE", "--cmd", "set nobackup nowritebackup noundofile")
# What keeps editors from leaving copies of the words behind, where it can be told them.
_NO_COPIES: Final[Mapping[str, Sequence[str]]] = {
    "vim": ("-Z", *_VIM),
    "nvim": _VIM,
    "nano": ("-R",),
    "emacs": ("-nw", "--eval", "(setq make-backup-files nil auto-save-default nil)"),
}


def command(desk: Desk, environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the editor's command line, without the file.

    Raises:
        NotAllowed: The settings do not allow it, or none is named.
    """
    if not desk.settings.editor:
        raise NotAllowed(
            what=_("Editors outside the desk are off, for most can open a shell"),
            remedy=_("Who runs this server may allow them in the settings: editor = true."),
        )
    named = environment.get("VISUAL") or environment.get("EDITOR") or ""
    try:
        words = shlex.split(named)
    except ValueError:
        words = []
    if not words or shutil.which(words[0]) is None:
        raise NotAllowed(
            what=_("No editor is named that is installed here"),
            remedy=_("Set EDITOR, such as: export EDITOR=nano"),
        )
    return [*words, *_NO_COPIES.get(Path(words[0]).name, ())]


def edit(desk: Desk, text: str, editor: Sequence[str]) -> str:
    """Return the text as the editor left it; blocks until it ends.

    Raises:
        NotAllowed: The editor failed or left what is no text; the words are as they were.
    """
    try:
        folder = Path(mkdtemp(prefix="reply-", dir=desk.home.data))
    except OSError as error:
        raise _failed(why(error)) from error
    try:
        return _edit(folder / "reply.txt", text, editor)
    except OSError as error:
        raise _failed(why(error)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _edit(file: Path, text: str, editor: Sequence[str]) -> str:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(text)
    # Ctrl+C goes to all that run in the terminal: it ends an editor, never the desk behind it.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        done = subprocess.run([*editor, str(file)], check=False)  # noqa: S603 - the agent's choice
    finally:
        signal.signal(signal.SIGINT, before)
    if code := done.returncode:
        raise _failed(_("it ended with code {code}").format(code=code))
    # A file that was swapped for a link leads who knows where.
    handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(handle, "rb") as opened:
        content = opened.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise _failed(_("the text is too long"))
    try:
        written = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise _failed(_("it is not UTF-8 text")) from error
    # Editors end the last line; whoever wrote no line break meant none.
    return written if text.endswith("\n") else written.removesuffix("\n")


def _failed(reason: str) -> NotAllowed:
    return NotAllowed(
        what=_("What the editor did was not taken over ({reason})").format(reason=reason),
        remedy=_("Your words are as they were."),
    )
