"""The words of the order monitor: its nine counts, the columns of a report, one case in full."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from rich.cells import set_cell_size
from rich.style import Style
from rich.text import Text

from mkt_tui.cache.monitor import Tried
from mkt_tui.desk.deadlines import of_rule
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.erp import Comparison
from mkt_tui.desk.formats import instant, signed
from mkt_tui.desk.monitor import Case, Question, cause_name, title
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.monitor import Report, Stage
from mkt_tui.i18n import N_, _, ngettext
from mkt_tui.widgets.virtual_table import Column

_LATE: Final = Style(color="#ffffff", bgcolor="#af0000", bold=True)
_NEAR: Final = Style(color="bright_yellow", bold=True)
_BROKEN: Final = Style(color="magenta", bold=True)
_FINE: Final = Style(color="green")
# Colour always with a glyph, so that monochrome loses nothing.
_LOOKS: Final = {
    Report.NOT_CREATED: ("x", _BROKEN),
    Report.NOT_TRANSMITTED: ("x", _BROKEN),
    Report.SHIP_LATE: (">>", _LATE),
    Report.SHIP_AT_RISK: ("!!", _NEAR),
    Report.TRANSIT_DUE: (".", _FINE),
    Report.TRANSIT_AT_RISK: ("!!", _NEAR),
    Report.TRANSIT_LATE: (">>", _LATE),
    Report.ERP_DUPLICATES: ("x", _BROKEN),
    Report.DESYNCHRONISED: ("x", _BROKEN),
}
_STAGES: Final = {
    Stage.WAITING: N_("waiting"),
    Stage.TO_SHIP: N_("to ship"),
    Stage.SHIPPED: N_("shipped"),
    Stage.DELIVERED: N_("delivered"),
    Stage.GONE: N_("cancelled"),
    Stage.OTHER: N_("not known"),
}


def head(question: Question, now: datetime, zone: ZoneInfo) -> str:
    """Return the title: what is asked, and when."""
    hours = int(question.watch.horizon.total_seconds() // 3600)
    return _("Order monitor  {instant}  near = {hours} h").format(
        instant=instant(question.as_of or now, zone), hours=hours
    )


def counts(known: Mapping[Report, int] | None, chosen: Report, width: int) -> Text:
    """Return the nine reports with their counts, in two columns that read downwards."""
    cell = max((width - 2) // 2, 20)
    lines = Text(no_wrap=True, end="")
    for left, right in zip([*Report][:5], [*[*Report][5:], None], strict=True):
        for report in (left, right):
            if report:
                lines.append_text(_count(known, report, chosen, cell))
        lines.append("\n")
    lines.rstrip()
    return lines


def _count(known: Mapping[Report, int] | None, report: Report, chosen: Report, cell: int) -> Text:
    number = "…" if known is None else str(known[report])
    words = f" {report.number} {title(report)}"
    room = cell - len(number) - 2
    line = Text(set_cell_size(words, room) + " ", "reverse" if report is chosen else "")
    line.append(number, _LOOKS[report][1] if known and known[report] else "dim")
    line.append(" ")
    return line


def columns() -> tuple[Column[Case], ...]:
    """Return the columns of a report."""
    return (
        Column("", lambda case: _LOOKS[case.report][0], 2, 2, 0, lead=True),
        Column(N_("Time"), time, 7, 9, 1, lead=True, right=True),
        Column(N_("Order"), lambda case: case.order, 12, 20, 2),
        Column(
            N_("MktPlace"), lambda case: case.channel.name, 5, 12, 3,
            short=lambda case: case.channel.short,
        ),
        Column(N_("Cause"), cause, 10, 16, 4),
        Column(N_("Owner"), lambda case: case.owner or "—", 6, 10, 5),
        Column(N_("Note"), lambda case: case.note, 12, 30, 6),
    )  # fmt: skip


def colour(case: Case) -> Style:
    """Return the colour of a case's first cells."""
    return _LOOKS[case.report][1]


def time(case: Case) -> str:
    """Return how long is left or since when it is late (M9)."""
    return signed(case.deadline, case.now) if case.deadline else "—"


def cause(case: Case) -> str:
    """Return the cause a person has named."""
    return cause_name(case.cause) if case.cause else "—"


def detail(case: Case | None, zone: ZoneInfo) -> list[str]:
    """Return the case under the cursor in two lines."""
    if case is None:
        return []
    due = instant(case.deadline, zone) if case.deadline else "—"
    first = _("{order}  {channel}  due {due} ({time})").format(
        order=case.order, channel=case.channel.name, due=due, time=time(case)
    )
    more = _tried(case.tried, zone) if case.tried else ""
    told = (cause(case), case.owner, case.note or _reason(case), case.target, more)
    second = "  ".join(filter(None, told))
    return [first, second]


def empty(desk: Desk, report: Report) -> str:
    """Return why a report shows nothing."""
    needs_erp = (Report.NOT_TRANSMITTED, Report.ERP_DUPLICATES)
    if report in needs_erp and not desk.database.value("SELECT 1 FROM erp_read LIMIT 1"):
        return _(
            "No export of your own system was read yet, so this cannot be known: "
            "mkt-tui monitor erp FILE --channel NAME --system magento"
        )
    return _("No order is in this report.")


def case(desk: Desk, found: Case, compared: Comparison, status: list[str], zone: ZoneInfo) -> Text:
    """Return one case in full: its time, what people do about it, and both systems."""
    lines = [
        (_("Report"), title(found.report)),
        (_("Due"), instant(found.deadline, zone) if found.deadline else "—"),
        *([(_("By rule"), of_rule(desk, found.rule))] if found.rule else []),
        (_("Time"), time(found)),
        (_("Cause"), cause(found)),
        (_("Owner"), found.owner or "—"),
        (_("Note"), found.note or "—"),
        *([(_("Reason"), _reason(found))] if found.detail else []),
        *([(_("Target system"), found.target)] if found.target else []),
        *([(_("Tried"), _tried(found.tried, zone))] if found.tried else []),
    ]
    text = Text(f"{found.order}  {found.channel.name}\n\n", "bold")
    for label, value in lines:
        text.append(f"{label}: ", "bold not dim")
        text.append(f"{value}\n", "not bold")
    for line in status:
        text.append(f"{line}\n", "not bold")
    return text.append_text(_both(compared))


def _tried(tried: Tried, zone: ZoneInfo) -> str:
    """Return how often, when last and when next (M2)."""
    parts = []
    if tried.tries is not None:
        count = ngettext("{count} try", "{count} tries", tried.tries)
        parts.append(count.format(count=tried.tries))
    if tried.last is not None:
        parts.append(_("last {instant}").format(instant=instant(tried.last, zone)))
    if tried.following is not None:
        parts.append(_("next {instant}").format(instant=instant(tried.following, zone)))
    else:
        parts.append(_("next when somebody reads it"))
    return ", ".join(parts)


def _both(compared: Comparison) -> Text:
    """Return the marketplace's word beside the ERP's (M8, M10)."""
    text = Text("\n")
    if compared.at_marketplace:
        text.append(_("At the marketplace") + ": ", "bold")
        text.append(_(_STAGES[compared.at_marketplace]) + "\n")
    for each in compared.copies:
        text.append(_("In the ERP, {number}").format(number=each.erp_id) + ": ", "bold")
        text.append(f"{each.status} ({_(_STAGES[Stage(each.stage)])})")
        text.append(
            "  " + _("contradicts") + "\n" if each in compared.contradicting else "\n", "magenta"
        )
    if compared.diverged:
        text.append(_("An act changed the marketplace only.") + "\n", "magenta")
    return text


def _reason(found: Case) -> str:
    if found.report is not Report.NOT_CREATED:
        return ""
    if found.detail is None:
        return _("A ticket names it, and the marketplace has not sent it.")
    try:
        return str(UserError.from_json(found.detail))
    except ValueError:
        return _("It cannot be read: {detail}").format(detail=found.detail)
