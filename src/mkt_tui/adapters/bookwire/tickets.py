"""Publishers' tickets in our words: which title, which shop, what is wrong, whose turn it is.

The contract's roles are read as the three who write notes (P10): "customer" is the shop's team,
"operator" the account manager, "seller" the publisher.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from mkt_tui.adapters.bridge.tickets import read_ticket
from mkt_tui.adapters.fields import Json, instant, line, part
from mkt_tui.domain.publishing import Complaint, Manager, Source, Stage, defect_of, isbn13
from mkt_tui.domain.tickets import Role, TicketSnapshot

_STAGES: Final = {
    "open": Stage.OPEN,
    "waiting_seller": Stage.OPEN,
    "waiting_operator": Stage.MANAGER,
    "waiting_customer": Stage.CORRECTED,
    "closed": Stage.CLOSED,
}
_SOURCES: Final = {each.value: each for each in Source}
_SYSTEM: Final = "system"
_NO_ISBN: Final = "-"


def read_complaint(row: Json, messages: Iterable[Json]) -> TicketSnapshot:
    """Return the ticket with what it says of a title.

    Raises:
        Misread: A field without which it is no ticket, or of a wrong kind.
    """
    rows = list(messages)
    ticket = read_ticket(row, rows)
    complaint = _complaint(row)
    since = _waits_since(rows, ticket) if complaint.stage is Stage.OPEN else None
    return replace(
        ticket,
        customer=complaint.shop or ticket.customer,
        complaint=complaint,
        waiting_since=since,
        # A note to the manager does not end the shop's wait: only the two exits do (P11).
        waiting=Role.CUSTOMER if since else None,
        participants=(Role.OPERATOR,) if complaint.stage is not Stage.CLOSED else (),
        due_at=instant(row, "due_at") if since else None,
    )


def _complaint(row: Json) -> Complaint:
    told = line(row, "isbn", 100) or _NO_ISBN
    kind, subject = line(row, "kind", 100) or "", line(row, "subject") or ""
    return Complaint(
        isbn=isbn13(told) or told,
        shop=line(part(row, "customer"), "name", 200) or "",
        defect=defect_of(kind, subject),
        # A state that is new to us is somebody's turn: ours, or nobody would look.
        stage=_STAGES.get(line(row, "status") or "", Stage.OPEN),
        source=_SOURCES.get(line(row, "source") or ""),
        rule=line(row, "rule_version", 100),
        manager=read_manager(row),
    )


def read_manager(row: Json) -> Manager | None:
    """Return the account manager that a ticket or a title names (P13)."""
    told = part(row, "account_manager")
    name = line(told, "name", 200)
    if not name:
        return None
    return Manager(name, line(told, "email", 200), line(told, "phone", 100))


def _waits_since(messages: list[Json], ticket: TicketSnapshot) -> datetime:
    """Return since when it is our turn: a portal that opens a ticket again says so in it."""
    told = [
        instant(each, "created_at")
        for each in messages
        if line(part(each, "author"), "role") == _SYSTEM
    ]
    return max((each for each in told if each), default=ticket.created_at)
