"""What each floor may bring along, measured in a fresh interpreter per statement."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import mkt_tui

SOURCE = Path(mkt_tui.__file__).parent
HEAVY = {"textual", "sqlalchemy", "sqlmodel", "alembic", "httpx", "psycopg"}


def loaded_by(statement: str) -> set[str]:
    """Return the modules that are loaded when `statement` has run."""
    program = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    return set(json.loads(done.stdout))


def modules_after(statement: str) -> set[str]:
    """Return the top packages that are loaded when `statement` has run."""
    return {name.partition(".")[0] for name in loaded_by(statement)}


def modules_of(room: str) -> str:
    """Return a statement that imports every module of a room."""
    names = [path.stem for path in (SOURCE / room).glob("*.py") if path.stem != "__init__"]
    return "import " + ", ".join(f"mkt_tui.{room}.{name}" for name in sorted(names))


@pytest.mark.parametrize("entry", ["mkt_tui.__main__", "mkt_tui.cli.run", "mkt_tui.cli.app"])
def test_the_command_line_starts_at_once(entry: str) -> None:
    assert not modules_after(f"import {entry}") & (HEAVY | {"rich", "babel", "keyring"})


def test_help_loads_no_verb() -> None:
    loaded = loaded_by("from mkt_tui.cli import app; app.command().commands")
    assert not {each for each in loaded if each.startswith(("mkt_tui.desk", "mkt_tui.cache"))}


def test_the_desk_knows_no_screen_no_network_and_no_orm() -> None:
    assert not modules_after(modules_of("desk")) & HEAVY


def test_the_domain_knows_nothing_but_python() -> None:
    loaded = modules_after(modules_of("domain"))
    assert not loaded & (HEAVY | {"rich", "babel", "orjson", "sqlite3", "platformdirs"})


def test_the_sync_service_needs_no_screen() -> None:
    assert not modules_after(modules_of("sync")) & {"textual", "rich", "psycopg"}


def test_a_cache_on_sqlite_needs_no_other_driver(tmp_path: Path) -> None:
    statement = (
        "import pathlib, mkt_tui.cache.database as d;"
        f" d.Database(pathlib.Path({str(tmp_path / 'cache.db')!r})).version()"
    )
    assert "psycopg" not in modules_after(statement)


def test_reading_the_cache_waits_for_no_orm() -> None:
    statement = "import mkt_tui.cache.database, mkt_tui.cache.queries, mkt_tui.cache.operations"
    assert not modules_after(statement) & HEAVY


def test_the_sandbox_shares_no_code_with_what_it_tests() -> None:
    program = f"{modules_of('sandbox')}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    rooms = {name for name in done.stdout.split() if name.startswith("mkt_tui.")}
    assert rooms
    assert {name.split(".")[1] for name in rooms} <= {"sandbox", "domain"}
