"""Tables from outside: CSV in any usual encoding and with any usual separator, and XLSX."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from mkt_tui.domain.errors import SettingsWrong
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _, why

_SEPARATORS: Final = (",", ";", "\t", "|")
_MOST_BYTES: Final = 100_000_000
_MOST_LINES: Final = 200_000
_EXACT: Final = 10**15
_MARKS: Final = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Table(NamedTuple):
    """A table's heads, and its lines with the numbers they have in the file."""

    heads: tuple[str, ...]
    lines: list[tuple[int, tuple[str, ...]]]
    told: str


def read(path: Path) -> Table:
    """Return the table in a file; what it is is seen from its first bytes, not from its name.

    Raises:
        SettingsWrong: It cannot be read, or is no table.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _wrong(path, _("it is larger than {most} MB").format(most=_MOST_BYTES // 10**6))
        data = path.read_bytes()
    except OSError as error:
        raise _wrong(path, why(error)) from error
    found = _xlsx(path, data) if data.startswith(b"PK\x03\x04") else _csv(path, data)
    if not any(found.heads):
        raise _wrong(path, _("its first line holds no heads"))
    return found


def _csv(path: Path, data: bytes) -> Table:
    encoding = _encoding(data)
    # What no encoding explains is shown as such; protocols are more than one odd letter.
    text = data.decode(encoding, errors="replace")
    if "\0" in text:
        raise _wrong(path, _("it is neither CSV nor XLSX"))
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[tuple[int, tuple[str, ...]]] = []
    first = 1
    try:
        for row in reader:
            rows.append((first, tuple(row)))
            first = reader.line_num + 1
            _check_length(path, len(rows))
    except csv.Error as error:
        detail = _("line {line}: {detail}").format(line=reader.line_num, detail=error)
        raise _wrong(path, detail) from error
    sign = {"\t": "TAB"}.get(separator, separator)
    return _table(rows, f"CSV, {encoding}, {sign}")


def _encoding(data: bytes) -> str:
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    counts = {each: len(next(csv.reader([first], delimiter=each), ())) for each in _SEPARATORS}
    return max(counts, key=lambda each: counts[each])


def _xlsx(path: Path, data: bytes) -> Table:
    # 50 ms, and only spreadsheets need it.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
        if unpacked > _MOST_BYTES:
            raise _wrong(path, _("it is larger than {most} MB").format(most=_MOST_BYTES // 10**6))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            rows = list(_cells(path, book.worksheets[0]))
        finally:
            book.close()
    except (
        InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError,
        SyntaxError, TypeError,
    ) as error:  # fmt: skip
        raise _wrong(path, type(error).__name__) from error
    return _table(rows, "XLSX")


def _cells(path: Path, sheet: Any) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, row in enumerate(sheet.iter_rows(), 1):
        _check_length(path, number)
        yield number, tuple(_cell(each.value, getattr(each, "number_format", "")) for each in row)


def _cell(value: Any, shown: str) -> str:
    """Return a cell as people see it: 00042 stays 00042, 4711.0 is 4711."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) >= _EXACT:
            # A spreadsheet keeps fifteen digits; what follows is not what was typed.
            return f"={value}"
        return str(value).zfill(len(shown)) if re.fullmatch("0+", shown or "") else str(value)
    return str(value)


def _table(rows: Sequence[tuple[int, tuple[str, ...]]], told: str) -> Table:
    filled = [(line, row) for line, row in rows if any(cell.strip() for cell in row)]
    heads = tuple(clean_line(each) for each in filled[0][1]) if filled else ()
    return Table(heads, filled[1:], told)


def _check_length(path: Path, lines: int) -> None:
    if lines > _MOST_LINES:
        raise _wrong(path, _("it has more than {most} lines").format(most=_MOST_LINES))


def _wrong(path: Path, detail: str) -> SettingsWrong:
    return SettingsWrong(
        what=_("The file {path} cannot be imported ({detail})").format(path=path, detail=detail),
        remedy=_("Nothing was changed. Export it as CSV or XLSX with heads in its first line."),
    )
