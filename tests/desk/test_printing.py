"""Printing: private files that overwrite nothing, a real command, and the audit."""

import resource
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from mkt_tui.cache.audit import Act
from mkt_tui.desk import printing
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.printing import Form
from mkt_tui.desk.sheet import as_text
from mkt_tui.domain.errors import CacheFull, NotAllowed, SettingsWrong
from tests.desk.orders import EMPTY, FULL, acts, make_desk, put


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def test_a_file_is_private_and_never_overwritten(desk: Desk, folder: Path) -> None:
    record = put(desk, FULL)
    unprinted = as_text(desk, record, revealed=False)
    paths = [printing.to_file(desk, [record], folder=folder, revealed=False) for _ in range(3)]
    assert [each.name for each in paths] == [
        "order-0700123456-A.txt",
        "order-0700123456-A-2.txt",
        "order-0700123456-A-3.txt",
    ]
    assert {stat.S_IMODE(each.stat().st_mode) for each in paths} == {0o600}
    assert paths[0].read_text(encoding="utf-8") == unprinted
    assert "to a file" in paths[1].read_text(encoding="utf-8")
    said = ("ana", "order.printed", "Carrefour", FULL.number, "to=file revealed=no")
    assert acts(desk) == [said] * 3


def test_the_home_folder_is_where_files_go(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(folder))
    path = printing.to_file(desk, [put(desk, FULL)], revealed=True)
    assert path.parent == folder
    assert "Mariana Figueiredo" in path.read_text(encoding="utf-8")
    assert acts(desk)[0][4] == "to=file revealed=yes"


@pytest.mark.parametrize("number", ["../../etc/passwd", "/etc/passwd", "..", "a\0b", "é" * 400])
def test_no_number_leaves_the_folder(desk: Desk, folder: Path, number: str) -> None:
    record = put(desk, EMPTY)._replace(number=number)
    path = printing.to_file(desk, [record], folder=folder, revealed=False)
    assert path.resolve().parent == folder.resolve()
    assert path.name.startswith("order")


def test_a_link_waiting_under_the_name_is_not_followed(desk: Desk, folder: Path) -> None:
    target = folder / "elsewhere"
    (folder / "order-C-1.txt").symlink_to(target)
    path = printing.to_file(desk, [put(desk, EMPTY)], folder=folder, revealed=False)
    assert path.name == "order-C-1-2.txt"
    assert not target.exists()


def test_a_folder_that_takes_no_file_is_named(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed, match=r"No file can be written in .*missing"):
        printing.to_file(desk, [put(desk, FULL)], folder=tmp_path / "missing", revealed=False)
    assert acts(desk) == []


def test_a_disk_that_fills_leaves_no_piece_behind(desk: Desk, folder: Path) -> None:
    record = put(desk, FULL)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(NotAllowed, match="File too large"):
            printing.to_file(desk, [record], folder=folder, revealed=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(folder.iterdir()) == []


def test_a_file_nobody_noted_is_not_kept(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = put(desk, FULL)

    def fail(_self: Desk, _act: Act) -> None:
        raise CacheFull(path="x")

    monkeypatch.setattr(Desk, "record", fail)
    with pytest.raises(CacheFull):
        printing.to_file(desk, [record], folder=folder, revealed=True)
    assert list(folder.iterdir()) == []


def test_the_printer_command_reads_the_page(tmp_path: Path) -> None:
    paper = tmp_path / "paper"
    desk = make_desk(
        tmp_path, print_command=("sh", "-c", 'cat > "$0"', str(paper)), print_as="text"
    )
    record = put(desk, FULL)
    unprinted = as_text(desk, record, revealed=False)
    printing.to_printer(desk, [record], revealed=False)
    assert paper.read_text(encoding="utf-8") == unprinted
    assert acts(desk)[0][4] == "to=printer revealed=no"


@pytest.mark.parametrize("command", [("no-such-printer",), ()])
def test_no_printer_says_what_to_do(tmp_path: Path, command: tuple[str, ...]) -> None:
    desk = make_desk(tmp_path, print_command=command)
    with pytest.raises(SettingsWrong) as caught:
        printing.to_printer(desk, [put(desk, FULL)], revealed=False)
    name = command[0] if command else "-"
    assert str(caught.value) == (
        f"There is no printer command {name}. Install it or set print_command in settings.toml."
    )
    assert acts(desk) == []


def test_a_printer_that_fails_is_quoted(tmp_path: Path) -> None:
    desk = make_desk(
        tmp_path, print_command=("sh", "-c", "echo 'out of \033[2J paper' >&2; exit 1")
    )
    with pytest.raises(NotAllowed, match=r"sh failed \(out of ␛\[2J paper\)"):
        printing.to_printer(desk, [put(desk, FULL)], revealed=False)


def test_a_printer_that_reads_nothing_and_ends_is_no_fault(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, print_command=("true",))
    items = FULL.items * 3000
    printing.to_printer(desk, [put(desk, replace(FULL, items=items))], revealed=False)


def test_a_printer_that_hangs_is_ended_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "_PRINTER_SECONDS", 0.2)
    desk = make_desk(tmp_path, print_command=("sh", "-c", "sleep 300 & sleep 300"))
    with pytest.raises(NotAllowed, match="did not end in time"):
        printing.to_printer(desk, [put(desk, FULL)], revealed=False)


def test_the_clipboards_text_is_noted(desk: Desk) -> None:
    record = put(desk, FULL)
    unprinted = as_text(desk, record, revealed=True)
    assert printing.for_clipboard(desk, [record], revealed=True) == unprinted
    assert acts(desk)[0][4] == "to=clipboard revealed=yes"


def test_a_printer_gets_what_the_settings_say(tmp_path: Path) -> None:
    paper = tmp_path / "paper"
    command = ("sh", "-c", 'cat > "$0"', str(paper))
    for form, start in (("pdf", b"%PDF"), ("receipt", b"%PDF"), ("html", b"<!DOCTYPE html>")):
        (tmp_path / form).mkdir()
        desk = make_desk(tmp_path / form, print_command=command, print_as=form)
        printing.to_printer(desk, [put(desk, FULL)], revealed=False)
        assert paper.read_bytes().startswith(start)


def test_marked_orders_go_out_as_one_document_and_each_is_noted(desk: Desk, folder: Path) -> None:
    records = [put(desk, FULL), put(desk, EMPTY)]
    path = printing.to_file(desk, records, Form.TEXT, folder, revealed=False)
    first, second = path.read_text(encoding="utf-8").split("\f")
    assert (FULL.number in first, EMPTY.number in second) == (True, True)
    assert [each[3] for each in acts(desk)] == [FULL.number, EMPTY.number]
    assert path.name == "order-0700123456-A-and-1.txt"
