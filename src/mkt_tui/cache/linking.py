"""Tickets that agents linked, for they are about the same thing; every ticket stays itself."""

from collections.abc import Iterable, Sequence
from typing import Final

from mkt_tui.cache.database import Database

# What was linked before comes along: a case is named by its lowest ticket.
_JOIN: Final = """
UPDATE ticket_link SET case_id = :case WHERE case_id IN
    (SELECT its.case_id FROM ticket_link AS its WHERE its.ticket_id IN ({ids}))
"""
_ADD: Final = """
INSERT INTO ticket_link (ticket_id, case_id) SELECT id, :case FROM ticket WHERE id IN ({ids})
ON CONFLICT (ticket_id) DO NOTHING
"""
_ALONE: Final = """
DELETE FROM ticket_link WHERE case_id IN
    (SELECT case_id FROM ticket_link GROUP BY case_id HAVING COUNT(*) = 1)
"""


def link(database: Database, tickets: Sequence[int]) -> None:
    """Make one case of these tickets, and of all they were linked with; call inside a transaction."""
    ids, case = _listed(tickets), {"case": min(tickets)}
    database.execute(_JOIN.format(ids=ids), case)
    database.execute(_ADD.format(ids=ids), case)


def unlink(database: Database, ticket_id: int) -> bool:
    """Take a ticket out of its case; return whether it was in one. Call inside a transaction."""
    known = bool(of_ticket(database, ticket_id))
    database.execute("DELETE FROM ticket_link WHERE ticket_id = :id", {"id": ticket_id})
    database.execute(_ALONE)
    return known


def of_ticket(database: Database, ticket_id: int) -> list[int]:
    """Return the tickets that a ticket is linked with, by their ids."""
    rows = database.rows(
        "SELECT its.ticket_id FROM ticket_link AS own JOIN ticket_link AS its"
        " ON its.case_id = own.case_id WHERE own.ticket_id = :id AND its.ticket_id <> :id"
        " ORDER BY its.ticket_id",
        {"id": ticket_id},
    )
    return [row[0] for row in rows]


def _listed(ids: Iterable[int]) -> str:
    return ", ".join(str(int(each)) for each in ids)
