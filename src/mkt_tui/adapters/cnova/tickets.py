"""Tickets and their messages.

Who wrote a message is not said outright: it has a login, a name and a visibility. What carries one
of the shop's own logins is ours. The customer cannot write privately, and is called as the ticket
calls him; everybody else is of the marketplace.
"""

import re
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from mkt_tui.adapters.bodies import plain
from mkt_tui.adapters.fields import Json, Misread, code, instant, line, part, parts, raw, truth
from mkt_tui.adapters.waits import Wait, unanswered
from mkt_tui.domain.reasons import reason_of
from mkt_tui.domain.tickets import OMBUDSMAN, Holder, MessageSnapshot, Role, TicketSnapshot

PUBLIC: Final = "public"
PRIVATE: Final = "private"
_CLOSED: Final = "closed"
_TEAMS: Final = {"marketplace": Role.OPERATOR, "lojista": Role.SHOP}
_ORDER_KEY: Final = re.compile(r"order|pedido", re.IGNORECASE)
_ORDER: Final = re.compile(r"(?:pedido|order)\D{0,12}(\d{6,20})\b", re.IGNORECASE)


def read_ticket(ticket: Json, messages: Iterable[Json], own: Collection[str]) -> TicketSnapshot:
    """Return the ticket in our words.

    Args:
        own: The logins under which the shop writes.

    Raises:
        Misread: A field without which it is no ticket, or of a wrong kind.
    """
    customer = line(part(ticket, "customer"), "name")
    thread = tuple(
        sorted((_message(each, customer, own) for each in messages), key=lambda each: each.sent_at)
    )
    created, updated = _lifetime(ticket, thread)
    closed = line(ticket, "status") == _CLOSED
    wait = None if closed else _wait(ticket, thread, created)
    source = _ombudsman(ticket)
    return TicketSnapshot(
        code=code(ticket, "code"),
        order_number=_order_number(ticket),
        customer=customer,
        subject=_subject(ticket, source),
        waiting_since=wait.since if wait else None,
        waiting=wait.who if wait else None,
        created_at=created,
        updated_at=updated,
        # A closed ticket takes no message, and no call reopens it: a new one must be begun.
        participants=() if closed else (Role.CUSTOMER, Role.OPERATOR),
        messages=thread,
        kind=OMBUDSMAN if source else "message",
        reason=_reason(line(part(ticket, "type"), "name")),
        due_at=instant(part(ticket, "sla"), "expireAt") if wait else None,
        holder=read_holder(ticket),
        together=False,
    )


def read_holder(ticket: Json) -> Holder | None:
    """Return who has the ticket there, which `assignee` tells; None where it does not.

    Raises:
        Misread: It is of a wrong kind.
    """
    told = part(ticket, "assignee")
    team, person = line(told, "group"), line(told, "user")
    if not (team or person):
        return None
    return Holder(_TEAMS.get((team or "").casefold()), team, person)


def _message(message: Json, customer: str | None, own: Collection[str]) -> MessageSnapshot:
    user, visibility = part(message, "user"), line(message, "visibility")
    sent_at = instant(message, "createdAt")
    if sent_at is None:
        raise Misread("messages.createdAt")
    author = _author(user, visibility, customer, own)
    return MessageSnapshot(
        code=code(message, "id"),
        author=author,
        author_name=line(user, "name") or line(user, "login") or "",
        recipients=_recipients(author, visibility),
        body=plain(raw(message, "body")),
        sent_at=sent_at,
    )


def _author(user: Json, visibility: str | None, customer: str | None, own: Collection[str]) -> Role:
    if line(user, "login") in own:
        return Role.SHOP
    name = line(user, "name") or ""
    called_so = customer is None or name.casefold() == customer.casefold()
    return Role.CUSTOMER if visibility == PUBLIC and called_so else Role.OPERATOR


def _recipients(author: Role, visibility: str | None) -> tuple[Role, ...]:
    if author is not Role.SHOP:
        return (Role.SHOP,)
    return {PUBLIC: (Role.CUSTOMER,), PRIVATE: (Role.OPERATOR,)}.get(visibility or "", ())


def _lifetime(ticket: Json, thread: tuple[MessageSnapshot, ...]) -> tuple[datetime, datetime]:
    told = [instant(ticket, key) for key in ("createdAt", "updatedAt", "closedAt")]
    # Whether a message moves updatedAt is not documented.
    known = [each for each in told if each] + [each.sent_at for each in thread]
    if not known:
        raise Misread("createdAt")
    return told[0] or min(known), max(known)


def _wait(ticket: Json, thread: tuple[MessageSnapshot, ...], created: datetime) -> Wait | None:
    if wait := unanswered(thread):
        return wait
    # An open ticket without a word in it waits too.
    if not thread and line(ticket, "status") == "opened":
        return Wait(created, Role.CUSTOMER)
    return None


def _ombudsman(ticket: Json) -> str | None:
    told = part(ticket, "ombudsman")
    return (line(told, "source") or OMBUDSMAN) if truth(told, "active") else None


def _subject(ticket: Json, source: str | None) -> str:
    subject = (
        line(part(ticket, "subject"), "name")
        or line(ticket, "description")
        or line(part(ticket, "type"), "name")
        or ""
    )
    return f"{source}: {subject}" if source else subject


def _order_number(ticket: Json) -> str | None:
    """Return the order, which has no field: it may stand in `metadata` or in the description."""
    for each in parts(ticket, "metadata"):
        value = each.get("value")
        if _ORDER_KEY.search(str(each.get("key"))) and isinstance(value, str | int):
            return line(each, "value", 200)
    found = _ORDER.search(line(ticket, "description") or "")
    return found[1] if found else None


def _reason(told: str | None) -> str | None:
    """Return one of the six reasons where the type is one of them (T34), else its own name."""
    return told and (reason_of(told) or told)
