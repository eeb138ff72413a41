"""What a filter asks of publishers' titles and tickets, in SQL with its values (P8)."""

from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from mkt_tui.cache.instants import to_cache
from mkt_tui.domain.publishing import Stage
from mkt_tui.domain.title_filters import ALL, TitleFilter
from mkt_tui.domain.words import fold

IS_OPEN: Final = "complaint.stage <> 'closed'"


def ticket_conditions(wanted: TitleFilter, zone: ZoneInfo) -> tuple[str, dict[str, Any]]:
    """Return what must hold of a ticket, and the values named in it."""
    conditions, values = ["1 = 1"], dict[str, Any]()
    if not {ALL, Stage.CLOSED} & {*wanted.states}:
        conditions.append(IS_OPEN)  # what the index of open tickets holds
    if wanted.states and ALL not in wanted.states:
        conditions.append(_among("complaint.stage", "stage", wanted.states, values))
    if wanted.defects:
        conditions.append(_among("complaint.defect", "defect", wanted.defects, values))
    if wanted.shop:
        conditions.append("LOWER(complaint.shop) LIKE :shop")
        values["shop"] = f"%{_literal(wanted.shop)}%"
    if wanted.since:
        conditions.append("ticket.created_at >= :since")
        values["since"] = to_cache(datetime.combine(wanted.since, time(), zone))
    if wanted.until:
        conditions.append("ticket.created_at < :until")
        day_after = wanted.until + timedelta(days=1)
        values["until"] = to_cache(datetime.combine(day_after, time(), zone))
    return " AND ".join(conditions), values


def title_conditions(wanted: TitleFilter, now: datetime) -> tuple[str, dict[str, Any]]:
    """Return what must hold of a title, and the values named in it."""
    conditions, values = ["1 = 1"], dict[str, Any]()
    for number, word in enumerate(wanted.words):
        conditions.append(f"(' ' || COALESCE(title.words, '')) LIKE :word{number}")
        values[f"word{number}"] = f"% {_literal(fold(word))}%"
    if wanted.isbn:
        conditions.append("title.isbn LIKE :isbn")
        values["isbn"] = f"{_literal(wanted.isbn)}%"
    if wanted.channel:
        conditions.append(
            "title.channel_id IN (SELECT id FROM channel WHERE LOWER(name) LIKE :channel)"
        )
        values["channel"] = f"{_literal(wanted.channel)}%"
    if wanted.presale:
        conditions.append("title.on_sale_at > :now")
        values["now"] = to_cache(now)
    return " AND ".join(conditions), values


def day_end(now: datetime, zone: ZoneInfo) -> int:
    """Return the last millisecond of today: what is registered before today is a day old."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return to_cache(datetime.combine(tomorrow, time(), zone)) - 1


def _among(column: str, name: str, choice: tuple[str, ...], values: dict[str, Any]) -> str:
    names = [f"{name}{number}" for number in range(len(choice))]
    values |= dict(zip(names, map(str, choice), strict=True))
    return f"{column} IN ({', '.join(f':{each}' for each in names)})"


def _literal(text: str) -> str:
    # Whatever stands for anything in a pattern stands for nothing that is looked for.
    return text.replace("%", "").replace("_", "").replace("\\", "")
