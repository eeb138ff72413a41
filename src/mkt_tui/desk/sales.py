"""The sales report: what was sold by period, shop and title (P14); CSV and XLSX of it."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from mkt_tui.cache import sales
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.sales import Sold
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.spreadsheets import harmless
from mkt_tui.domain.errors import NotAllowed, SettingsWrong
from mkt_tui.domain.money import Money
from mkt_tui.domain.words import fold
from mkt_tui.i18n import _, why

_EPOCH: Final = date(1970, 1, 1)
USUAL_DAYS: Final = 90


class By(StrEnum):
    """What the lines of a report stand for."""

    MONTH = "month"
    SHOP = "shop"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is reported: days, both included; a shop's name, an ISBN, or their beginnings."""

    since: date
    until: date
    by: By = By.TITLE
    shop: str | None = None
    isbn: str | None = None


@dataclass(frozen=True, slots=True)
class SalesLine:
    """A line: its key, its name, and what was sold; `amount` in minor units.

    `units` is None where the portal does not tell them.
    """

    key: str
    name: str
    units: int | None
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class SalesReport:
    """The lines, the largest amount first (months by time), the totals, and months for a chart.

    Attributes:
        totals: One per currency: amounts of different ones are never added up.
        months: Amount per month, of the currency that sold most.
    """

    wanted: Wanted
    lines: tuple[SalesLine, ...]
    totals: tuple[SalesLine, ...]
    months: tuple[tuple[str, int], ...]


def usual(desk: Desk, isbn: str | None = None) -> Wanted:
    """Return the last three months."""
    today = desk.clock().astimezone(desk.settings.zone).date()
    return Wanted(today - timedelta(days=USUAL_DAYS), today, isbn=isbn)


def day(text: str) -> date:
    """Return the day that a text is.

    Raises:
        NotAllowed: It is none.
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise NotAllowed(
            what=_("{text} is no day").format(text=text[:20]),
            remedy=_("Write it such as 2026-03-01."),
        ) from None


def report(desk: Desk, wanted: Wanted) -> SalesReport:
    """Return what was sold."""
    rows = _rows(desk, wanted)
    name = _NAMES[wanted.by]
    lines = _added(rows, name)
    lines.sort(key=_by_time if wanted.by is By.MONTH else _by_amount)
    totals = sorted(_added(rows, lambda _row: ("", "")), key=_by_amount)
    main = totals[0].currency if totals else ""
    months = _added([each for each in rows if each.currency == main], _NAMES[By.MONTH])
    return SalesReport(
        wanted,
        tuple(lines),
        tuple(totals),
        tuple((each.key, each.amount) for each in sorted(months, key=_by_time)),
    )


def heads() -> list[str]:
    """Return the heads of the tables that are written."""
    return [_("month"), _("shop"), "isbn", _("title"), _("units"), _("amount"), _("currency")]


def as_rows(desk: Desk, wanted: Wanted) -> Iterator[list[str | int | float]]:
    """Yield months, shops and titles as the lines of a table; no cell can be a formula."""
    found: dict[tuple[str, str, str, str, str], list[int]] = {}
    for row in _rows(desk, wanted):
        key = (_month(row), row.shop or "", row.isbn or "", row.title or "", row.currency)
        added = found.setdefault(key, [0, 0])
        added[0] += row.units or 0
        added[1] += row.amount
    for (month, shop, isbn, title, currency), (units, amount) in sorted(found.items()):
        major = float(Money(amount, currency).major)
        yield [*map(harmless, (month, shop, isbn, title)), units, major, harmless(currency)]


def csv_text(desk: Desk, wanted: Wanted) -> str:
    """Return the report as CSV."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(heads())
    writer.writerows(as_rows(desk, wanted))
    return file.getvalue()


def as_json(found: SalesReport) -> dict[str, Any]:
    """Return a report under its public keys; to these keys others may only be added."""
    return {
        "since": found.wanted.since.isoformat(),
        "until": found.wanted.until.isoformat(),
        "by": found.wanted.by.value,
        "lines": [_public(each) for each in found.lines],
        "totals": [_public(each) for each in found.totals],
    }


def export(desk: Desk, wanted: Wanted) -> Path:
    """Write the report as CSV and XLSX into the home's folder of exports; return the CSV.

    Raises:
        SettingsWrong: The folder or a file cannot be written.
    """
    folder = desk.home.data / "exports"
    place = folder / f"sales-{desk.clock():%Y%m%dT%H%M%SZ}.csv"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with place.open("x", encoding="utf-8-sig", newline="") as file:
            file.write(csv_text(desk, wanted))
    except OSError as error:
        raise _unwritable(place, error) from error
    write_xlsx(desk, wanted, place.with_suffix(".xlsx"))
    return place


def write_xlsx(desk: Desk, wanted: Wanted, place: Path) -> None:
    """Write the report as a spreadsheet.

    Raises:
        SettingsWrong: The file cannot be written.
    """
    from openpyxl import Workbook  # 0.1 s, and most desks never export

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Sales")[:31])
    sheet.append(heads())
    for row in as_rows(desk, wanted):
        sheet.append(row)
    try:
        book.save(place)
    except OSError as error:
        raise _unwritable(place, error) from error


def _rows(desk: Desk, wanted: Wanted) -> list[Sold]:
    zone = desk.settings.zone
    first = datetime.combine(wanted.since, time(), zone)
    last = datetime.combine(wanted.until + timedelta(days=1), time(), zone)
    ahead = first.utcoffset() or timedelta()
    offset = ahead // timedelta(milliseconds=1)
    shop = fold(wanted.shop) if wanted.shop else None
    return sales.sold(
        desk.database,
        to_cache(first.astimezone(UTC)),
        to_cache(last.astimezone(UTC)),
        offset,
        shop,
        wanted.isbn,
    )


def _added(rows: Iterable[Sold], name: Callable[[Sold], tuple[str, str]]) -> list[SalesLine]:
    found: dict[tuple[str, str, str], tuple[int | None, int]] = {}
    for row in rows:
        key = (*name(row), row.currency)
        units, amount = found.get(key, (None, 0))
        more = units if row.units is None else row.units + (units or 0)
        found[key] = more, amount + row.amount
    return [
        SalesLine(key, words, units, amount, currency)
        for (key, words, currency), (units, amount) in found.items()
    ]


def _month(row: Sold) -> str:
    return f"{_EPOCH + timedelta(days=row.day):%Y-%m}"


_NAMES: Final[Mapping[By, Callable[[Sold], tuple[str, str]]]] = {
    By.MONTH: lambda row: (_month(row), _month(row)),
    By.SHOP: lambda row: (row.shop or "", row.shop or "—"),
    By.TITLE: lambda row: (row.isbn or "", row.title or row.isbn or "—"),
}


def _by_amount(line: SalesLine) -> tuple[int, str]:
    return -line.amount, line.key


def _by_time(line: SalesLine) -> tuple[str, str]:
    return line.key, line.currency


def _public(line: SalesLine) -> dict[str, Any]:
    return {
        "key": line.key,
        "name": line.name,
        "units": line.units,
        "amount": f"{Money(line.amount, line.currency).major:f}",
        "currency": line.currency,
    }


def _unwritable(place: Path, error: OSError) -> SettingsWrong:
    return SettingsWrong(
        what=_("{path} cannot be written ({detail})").format(path=place, detail=why(error)),
        remedy=_("Check the folder and its disk."),
    )


def columns(by: By) -> Sequence[str]:
    """Return the heads of a report's lines."""
    first = {By.MONTH: _("Month"), By.SHOP: _("Shop"), By.TITLE: _("Title")}[by]
    return first, _("Units"), _("Amount")
