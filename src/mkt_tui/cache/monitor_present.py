"""The monitor of the present, for which a million open orders are counted in ranges of indexes.

What does not depend on the hour is kept beside each order when it is written: `watched` is the
technical report it is in, else `ship` or `transit` for the deadline it is held to, else NULL. The
hour is then one range of an index of the orders that are watched.

This holds as long as nothing told of lies ahead of the instant asked for; of any other instant
the rules are worked out order by order (`cache.monitor`).
"""

from collections.abc import Collection, Mapping
from typing import Final

import orjson

from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import FOREVER
from mkt_tui.cache.monitor_rules import (
    DEADLINE,
    DIVERGED,
    RULE,
    Asked,
    contradicted,
    erp_reads,
    of_channels,
    parameters,
    technical,
)
from mkt_tui.domain.monitor import Report, Watch

_FRESH: Final = "(o.shipped_at >= :moved_since OR o.moved_at >= :moved_since)"
_NEAR: Final = "o.promised_at >= :now AND o.promised_at <= :until"
_IN_TRANSIT: Final = f"o.watched = 'transit' AND {_NEAR}"
# Whose date it is, and which of the orders held to it are in the report.
_BY_DATE: Final[Mapping[Report, tuple[str, str]]] = {
    Report.SHIP_LATE: ("ship_by", "o.watched = 'ship' AND o.ship_by < :now"),
    Report.SHIP_AT_RISK: (
        "ship_by",
        "o.watched = 'ship' AND o.ship_by >= :now AND o.ship_by <= :until",
    ),
    Report.TRANSIT_DUE: ("promised_at", f"{_IN_TRANSIT} AND {_FRESH}"),
    Report.TRANSIT_AT_RISK: ("promised_at", f"{_IN_TRANSIT} AND NOT COALESCE({_FRESH}, FALSE)"),
    Report.TRANSIT_LATE: ("promised_at", "o.watched = 'transit' AND o.promised_at < :now"),
}
_TECHNICAL: Final = (Report.ERP_DUPLICATES, Report.DESYNCHRONISED, Report.NOT_TRANSMITTED)
_IS_OPEN: Final = f"o.open_until = {FOREVER}"
# Anything that was told of and has not happened by the instant asked for.
_AHEAD: Final = (
    "order_move WHERE at > :now",
    f"sales_order WHERE open_until > :now AND open_until < {FOREVER}",
    "sales_order WHERE watched IS NOT NULL AND approved_at > :now",
    "sales_order WHERE watched IS NOT NULL AND shipped_at > :now",
    "order_link WHERE at > :now",
    "erp_read WHERE read_at > :now",
)


def is_asked(database: Database, asked: Asked) -> bool:
    """Tell whether the instant asked for is the present, as far as these orders go."""
    if asked.watch.grace != Watch().grace:
        return False
    ahead = " OR ".join(f"EXISTS (SELECT 1 FROM {each})" for each in _AHEAD)
    return not database.value(f"SELECT 1 WHERE {ahead}", {"now": asked.now})


def counted(database: Database, asked: Asked) -> str:
    """Return the statement whose rows are the reports with their numbers of orders."""
    here = _here(database, asked)
    parts = [
        f"SELECT '{report}' AS report, COUNT(*) AS orders FROM sales_order o"
        f" WHERE {condition}{here}"
        for report, (_date, condition) in _BY_DATE.items()
    ]
    parts += [
        f"SELECT '{report}' AS report, COUNT(*) AS orders FROM sales_order o"
        f" WHERE {_is(report)}{here}"
        for report in _TECHNICAL
    ]
    return " UNION ALL ".join(parts)


def source(
    database: Database, asked: Asked, wanted: Report, columns: str, limit: int | None
) -> str:
    """Return the statement whose rows are the orders of a report, the first ones by date only."""
    here, order = _here(database, asked), ""
    deadline, rule = (f"CASE WHEN {_IS_OPEN} THEN {each} END" for each in (DEADLINE, RULE))
    condition = _is(wanted)
    if wanted in _BY_DATE:
        deadline, condition = _BY_DATE[wanted]
        rule = "ship_rule" if deadline == "ship_by" else "promised_rule"
        order = f" ORDER BY o.{deadline}, o.channel_id, o.number"
        order += " LIMIT :limit" if limit is not None else ""
    return (
        f"SELECT {columns} FROM (SELECT '{wanted}' AS report, o.channel_id AS channel_id,"
        f" o.number AS number, {deadline} AS deadline, CAST(NULL AS TEXT) AS detail,"
        f" {rule} AS rule FROM sales_order o WHERE {condition}{here}{order}) AS orders"
    )


def watch(database: Database, channel_id: int, numbers: Collection[str] | None = None) -> None:
    """Keep what the orders are watched for; call wherever they, their ERP or a link changed.

    Args:
        numbers: The orders that changed; None = the whole channel, whose ERP was read.
    """
    every = numbers is None
    scope = _SOME if every else f"o.number IN ({database.dialect.texts})"
    told = _watched(database, channel_id)
    database.execute(
        f"UPDATE sales_order AS o SET watched = {told}"
        f" WHERE o.channel_id = :channel_id AND {scope} AND o.watched IS DISTINCT FROM {told}",
        {
            "channel_id": channel_id,
            "listed": orjson.dumps(list(numbers or ())).decode(),
            **parameters(Asked((), FOREVER - 1, Watch())),
        },
    )


_SOME: Final = (
    f"({_IS_OPEN} OR o.watched IS NOT NULL OR o.number IN (SELECT number FROM erp_order"
    " WHERE channel_id = :channel_id UNION SELECT number FROM order_link"
    " WHERE channel_id = :channel_id))"
)


def _watched(database: Database, channel_id: int) -> str:
    reads = [each for each in erp_reads(database) if each.channel_id == channel_id]
    over = " OR ".join([*map(contradicted, reads), DIVERGED])
    return (
        f"(CASE WHEN {_IS_OPEN} THEN CASE{''.join(map(technical, reads))}"
        f" WHEN {DIVERGED} THEN 'desynchronised'"
        " WHEN o.shipped_at IS NOT NULL THEN 'transit' ELSE 'ship' END"
        f" WHEN {over} THEN 'desynchronised' END)"
    )


def _is(report: Report) -> str:
    # In the words of the index that holds these only.
    return f"o.watched NOT IN ('ship', 'transit') AND o.watched = '{report}'"


def _here(database: Database, asked: Asked) -> str:
    """Return the condition of the channels, where not all are asked for."""
    every = {row[0] for row in database.rows("SELECT id FROM channel")}
    return "" if every <= set(asked.channels) else f" AND {of_channels(asked.channels, 'o')}"
