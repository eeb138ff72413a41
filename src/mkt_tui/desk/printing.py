"""Order sheets on paper, in a file or for the clipboard; each leaves a row in the audit (T9).

Several orders go out as one document, each on a leaf of its own.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

from mkt_tui.cache.audit import Act
from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.desk import new_files
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.sheet import as_text, channel_name, paper
from mkt_tui.domain.errors import NotAllowed, SettingsWrong, UserError
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _, why

_PRINTER_SECONDS: Final = 20


class Form(StrEnum):
    """What a printed order is made as; the values are what `--format` and `print_as` take."""

    TEXT = "text"
    PDF = "pdf"
    RECEIPT = "receipt"
    HTML = "html"

    @property
    def suffix(self) -> str:
        """The ending of a file's name."""
        return {Form.TEXT: "txt", Form.HTML: "html"}.get(self, "pdf")


def document(desk: Desk, records: Sequence[OrderRecord], form: Form, *, revealed: bool) -> bytes:
    """Return the orders as one document: UTF-8 text or HTML, or PDF on A4 or a strip of 80 mm."""
    if form is Form.TEXT:
        # A form feed is a new leaf to every printer.
        return "\f".join(as_text(desk, each, revealed=revealed) for each in records).encode()
    papers = [paper(desk, each, revealed=revealed) for each in records]
    if form is Form.HTML:
        from mkt_tui.desk.sheet_html import as_html

        return as_html(papers).encode()
    from mkt_tui.desk.sheet_pdf import Size, as_pdf  # heavy: a desk that never prints has no use

    return as_pdf(papers, Size.RECEIPT if form is Form.RECEIPT else Size.A4)


def to_file(
    desk: Desk,
    records: Sequence[OrderRecord],
    form: Form = Form.TEXT,
    folder: Path | None = None,
    *,
    revealed: bool,
) -> Path:
    """Write the sheets into a new private file and return its path; nothing is overwritten.

    Args:
        desk: Who prints.
        records: The orders, one at least.
        form: What kind of file.
        folder: Where to; the agent's home folder when left out.
        revealed: Whether personal data is written in full.

    Raises:
        NotAllowed: The folder takes no file; none is left behind.
        CacheProblem: The audit could not be written, so no file is left behind either.
    """
    content = document(desk, records, form, revealed=revealed)
    target = folder or Path.home()
    stem = records[0].number if len(records) == 1 else f"{records[0].number}-and-{len(records) - 1}"
    try:
        path = new_files.write(target, f"order-{stem}", form.suffix, content)
    except OSError as error:
        raise NotAllowed(
            what=_("No file can be written in {path} ({detail})").format(
                path=target, detail=why(error)
            ),
            remedy=_("Choose another folder or free some space."),
        ) from error
    try:
        _note(desk, records, "file", revealed=revealed)
    except UserError:
        path.unlink(missing_ok=True)
        raise
    return path


def to_printer(desk: Desk, records: Sequence[OrderRecord], *, revealed: bool) -> None:
    """Hand the sheets to the printer command of the settings, on its standard input.

    They are made as `print_as` of the settings says.

    Raises:
        SettingsWrong: There is no such command.
        NotAllowed: It failed, or did not end in time.
    """
    command = desk.settings.print_command
    if not command or shutil.which(command[0]) is None:
        raise SettingsWrong(
            what=_("There is no printer command {name}").format(name=" ".join(command[:1]) or "-"),
            remedy=_("Install it or set print_command in settings.toml."),
        )
    content = document(desk, records, Form(desk.settings.print_as), revealed=revealed)
    # Before, not after: what comes out of a printer cannot be taken back when the audit fails.
    _note(desk, records, "printer", revealed=revealed)
    _run(command, content)


def for_clipboard(desk: Desk, records: Sequence[OrderRecord], *, revealed: bool) -> str:
    """Return the sheets for the terminal's clipboard, which the screen then writes."""
    text = "\n".join(as_text(desk, each, revealed=revealed) for each in records)
    _note(desk, records, "clipboard", revealed=revealed)
    return text


def _note(desk: Desk, records: Sequence[OrderRecord], to: str, *, revealed: bool) -> None:
    detail = f"to={to} revealed={'yes' if revealed else 'no'}"
    with desk.database.transaction():
        for each in records:
            name = channel_name(desk, each)
            desk.record(Act("order.printed", name, order_number=each.number, detail=detail))


def _run(command: tuple[str, ...], content: bytes) -> None:
    # A session of its own: the command cannot ask the agent's terminal for anything, and all that
    # it started ends with it when it hangs.
    try:
        process = subprocess.Popen(  # noqa: S603 - the seller's own setting, no shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise _printer_failed(command, why(error)) from error
    try:
        _out, complaint = process.communicate(content, timeout=_PRINTER_SECONDS)
    except subprocess.TimeoutExpired as error:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise _printer_failed(command, _("it did not end in time")) from error
    if process.returncode:
        said = clean_line(complaint.decode(errors="replace"), 200)
        raise _printer_failed(command, said or str(process.returncode))


def _printer_failed(command: tuple[str, ...], detail: str) -> NotAllowed:
    return NotAllowed(
        what=_("The printer command {name} failed ({detail})").format(
            name=command[0], detail=detail
        ),
        remedy=_("Print to a file instead, or check print_command in settings.toml."),
    )
