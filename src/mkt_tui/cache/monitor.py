"""The order monitor's questions to the cache: how many orders each report holds, and which.

Of the present they are ranges of indexes (`monitor_present`). Of any other instant the rules of
`domain.monitor` are one statement, and what was open then is one range of the index
`order_monitor`, which holds every column that is asked for. A test holds all three to the same
answers.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

from mkt_tui.cache import monitor_present
from mkt_tui.cache.database import Database
from mkt_tui.cache.monitor_rules import (
    DEADLINE,
    DIVERGED,
    IS_OPEN,
    RULE,
    SHIPPED,
    Asked,
    ErpRead,
    contradicted,
    erp_reads,
    of_channels,
    parameters,
    technical,
)
from mkt_tui.domain.monitor import Report

__all__ = [
    "Asked",
    "Case",
    "ErpRead",
    "cases",
    "counts",
    "erp_reads",
    "missing",
    "note_try",
    "transmissions",
    "tries",
]


class Case(NamedTuple):
    """An order in a report.

    Attributes:
        deadline: When its next step is owed, or should have been done (M1); cache milliseconds.
        rule: The rule that gave the deadline (M17); None where the marketplace told it.
        detail: Why it could not be created, where that is known (an error as JSON).
    """

    channel_id: int
    number: str
    deadline: int | None
    cause: str | None
    owner: str | None
    note: str
    detail: str | None
    rule: str | None


_DEADLINE_REPORTS: Final = (
    f" WHEN {SHIPPED} THEN CASE WHEN o.promised_at < :now THEN 'transit_late'"
    " WHEN o.promised_at > :until OR o.promised_at IS NULL THEN NULL"
    " WHEN {fresh} THEN 'transit_due' ELSE 'transit_at_risk' END"
    " WHEN o.ship_by < :now THEN 'ship_late' WHEN o.ship_by <= :until THEN 'ship_at_risk'"
)
_MOVED: Final = "o.shipped_at >= :moved_since OR (o.moved_at BETWEEN :moved_since AND :now)"
_MOVED_BEFORE: Final = (
    f"{_MOVED} OR (o.moved_at > :now AND EXISTS (SELECT 1 FROM order_move v"
    " WHERE v.channel_id = o.channel_id AND v.number = o.number"
    " AND v.at BETWEEN :moved_since AND :now))"
)


def counts(database: Database, asked: Asked) -> dict[Report, int]:
    """Return how many orders each report holds."""
    if monitor_present.is_asked(database, asked):
        told = monitor_present.counted(database, asked)
        sql = f"{told} UNION ALL {_counted([_not_created(asked, 'report')])}"
    else:
        sql = _counted(_sources(asked, _links_at(database, asked), "report"))
    rows = database.rows(sql, parameters(asked))
    return dict.fromkeys(Report, 0) | {Report(report): count for report, count in rows}


def cases(database: Database, asked: Asked, wanted: Report, limit: int | None = None) -> list[Case]:
    """Return the orders of a report, the most pressing first; at most `limit` of them."""
    columns = "report, channel_id, number, deadline, detail, rule"
    if wanted is not Report.NOT_CREATED and monitor_present.is_asked(database, asked):
        inner = monitor_present.source(database, asked, wanted, columns, limit)
    else:
        links = _links_at(database, asked)
        inner = " UNION ALL ".join(_sources(asked, links, columns))
    rows = database.rows(
        "SELECT told.channel_id, told.number, told.deadline, care.cause, care.owner,"
        " COALESCE(care.note, ''), told.detail, told.rule"
        f" FROM ({inner}) AS told LEFT JOIN order_care AS care"
        " ON care.channel_id = told.channel_id AND care.number = told.number"
        " WHERE told.report = :report"
        " ORDER BY told.deadline IS NULL, told.deadline, told.channel_id, told.number"
        + (" LIMIT :limit" if limit is not None else ""),
        parameters(asked) | {"report": wanted.value, "limit": limit},
    )
    return [Case._make(row) for row in rows]


def missing(database: Database, channel_id: int, since: int, limit: int) -> list[str]:
    """Return numbers of orders told of after `since` that are not here, the newest first (M1)."""
    rows = database.rows(
        "SELECT number FROM order_notice WHERE channel_id = :id AND notified_at > :since"
        " ORDER BY notified_at DESC, number LIMIT :limit",
        {"id": channel_id, "since": since, "limit": limit},
    )
    return [row[0] for row in rows]


class Tried(NamedTuple):
    """How often something was tried, when last, and when it is tried next; cache milliseconds."""

    tries: int | None
    last: int | None
    following: int | None


def note_try(database: Database, channel_id: int, number: str, now: int) -> None:
    """Note that a missing order was asked for by its number (M2)."""
    database.execute(
        "UPDATE order_notice SET tries = tries + 1, last_try_at = :now"
        " WHERE channel_id = :id AND number = :number",
        {"id": channel_id, "number": number, "now": now},
    )


def tries(database: Database) -> dict[tuple[int, str], Tried]:
    """Return how often each missing order was asked for; that is done with reading the orders."""
    rows = database.rows(
        "SELECT n.channel_id, n.number, n.tries, n.last_try_at, s.next_try_at"
        " FROM order_notice n LEFT JOIN sync s"
        " ON s.channel_id = n.channel_id AND s.stream = 'orders'"
    )
    return {(row[0], row[1]): Tried._make(row[2:]) for row in rows}


def transmissions(database: Database) -> dict[int, tuple[str, Tried]]:
    """Return, by channel, which system ought to hold its orders, when it was read and will be."""
    rows = database.rows(
        "SELECT r.channel_id, r.system, r.read_at, s.next_try_at FROM erp_read r LEFT JOIN sync s"
        " ON s.channel_id = r.channel_id AND s.stream = 'erp'"
    )
    return {row[0]: (row[1], Tried(None, row[2], row[3])) for row in rows}


@dataclass(frozen=True, slots=True)
class _Links:
    """What ties orders to other systems at the instant asked for.

    Attributes:
        reads: The readings of an ERP that had been made.
        diverged: Whether any act has changed a marketplace only. Most caches hold none, and then
            the index need not be left for it.
        moved_since: Whether a parcel has moved after the instant, so that earlier movements count;
            of the present none has, and the index tells the newest.
    """

    reads: list[ErpRead]
    diverged: bool
    moved_since: bool


def _counted(sources: list[str]) -> str:
    inner = " UNION ALL ".join(sources)
    return (
        f"SELECT report, COUNT(*) AS orders FROM ({inner}) AS told"
        " WHERE report IS NOT NULL GROUP BY report"
    )


def _sources(asked: Asked, links: _Links, columns: str) -> list[str]:
    """Return the statements whose rows together are all orders of all reports."""
    parts = [_not_created(asked, columns), _open_orders(asked, links, columns)]
    return [*parts, _over_orders(asked, links, columns)] if links.reads or links.diverged else parts


def _open_orders(asked: Asked, links: _Links, columns: str) -> str:
    report = "".join(technical(each) for each in links.reads)
    report += f" WHEN {DIVERGED} THEN 'desynchronised'" if links.diverged else ""
    report += _DEADLINE_REPORTS.format(fresh=_MOVED_BEFORE if links.moved_since else _MOVED)
    return _orders(f"CASE{report} END", (DEADLINE, RULE), IS_OPEN, asked, columns)


def _over_orders(asked: Asked, links: _Links, columns: str) -> str:
    """Return the orders over at the marketplace of which another system says otherwise."""
    here = (f"(o.channel_id = {each.channel_id} AND {contradicted(each)})" for each in links.reads)
    condition = (
        f"NOT COALESCE({IS_OPEN}, FALSE) AND ({' OR '.join([*here, DIVERGED])})"
        " AND o.number IN (SELECT number FROM erp_order UNION SELECT number FROM order_link)"
    )
    nothing = "CAST(NULL AS BIGINT)", "CAST(NULL AS TEXT)"
    return _orders("'desynchronised'", nothing, condition, asked, columns)


def _orders(report: str, due: tuple[str, str], condition: str, asked: Asked, columns: str) -> str:
    # What is not asked for is left out, for the index holds neither numbers nor rules.
    number = "o.number" if "number" in columns else "CAST(NULL AS TEXT)"
    deadline, rule = due if "rule" in columns else (due[0], "CAST(NULL AS TEXT)")
    return (
        f"SELECT {columns} FROM (SELECT {report} AS report, o.channel_id AS channel_id,"
        f" {number} AS number, {deadline} AS deadline, CAST(NULL AS TEXT) AS detail,"
        f" {rule} AS rule"
        f" FROM sales_order o WHERE {condition} AND {of_channels(asked.channels, 'o')}) AS orders"
    )


def _not_created(asked: Asked, columns: str) -> str:
    """Return the notices whose order had time to come (M1).

    A channel that has never been read to its end, or not since, has not failed to create it.
    """
    return (
        f"SELECT {columns} FROM (SELECT 'not_created' AS report, n.channel_id AS channel_id,"
        " n.number AS number, n.notified_at + :grace AS deadline, n.error AS detail,"
        " CAST(NULL AS TEXT) AS rule"
        " FROM order_notice n WHERE n.notified_at + :grace <= :now"
        " AND (n.error IS NOT NULL OR EXISTS (SELECT 1 FROM sync s"
        " WHERE s.channel_id = n.channel_id AND s.stream = 'orders' AND s.complete = 1"
        f" AND s.last_success_at > n.notified_at)) AND {of_channels(asked.channels, 'n')}) AS notices"
    )


def _links_at(database: Database, asked: Asked) -> _Links:
    known = erp_reads(database)
    reads = [
        each for each in known if each.read_at <= asked.now and each.channel_id in asked.channels
    ]
    diverged = database.value("SELECT 1 FROM order_link WHERE diverged = 1 LIMIT 1")
    moved = database.value("SELECT 1 FROM order_move WHERE at > :now LIMIT 1", {"now": asked.now})
    return _Links(reads, bool(diverged), bool(moved))
