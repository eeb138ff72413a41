"""The practice marketplaces, and the practice desk up to the terminal it needs."""

import signal
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.cli.program import Done, Program, end, environment, start


def demo(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    return start("demo", "--tickets", "20", *words, env=environment(TMPDIR=str(folder)))


def left_running(folder: Path) -> list[psutil.Process]:
    """Return the processes started with `folder` for temporary files that do not end by themselves.

    A sandbox that was just being started when its demo ended finds its pipe closed, and ends.
    """
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("TMPDIR") == str(folder):
                found.append(process)
        except psutil.Error:
            continue
    return psutil.wait_procs(found, timeout=30)[1]


def test_the_demo_leaves_nothing_behind(tmp_path: Path) -> None:
    done = end(demo(tmp_path))
    assert done.code == 0
    assert "Carrefour: " in done.out
    assert "Casas Bahia: " in done.out
    assert "Magalu: " in done.out
    assert "Bookwire: " in done.out
    assert "in a terminal it would open now" in done.out
    assert list(tmp_path.iterdir()) == []
    assert left_running(tmp_path) == []


def test_the_demo_can_be_kept(tmp_path: Path) -> None:
    done = end(demo(tmp_path, "--keep"))
    (home,) = tmp_path.iterdir()
    assert f"mkt-tui --home {home}" in done.out
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    books = {each.name for each in (home / "ebooks").iterdir()}
    assert len([each for each in books if each.endswith("-corrected.epub")]) == len(books) / 2 > 0
    keys = list(home.glob("*.key"))
    # One for each shop, and one for the practice carrier.
    assert len(keys) == 6
    for key in keys:
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert key.read_text() not in done.out + done.err
    assert len(end(start("--home", str(home), "tickets", "--json", "--state", "all")).json) == 20
    assert left_running(tmp_path) == []


def test_a_demo_that_is_told_to_end_leaves_nothing_behind(tmp_path: Path) -> None:
    process = demo(tmp_path)
    assert process.stderr is not None
    assert b"Starting" in process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    done = end(process)
    assert done.code == 128 + signal.SIGTERM
    assert "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []
    assert left_running(tmp_path) == []


def test_even_a_demo_that_is_killed_takes_its_sandbox_along(tmp_path: Path) -> None:
    process = demo(tmp_path)
    assert process.stdout is not None
    assert b" tickets" in process.stdout.readline()
    process.kill()
    end(process)
    assert left_running(tmp_path) == []


def test_a_demo_without_its_data_says_so(tmp_path: Path) -> None:
    done = end(start("demo", "--dataset", "/no/such/place", env=environment(TMPDIR=str(tmp_path))))
    assert done.code == 1
    assert done.err.splitlines()[-1].startswith("mkt-tui: There is no folder /no/such/place.")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [["--tickets", "-1"], ["--port", "70000"], ["--dataset", "/no/such/place"]]
)
def test_a_sandbox_that_cannot_start(mkt_tui: Program, words: list[str]) -> None:
    done = mkt_tui("sandbox", *words)
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
    assert done.err.startswith("mkt-tui: ")


def test_a_sandbox_without_its_extra(mkt_tui: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in sys.modules if each.startswith("mkt_tui.sandbox")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "starlette", None)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    done = mkt_tui("sandbox")
    assert done.code == 1
    assert "pip install 'mkt-tui[sandbox]'" in done.err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_sandbox(number: signal.Signals) -> None:
    process = start("sandbox", "--tickets", "5")
    assert process.stdout is not None
    assert b'"channels"' in process.stdout.readline()
    process.send_signal(number)
    done = end(process)
    assert (done.code, done.err) == (0, "")


def test_the_sandbox_of_a_demo_ends_with_it() -> None:
    process = start("sandbox", "--tickets", "5", "--while-open")
    assert process.stdout is not None
    process.stdout.readline()
    done: Done = end(process)
    assert (done.code, done.err) == (0, "")
