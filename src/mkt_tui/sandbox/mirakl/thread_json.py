"""Threads as Mirakl M10 and M11 answer them."""

from mkt_tui.sandbox.instants import to_json
from mkt_tui.sandbox.records import CUSTOMER, OPERATOR, ORDERS, SHOP, Message, Thread
from mkt_tui.sandbox.world import ShopIdentity

Json = dict[str, object]


def thread_json(identity: ShopIdentity, thread: Thread, last_messages: int | None) -> Json:
    """Return a thread as the contract shows it.

    Args:
        identity: The shop that asks.
        thread: The thread.
        last_messages: How many messages to show: None = all (M10), 0 = none and not even the
            field (M11 without with_messages), 100 = the last hundred (M11 with_messages).
    """
    answer = _summary(identity, thread)
    if last_messages != 0:
        shown = thread.messages if last_messages is None else thread.messages[-last_messages:]
        answer["messages"] = [_message(identity, thread, each) for each in shown]
        answer["no_store_reply_needed"] = []
    return answer


def _summary(identity: ShopIdentity, thread: Thread) -> Json:
    return {
        "id": thread.id,
        "topic": {"type": thread.topic[0], "value": thread.topic[1]},
        "entities": [_entity(identity, thread)],
        "authorized_participants": [
            _participant(identity, thread, each) for each in thread.participants
        ],
        "current_participants": [
            _participant(identity, thread, each) for each in _took_part(thread)
        ],
        "metadata": _metadata(identity, thread),
        "date_created": to_json(thread.messages[0].sent),
        "date_updated": to_json(thread.updated),
    }


def _entity(identity: ShopIdentity, thread: Thread) -> Json:
    if thread.about == ORDERS:
        return {"type": ORDERS, "id": thread.order.id, "label": thread.order.id}
    # [unknown] in the contract: what names a thread that is about no order.
    return {"type": thread.about, "id": str(identity.number), "label": identity.seller}


def _took_part(thread: Thread) -> list[str]:
    took_part = {kind for each in thread.messages for kind in (each.sender, *each.to)}
    return [each for each in thread.participants if each in took_part]


def _metadata(identity: ShopIdentity, thread: Thread) -> Json:
    last = thread.messages[-1]
    return {
        "last_message_date": to_json(last.sent),
        "last_sender": _sender(identity, thread, last),
        "shop_reply_needed_since": to_json(thread.waiting_since),
        "total_count": len(thread.messages),
    }


def _message(identity: ShopIdentity, thread: Thread, message: Message) -> Json:
    return {
        "id": message.id,
        "body": message.body,
        "date_created": to_json(message.sent),
        "from": _sender(identity, thread, message),
        "to": [_participant(identity, thread, each) for each in message.to],
        "attachments": [
            {"id": each.id, "name": each.name, "size": len(each.content)}
            for each in message.attachments
        ],
    }


def _sender(identity: ShopIdentity, thread: Thread, message: Message) -> Json:
    sender: Json = {"type": f"{message.sender}_USER", "display_name": message.sender_name}
    if message.sender == SHOP:
        sender["organization_details"] = _participant(identity, thread, SHOP)
    return sender


def _participant(identity: ShopIdentity, thread: Thread, kind: str) -> Json:
    if kind == OPERATOR:
        # "When type equals OPERATOR, no id will be returned" (schema of M10 and M11).
        return {"type": OPERATOR, "display_name": identity.operator}
    return {
        "type": kind,
        "id": participant_id(identity, thread, kind),
        "display_name": thread.order.customer.name if kind == CUSTOMER else identity.seller,
    }


def participant_id(identity: ShopIdentity, thread: Thread, kind: str) -> str | None:
    """Return the id of a participant; operators have none."""
    if kind == OPERATOR:
        return None
    return thread.order.customer.id if kind == CUSTOMER else str(identity.number)
