"""The example of docs/writing-an-adapter.md: installed beside mkt-tui, found, and keeping every promise."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "feira"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which the package is installed, without a network."""
    place = tmp_path_factory.mktemp("site")
    words = ["install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run(
        [sys.executable, "-m", "pip", *words, "--target", str(place), str(EXAMPLE)],
        check=True,
        timeout=90,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    return {**os.environ, "PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "1"}


def test_it_is_found_by_its_entry_point(installed: dict[str, str]) -> None:
    script = (
        "from mkt_tui.adapters import registry;"
        "print(registry.names(), registry.load('feira').__module__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=installed, capture_output=True, text=True, check=True
    )
    assert "'feira'" in done.stdout
    assert done.stdout.split()[-1] == "feira"


def test_it_keeps_every_promise_without_any_plugin(installed: dict[str, str]) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:asyncio",
            "-p",
            "no:cacheprovider",
            "tests",
        ],
        cwd=EXAMPLE,
        env=installed,
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout.splitlines()[-1]
    assert " passed" in done.stdout.splitlines()[-1]
