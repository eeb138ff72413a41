"""The service API: tickets, messages under moderation, transactions, signed uploads."""

import re
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid4, uuid5

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import forms
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.errors import ApiError, not_found
from mkt_tui.sandbox.instants import to_json
from mkt_tui.sandbox.magalu.paging import Json, descending, instant, page
from mkt_tui.sandbox.records import CUSTOMER, OPERATOR, SHOP, Attachment, Message, Order, Thread
from mkt_tui.sandbox.world import Shop, World

_PARTIES = {CUSTOMER: "customer", OPERATOR: "channel", SHOP: "seller"}
_DESTINATIONS = {"customer": CUSTOMER, "channel": OPERATOR}
_EXTENSIONS = ("png", "jpe", "jpeg", "jpg", "gif", "pdf")
_BLOCKED = re.compile(r"[\w.+-]+@[\w-]+\.\w+|\d{3}\.?\d{3}\.?\d{3}-?\d{2}|\bpix\b", re.IGNORECASE)
_CLOSES_AFTER = timedelta(days=4)
_ANSWER_WITHIN = timedelta(hours=48)
_MOST_CHARACTERS = 3000


async def list_tickets(world: World, shop: Shop, request: Request) -> Response:
    """List tickets by status, protocol and date of change."""
    query, now = request.query_params, world.clock()
    since, until = instant(request, "updated_at_gte"), instant(request, "updated_at_lte")
    found = [
        each
        for each in shop.threads.values()
        if (since is None or each.updated >= since)
        and (until is None or each.updated <= until)
        and query.get("status", status_of(each, now)) == status_of(each, now)
        and query.get("protocol", each.id) == each.id
        and query.get("order__code", each.order.id) == each.order.id
    ]
    found.sort(key=lambda each: (each.updated, each.id), reverse=descending(request, "updated_at"))
    rows = [ticket_json(shop, each, now) for each in found]
    return json_answer(page(request, rows, size=50, farthest=100))


async def read_ticket(world: World, shop: Shop, request: Request) -> Response:
    """Return one ticket."""
    return json_answer(ticket_json(shop, _thread(shop, request), world.clock()))


async def list_messages(_world: World, shop: Shop, request: Request) -> Response:
    """List the messages of a ticket, but for those that moderation stopped."""
    thread = _thread(shop, request)
    shown = [each for each in thread.messages if not is_blocked(each)]
    if descending(request, "created_at"):
        shown.reverse()
    rows = [message_json(shop, thread, each) for each in shown]
    return json_answer(page(request, rows, size=50, farthest=100))


async def read_attachment(_world: World, shop: Shop, request: Request) -> Response:
    """Give the bytes of a file that came with a message."""
    asked, file_name = request.path_params["message_id"], request.path_params["file_name"]
    for message in _thread(shop, request).messages:
        for each in message.attachments:
            held = shop.attachments[each.id]
            told = _attachment_json(held, message.sent)
            if message.id == asked and told["file_name"] == file_name:
                return Response(held.content, media_type=str(told["file_type"]))
    raise not_found("Attachment")


async def add_message(world: World, shop: Shop, request: Request) -> Response:
    """Take the shop's message; what becomes of it tells its transaction."""
    thread, content = _thread(shop, request), await forms.read_json(request)
    text, owner, to = content.get("message"), content.get("owner"), content.get("destination")
    if not isinstance(text, str) or len(text) > _MOST_CHARACTERS:
        raise ApiError(422, f"message: at most {_MOST_CHARACTERS} characters")
    if not (isinstance(owner, dict) and owner.get("code") and owner.get("name")):
        raise ApiError(422, "owner: code and name are required")
    if to not in _DESTINATIONS:
        raise ApiError(422, "destination: customer or channel")
    if status_of(thread, world.clock()) == "closed":
        raise ApiError(409, "The ticket is closed")
    files = _files(content)
    code = forms.optional_text(content, "code")
    party, sent = _DESTINATIONS[str(to)], world.clock()
    message = Message(
        str(uuid4()),
        SHOP,
        str(owner["name"]),
        (party,),
        text,
        sent,
        files,
        code or str(owner["code"]),
    )
    if is_blocked(message):
        thread.messages.append(message)
    else:
        shop.add_message(thread, message)
    transaction = str(uuid5(NAMESPACE_URL, f"transaction/{message.id}"))
    return json_answer(
        {
            "transaction_id": transaction,
            "links": [{"path": f"/seller/v0/transactions/{transaction}"}],
            "data": {"attachments": [_to_upload(shop, request, each, sent) for each in files]}
            if files
            else None,
        },
        202,
    )


async def read_transaction(_world: World, _shop: Shop, request: Request) -> Response:
    """Say that it is done: practice needs no time for it."""
    return json_answer({"id": request.path_params["transaction_id"], "status": "completed"})


async def take_upload(_world: World, shop: Shop, request: Request) -> Response:
    """Take the bytes of an attachment under its signed link."""
    known = shop.attachments.get(request.path_params["attachment_id"])
    if known is None:
        raise not_found("Upload")
    shop.attachments[known.id] = Attachment(known.id, known.name, await request.body())
    return Response(status_code=200)


def ticket_json(shop: Shop, thread: Thread, now: datetime) -> Json:
    """Return a ticket as the contract shows it; its times carry no zone."""
    status = status_of(thread, now)
    return {
        "id": ticket_id(thread),
        "protocol": thread.id,
        "code": None,
        "status": status,
        "closed": status == "closed",
        "type": "shipping",
        "reason": "not_received",
        "origin": "customer",
        "due_date": _bare((thread.waiting_since or thread.updated) + _ANSWER_WITHIN),
        "created_at": _bare(thread.messages[0].sent),
        "updated_at": _bare(thread.updated),
        "channel": {"id": _uuid("channel", "magazineluiza")},
        "order": _order(shop, thread.order),
    }


def message_json(shop: Shop, thread: Thread, message: Message) -> Json:
    """Return a message as the contract shows it."""
    ours = message.sender == SHOP
    party = CUSTOMER if CUSTOMER in message.to else OPERATOR
    return {
        "id": message.id,
        "message": message.body,
        "created_at": to_json(message.sent),
        "destination": _PARTIES[party] if ours else "seller",
        "sender": {
            "id": _uuid("sender", message.sender_name),
            "name": shop.identity.seller if ours else message.sender_name,
            "type": _PARTIES[message.sender],
            "owner": {"code": "agent", "name": message.sender_name} if ours else None,
        },
        "moderation": {"id": None, "status": "approved", "block_rules": [], "updated_at": None},
        "attachments": [
            _attachment_json(shop.attachments[each.id], message.sent)
            for each in message.attachments
        ],
        "code": message.sender_login if ours else None,
        "ticket": {"id": ticket_id(thread)},
    }


def status_of(thread: Thread, now: datetime) -> str:
    """Return waiting_seller while it is our turn, closed some days after the answer."""
    if thread.waiting_since:
        return "waiting_seller"
    return "closed" if thread.updated + _CLOSES_AFTER <= now else "open"


def is_blocked(message: Message) -> bool:
    """Tell whether moderation stops a message of the shop."""
    return message.sender == SHOP and bool(_BLOCKED.search(message.body))


def ticket_id(thread: Thread) -> str:
    """Return the identifier that addresses are made of."""
    return _uuid("ticket", thread.id)


def _files(content: forms.Json) -> tuple[Attachment, ...]:
    listed = content.get("attachments")
    if listed is None:
        return ()
    if not isinstance(listed, list) or not 1 <= len(listed) <= 5:
        raise ApiError(422, "attachments: 1 to 5")
    if any(each.get("file_extension") not in _EXTENSIONS for each in listed):
        raise ApiError(422, "attachments: file_extension")
    return tuple(
        Attachment(str(uuid4()), f"{each.get('file_name')}.{each.get('file_extension')}", b"")
        for each in listed
    )


def _to_upload(shop: Shop, request: Request, attachment: Attachment, sent: datetime) -> Json:
    """Return an attachment that is named and not there yet, with the link to put it under."""
    root = f"{request.url.scheme}://{request.url.netloc}/{shop.identity.slug}"
    told = _attachment_json(attachment, sent)
    link = {
        "url": f"{root}/uploads/{attachment.id}",
        "content_type": told["file_type"],
        "method": "PUT",
        "expires_at": to_json(sent + timedelta(minutes=15)),
        "max_size": 5 * 1024 * 1024,
        "expired": False,
        "headers": {"Content-Type": told["file_type"]},
    }
    return {**told, "uploaded_at": None, "signed_link": link}


def _attachment_json(attachment: Attachment, sent: datetime) -> Json:
    name, _dot, extension = attachment.name.rpartition(".")
    pdf = extension == "pdf"
    return {
        "id": attachment.id,
        "file_name": name or attachment.name,
        "file_extension": "pdf" if pdf else "png",
        "file_type": "application/pdf" if pdf else "image/png",
        "file_path": f"tickets/{attachment.id}",
        "file_size": len(attachment.content) or None,
        "provided_file_name": attachment.name,
        "uploaded_at": to_json(sent),
        "url": None,
        "signed_link": None,
    }


def _order(shop: Shop, order: Order) -> Json:
    delivery = _uuid("delivery", order.id)
    return {
        "id": _uuid("order", order.id),
        "code": order.id,
        "delivery": {
            "id": delivery,
            "items": [
                {
                    "id": _uuid("item", f"{order.id}/{number}"),
                    "sku": line.sku,
                    "external_sku": line.sku,
                    "name": line.title,
                    "quantity": line.quantity,
                    "image": None,
                    "description": None,
                }
                for number, line in enumerate(order.lines)
            ],
            "seller": {"id": _uuid("seller", shop.identity.seller), "name": shop.identity.seller},
        },
    }


def _thread(shop: Shop, request: Request) -> Thread:
    wanted = request.path_params["ticket_id"]
    for thread in shop.threads.values():
        if ticket_id(thread) == wanted:
            return thread
    raise not_found("Ticket")


def _bare(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")


def _uuid(kind: str, name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"{kind}/{name}"))
