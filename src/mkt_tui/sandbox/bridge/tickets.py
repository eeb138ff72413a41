"""Tickets: the list by date of change, messages for one side or both, status."""

import hashlib
from datetime import datetime, timedelta
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import forms, parameters
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.bridge.paging import Json, page, place_of
from mkt_tui.sandbox.errors import ApiError, bad_field, not_found
from mkt_tui.sandbox.instants import to_json
from mkt_tui.sandbox.records import CUSTOMER, OPERATOR, SHOP, Attachment, Message, Thread
from mkt_tui.sandbox.world import Shop, World

STATUSES = ("open", "waiting_seller", "waiting_customer", "waiting_operator", "closed")
_ANSWER_WITHIN = timedelta(hours=48)
_MOST_CHARACTERS = 4000
_AUDIENCES = {
    "customer": (CUSTOMER,),
    "operator": (OPERATOR,),
    "both": (CUSTOMER, OPERATOR),
}
_ROLES = {CUSTOMER: "customer", OPERATOR: "operator", SHOP: "seller"}
_ACTIONS = {CUSTOMER: "reply_customer", OPERATOR: "reply_operator"}


async def list_tickets(world: World, shop: Shop, request: Request) -> Response:
    """List tickets, the oldest change first."""
    query, now = request.query_params, world.clock()
    since = parameters.instant(query, "updated_since")
    status = parameters.choice(query, "status", STATUSES)
    found = [
        each
        for each in shop.threads.values()
        if (since is None or each.updated >= since)
        and (status is None or status_of(each) == status)
        and query.get("order_id", each.order.id) == each.order.id
        and "isbn" not in query
    ]

    def show(thread: Thread) -> Json:
        return ticket_json(thread, now)

    return json_answer(page(request, found, _place, show))


async def read_ticket(world: World, shop: Shop, request: Request) -> Response:
    """Return one ticket."""
    return json_answer(ticket_json(_thread(shop, request), world.clock()))


async def list_messages(_world: World, shop: Shop, request: Request) -> Response:
    """List the messages of a ticket, the oldest first."""
    since = parameters.instant(request.query_params, "since")
    found = [
        (f"{number:09}", each)
        for number, each in enumerate(_thread(shop, request).messages)
        if since is None or each.sent >= since
    ]
    return json_answer(
        page(request, found, lambda each: each[0], lambda each: message_json(each[1]))
    )


async def read_attachment(_world: World, shop: Shop, request: Request) -> Response:
    """Give the bytes of a file that came with a message."""
    held = shop.attachments.get(request.path_params["id"])
    if held is None:
        raise not_found("attachment")
    return Response(held.content, media_type="application/octet-stream")


async def add_message(world: World, shop: Shop, request: Request) -> Response:
    """Add the shop's message."""
    thread, content = _thread(shop, request), await forms.read_json(request)
    text, audience = content.get("body"), content.get("audience")
    if audience not in _AUDIENCES:
        raise bad_field("audience", "The audience must be customer, operator or both")
    if not isinstance(text, str) or not 1 <= len(text) <= _MOST_CHARACTERS:
        raise bad_field("body", f"The body must have 1 to {_MOST_CHARACTERS} characters")
    to = _AUDIENCES[str(audience)]
    if thread.closed or not set(to) <= set(thread.participants):
        raise ApiError(409, "The ticket does not allow that now")
    message = Message(str(uuid4()), SHOP, shop.identity.seller, to, text, world.clock())
    shop.add_message(thread, message)
    return json_answer(message_json(message), 201)


async def set_status(world: World, shop: Shop, request: Request) -> Response:
    """Close the ticket, or open it again."""
    thread, content = _thread(shop, request), await forms.read_json(request)
    status = content.get("status")
    if status not in ("open", "closed"):
        raise bad_field("status", "The status must be open or closed")
    now = world.clock()
    thread.closed = now if status == "closed" else None
    if status == "closed":
        thread.waiting_since = None
    shop.touch(thread, now)
    return json_answer(ticket_json(thread, now))


def ticket_json(thread: Thread, now: datetime) -> Json:
    """Return a ticket as the contract shows it; what there is not is left out."""
    status, opened = status_of(thread), thread.messages[0].sent
    due = (thread.waiting_since or thread.updated) + _ANSWER_WITHIN
    closed = {"closed_at": to_json(thread.closed)} if thread.closed else {}
    return {
        "id": thread.id,
        "protocol": _protocol(thread),
        "status": status,
        "kind": "message",
        "subject": thread.topic[1],
        "order_id": thread.order.id,
        "customer": {
            "name": thread.order.customer.name,
            "document": thread.order.customer.document,
        },
        "due_at": to_json(due),
        "overdue": thread.waiting_since is not None and now >= due,
        "created_at": to_json(opened),
        "updated_at": to_json(thread.updated),
        "last_message_id": thread.messages[-1].id,
        "allowed_actions": _actions(thread),
        **closed,
    }


def message_json(message: Message) -> Json:
    """Return a message as the contract shows it."""
    audience = {frozenset(to): name for name, to in _AUDIENCES.items()}
    # What others write is for the shop; the operator sees all of it.
    told = audience.get(frozenset(message.to) - {SHOP}, "operator")
    return {
        "id": message.id,
        "author": {"role": _ROLES[message.sender], "name": message.sender_name},
        "audience": told,
        "body": message.body,
        "attachments": [_attachment_json(each) for each in message.attachments],
        "created_at": to_json(message.sent),
        "moderation": "none",
    }


def status_of(thread: Thread) -> str:
    """Return the ticket's state."""
    if thread.closed:
        return "closed"
    return "waiting_seller" if thread.waiting_since else "waiting_customer"


def _actions(thread: Thread) -> list[str]:
    if thread.closed:
        return ["reopen"]
    return [_ACTIONS[each] for each in thread.participants if each in _ACTIONS] + ["close"]


def _attachment_json(attachment: Attachment) -> Json:
    kind = "application/pdf" if attachment.name.endswith(".pdf") else "image/png"
    return {
        "id": attachment.id,
        "name": attachment.name,
        "media_type": kind,
        "size_bytes": len(attachment.content),
        "sha256": hashlib.sha256(attachment.content).hexdigest(),
    }


def _thread(shop: Shop, request: Request) -> Thread:
    thread = shop.threads.get(request.path_params["id"])
    if thread is None:
        raise not_found("Ticket")
    return thread


def _protocol(thread: Thread) -> str:
    return f"AT-{thread.id[-8:]}"


def _place(thread: Thread) -> str:
    return place_of(thread.updated, thread.id)
