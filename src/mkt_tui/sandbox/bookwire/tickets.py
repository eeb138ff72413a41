"""Tickets about titles: the list by date of change, notes, attachments, whose turn it is."""

import hashlib
from uuid import uuid4

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import forms, parameters
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.bookwire.catalogue import MANAGER, of
from mkt_tui.sandbox.bookwire.records import SYSTEM, Case
from mkt_tui.sandbox.bridge.paging import Json, page, place_of
from mkt_tui.sandbox.errors import ApiError, bad_field, not_found
from mkt_tui.sandbox.instants import to_json
from mkt_tui.sandbox.records import CUSTOMER, OPERATOR, SHOP, Attachment, Message
from mkt_tui.sandbox.world import Shop, World

STATUSES = ("open", "waiting_seller", "waiting_customer", "waiting_operator", "closed")
_MOST_CHARACTERS = 4000
_ROLES = {CUSTOMER: "customer", OPERATOR: "operator", SHOP: "seller", SYSTEM: "system"}
_TURNS = {
    "assigned_to_manager": "waiting_operator",
    "disputed": "waiting_operator",
    "corrected": "waiting_customer",
    "corrected_along": "waiting_customer",
}


async def list_tickets(world: World, shop: Shop, request: Request) -> Response:
    """List tickets, the oldest change first."""
    query = request.query_params
    since = parameters.instant(query, "updated_since")
    status = parameters.choice(query, "status", STATUSES)
    found = [
        each
        for each in of(world, shop).cases.values()
        if (since is None or each.updated >= since)
        and (status is None or each.status == status)
        and query.get("isbn", each.title.isbn) == each.title.isbn
        and "order_id" not in query
    ]
    return json_answer(page(request, found, _place, ticket_json))


async def read_ticket(world: World, shop: Shop, request: Request) -> Response:
    """Return one ticket."""
    return json_answer(ticket_json(_case(world, shop, request)))


async def list_messages(world: World, shop: Shop, request: Request) -> Response:
    """List the notes of a ticket, the oldest first."""
    since = parameters.instant(request.query_params, "since")
    found = [
        (f"{number:09}", each)
        for number, each in enumerate(_case(world, shop, request).messages)
        if since is None or each.sent >= since
    ]
    return json_answer(
        page(request, found, lambda each: each[0], lambda each: message_json(each[1]))
    )


async def add_message(world: World, shop: Shop, request: Request) -> Response:
    """Add the publisher's note, with what was attached before."""
    case, content = _case(world, shop, request), await forms.read_json(request)
    text = content.get("body")
    if content.get("audience") != "operator":
        raise bad_field("audience", "Notes are for the operator's side")
    if not isinstance(text, str) or not 1 <= len(text) <= _MOST_CHARACTERS:
        raise bad_field("body", f"The body must have 1 to {_MOST_CHARACTERS} characters")
    if case.status == "closed":
        raise ApiError(409, "The ticket is closed")
    catalogue, now = of(world, shop), world.clock()
    wanted = content.get("attachment_ids") or []
    if not isinstance(wanted, list) or any(each not in catalogue.attachments for each in wanted):
        raise bad_field("attachment_ids", "There is no such attachment")
    attached = tuple(catalogue.attachments[each] for each in wanted)
    name = shop.identity.seller
    message = Message(str(uuid4()), SHOP, name, (OPERATOR,), text, now, attached)
    case.messages.append(message)
    case.updated = now
    return json_answer(message_json(message), 201)


async def add_attachment(world: World, shop: Shop, request: Request) -> Response:
    """Take a file that a note will name."""
    _case(world, shop, request)
    async with request.form() as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise bad_field("file", "The file is required")
        kept = Attachment(str(uuid4()), file.filename or "file", await file.read())
    of(world, shop).attachments[kept.id] = kept
    return json_answer(_attachment_json(kept), 201)


async def set_status(world: World, shop: Shop, request: Request) -> Response:
    """Close the ticket, or hand it on: the reason says whose turn it is."""
    case, content = _case(world, shop, request), await forms.read_json(request)
    status, reason = content.get("status"), forms.optional_text(content, "reason")
    if status not in ("open", "closed"):
        raise bad_field("status", "The status must be open or closed")
    now = world.clock()
    case.status = "closed" if status == "closed" else _TURNS.get(reason or "", "waiting_seller")
    case.closed = now if status == "closed" else None
    case.reason, case.updated = reason, now
    # What goes along with a file is sent to the shops with it, and not once more.
    if reason == "corrected":
        for each in case.title.deliveries:
            if each.shop == case.shop:
                each.state, each.begun, each.updated, each.message = "queued", now, now, None
                each.refuses = False
        case.title.updated = now
    return json_answer(ticket_json(case))


def ticket_json(case: Case) -> Json:
    """Return a ticket as the contract shows it, with what our portal adds to it."""
    closed = {"closed_at": to_json(case.closed)} if case.closed else {}
    return {
        "id": case.id,
        "protocol": case.id.removeprefix("bw-"),
        "status": case.status,
        "kind": case.kind,
        "subject": case.subject,
        "isbn": case.title.isbn,
        "customer": {"name": case.shop},
        "overdue": False,
        "created_at": to_json(case.created),
        "updated_at": to_json(case.updated),
        "last_message_id": case.messages[-1].id,
        "allowed_actions": _actions(case),
        "source": case.source,
        "rule_version": case.rule,
        "account_manager": MANAGER,
        **closed,
    }


def message_json(message: Message) -> Json:
    """Return a note as the contract shows it."""
    return {
        "id": message.id,
        "author": {"role": _ROLES[message.sender], "name": message.sender_name},
        "audience": "operator",
        "body": message.body,
        "attachments": [_attachment_json(each) for each in message.attachments],
        "created_at": to_json(message.sent),
        "moderation": "none",
    }


def _actions(case: Case) -> list[str]:
    if case.status == "closed":
        return ["reopen"]
    return ["reply_operator", "attach", "send_file", "close"]


def _attachment_json(attachment: Attachment) -> Json:
    return {
        "id": attachment.id,
        "name": attachment.name,
        "media_type": "application/json",
        "size_bytes": len(attachment.content),
        "sha256": hashlib.sha256(attachment.content).hexdigest(),
    }


def _case(world: World, shop: Shop, request: Request) -> Case:
    case = of(world, shop).cases.get(request.path_params["id"])
    if case is None:
        raise not_found("Ticket")
    return case


def _place(case: Case) -> str:
    return place_of(case.updated, case.id)
