"""Tickets (`sacs`) and the chats in them.

Three pairs of parties have chats of their own: customer and marketplace, marketplace and shop,
customer and shop. A ticket shows all of them as one thread, each message with its recipient.
Messages have no number: theirs is made of what they hold.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from mkt_tui.adapters.americanas.dates import moment
from mkt_tui.adapters.bodies import plain
from mkt_tui.adapters.fields import Json, Misread, code, line, part, parts, raw, truth
from mkt_tui.adapters.waits import Wait, name_of_customer, unanswered
from mkt_tui.domain.text import clean_line
from mkt_tui.domain.tickets import MessageSnapshot, Role, TicketSnapshot

UNREAD: Final = "UNREAD"
_ARCHIVED: Final = "ARCHIVED"
_ROLES: Final = {"CUSTOMER": Role.CUSTOMER, "SELLER": Role.SHOP}
# Who reads what each author writes in a chat of these two.
_READERS: Final = {
    "CUSTOMER_SELLER": {Role.CUSTOMER: Role.SHOP, Role.SHOP: Role.CUSTOMER},
    "B2W_SELLER": {Role.OPERATOR: Role.SHOP, Role.SHOP: Role.OPERATOR},
    "CUSTOMER_B2W": {Role.CUSTOMER: Role.OPERATOR, Role.OPERATOR: Role.CUSTOMER},
}
_MEDIATION: Final = "mediation"
# The marketplace's own word, as agents know it from the portal.
_IN_MEDIATION: Final = "Mediação"
_SUBJECT: Final = 120


def read_ticket(ticket: Json, chats: Iterable[Json], zone: ZoneInfo) -> TicketSnapshot:
    """Return the ticket in our words.

    Args:
        zone: In which its times are read, which name none.

    Raises:
        Misread: A field without which it is no ticket, or of a wrong kind.
    """
    told = [each for chat in chats for each in _read_chat(chat, zone)]
    thread = tuple(sorted((message for message, _open in told), key=_sent_at))
    created, updated = _lifetime(ticket, thread, zone)
    wait = None if line(ticket, "status") == _ARCHIVED else _wait(told)
    mediated = truth(ticket, "mediation") is True
    return TicketSnapshot(
        code=code(ticket, "code"),
        order_number=line(ticket, "order_code", 200),
        customer=name_of_customer(thread),
        subject=_subject(ticket, thread, mediated=mediated),
        waiting_since=wait.since if wait else None,
        waiting=wait.who if wait else None,
        created_at=created,
        updated_at=updated,
        # How a reply is sent is not documented, so nobody can be addressed from here.
        participants=(),
        messages=thread,
        kind=_kind(wait, mediated=mediated),
        together=False,
    )


def _read_chat(chat: Json, zone: ZoneInfo) -> list[tuple[MessageSnapshot, bool]]:
    """Return the messages of a chat, and whether each may still want an answer."""
    pair, seen = line(chat, "parts") or "", Counter[str]()
    found = []
    for row in parts(chat, "messages"):
        message = _message(row, pair, seen, zone)
        found.append((message, moment(row, "replyed_at", zone) is None))
    return found


def _message(row: Json, pair: str, seen: Counter[str], zone: ZoneInfo) -> MessageSnapshot:
    sender, sent_at = part(row, "part"), moment(row, "created_at", zone)
    if sent_at is None:
        raise Misread("messages.created_at")
    role = line(sender, "role") or ""
    # Somebody of a kind that is new to us is of the marketplace, or his words would be hidden.
    author = _ROLES.get(role, Role.OPERATOR)
    held = f"{pair}/{sent_at.isoformat()}/{role}/{raw(row, 'content')}"
    seen[held] += 1
    known = hashlib.sha256(f"{held}/{seen[held]}".encode(errors="replace")).hexdigest()
    return MessageSnapshot(
        code=known[:32],
        author=author,
        author_name=line(sender, "name") or role.capitalize(),
        recipients=_recipients(author, pair),
        body=plain(raw(row, "content")),
        sent_at=sent_at,
    )


def _recipients(author: Role, pair: str) -> tuple[Role, ...]:
    reader = _READERS.get(pair, {}).get(author)
    if reader:
        return (reader,)
    return () if author is Role.SHOP else (Role.SHOP,)


def _sent_at(message: MessageSnapshot) -> datetime:
    return message.sent_at


def _lifetime(
    ticket: Json, thread: tuple[MessageSnapshot, ...], zone: ZoneInfo
) -> tuple[datetime, datetime]:
    created, updated = (moment(ticket, key, zone) for key in ("created_at", "updated_at"))
    known = [each for each in (created, updated) if each] + [each.sent_at for each in thread]
    if not known:
        raise Misread("updated_at")
    return created or min(known), max(known)


def _wait(told: Iterable[tuple[MessageSnapshot, bool]]) -> Wait | None:
    """Return who waits for us: what was answered, and what is not for us, asks nothing."""
    asking = [
        message
        for message, is_open in told
        if message.author is Role.SHOP or (is_open and Role.SHOP in message.recipients)
    ]
    return unanswered(sorted(asking, key=_sent_at))


def _kind(wait: Wait | None, *, mediated: bool) -> str:
    """Return the kind; the marketplace's own service thread has a deadline of its own."""
    if mediated:
        return _MEDIATION
    return "sac" if wait and wait.who is Role.OPERATOR else "chat"


def _subject(ticket: Json, thread: tuple[MessageSnapshot, ...], *, mediated: bool) -> str:
    """Return how the ticket begins, for it has no subject, behind the shop of purchase."""
    site = (line(ticket, "order_code", 200) or "").rpartition("-")[0]
    words = clean_line(thread[0].body, _SUBJECT) if thread else ""
    shown = [_IN_MEDIATION if mediated else "", site, words]
    return ": ".join(each for each in shown if each)
