"""The two ways to publishers' tickets: the queue of tickets, and the titles with their counts (P7).

Both are narrowed by the same filter (P8). Their order hangs on the hour - what is a day old, what is
in pre-sale - so no index holds it: the ids of a list are found once, its rows are read by them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from mkt_tui.cache.database import Database, Row
from mkt_tui.cache.instants import from_cache, maybe_from_cache, to_cache
from mkt_tui.cache.title_conditions import IS_OPEN, day_end, ticket_conditions, title_conditions
from mkt_tui.cache.titles import manager_in
from mkt_tui.domain.publishing import Defect, Manager, Source, Stage
from mkt_tui.domain.title_filters import TitleFilter

_DAY: Final = 86_400_000
_ROW: Final = (
    "ticket.id, ticket.channel_id, ticket.code, ticket.subject, ticket.state,"
    " ticket.registered_at, ticket.received_at, ticket.due_at, ticket.updated_at, ticket.delivery,"
    " ticket.assignee, complaint.isbn, complaint.shop, complaint.defect, complaint.defect_by,"
    " complaint.defect_note, complaint.stage, complaint.source, complaint.rule,"
    " COALESCE(complaint.manager, title.manager), title.name, title.author, title.imprint,"
    " title.on_sale_at, ticket.created_at"
)
_TICKETS: Final = (
    " FROM complaint JOIN ticket ON ticket.id = complaint.ticket_id"
    " LEFT JOIN title ON title.channel_id = complaint.channel_id AND title.isbn = complaint.isbn"
)
# Calendar days first, as they are shown, then pre-sales, then the deadline (P15).
_PRESSING: Final = (
    " ORDER BY CASE complaint.stage WHEN 'open' THEN 0 WHEN 'closed' THEN 2 ELSE 1 END,"
    f" (:day_end - ticket.registered_at) / {_DAY} DESC,"
    " CASE WHEN title.on_sale_at > :now THEN 0 ELSE 1 END,"
    " COALESCE(ticket.due_at, ticket.registered_at), ticket.id"
)
_OF_TITLE: Final = "complaint.channel_id = title.channel_id AND complaint.isbn = title.isbn"
_AT_SHOPS: Final = (
    "SELECT COUNT(*) FROM title_shop WHERE title_shop.channel_id = title.channel_id"
    " AND title_shop.isbn = title.isbn AND title_shop.state"
)
_TITLE: Final = (
    "title.id, title.channel_id, title.isbn, title.name, title.author, title.imprint, title.state,"
    " title.on_sale_at, title.manager, title.updated_at,"
    f" (SELECT COUNT(*) FROM complaint WHERE {IS_OPEN} AND {_OF_TITLE}),"
    " (SELECT MIN(ticket.registered_at) FROM complaint JOIN ticket"
    f" ON ticket.id = complaint.ticket_id WHERE {IS_OPEN} AND {_OF_TITLE}),"
    f" ({_AT_SHOPS} = 'failed'), ({_AT_SHOPS} IN ('queued', 'sent')), ({_AT_SHOPS} = 'accepted')"
)
_WAITING: Final = (
    " FROM title LEFT JOIN (SELECT complaint.channel_id, complaint.isbn,"
    " MIN(ticket.registered_at) AS oldest FROM complaint JOIN ticket"
    f" ON ticket.id = complaint.ticket_id WHERE {IS_OPEN}"
    " GROUP BY complaint.channel_id, complaint.isbn) AS waiting"
    " ON waiting.channel_id = title.channel_id AND waiting.isbn = title.isbn"
)


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A publisher's ticket in a list; `presale` when its title is not on sale yet."""

    id: int
    channel_id: int
    code: str
    subject: str
    state: int
    registered_at: datetime
    received_at: datetime
    due_at: datetime | None
    updated_at: datetime
    created_at: datetime
    delivery: str | None
    assignee: str | None
    isbn: str
    shop: str
    defect: Defect
    defect_by: str | None
    defect_note: str | None
    stage: Stage
    source: Source | None
    rule: str | None
    manager: Manager | None
    title: str
    author: str | None
    imprint: str | None
    on_sale_at: datetime | None
    presale: bool


@dataclass(frozen=True, slots=True)
class TitleLine:
    """A title in a list.

    Attributes:
        oldest: Since when its oldest open ticket is registered.
        failed, moving, accepted: At how many shops its file failed, is on its way to, and was
            accepted; none of them = the portal was not asked yet.
    """

    id: int
    channel_id: int
    isbn: str
    title: str
    author: str | None
    imprint: str | None
    state: str | None
    on_sale_at: datetime | None
    manager: Manager | None
    updated_at: datetime
    open_tickets: int
    oldest: datetime | None
    failed: int
    moving: int
    accepted: int
    presale: bool


def ticket_ids(
    database: Database, wanted: TitleFilter, now: datetime, zone: ZoneInfo
) -> Iterator[int]:
    """Return the ids of the tickets, the most pressing first."""
    source, values = _tickets(wanted, now, zone)
    return (row[0] for row in database.each(f"SELECT ticket.id{source}{_PRESSING}", values))


def folded_ids(
    database: Database, wanted: TitleFilter, now: datetime, zone: ZoneInfo
) -> Iterator[tuple[int, int]]:
    """Return the ids of the tickets, those of a title together at the place of its most pressing.

    Beside each id stands that place, which the tickets of one title share (P6).
    """
    source, values = _tickets(wanted, now, zone)
    rows = database.each(
        "SELECT id, MIN(place) OVER (PARTITION BY channel_id, isbn) AS head FROM (SELECT ticket.id,"
        " complaint.channel_id, complaint.isbn,"
        f" ROW_NUMBER() OVER ({_PRESSING.strip()}) AS place{source}) AS placed"
        " ORDER BY head, place",
        values,
    )
    return ((row[0], row[1]) for row in rows)


def ids_of_title(database: Database, channel_id: int, isbn: str) -> list[int]:
    """Return the ids of all tickets of a title, in no order."""
    rows = database.rows(
        "SELECT ticket_id FROM complaint WHERE channel_id = :channel_id AND isbn = :isbn",
        {"channel_id": channel_id, "isbn": isbn},
    )
    return [row[0] for row in rows]


def ticket_lines(database: Database, ids: Iterable[int], now: datetime) -> dict[int, TicketLine]:
    """Return the tickets of these ids."""
    rows = database.rows(f"SELECT {_ROW}{_TICKETS} WHERE ticket.id IN ({_listed(ids)})")
    return {row[0]: _ticket(row, now) for row in rows}


def ticket(database: Database, ticket_id: int, now: datetime) -> TicketLine | None:
    """Return one ticket; None when it is gone or no publisher's."""
    row = database.row(
        f"SELECT {_ROW}{_TICKETS} WHERE complaint.ticket_id = :id", {"id": ticket_id}
    )
    return _ticket(row, now) if row else None


def of_title(
    database: Database, channel_id: int, isbn: str, now: datetime, zone: ZoneInfo
) -> list[TicketLine]:
    """Return all tickets of a title, the most pressing first."""
    rows = database.rows(
        f"SELECT {_ROW}{_TICKETS} WHERE complaint.channel_id = :channel_id"
        f" AND complaint.isbn = :isbn{_PRESSING}",
        {
            "channel_id": channel_id,
            "isbn": isbn,
            "now": to_cache(now),
            "day_end": day_end(now, zone),
        },
    )
    return [_ticket(row, now) for row in rows]


def title_ids(database: Database, wanted: TitleFilter, now: datetime, zone: ZoneInfo) -> list[int]:
    """Return the ids of the titles, those with the oldest open tickets first."""
    condition, values = title_conditions(wanted, now)
    if wanted.of_tickets:
        narrowed, more = ticket_conditions(wanted, zone)
        condition += (
            " AND (title.channel_id, title.isbn) IN (SELECT complaint.channel_id, complaint.isbn"
            f" FROM complaint JOIN ticket ON ticket.id = complaint.ticket_id WHERE {narrowed})"
        )
        values |= more
    rows = database.rows(
        f"SELECT title.id{_WAITING} WHERE {condition} ORDER BY CASE WHEN waiting.oldest IS NULL"
        " THEN 1 ELSE 0 END, waiting.oldest, title.words, title.isbn",
        values,
    )
    return [row[0] for row in rows]


def title_lines(database: Database, ids: Iterable[int], now: datetime) -> dict[int, TitleLine]:
    """Return the titles of these ids."""
    rows = database.rows(f"SELECT {_TITLE} FROM title WHERE title.id IN ({_listed(ids)})")
    return {row[0]: _title(row, now) for row in rows}


def counts(database: Database) -> tuple[int, int]:
    """Return how many publishers' tickets are open, and how many titles there are."""
    return (
        int(database.value("SELECT COUNT(*) FROM complaint WHERE stage = 'open'")),
        int(database.value("SELECT COUNT(*) FROM title")),
    )


def shops(database: Database) -> list[str]:
    """Return the shops that are known, by name."""
    rows = database.rows("SELECT DISTINCT shop FROM complaint WHERE shop <> '' ORDER BY shop")
    return [shop for (shop,) in rows]


def _tickets(wanted: TitleFilter, now: datetime, zone: ZoneInfo) -> tuple[str, dict[str, Any]]:
    """Return what the tickets of a filter are read from, with what orders them."""
    title, values = title_conditions(wanted, now)
    narrowed, more = ticket_conditions(wanted, zone)
    values |= {**more, "now": to_cache(now), "day_end": day_end(now, zone)}
    return f"{_TICKETS} WHERE {title} AND {narrowed}", values


def _listed(ids: Iterable[int]) -> str:
    return ", ".join(str(int(each)) for each in ids) or "NULL"


def _ticket(row: Row, now: datetime) -> TicketLine:
    (ticket_id, channel_id, code, subject, state, registered, received, due, updated, delivery,
     assignee, isbn, shop, defect, defect_by, note, stage, source, rule, manager, title, author,
     imprint, on_sale, created) = row  # fmt: skip
    on_sale_at = maybe_from_cache(on_sale)
    return TicketLine(
        id=ticket_id,
        channel_id=channel_id,
        code=code,
        subject=subject,
        state=state,
        registered_at=from_cache(registered),
        received_at=from_cache(received),
        due_at=maybe_from_cache(due),
        updated_at=from_cache(updated),
        created_at=from_cache(created),
        delivery=delivery,
        assignee=assignee,
        isbn=isbn,
        shop=shop,
        defect=Defect(defect),
        defect_by=defect_by,
        defect_note=note,
        stage=Stage(stage),
        source=Source(source) if source else None,
        rule=rule,
        manager=manager_in(manager),
        title=title or "",
        author=author,
        imprint=imprint,
        on_sale_at=on_sale_at,
        presale=bool(on_sale_at and on_sale_at > now),
    )


def _title(row: Row, now: datetime) -> TitleLine:
    (title_id, channel_id, isbn, name, author, imprint, state, on_sale, manager, updated, tickets,
     oldest, failed, moving, accepted) = row  # fmt: skip
    on_sale_at = maybe_from_cache(on_sale)
    return TitleLine(
        *(
            title_id,
            channel_id,
            isbn,
            name,
            author,
            imprint,
            state,
            on_sale_at,
            manager_in(manager),
        ),
        *(from_cache(updated), tickets, maybe_from_cache(oldest), failed, moving, accepted),
        presale=bool(on_sale_at and on_sale_at > now),
    )
