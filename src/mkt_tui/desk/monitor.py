"""The order monitor: nine reports, what is counted in each, and what people do about it (M1-M18)."""

import csv
import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import floor
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from mkt_tui.cache import care
from mkt_tui.cache import monitor as cached
from mkt_tui.cache.audit import Act
from mkt_tui.cache.instants import maybe_from_cache, to_cache
from mkt_tui.cache.monitor import Asked, Tried
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.formats import signed
from mkt_tui.desk.listing import instant
from mkt_tui.desk.spreadsheets import harmless
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import SettingsWrong
from mkt_tui.domain.monitor import Cause, Report, Watch
from mkt_tui.domain.text import clean, clean_line
from mkt_tui.i18n import N_, _, why

_TITLES: Final = {
    Report.NOT_CREATED: N_("Notified, not created"),
    Report.NOT_TRANSMITTED: N_("Not transmitted to the ERP"),
    Report.SHIP_LATE: N_("To invoice or ship: late"),
    Report.SHIP_AT_RISK: N_("To invoice or ship: may become late"),
    Report.TRANSIT_DUE: N_("In transit: to be delivered"),
    Report.TRANSIT_AT_RISK: N_("In transit: may become late"),
    Report.TRANSIT_LATE: N_("In transit: late"),
    Report.ERP_DUPLICATES: N_("Perhaps twice in the ERP"),
    Report.DESYNCHRONISED: N_("Desynchronised"),
}
_CAUSES: Final = {
    Cause.TECHNOLOGY: N_("Technology between systems"),
    Cause.DISPATCH: N_("Picking, dispatch or pickup"),
    Cause.TRANSPORT: N_("Transport"),
    Cause.OTHER: N_("Other"),
}
LONGEST_NOTE: Final = 500


@dataclass(frozen=True, slots=True)
class Question:
    """What the reports are asked.

    Attributes:
        as_of: The instant they are about, None = now; without a zone, each channel's own.
        channel: Only the orders of this channel.
    """

    as_of: datetime | None = None
    watch: Watch = field(default_factory=Watch)
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """An order in a report, seen at `now`.

    Attributes:
        detail: Why it could not be created, if known.
        rule: The rule that gave the deadline (M17); None where the marketplace told it.
        target: The system that it was not transmitted to (M2).
        tried: How often it was asked for, when last and when next; only of reports 1 and 2.
    """

    order: str
    channel: Channel
    report: Report
    deadline: datetime | None
    now: datetime
    cause: Cause | None
    owner: str | None
    note: str
    detail: str | None
    rule: str | None = None
    target: str | None = None
    tried: Tried | None = None

    @property
    def hours(self) -> float | None:
        """Hours until the deadline, below zero since it passed, rounded down to hundredths (M9)."""
        if self.deadline is None:
            return None
        return floor((self.deadline - self.now).total_seconds() / 36) / 100


def title(report: Report) -> str:
    """Return the report's name in the current language."""
    return _(_TITLES[report])


def cause_name(cause: Cause) -> str:
    """Return the cause in the current language."""
    return _(_CAUSES[cause])


def counts(desk: Desk, question: Question) -> dict[Report, int]:
    """Return how many orders each report holds; a scan of the open orders, so for a thread.

    Raises:
        NotFound: The channel asked for is unknown.
    """
    total = dict.fromkeys(Report, 0)
    for asked, _now in _asked(desk, question):
        for report, count in cached.counts(desk.database, asked).items():
            total[report] += count
    return total


def cases(desk: Desk, question: Question, report: Report, limit: int | None = None) -> list[Case]:
    """Return the orders of a report, the most pressing first, at most `limit` of them."""
    known = desk.channels()
    found = [
        _case(known[row.channel_id], report, row, now)
        for asked, now in _asked(desk, question)
        for row in cached.cases(desk.database, asked, report, limit)
        if row.channel_id in known
    ]
    found.sort(key=_pressing)
    return _with_tries(desk, report, found[:limit])


def _with_tries(desk: Desk, report: Report, found: list[Case]) -> list[Case]:
    """Return the cases of report 1 or 2 with what was tried, and what will be (M2)."""
    if report is Report.NOT_CREATED:
        tries = cached.tries(desk.database)
        return [replace(each, tried=tries.get((each.channel.id, each.order))) for each in found]
    if report is Report.NOT_TRANSMITTED:
        known = cached.transmissions(desk.database)
        told = {each: known.get(each, (None, None)) for each in {case.channel.id for case in found}}
        return [
            replace(each, target=told[each.channel.id][0], tried=told[each.channel.id][1])
            for each in found
        ]
    return found


def as_json(
    desk: Desk, question: Question, reports: Collection[Report] = tuple(Report)
) -> dict[str, Any]:
    """Return the monitor under its public keys (docs/monitor.md, docs/monitor.schema.json)."""
    return {
        "as_of": _as_of(desk, question),
        "horizon_hours": question.watch.horizon.total_seconds() / 3600,
        "reports": {
            each.value: [_public(case) for case in cases(desk, question, each)] for each in reports
        },
    }


def as_rows(desk: Desk, question: Question, reports: Collection[Report]) -> Iterator[list[str]]:
    """Yield the reports as the lines of a table, heads first; no cell can be a formula."""
    yield [
        "report",
        "order",
        "channel",
        "deadline",
        "hours",
        "time",
        "cause",
        "owner",
        "note",
        "rule",
    ]
    for report in reports:
        for case in cases(desk, question, report):
            hours = "" if case.hours is None else f"{case.hours:.2f}"
            time = "" if case.deadline is None else signed(case.deadline, case.now)
            words = (case.cause or "", case.owner or "", case.note, case.rule or "")
            yield [
                *(report.value, harmless(case.order), harmless(case.channel.name)),
                *(instant(case.deadline) or "", hours, time, *map(harmless, words)),
            ]


def refreshed(desk: Desk, case: Case) -> Case:
    """Return the case with what people have noted on it since."""
    kept = care.find(desk.database, (case.channel.id, case.order))
    if kept is None:
        return case
    cause = Cause(kept.cause) if kept.cause else None
    return replace(case, cause=cause, owner=kept.owner, note=kept.note)


def export(desk: Desk, question: Question, report: Report) -> Path:
    """Write a report as CSV and as JSON into the home's folder of exports; return the CSV.

    Raises:
        SettingsWrong: The folder or a file cannot be written.
    """
    folder = desk.home.data / "exports"
    place = folder / f"{report.value}-{desk.clock():%Y%m%dT%H%M%SZ}.csv"
    try:
        folder.mkdir(exist_ok=True)
        with place.open("x", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(as_rows(desk, question, [report]))
        words = json.dumps(as_json(desk, question, [report]), ensure_ascii=False)
        place.with_suffix(".json").write_text(words + "\n", encoding="utf-8")
    except OSError as error:
        raise SettingsWrong(
            what=_("{path} cannot be written ({detail})").format(path=place, detail=why(error)),
            remedy=_("Check the folder and its disk."),
        ) from error
    return place


def set_cause(desk: Desk, case: Case, cause: Cause) -> None:
    """Say which party must be set in motion; who says so owns the case unless somebody does."""
    with desk.database.transaction():
        place = case.channel.id, case.order
        care.change(desk.database, place, "cause", cause, desk.agent, desk.clock())
        care.own(desk.database, place, desk.agent)
        _record(desk, "monitor.cause", case, f"cause={cause}")


def set_owner(desk: Desk, case: Case, owner: str) -> None:
    """Say who sees to it; empty for nobody."""
    name = clean_line(owner, 100)
    with desk.database.transaction():
        place = case.channel.id, case.order
        care.change(desk.database, place, "owner", name or None, desk.agent, desk.clock())
        _record(desk, "monitor.owner", case, f"owner={name}")


def set_note(desk: Desk, case: Case, note: str) -> None:
    """Keep a note on the order; empty takes it away."""
    with desk.database.transaction():
        place = case.channel.id, case.order
        text = clean(note.strip(), LONGEST_NOTE)
        care.change(desk.database, place, "note", text, desk.agent, desk.clock())
        _record(desk, "monitor.note", case, None)


def _record(desk: Desk, act: str, case: Case, detail: str | None) -> None:
    desk.record(Act(act, channel=case.channel.name, order_number=case.order, detail=detail))


def _asked(desk: Desk, question: Question) -> Iterator[tuple[Asked, datetime]]:
    """Yield what to ask the cache, once per instant: an hour without a zone is each channel's."""
    chosen = [desk.channel(question.channel)] if question.channel else desk.channels().values()
    groups: defaultdict[datetime, list[int]] = defaultdict(list)
    now = desk.clock()
    for each in chosen:
        groups[_instant_at(each, question.as_of, now)].append(each.id)
    for at, ids in groups.items():
        yield Asked(ids, to_cache(at), question.watch), at


def _instant_at(channel: Channel, as_of: datetime | None, now: datetime) -> datetime:
    if as_of is None:
        return now
    return as_of if as_of.tzinfo else as_of.replace(tzinfo=ZoneInfo(channel.zone))


def _as_of(desk: Desk, question: Question) -> str:
    """Return the instant as asked; one without a zone stays without, for it was many instants."""
    at = question.as_of
    return at.isoformat() if at and not at.tzinfo else instant(at or desk.clock()) or ""


def _case(channel: Channel, report: Report, row: cached.Case, now: datetime) -> Case:
    return Case(
        order=row.number,
        channel=channel,
        report=report,
        deadline=maybe_from_cache(row.deadline),
        now=now,
        cause=Cause(row.cause) if row.cause else None,
        owner=row.owner,
        note=row.note,
        detail=row.detail,
        rule=row.rule,
    )


def _pressing(case: Case) -> tuple[bool, float, str, str]:
    hours = case.hours
    return hours is None, hours or 0.0, case.channel.name, case.order


def _public(case: Case) -> dict[str, Any]:
    return {
        "order": case.order,
        "channel": case.channel.name,
        "deadline": instant(case.deadline),
        "hours": case.hours,
        "cause": case.cause,
        "owner": case.owner,
        "rule": case.rule,
        "target": case.target,
        "tries": case.tried.tries if case.tried else None,
        "last_try_at": _when(case.tried.last if case.tried else None),
        "next_try_at": _when(case.tried.following if case.tried else None),
    }


def _when(milliseconds: int | None) -> str | None:
    return instant(maybe_from_cache(milliseconds))
