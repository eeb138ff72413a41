"""The agent's own editor: private, and whatever it does, the words survive."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from mkt_tui.desk import outside_editor
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed


def editor(tmp_path: Path, code: str) -> list[str]:
    """A program that does something to the file it is given."""
    script = tmp_path / "editor.py"
    script.write_text(
        f"import os, sys, pathlib\nfile = pathlib.Path(sys.argv[1])\n{code}\n", encoding="utf-8"
    )
    return [sys.executable, str(script)]


def test_what_it_wrote_is_taken_over(desk: Desk, tmp_path: Path) -> None:
    code = "file.write_text(file.read_text() + ' amanhã\\r\\nsim\\n', 'utf-8')"
    assert outside_editor.edit(desk, "Olá", editor(tmp_path, code)) == "Olá amanhã\nsim"


def test_nobody_else_can_read_it_and_nothing_stays(desk: Desk, tmp_path: Path) -> None:
    told = tmp_path / "told"
    code = (
        f"modes = [oct(os.stat(p).st_mode)[-3:] for p in (file, file.parent)]\n"
        f"pathlib.Path({str(told)!r}).write_text(' '.join([*modes, str(file.parent.parent)]))\n"
        "(file.parent / 'reply.txt~').write_text('copy')"
    )
    assert outside_editor.edit(desk, "Olá", editor(tmp_path, code)) == "Olá"
    assert told.read_text().split() == ["600", "700", str(desk.home.data)]
    assert not list(desk.home.data.glob("reply-*"))


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("sys.exit(3)", "it ended with code 3"),
        ("os.kill(os.getpid(), 9)", "it ended with code -9"),
        ("file.unlink()", "No such file"),
        ("file.unlink(); file.symlink_to('/etc/hostname')", "symbolic links"),
        ("file.write_bytes(b'\\xff\\xfe')", "not UTF-8"),
        ("file.write_bytes(b'a' * 1000001)", "too long"),
        ("file.unlink(); file.mkdir()", "directory"),
    ],
)
def test_the_words_survive_whatever_it_does(
    desk: Desk, tmp_path: Path, code: str, reason: str
) -> None:
    with pytest.raises(NotAllowed, match=reason):
        outside_editor.edit(desk, "Olá", editor(tmp_path, code))
    assert not list(desk.home.data.glob("reply-*"))


def test_an_editor_that_can_open_a_shell_must_be_allowed(desk: Desk) -> None:
    with pytest.raises(NotAllowed, match="editor = true"):
        outside_editor.command(desk, {"EDITOR": "python3"})
    allowed = replace(desk, settings=replace(desk.settings, editor=True))
    for named in ("", "no-such-editor", "'"):
        with pytest.raises(NotAllowed, match="Set EDITOR"):
            outside_editor.command(allowed, {"EDITOR": named})
    assert outside_editor.command(allowed, {"EDITOR": f"{sys.executable} -q"})[1:] == ["-q"]
