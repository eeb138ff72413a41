"""Tickets: lists by status and date, messages public and private, assignee, status."""

import random
from datetime import datetime, timedelta
from itertools import count
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import forms, parameters
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.cnova.wire import Json, date, inside, page, span
from mkt_tui.sandbox.errors import ApiError, bad_field, not_found
from mkt_tui.sandbox.records import CUSTOMER, EVERYBODY, OPERATOR, SHOP, Message, Order, Thread
from mkt_tui.sandbox.world import Shop, World

STATUSES = ("opened", "attendance", "closed")
_ANSWER_WITHIN = timedelta(hours=48)
_CLOSES_AFTER = timedelta(days=5)
_OMBUDSMEN = ("Procon", "Reclameaqui", "Facebook", "Twitter", "Outros")
_ESCALATED_SHARE = 0.06
_MOST_CHARACTERS = 4000


async def list_tickets(world: World, shop: Shop, request: Request) -> Response:
    """List tickets, the newest first."""
    query = request.query_params
    status = parameters.choice(query, "status", STATUSES)
    created, closed = span(request, "createdAt"), span(request, "closedAt")
    now = world.clock()
    rows = [
        ticket_json(shop, thread, now)
        for thread in sorted(shop.threads.values(), key=_age, reverse=True)
        if (status is None or status_of(thread, now) == status)
        and query.get("code", thread.id) == thread.id
        and query.get("customerName", "").casefold() in thread.order.customer.name.casefold()
        and inside(thread.messages[0].sent, created)
        and inside(closed_at(thread, now), closed)
    ]
    return json_answer(page(request, "tickets", rows))


async def list_messages(_world: World, shop: Shop, request: Request) -> Response:
    """List the messages of a ticket, the oldest first."""
    thread = _thread(shop, request)
    rows = [message_json(shop, thread, each) for each in thread.messages]
    return json_answer(page(request, "messages", rows))


async def add_message(world: World, shop: Shop, request: Request) -> Response:
    """Add the shop's message; there is no body in the answer."""
    thread = _thread(shop, request)
    content = await forms.read_json(request)
    _add(world, shop, thread, content)
    return Response(status_code=201)


async def assign(world: World, shop: Shop, request: Request) -> Response:
    """Hand the ticket to the marketplace with a message."""
    thread = _thread(shop, request)
    content = await forms.read_json(request)
    _add(world, shop, thread, content)
    thread.assigned = OPERATOR
    return Response(status_code=204)


async def set_status(world: World, shop: Shop, request: Request) -> Response:
    """Close the ticket, or say that it is being followed."""
    thread = _thread(shop, request)
    status = (await forms.read_json(request)).get("ticketStatus")
    if status not in ("closed", "attendance"):
        raise bad_field("ticketStatus", "ticketStatus must be closed or attendance")
    now = world.clock()
    if status == "closed":
        thread.closed, thread.waiting_since = now, None
    elif closed_at(thread, now):
        raise ApiError(400, "A closed ticket cannot be reopened")
    shop.touch(thread, now)
    return Response(status_code=204)


async def write_first(world: World, shop: Shop, request: Request) -> Response:
    """Write to the masked address of an order, which opens a ticket."""
    content = await forms.read_json(request)
    text, to = content.get("body"), content.get("to")
    order = next((each for each in shop.orders.values() if mail_of(each) == to), None)
    if order is None:
        raise bad_field("to", "There is no order with this address")
    if not isinstance(text, str) or not text.strip():
        raise bad_field("body", "The body is required")
    message = _message(shop, (CUSTOMER,), text, world.clock(), None)
    code = _free_code(shop, world.clock())
    thread = Thread(code, order, ("FREE_TEXT", text[:60]), EVERYBODY, [message], message.sent)
    shop.add_thread(thread)
    return Response(status_code=201)


def ticket_json(shop: Shop, thread: Thread, now: datetime) -> Json:
    """Return a ticket as the contract shows it."""
    rng = _character(thread)
    source = rng.choice(_OMBUDSMEN) if rng.random() < _ESCALATED_SHARE else None
    in_metadata = rng.random() < 0.5
    opened = thread.messages[0].sent
    due = (thread.waiting_since or opened) + _ANSWER_WITHIN
    number, status = thread.order.id, status_of(thread, now)
    return {
        "code": thread.id,
        "status": status,
        "description": thread.topic[1] if in_metadata else f"{thread.topic[1]} - pedido {number}",
        "createdAt": date(opened),
        "updatedAt": date(thread.updated),
        "closedAt": date(closed_at(thread, now)),
        "priority": "Normal" if status == "opened" else "Em Acompanhamento",
        "assignee": {"user": shop.identity.seller, "group": "Lojista"}
        if thread.assigned == SHOP
        else {"user": "mktp", "group": "Marketplace"},
        "ombudsman": {
            "active": source is not None,
            "source": source,
            "createdAt": date(opened) if source else None,
        },
        "customer": {"name": thread.order.customer.name, "phoneNumber": None},
        "site": "CB",
        "channel": "Fale Conosco",
        "type": {"id": 1, "name": "Entrega"},
        "subject": {"id": 10, "name": thread.topic[1]},
        "sla": {
            "expireAt": date(due),
            "delayed": thread.waiting_since is not None and now >= due,
        },
        "metadata": [{"key": "orderId", "value": number}] if in_metadata else [],
    }


def message_json(shop: Shop, thread: Thread, message: Message) -> Json:
    """Return a message as the contract shows it."""
    users = {
        CUSTOMER: ("cliente", thread.order.customer.name),
        OPERATOR: ("mktp", "Marketplace"),
        SHOP: (message.sender_login or "portal", shop.identity.seller),
    }
    login, name = users[message.sender]
    public = CUSTOMER in (message.sender, *message.to)
    return {
        "id": message.id,
        "createdAt": date(message.sent),
        "user": {"login": login, "name": message.sender_name if message.sender == SHOP else name},
        "body": message.body,
        "visibility": "public" if public else "private",
    }


def status_of(thread: Thread, now: datetime) -> str:
    """Return opened while somebody waits, closed some days after the answer."""
    if closed_at(thread, now):
        return "closed"
    return "opened" if thread.waiting_since else "attendance"


def closed_at(thread: Thread, now: datetime) -> datetime | None:
    """Return when the ticket was closed: by its shop, or by the days that have passed."""
    if thread.closed or thread.waiting_since:
        return thread.closed
    by_itself = thread.updated + _CLOSES_AFTER
    return by_itself if by_itself <= now else None


def mail_of(order: Order) -> str:
    """Return the masked address under which an order's customer is written to."""
    return f"atendimento+OS_{order.id}@mktp.casasbahia.com.br"


def _free_code(shop: Shop, now: datetime) -> str:
    codes = (f"{now:%Y%m%d}{number:06}" for number in count(len(shop.threads)))
    return next(each for each in codes if each not in shop.threads)


def _add(world: World, shop: Shop, thread: Thread, content: forms.Json) -> None:
    text, visibility, user = content.get("body"), content.get("visibility"), content.get("user")
    if not isinstance(user, dict) or not user.get("login"):
        raise bad_field("user", "The user is required")
    if visibility not in ("public", "private"):
        raise bad_field("visibility", "The visibility must be public or private")
    if not isinstance(text, str) or not text.strip() or len(text) > _MOST_CHARACTERS:
        raise bad_field("body", f"The body must have 1 to {_MOST_CHARACTERS} characters")
    if closed_at(thread, world.clock()):
        raise ApiError(400, "The ticket is closed")
    to = (CUSTOMER,) if visibility == "public" else (OPERATOR,)
    shop.add_message(thread, _message(shop, to, text, world.clock(), user))


def _message(
    shop: Shop, to: tuple[str, ...], text: str, sent: datetime, user: Json | None
) -> Message:
    login, name = (user or {}).get("login"), (user or {}).get("name")
    return Message(
        str(uuid4()),
        SHOP,
        str(name or shop.identity.seller),
        to,
        text,
        sent,
        sender_login=str(login) if login else None,
    )


def _thread(shop: Shop, request: Request) -> Thread:
    thread = shop.threads.get(request.path_params["code"])
    if thread is None:
        raise not_found("Ticket")
    return thread


def _age(thread: Thread) -> tuple[datetime, str]:
    return thread.messages[0].sent, thread.id


def _character(thread: Thread) -> random.Random:
    """Return what decides everything about a ticket that its story does not tell."""
    return random.Random(thread.id)  # noqa: S311 - the same on every look
