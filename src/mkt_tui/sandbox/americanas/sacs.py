"""Tickets and the chats in them. How one replies is not documented, and so not played."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox.americanas.codes import bare, character, order_code, sac_code, thread_of
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.errors import bad_parameter
from mkt_tui.sandbox.records import CUSTOMER, OPERATOR, SHOP, Message, Thread
from mkt_tui.sandbox.world import Shop, World

Json = dict[str, object]
_PAGE = 30
_MEDIATED_SHARE = 0.08
_ROLES = {CUSTOMER: "CUSTOMER", OPERATOR: "B2W", SHOP: "SELLER"}
_NAMES = {OPERATOR: "Atendimento Americanas"}


async def list_sacs(_world: World, shop: Shop, request: Request) -> Response:
    """List tickets; with a cursor its filters are ignored."""
    query = request.query_params
    place = _place_in(query.get("cursor"))
    found = [
        each
        for number, each in sorted(shop.threads.items())
        if number > place
        and ("cursor" in query or query.get("status", status_of(each)) == status_of(each))
    ]
    shown = found[:_PAGE]
    answer: Json = {"next_page": None, "sacs": [sac_json(each) for each in shown]}
    if found[_PAGE:]:
        cursor = urlsafe_b64encode(shown[-1].id.encode()).decode()
        answer["next_page"] = f"https://api.skyhub.com.br/sac?cursor={cursor}"
    return json_answer(answer)


async def read_sac(_world: World, shop: Shop, request: Request) -> Response:
    """Return one ticket."""
    return json_answer(sac_json(thread_of(shop, request.path_params["code"])))


async def list_chats(_world: World, shop: Shop, request: Request) -> Response:
    """List the conversations of a ticket: one for each two that talked."""
    thread = thread_of(shop, request.path_params["code"])
    by_pair = sorted(thread.messages, key=pair_of)
    chats = [_chat_json(thread, pair, list(found)) for pair, found in groupby(by_pair, key=pair_of)]
    return json_answer({"chats": chats})


def sac_json(thread: Thread) -> Json:
    """Return a ticket as the contract shows it."""
    return {
        "code": sac_code(thread),
        "order_code": order_code(thread.order),
        "platform": "B2w",
        "status": status_of(thread),
        "mediation": is_mediated(thread),
        "warehouse": None,
        "created_at": bare(thread.messages[0].sent),
        "updated_at": bare(thread.updated),
    }


def status_of(thread: Thread) -> str:
    """Return one of the two states that were seen."""
    return "UNREAD" if thread.waiting_since else "ARCHIVED"


def is_mediated(thread: Thread) -> bool:
    """Tell whether the marketplace decides."""
    return character(thread.id).random() < _MEDIATED_SHARE


def pair_of(message: Message) -> str:
    """Return whose chat a message stands in."""
    talking = {message.sender, *message.to}
    if {CUSTOMER, SHOP} <= talking:
        return "CUSTOMER_SELLER"
    return "B2W_SELLER" if SHOP in talking else "CUSTOMER_B2W"


def _chat_json(thread: Thread, pair: str, messages: list[Message]) -> Json:
    return {
        "status": "ACTIVE",
        "seller_status": status_of(thread),
        "parts": pair,
        "last_message": bare(messages[-1].sent),
        "messages": [_message_json(thread, each) for each in messages],
    }


def _message_json(thread: Thread, message: Message) -> Json:
    customer = thread.order.customer
    answers = [
        each.sent
        for each in thread.messages
        if each.sender == SHOP and message.sender in each.to and each.sent >= message.sent
    ]
    names = {**_NAMES, CUSTOMER: customer.name}
    return {
        "content": message.body,
        "created_at": bare(message.sent),
        "replyed_at": bare(answers[0]) if answers else None,
        "part": {
            "role": _ROLES[message.sender],
            "name": names.get(message.sender, message.sender_name),
            "email": customer.email if message.sender == CUSTOMER else None,
            "code": 123456,
        },
    }


def _place_in(cursor: str | None) -> str:
    if cursor is None:
        return ""
    try:
        return urlsafe_b64decode(cursor.encode()).decode()
    except ValueError:
        raise bad_parameter("cursor") from None
