"""Threads of Mirakl M10 and M11 as tickets."""

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
    whole,
)
from mkt_tui.domain.tickets import Attachment, MessageSnapshot, Role, TicketSnapshot

_PARTIES: Final = {
    "CUSTOMER": Role.CUSTOMER,
    "OPERATOR": Role.OPERATOR,
    "SHOP": Role.SHOP,
}
_SENDERS: Final = {f"{name}_USER": role for name, role in _PARTIES.items()}
_ANSWERABLE: Final = (Role.CUSTOMER, Role.OPERATOR)


def read_thread(thread: Json) -> TicketSnapshot:
    """Return the ticket that `thread` is, with the messages it carries.

    Raises:
        Misread: A field without which it is no ticket, or of a wrong kind.
    """
    meta = part(thread, "metadata")
    authorized = parts(thread, "authorized_participants")
    messages = _messages(thread)
    waiting_since = instant(meta, "shop_reply_needed_since")
    created, updated = _lifetime(thread)
    return TicketSnapshot(
        code=code(thread, "id"),
        order_number=_order_number(thread),
        customer=_customer(authorized) or _customer(parts(thread, "current_participants")),
        subject=line(part(thread, "topic"), "value") or "",
        waiting_since=waiting_since,
        waiting=None if waiting_since is None else _waiting(messages, meta),
        created_at=created,
        updated_at=updated,
        participants=tuple(role for role in _ANSWERABLE if role in _roles(authorized)),
        messages=messages,
    )


def _lifetime(thread: Json) -> tuple[datetime, datetime]:
    created, updated = instant(thread, "date_created"), instant(thread, "date_updated")
    if (known := updated or created) is None:
        raise Misread("date_updated")
    return created or known, known


def _order_number(thread: Json) -> str | None:
    for entity in parts(thread, "entities"):
        if entity.get("type") == "MMP_ORDER":
            return code(entity, "id")
    return None


def _customer(participants: Iterable[Json]) -> str | None:
    for each in participants:
        if each.get("type") == "CUSTOMER":
            return line(each, "display_name")
    return None


def _roles(participants: Iterable[Json]) -> tuple[Role, ...]:
    """Return the sides we know; nobody can be addressed by a type that is new to us."""
    roles = (_PARTIES.get(str(each.get("type"))) for each in participants)
    return tuple(dict.fromkeys(role for role in roles if role))


def _sender(sender: Json) -> Role:
    # A type that is new to us can only be somebody of the marketplace: shop and customer have
    # theirs. To take it for the shop would hide the message, for the customer mislead the agent.
    return _SENDERS.get(str(sender.get("type")), Role.OPERATOR)


def _waiting(messages: tuple[MessageSnapshot, ...], meta: Json) -> Role:
    for message in reversed(messages):
        if message.author is not Role.SHOP:
            return message.author
    last = part(meta, "last_sender")
    if last and (role := _sender(last)) is not Role.SHOP:
        return role
    return Role.CUSTOMER


def _messages(thread: Json) -> tuple[MessageSnapshot, ...]:
    """Return the messages, oldest first; the contract names no order."""
    messages = [_message(each) for each in parts(thread, "messages")]
    return tuple(sorted(messages, key=lambda message: message.sent_at))


def _message(message: Json) -> MessageSnapshot:
    sender = part(message, "from")
    sent_at = instant(message, "date_created")
    if sent_at is None:
        raise Misread("messages.date_created")
    return MessageSnapshot(
        code=code(message, "id"),
        author=_sender(sender),
        author_name=line(sender, "display_name") or "",
        recipients=_roles(parts(message, "to")),
        body=plain(raw(message, "body")),
        sent_at=sent_at,
        attachments=tuple(_attachment(each) for each in parts(message, "attachments")),
    )


def _attachment(attachment: Json) -> Attachment:
    return Attachment(
        code=code(attachment, "id"),
        name=line(attachment, "name") or "",
        size=whole(attachment, "size") or 0,
    )
