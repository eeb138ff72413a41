"""Tickets and messages in our words.

The ticket's status decides whether anything is owed; since when, and to whom, its messages tell.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from mkt_tui.adapters.bodies import plain
from mkt_tui.adapters.fields import Json, Misread, code, instant, line, part, parts, raw, whole
from mkt_tui.adapters.waits import Wait, unanswered
from mkt_tui.domain.tickets import Attachment, MessageSnapshot, Role, TicketSnapshot

_SYSTEM: Final = "system"
_INTERNAL: Final = "internal"
_REJECTED: Final = "rejected"
_OUR_TURN: Final = "waiting_seller"
_CLOSED: Final = "closed"
_NOT_OUR_TURN: Final = ("waiting_customer", "waiting_operator", _CLOSED)
_AUTHORS: Final = {"customer": Role.CUSTOMER, "seller": Role.SHOP}
_AUDIENCES: Final = {
    "customer": (Role.CUSTOMER,),
    "operator": (Role.OPERATOR,),
    "both": (Role.CUSTOMER, Role.OPERATOR),
}
_REPLIES: Final = {"reply_customer": Role.CUSTOMER, "reply_operator": Role.OPERATOR}


def read_ticket(ticket: Json, messages: Iterable[Json]) -> TicketSnapshot:
    """Return the ticket in our words.

    Raises:
        Misread: A field without which it is no ticket, or of a wrong kind.
    """
    rows = list(messages)
    thread = tuple(sorted(map(read_message, rows), key=lambda each: each.sent_at))
    created, updated = _lifetime(ticket, thread)
    wait = _wait(ticket, rows, updated)
    return TicketSnapshot(
        code=code(ticket, "id"),
        order_number=line(ticket, "order_id", 200),
        customer=line(part(ticket, "customer"), "name"),
        subject=_subject(ticket),
        waiting_since=wait.since if wait else None,
        waiting=wait.who if wait else None,
        created_at=created,
        updated_at=updated,
        participants=_participants(ticket),
        messages=thread,
        kind=line(ticket, "kind", 100) or "message",
        due_at=instant(ticket, "due_at") if wait else None,
    )


def read_message(message: Json) -> MessageSnapshot:
    """Return a message; that moderation stopped it stands beside its author."""
    author, sent_at = part(message, "author"), instant(message, "created_at")
    if sent_at is None:
        raise Misread("messages.created_at")
    # Somebody of a kind that is new to us is of the marketplace, or his words would be hidden.
    role = _AUTHORS.get(line(author, "role") or "", Role.OPERATOR)
    name = line(author, "name") or line(author, "role") or ""
    return MessageSnapshot(
        code=code(message, "id"),
        author=role,
        author_name=f"{name} ({_REJECTED})" if _is_rejected(message) else name,
        recipients=_recipients(role, line(message, "audience") or ""),
        body=plain(raw(message, "body")),
        sent_at=sent_at,
        attachments=tuple(
            Attachment(code(each, "id"), line(each, "name") or "", whole(each, "size_bytes") or 0)
            for each in parts(message, "attachments")
        ),
    )


def may_be_a_reply(message: Json) -> bool:
    """Tell whether a message can have been sent to somebody: no internal note, none rejected."""
    return line(message, "audience") != _INTERNAL and not _is_rejected(message)


def _is_rejected(message: Json) -> bool:
    return line(message, "moderation") == _REJECTED


def _recipients(author: Role, audience: str) -> tuple[Role, ...]:
    told = _AUDIENCES.get(audience, ())
    if author is Role.SHOP:
        return told
    # What a customer writes is for us; the marketplace may speak to the customer past us.
    past_us = author is Role.OPERATOR and audience == "customer"
    return told if past_us else (Role.SHOP,)


def _lifetime(ticket: Json, thread: tuple[MessageSnapshot, ...]) -> tuple[datetime, datetime]:
    created, updated = instant(ticket, "created_at"), instant(ticket, "updated_at")
    known = [each for each in (created, updated) if each] + [each.sent_at for each in thread]
    if not known:
        raise Misread("updated_at")
    return created or min(known), max(known)


def _wait(ticket: Json, rows: list[Json], updated: datetime) -> Wait | None:
    status = line(ticket, "status")
    if status in _NOT_OUR_TURN:
        return None
    asking = [read_message(each) for each in rows if _counts(each)]
    wait = unanswered(sorted(asking, key=lambda each: each.sent_at))
    if wait is None and status == _OUR_TURN:
        return Wait(instant(ticket, "updated_at") or updated, Role.CUSTOMER)
    return wait


def _counts(message: Json) -> bool:
    """Tell whether a message begins or ends a wait: a notice of the system asks for no answer."""
    role = line(part(message, "author"), "role")
    past_us = role == "operator" and line(message, "audience") == "customer"
    return may_be_a_reply(message) and role != _SYSTEM and not past_us


def _participants(ticket: Json) -> tuple[Role, ...]:
    actions = ticket.get("allowed_actions")
    if isinstance(actions, list):
        return tuple(role for name, role in _REPLIES.items() if name in actions)
    return () if line(ticket, "status") == _CLOSED else tuple(_REPLIES.values())


def _subject(ticket: Json) -> str:
    """Return the subject, with the protocol that customers quote where it is another number."""
    subject, protocol = line(ticket, "subject") or "", line(ticket, "protocol", 200)
    if protocol is None or protocol == line(ticket, "id", 200):
        return subject
    return f"{subject} ({protocol})"
