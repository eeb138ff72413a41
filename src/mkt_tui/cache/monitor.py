"""The order monitor's questions to the cache: how many orders each report holds, and which.

The rules are those of `domain.monitor`, put into one statement so that a million orders are
counted where they lie: what is open at an instant is one range of the index `order_monitor`,
which holds every column that is asked for. A test holds both to the same answers.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from mkt_tui.cache.database import Database
from mkt_tui.domain.monitor import Report, Watch


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: instants in cache milliseconds.

    Attributes:
        channels: The channels whose orders count.
        now: The instant the reports are about.
    """

    channels: Collection[int]
    now: int
    watch: Watch


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


class ErpRead(NamedTuple):
    """When the seller's own system was read for a channel."""

    channel_id: int
    system: str
    read_at: int


# The one system that is known to create an order twice, so the only one it is reported of (M8).
MAGENTO: Final = "magento"
_SHIPPED: Final = "o.shipped_at <= :now"
# An order's stage when the ERP was read: what came later it could not know.
_STAGE_THEN: Final = (
    "CASE WHEN o.status IN ('cancelled', 'refused') THEN 'gone'"
    " WHEN o.approved_at IS NULL OR o.approved_at > {read_at} THEN 'waiting'"
    " WHEN o.delivered_at <= {read_at} THEN 'delivered'"
    " WHEN o.shipped_at <= {read_at} THEN 'shipped' ELSE 'to_ship' END"
)
_DEADLINE_REPORTS: Final = (
    f" WHEN {_SHIPPED} THEN CASE WHEN o.promised_at < :now THEN 'transit_late'"
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
_RULE: Final = f"CASE WHEN {_SHIPPED} THEN o.promised_rule ELSE o.ship_rule END"
_DEADLINE: Final = f"CASE WHEN {_SHIPPED} THEN o.promised_at ELSE o.ship_by END"
_IS_OPEN: Final = "o.open_until > :now AND o.approved_at <= :now"
_COPIES: Final = "erp_order e WHERE e.channel_id = o.channel_id AND e.number = o.number"
_DIVERGED: Final = (
    "EXISTS (SELECT 1 FROM order_link l WHERE l.channel_id = o.channel_id"
    " AND l.number = o.number AND l.diverged = 1 AND l.at <= :now)"
)


def counts(database: Database, asked: Asked) -> dict[Report, int]:
    """Return how many orders each report holds."""
    links = _links_at(database, asked)
    found = dict.fromkeys(Report, 0)
    inner = " UNION ALL ".join(_sources(asked, links, "report"))
    rows = database.rows(
        f"SELECT report, COUNT(*) FROM ({inner}) AS told WHERE report IS NOT NULL GROUP BY report",
        _parameters(asked),
    )
    return found | {Report(report): count for report, count in rows}


def cases(database: Database, asked: Asked, wanted: Report, limit: int | None = None) -> list[Case]:
    """Return the orders of a report, the most pressing first; at most `limit` of them."""
    links = _links_at(database, asked)
    columns = "report, channel_id, number, deadline, detail, rule"
    inner = " UNION ALL ".join(_sources(asked, links, columns))
    rows = database.rows(
        "SELECT told.channel_id, told.number, told.deadline, care.cause, care.owner,"
        " COALESCE(care.note, ''), told.detail, told.rule"
        f" FROM ({inner}) AS told LEFT JOIN order_care AS care"
        " ON care.channel_id = told.channel_id AND care.number = told.number"
        " WHERE told.report = :report"
        " ORDER BY told.deadline IS NULL, told.deadline, told.channel_id, told.number"
        + (" LIMIT :limit" if limit is not None else ""),
        _parameters(asked) | {"report": wanted.value, "limit": limit},
    )
    return [Case._make(row) for row in rows]


def report_of(database: Database, asked: Asked, number: str) -> Report | None:
    """Return the report an order is in."""
    links = _links_at(database, asked)
    for source in _sources(asked, links, "report, number"):
        found = database.value(
            f"SELECT report FROM ({source}) AS told WHERE number = :number AND report IS NOT NULL",
            _parameters(asked) | {"number": number},
        )
        if found:
            return Report(found)
    return None


def missing(database: Database, channel_id: int, since: int, limit: int) -> list[str]:
    """Return numbers of orders told of after `since` that are not here, the newest first (M1)."""
    rows = database.rows(
        "SELECT number FROM order_notice WHERE channel_id = :id AND notified_at > :since"
        " ORDER BY notified_at DESC, number LIMIT :limit",
        {"id": channel_id, "since": since, "limit": limit},
    )
    return [row[0] for row in rows]


def erp_reads(database: Database) -> list[ErpRead]:
    """Return when each ERP was read."""
    rows = database.rows("SELECT channel_id, system, read_at FROM erp_read ORDER BY channel_id")
    return [ErpRead._make(row) for row in rows]


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


def _sources(asked: Asked, links: _Links, columns: str) -> list[str]:
    """Return the statements whose rows together are all orders of all reports."""
    parts = [_not_created(asked, columns), _open_orders(asked, links, columns)]
    return [*parts, _over_orders(asked, links, columns)] if links.reads or links.diverged else parts


def _open_orders(asked: Asked, links: _Links, columns: str) -> str:
    report = "".join(_technical(each) for each in links.reads)
    report += f" WHEN {_DIVERGED} THEN 'desynchronised'" if links.diverged else ""
    report += _DEADLINE_REPORTS.format(fresh=_MOVED_BEFORE if links.moved_since else _MOVED)
    return _orders(f"CASE{report} END", (_DEADLINE, _RULE), _IS_OPEN, asked, columns)


def _over_orders(asked: Asked, links: _Links, columns: str) -> str:
    """Return the orders over at the marketplace of which another system says otherwise."""
    here = (f"(o.channel_id = {each.channel_id} AND {_contradicted(each)})" for each in links.reads)
    condition = (
        f"NOT COALESCE({_IS_OPEN}, FALSE) AND ({' OR '.join([*here, _DIVERGED])})"
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
        f" FROM sales_order o WHERE {condition} AND {_of(asked.channels, 'o')}) AS orders"
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
        f" AND s.last_success_at > n.notified_at)) AND {_of(asked.channels, 'n')}) AS notices"
    )


def _technical(read: ErpRead) -> str:
    here = f"o.channel_id = {read.channel_id}"
    clauses = ""
    if read.system == MAGENTO:
        clauses += f" WHEN {here} AND (SELECT COUNT(*) FROM {_COPIES}) > 1 THEN 'erp_duplicates'"
    clauses += f" WHEN {here} AND {_contradicted(read)} THEN 'desynchronised'"
    return clauses + (
        f" WHEN {here} AND o.approved_at + :grace <= {read.read_at}"
        f" AND NOT EXISTS (SELECT 1 FROM {_COPIES}) THEN 'not_transmitted'"
    )


def _contradicted(read: ErpRead) -> str:
    then = _STAGE_THEN.format(read_at=read.read_at)
    return (
        f"EXISTS (SELECT 1 FROM {_COPIES} AND e.stage <> 'other' AND e.stage <> {then}"
        f" AND NOT (e.stage = 'shipped' AND {then} = 'delivered')"
        " AND NOT EXISTS (SELECT 1 FROM order_link l WHERE l.channel_id = o.channel_id"
        " AND l.number = o.number AND l.diverged = 0 AND l.erp_id = e.erp_id"
        f" AND l.erp_stage = e.stage AND l.stage = {then}))"
    )


def _of(channels: Collection[int], table: str) -> str:
    listed = ", ".join(str(int(each)) for each in sorted(channels))
    # The plus keeps the channel's own index out of it, which would lead to every order there is.
    return f"+{table}.channel_id IN ({listed or 'NULL'})"


def _links_at(database: Database, asked: Asked) -> _Links:
    known = erp_reads(database)
    reads = [
        each for each in known if each.read_at <= asked.now and each.channel_id in asked.channels
    ]
    diverged = database.value("SELECT 1 FROM order_link WHERE diverged = 1 LIMIT 1")
    moved = database.value("SELECT 1 FROM order_move WHERE at > :now LIMIT 1", {"now": asked.now})
    return _Links(reads, bool(diverged), bool(moved))


def _parameters(asked: Asked) -> dict[str, Any]:
    watch = asked.watch
    return {
        "now": asked.now,
        "until": asked.now + _ms(watch.horizon.total_seconds()),
        "moved_since": asked.now - _ms(watch.moved_within.total_seconds()),
        "grace": _ms(watch.grace.total_seconds()),
    }


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
