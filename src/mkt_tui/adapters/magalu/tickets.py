"""Tickets and messages of the service API.

Its times carry no zone; they are read as UTC, as one client does [unknown].
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from mkt_tui.adapters.bodies import plain
from mkt_tui.adapters.fields import (
    Json,
    Misread,
    code,
    instant,
    line,
    part,
    parts,
    raw,
    truth,
    whole,
)
from mkt_tui.adapters.waits import Wait, name_of_customer, unanswered
from mkt_tui.domain.reasons import Reason
from mkt_tui.domain.tickets import Attachment, MessageSnapshot, Role, TicketSnapshot

REJECTED: Final = "rejected"
_OUR_TURN: Final = "waiting_seller"
_REASONS: Final = {
    "shipping": Reason.DELIVERY,
    "shipping_notification": Reason.DELIVERY,
    "cancellation": Reason.CANCELLATION,
    "payment": Reason.PAYMENT,
    "general": Reason.QUESTION,
    "product_question": Reason.QUESTION,
    "exchange": Reason.EXCHANGE,
    "feedback": Reason.COMPLAINT,
}
_PARTIES: Final = {
    "customer": Role.CUSTOMER,
    "channel": Role.OPERATOR,
    "seller": Role.SHOP,
}


def read_ticket(ticket: Json, messages: Iterable[Json]) -> TicketSnapshot:
    """Return the ticket in our words.

    Raises:
        Misread: A field without which it is no ticket, or of a wrong kind.
    """
    rows = sorted(messages, key=lambda each: str(each.get("created_at")))
    thread = tuple(sorted((read_message(each) for each in rows), key=lambda each: each.sent_at))
    created, updated = _lifetime(ticket, thread)
    closed = truth(ticket, "closed") is True
    wait = None if closed else _wait(ticket, rows, created)
    kind, reason = line(ticket, "type"), line(ticket, "reason")
    words = [kind, reason]
    return TicketSnapshot(
        # Agents and customers speak of the protocol; addresses are made of the identifier.
        code=line(ticket, "protocol", 200) or code(ticket, "id"),
        order_number=line(part(ticket, "order"), "code", 200),
        customer=name_of_customer(thread),
        subject=": ".join(each for each in words if each),
        waiting_since=wait.since if wait else None,
        waiting=wait.who if wait else None,
        created_at=created,
        updated_at=updated,
        participants=() if closed else (Role.CUSTOMER, Role.OPERATOR),
        messages=thread,
        # Of the six where its type is one of them (T34), else what Magalu calls it.
        reason=_REASONS.get(kind or "", reason),
        due_at=instant(ticket, "due_date") if wait else None,
        together=False,
    )


def read_message(message: Json) -> MessageSnapshot:
    """Return a message; what moderation says of it stands beside its author."""
    sender, sent_at = part(message, "sender"), instant(message, "created_at")
    if sent_at is None:
        raise Misread("messages.created_at")
    # Somebody of a kind that is new to us is of the marketplace, or his words would be hidden.
    author = _PARTIES.get(line(sender, "type") or "", Role.OPERATOR)
    to = _PARTIES.get(line(message, "destination") or "")
    return MessageSnapshot(
        code=code(message, "id"),
        author=author,
        author_name=_author(sender, part(message, "moderation")),
        recipients=(to,) if to else (),
        body=plain(raw(message, "message")),
        sent_at=sent_at,
        attachments=tuple(_attachment(each) for each in parts(message, "attachments")),
        rejected=_rules(part(message, "moderation")) if is_rejected(message) else None,
    )


def is_rejected(message: Json) -> bool:
    """Tell whether moderation stopped a message."""
    return line(part(message, "moderation"), "status") == REJECTED


def _author(sender: Json, moderation: Json) -> str:
    name = line(part(sender, "owner"), "name") or line(sender, "name") or ""
    if line(moderation, "status") != REJECTED:
        return name
    why = _rules(moderation)
    return f"{name} ({REJECTED}: {why})" if why else f"{name} ({REJECTED})"


def _rules(moderation: Json) -> str:
    """Return the rules that stopped a message, "" where it does not say."""
    rules = moderation.get("block_rules")
    told = rules if isinstance(rules, list) else []
    text = ", ".join(each for each in told if isinstance(each, str))
    return line({"rules": text}, "rules") or ""


def _lifetime(ticket: Json, thread: tuple[MessageSnapshot, ...]) -> tuple[datetime, datetime]:
    created, updated = instant(ticket, "created_at"), instant(ticket, "updated_at")
    known = [each for each in (created, updated) if each] + [each.sent_at for each in thread]
    if not known:
        raise Misread("updated_at")
    return created or min(known), max(known)


def _wait(ticket: Json, rows: list[Json], created: datetime) -> Wait | None:
    # What moderation stopped reached nobody.
    wait = unanswered(read_message(each) for each in rows if not is_rejected(each))
    if wait is None and line(ticket, "status") == _OUR_TURN:
        return Wait(instant(ticket, "updated_at") or created, Role.CUSTOMER)
    return wait


def _attachment(attachment: Json) -> Attachment:
    name = line(attachment, "provided_file_name") or line(attachment, "file_name") or ""
    # Its address is made of the name that it has there.
    return Attachment(
        line(attachment, "file_name", 200) or line(attachment, "id", 200) or name,
        name,
        whole(attachment, "file_size") or 0,
    )
