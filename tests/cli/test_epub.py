"""`mkt-tui epub`, as scripts and people use it."""

import json
from pathlib import Path

import pytest

from mkt_tui.cli.run import run
from mkt_tui.sandbox.books import book
from tests.epub.test_archive import with_entry


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A file that is refused without Java."""
    path = tmp_path / "livro.epub"
    path.write_bytes(with_entry("../x"))
    return path


def test_a_refused_file_ends_with_3_and_a_reason_in_ones_own_language(
    hostile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--home", str(tmp_path), "--lang", "pt-BR", "epub", "check", str(hostile)]
    assert run([*words, "--profile", "Kobo"]) == 3
    told = capsys.readouterr().out
    assert "x Kobo (2018): seria recusado (erros: 1, avisos: 0)" in told
    assert "fatal ARCHIVE-SLIP ../x" in told
    assert run([*words, "--profile", "Kobo", "--profile", "Google Play", "--json"]) == 3
    report = json.loads(capsys.readouterr().out)
    assert [each["profile"] for each in report["verdicts"]] == ["kobo", "google-play"]
    assert not (tmp_path / "cache.db").exists()


def test_what_cannot_be_checked_ends_with_1_and_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["--home", str(tmp_path), "epub", "check", "nowhere.epub"]) == 1
    assert "nowhere.epub cannot be checked: there is no such file" in capsys.readouterr().err
    path = tmp_path / "livro.epub"
    path.write_bytes(book("9788500000009"))
    monkeypatch.setenv("PATH", "")
    assert run(["--home", str(tmp_path), "epub", "check", str(path)]) == 1
    assert "EPUBCheck needs Java" in capsys.readouterr().err


def test_publishers_see_and_correct_the_shops_rules(
    hostile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "epub_profiles.toml"
    own.write_text('[kobo]\nversion = "2026-11"\n[skeelo]\ntitle = "Skeelo"\n')
    assert run(["--home", str(tmp_path), "epub", "profiles", "--json"]) == 0
    found = {each["name"]: each for each in json.loads(capsys.readouterr().out)}
    assert found["kobo"]["version"] == "2026-11"
    assert found["skeelo"]["title"] == "Skeelo"
    assert run(["--home", str(tmp_path), "epub", "profiles"]) == 0
    assert "kobolabs/epub-spec" in capsys.readouterr().out
    own.write_text("[kobo]\nrefuses = 3\n")
    assert run(["--home", str(tmp_path), "epub", "check", str(hostile)]) == 1
    assert "epub_profiles.toml cannot be used (kobo" in capsys.readouterr().err
