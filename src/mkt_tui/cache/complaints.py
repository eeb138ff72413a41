"""What makes tickets publishers' ones, and what was declared corrected (P2, P3, P9-P13)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson

from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import from_cache, maybe_from_cache, to_cache
from mkt_tui.cache.titles import manager_text
from mkt_tui.domain.operation_kinds import OperationState
from mkt_tui.domain.publishing import Defect, ShopDelivery, ShopState, Stage
from mkt_tui.domain.ticket_operations import CorrectTitle, KeptFile
from mkt_tui.domain.tickets import TicketSnapshot

# A dispute and a correction may be the manager's turn too, for the portal; here each stays what it
# is. What every shop has accepted stays ended, though the portal hears of it only after that.
_COMPLAINTS: Final = """
INSERT INTO complaint (ticket_id, channel_id, isbn, shop, defect, stage, source, rule, manager)
SELECT id, channel_id, :isbn, :shop, :defect, :stage, :source, :rule, :manager FROM ticket
    WHERE id = :id AND updated_at <= :updated_at
ON CONFLICT (ticket_id) DO UPDATE SET
    isbn = excluded.isbn,
    shop = CASE excluded.shop WHEN '' THEN complaint.shop ELSE excluded.shop END,
    defect = CASE WHEN complaint.defect_by IS NULL THEN excluded.defect ELSE complaint.defect END,
    stage = CASE WHEN complaint.stage = 'disputed' AND excluded.stage = 'manager' THEN 'disputed'
        WHEN complaint.stage = 'corrected' AND excluded.stage = 'manager' THEN 'corrected'
        WHEN complaint.stage = 'closed' AND excluded.stage = 'corrected' THEN 'closed'
        ELSE excluded.stage END,
    source = COALESCE(excluded.source, complaint.source),
    rule = COALESCE(excluded.rule, complaint.rule),
    manager = COALESCE(excluded.manager, complaint.manager)
"""
_STAGES: Final = {"assign": Stage.MANAGER, "correct": Stage.CORRECTED, "dispute": Stage.DISPUTED}
_AFTER: Final = " ".join(f"WHEN '{kind}' THEN '{stage}'" for kind, stage in _STAGES.items())
_KINDS: Final = ", ".join(f"'{kind}'" for kind in _STAGES)


@dataclass(frozen=True, slots=True)
class Override:
    """Why a failed check did not stop a correction, and that check's report (P11)."""

    reason: str
    report: str | None


@dataclass(frozen=True, slots=True)
class Declared:
    """A correction as it was declared; `settled_at` is when every shop had accepted it."""

    operation: str
    at: datetime
    agent: str
    state: OperationState
    file: KeptFile | None
    reason: str
    override: Override | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction that is waiting for the shops.

    Attributes:
        before: The deliveries when it was declared.
    """

    operation: str
    ticket_id: int
    ticket_code: str
    isbn: str
    shop: str
    stage: Stage
    before: Mapping[str, tuple[ShopState, datetime]]


def write(database: Database, ids: Mapping[str, int], snapshots: Sequence[TicketSnapshot]) -> None:
    """Write what a page's tickets say of titles; call inside its transaction, tickets first."""
    database.execute_many(
        _COMPLAINTS,
        [
            {
                "id": ids[ticket.code],
                "isbn": told.isbn,
                "shop": told.shop,
                "defect": told.defect,
                "stage": told.stage,
                "source": told.source,
                "rule": told.rule,
                "manager": manager_text(told.manager),
                "updated_at": to_cache(ticket.updated_at),
            }
            for ticket in snapshots
            if (told := ticket.complaint)
        ],
    )


def note_done(database: Database, operation: str) -> None:
    """Let the ticket stand where an act of ours has brought it; ask the portal for the rest soon."""
    database.execute(
        f"UPDATE complaint SET stage = (SELECT CASE kind {_AFTER} END FROM operation"
        " WHERE operation.id = :id) WHERE ticket_id = (SELECT ticket_id FROM operation"
        f" WHERE operation.id = :id AND kind IN ({_KINDS}))",
        {"id": operation},
    )
    database.execute(
        "UPDATE sync SET next_try_at = NULL WHERE stream IN ('tickets', 'titles') AND channel_id ="
        f" (SELECT channel_id FROM operation WHERE id = :id AND kind IN ({_KINDS}))",
        {"id": operation},
    )


def choose_defect(
    database: Database, ticket_id: int, defect: Defect, note: str, agent: str
) -> None:
    """Keep what an agent says is wrong; the portal's word no longer changes it."""
    database.execute(
        "UPDATE complaint SET defect = :defect, defect_note = :note, defect_by = :agent"
        " WHERE ticket_id = :id",
        {"id": ticket_id, "defect": defect, "note": note or None, "agent": agent},
    )


def declare(
    database: Database,
    wanted: CorrectTitle,
    ticket_id: int,
    agent: str,
    deliveries: Iterable[ShopDelivery],
    override: Override | None,
) -> None:
    """Keep a correction with what stood before it; call where its operation is queued."""
    file = wanted.file
    database.execute(
        "INSERT INTO correction (operation, ticket_id, at, agent, sha256, name, path, size, reason,"
        " override, report, before) VALUES (:id, :ticket_id, :at, :agent, :sha256, :name, :path,"
        " :size, :reason, :override, :report, :before)",
        {
            "id": wanted.operation,
            "ticket_id": ticket_id,
            "at": to_cache(wanted.queued_at),
            "agent": agent,
            "sha256": file.sha256 if file else None,
            "name": file.name if file else None,
            "path": file.path if file else None,
            "size": file.size if file else 0,
            "reason": wanted.text,
            "override": override.reason if override else None,
            "report": override.report if override else None,
            "before": before_text(deliveries),
        },
    )


def declared(database: Database, ticket_id: int) -> list[Declared]:
    """Return what was declared corrected on a ticket, the newest first."""
    rows = database.rows(
        "SELECT correction.operation, correction.at, correction.agent, operation.state, sha256,"
        " name, path, size, reason, override, report, correction.settled_at FROM correction"
        " JOIN operation ON operation.id = correction.operation"
        " WHERE correction.ticket_id = :id ORDER BY correction.at DESC, operation.id",
        {"id": ticket_id},
    )
    return [
        Declared(
            *(operation, from_cache(at), agent, OperationState(state)),
            KeptFile(path, name, sha256, size) if sha256 else None,
            reason,
            Override(override, report) if override else None,
            maybe_from_cache(settled),
        )
        for operation, at, agent, state, sha256, name, path, size, reason, override, report, settled in rows
    ]


def still_wanted(database: Database) -> set[str]:
    """Return the hashes of files that have not left, or that a shop may have to be sent again."""
    rows = database.rows(
        "SELECT correction.sha256 FROM correction"
        " JOIN operation ON operation.id = correction.operation"
        " WHERE correction.sha256 IS NOT NULL AND correction.settled_at IS NULL"
        " AND operation.state NOT IN ('recalled', 'failed')"
    )
    return {digest for (digest,) in rows}


def is_leaving(database: Database, ticket_id: int, operation: str) -> bool:
    """Tell whether anybody's act on the ticket, this one aside, is on its way or in doubt."""
    return bool(
        database.value(
            "SELECT 1 FROM operation WHERE ticket_id = :ticket_id AND id <> :id"
            f" AND kind IN ({_KINDS}) AND state IN ('queued', 'sending', 'unknown')",
            {"ticket_id": ticket_id, "id": operation},
        )
    )


def before_text(deliveries: Iterable[ShopDelivery]) -> str:
    """Return deliveries as a correction keeps them."""
    told = {each.shop: [each.state, to_cache(each.updated_at)] for each in deliveries}
    return orjson.dumps(told).decode()


def awaited(database: Database, channel_id: int) -> list[Correction]:
    """Return what has left and the shops have not all accepted, one correction of each ticket.

    It is that of the newest file, and of those of one file the oldest: a file that was sent once
    more goes on to the shops that lacked it, and what the others took before still counts.
    """
    rows = database.rows(
        "SELECT correction.sha256, correction.operation, ticket.id, ticket.code, complaint.isbn,"
        " complaint.shop, complaint.stage, correction.before FROM correction"
        " JOIN operation ON operation.id = correction.operation AND operation.state = 'sent'"
        " JOIN ticket ON ticket.id = correction.ticket_id"
        " JOIN complaint ON complaint.ticket_id = ticket.id"
        " WHERE correction.settled_at IS NULL AND operation.channel_id = :channel_id"
        " AND complaint.stage IN ('corrected', 'closed')"
        " ORDER BY correction.at DESC",
        {"channel_id": channel_id},
    )
    found: dict[int, tuple[str | None, Correction]] = {}
    for sha256, operation, ticket, code, isbn, shop, stage, before in rows:
        if ticket not in found or found[ticket][0] == sha256:
            of = Correction(operation, ticket, code, isbn, shop, Stage(stage), _before(before))
            found[ticket] = sha256, of
    return [correction for _file, correction in found.values()]


def isbns_awaited(database: Database, channel_id: int) -> list[str]:
    """Return the titles of such corrections, the one longest not looked at first."""
    found = {each.isbn for each in awaited(database, channel_id)}
    rows = database.rows(
        "SELECT isbn, MAX(updated_at) FROM title_shop WHERE channel_id = :id GROUP BY isbn",
        {"id": channel_id},
    )
    at = {isbn: moved or 0 for isbn, moved in rows}
    return sorted(found, key=lambda isbn: (at.get(isbn, 0), isbn))


def settle(database: Database, correction: Correction, now: datetime) -> bool:
    """End a ticket whose correction every shop has accepted; call inside a transaction.

    Returns:
        False when there is nothing to end: another sync was first, or a newer act of the ticket is
        still on its way.
    """
    values = {"id": correction.ticket_id, "now": to_cache(now)}
    ended = not is_leaving(database, correction.ticket_id, correction.operation) and (
        database.execute(
            "UPDATE correction SET settled_at = :now WHERE ticket_id = :id AND settled_at IS NULL"
            " AND operation IN (SELECT id FROM operation WHERE ticket_id = :id AND state = 'sent')",
            values,
        )
    )
    if ended:
        database.execute("UPDATE complaint SET stage = 'closed' WHERE ticket_id = :id", values)
    return bool(ended)


def _before(text: str) -> dict[str, tuple[ShopState, datetime]]:
    told = orjson.loads(text)
    return {shop: (ShopState(state), from_cache(at)) for shop, (state, at) in told.items()}
