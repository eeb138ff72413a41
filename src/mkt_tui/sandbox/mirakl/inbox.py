"""Messages of the contract: M10, M11, M12, M13, M14 and OR43."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import forms, parameters
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.errors import ApiError, bad_field, bad_parameter, not_found
from mkt_tui.sandbox.instants import ms_of
from mkt_tui.sandbox.mirakl.paging import Search, backward_page_of, page_of
from mkt_tui.sandbox.mirakl.thread_json import participant_id, thread_json
from mkt_tui.sandbox.records import (
    EVERYBODY,
    OPERATOR,
    OPERATORS,
    ORDERS,
    SHOP,
    Attachment,
    Message,
    Order,
    Person,
    Place,
    Thread,
)
from mkt_tui.sandbox.wire import BACKWARDS
from mkt_tui.sandbox.world import Key, Shop, World

MESSAGES_PER_THREAD = 1000
FILES_PER_ENTITY = 50
FILES_PER_SHOP = 1000
MESSAGES_IN_LIST = 100
ENTITY_TYPES = ("MMP_ORDER", "MMP_OFFER", "MPS_ORDER", "MPS_SERVICE", "SELLER_OPERATOR")


async def list_threads(_world: World, shop: Shop, request: Request) -> Response:
    """M11: list threads, the newest update first, page by page."""
    search = _read_search(shop, request)
    pages = backward_page_of if request.scope.get(BACKWARDS) else page_of
    page = pages(_keys(shop, search), search)
    last_messages = MESSAGES_IN_LIST if search.with_messages else 0
    answer: dict[str, object] = {
        "data": [
            thread_json(shop.identity, shop.threads[thread_id], last_messages)
            for _, thread_id in page.keys
        ]
    }
    if page.following:
        answer["next_page_token"] = page.following.token(shop.identity.api_key)
    if page.previous:
        answer["previous_page_token"] = page.previous.token(shop.identity.api_key)
    return json_answer(answer)


async def read_thread(_world: World, shop: Shop, request: Request) -> Response:
    """M10: one thread with all its messages."""
    return json_answer(thread_json(shop.identity, _thread(shop, request), None))


async def reply(world: World, shop: Shop, request: Request) -> Response:
    """M12: add the shop's message to a thread."""
    thread = _thread(shop, request)
    content, files = await forms.read_multipart(request, "message_input")
    text, recipients = forms.read_text(content), _recipients(shop, thread, content)
    # "Leave empty if you don't want to update it" (M12).
    topic = forms.read_topic(content) if content.get("topic") else thread.topic
    _check_room(shop, thread.order.id, len(files))
    if len(thread.messages) >= MESSAGES_PER_THREAD:
        raise ApiError(400, f"A thread is limited to {MESSAGES_PER_THREAD} messages")
    thread.topic = topic
    message = _shop_message(shop, text, recipients, files, world.clock())
    shop.add_message(thread, message)
    return json_answer({"message_id": message.id, "thread_id": thread.id}, 201)


async def open_thread(world: World, shop: Shop, request: Request) -> Response:
    """OR43: start a thread on an order."""
    order = shop.orders.get(request.path_params["order_id"])
    if order is None:
        raise not_found("Order")
    content, files = await forms.read_multipart(request, "thread_input")
    text, topic = forms.read_text(content), forms.read_topic(content)
    recipients = _distinct([forms.known_kind(each) for each in forms.read_recipients(content)])
    _check_room(shop, order.id, len(files))
    message = _shop_message(shop, text, recipients, files, world.clock())
    thread = Thread(str(uuid4()), order, topic, EVERYBODY, [message], message.sent)
    shop.add_thread(thread)
    return json_answer({"message_id": message.id, "thread_id": thread.id}, 201)


async def open_operator_thread(world: World, shop: Shop, request: Request) -> Response:
    """M14: start a thread with the operator, about no order."""
    content, files = await forms.read_multipart(request, "thread_input")
    text, topic, about = forms.read_text(content), forms.read_topic(content), content.get("entity")
    # The document names no types; of those of M11 only this one needs no number beside it.
    if not isinstance(about, dict) or about.get("type") != OPERATORS:
        raise bad_field("entity.type", f"The entity type must be {OPERATORS}")
    nothing = _no_order(shop, world.clock())
    _check_room(shop, nothing.id, len(files), FILES_PER_SHOP)
    message = _shop_message(shop, text, (OPERATOR,), files, world.clock())
    parties = (SHOP, OPERATOR)
    thread = Thread(str(uuid4()), nothing, topic, parties, [message], message.sent, about=OPERATORS)
    shop.add_thread(thread)
    return json_answer({"message_id": message.id, "thread_id": thread.id}, 201)


def _no_order(shop: Shop, now: datetime) -> Order:
    nobody = Person("", "", "", Place())
    return Order(f"{shop.identity.slug}-operator", nobody, "", now, now)


async def download(_world: World, shop: Shop, request: Request) -> Response:
    """M13: the bytes of an attachment."""
    attachment = shop.attachments.get(request.path_params["attachment_id"])
    if attachment is None:
        raise not_found("Attachment")
    return Response(attachment.content, media_type="application/octet-stream")


def _thread(shop: Shop, request: Request) -> Thread:
    thread = shop.threads.get(request.path_params["thread_id"])
    if thread is None:
        raise not_found("Thread")
    return thread


def _read_search(shop: Shop, request: Request) -> Search:
    query = request.query_params
    token = query.get("page_token")
    before = Search.from_token(token, shop.identity.api_key) if token is not None else None
    since = parameters.instant(query, "updated_since")
    with_messages = parameters.truth(query, "with_messages")
    asked = Search(
        limit=parameters.whole(query, "limit", before.limit if before else 50, 1, 100),
        since=None if since is None else ms_of(since),
        entity_type=parameters.choice(query, "entity_type", ENTITY_TYPES),
        entity_ids=parameters.listing(query, "entity_id"),
        with_messages=bool(before and before.with_messages)
        if with_messages is None
        else with_messages,
    )
    if before is not None:
        return _continued(before, asked)
    if asked.entity_ids is not None and asked.entity_type is None:
        raise bad_parameter("entity_id")
    return asked


def _continued(before: Search, asked: Search) -> Search:
    """Return the search of a token; filters repeated beside it must be the same ones."""
    for name in ("since", "entity_type", "entity_ids"):
        if getattr(asked, name) not in (None, getattr(before, name)):
            raise bad_parameter("page_token")
    return replace(before, limit=asked.limit, with_messages=asked.with_messages)


def _keys(shop: Shop, search: Search) -> list[Key]:
    wanted = search.entity_type
    keys = shop.keys if search.entity_ids is None else shop.keys_of_orders(search.entity_ids)
    if wanted is None or (wanted == ORDERS and search.entity_ids is not None):
        return keys
    return [each for each in keys if shop.threads[each[1]].about == wanted]


def _recipients(shop: Shop, thread: Thread, content: forms.Json) -> tuple[str, ...]:
    return _distinct([_recipient(shop, thread, each) for each in forms.read_recipients(content)])


def _recipient(shop: Shop, thread: Thread, entry: object) -> str:
    if not isinstance(entry, dict):
        raise bad_field("to", "A recipient must be an object with a type")
    kind = forms.known_kind(entry.get("type"))
    if kind not in thread.participants:
        raise bad_field("to", f"{kind} is not an authorized participant of this thread")
    expected = participant_id(shop.identity, thread, kind)
    if entry.get("id") is not None and expected is not None and entry["id"] != expected:
        raise bad_field("to", f"{entry['id']} is not an authorized participant of this thread")
    return kind


def _distinct(kinds: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kinds))


def _check_room(shop: Shop, order_id: str, files: int, most: int = FILES_PER_ENTITY) -> None:
    held = sum(
        len(message.attachments)
        for thread in shop.threads_of(order_id)
        for message in thread.messages
    )
    if files and held + files > most:
        raise ApiError(400, f"There is room for {most} attachments")


def _shop_message(
    shop: Shop, text: str, to: tuple[str, ...], files: tuple[Attachment, ...], sent: datetime
) -> Message:
    sender = f"Atendimento {shop.identity.seller}"
    return Message(str(uuid4()), SHOP, sender, to, text, sent, files)
