"""The last check of a file for a ticket: kept with it, so that what was checked is what is sent."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mkt_tui.cache import checks
from mkt_tui.cache.audit import Act
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.publisher import TitleTicket

if TYPE_CHECKING:
    from mkt_tui.epub.report import Report


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was checked, where it was then, and what was found."""

    path: str
    report: "Report"


def place(typed: str) -> Path:
    """Return the path that somebody typed."""
    return Path(typed.strip()).expanduser()


def keep(desk: Desk, ticket: TitleTicket, path: str, report: "Report") -> None:
    """Keep the report with its ticket."""
    with desk.database.transaction():
        checks.keep(desk.database, ticket.row.id, path, report.to_json(), desk.agent, desk.clock())
        word = "passed" if report.passed else "failed"
        detail = f"check={word} sha256={report.sha256}"
        desk.record(Act("file.checked", ticket.channel.name, ticket.row.code, detail=detail))


def last(desk: Desk, ticket: TitleTicket) -> Checked | None:
    """Return the last check for the ticket; None when none was made, or it went out already."""
    from mkt_tui.epub.report import Report  # with it comes what reads EPUBs

    found = checks.last(desk.database, ticket.row.id)
    if found is None:
        return None
    report = Report.from_json(found.report)
    sent = {each.file.sha256 for each in ticket.corrections if each.file}
    gone = sent | {each.sha256 for each in ticket.files}
    return None if report.sha256 in gone else Checked(found.path, report)
