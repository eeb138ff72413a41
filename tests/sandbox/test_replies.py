"""Mirakl M12, M13 and OR43: how a shop answers, and what the marketplace refuses."""

from typing import Any

import pytest

from mkt_tui.sandbox import forms
from mkt_tui.sandbox.records import CUSTOMER, EVERYBODY, OPERATOR, SHOP, Thread
from mkt_tui.sandbox.world import party_waiting
from tests.sandbox.conftest import NOW, Clock, Files, Marketplace

TO_CUSTOMER = [{"type": "CUSTOMER"}]


def one(market: Marketplace, waiting_party: str | None = CUSTOMER) -> Thread:
    return next(
        each
        for each in market.shop.threads.values()
        if party_waiting(each) == waiting_party and each.participants == EVERYBODY
    )


async def test_an_answer_to_the_customer_ends_the_wait_and_moves_the_thread_up(
    market: Marketplace, clock: Clock
) -> None:
    thread = one(market)
    count = len(thread.messages)

    answer = await market.reply(thread.id, {"body": "Olá! Já enviamos. 🙂", "to": TO_CUSTOMER})

    assert answer.status_code == 201
    assert answer.json()["thread_id"] == thread.id
    seen = await market.thread(thread.id)
    last = seen["messages"][-1]
    assert last["id"] == answer.json()["message_id"]
    assert last["body"] == "Olá! Já enviamos. 🙂"
    assert last["from"]["type"] == "SHOP_USER"
    assert last["from"]["organization_details"]["type"] == "SHOP"
    assert [each["type"] for each in last["to"]] == ["CUSTOMER"]
    assert seen["metadata"]["shop_reply_needed_since"] is None
    assert seen["metadata"]["total_count"] == count + 1
    assert seen["metadata"]["last_message_date"] == seen["date_updated"] == last["date_created"]
    assert seen["metadata"]["last_sender"] == last["from"]
    assert seen["date_updated"].startswith(f"{NOW:%Y-%m-%dT%H:%M}")
    assert (await market.walk())[0][0] == thread.id


async def test_a_note_to_the_operator_leaves_the_customer_waiting(market: Marketplace) -> None:
    thread = one(market)
    before = (await market.thread(thread.id))["metadata"]["shop_reply_needed_since"]

    await market.reply(thread.id, {"body": "Podem verificar?", "to": [{"type": "OPERATOR"}]})
    aside = (await market.thread(thread.id))["metadata"]["shop_reply_needed_since"]
    both = [{"type": "OPERATOR"}, {"type": "CUSTOMER"}]
    await market.reply(thread.id, {"body": "Resolvido.", "to": both})
    answered = (await market.thread(thread.id))["metadata"]["shop_reply_needed_since"]

    assert before is not None
    assert aside == before
    assert answered is None


async def test_a_customer_who_writes_again_waits_since_the_first_unanswered_message(
    market: Marketplace,
) -> None:
    thread = one(market, None)
    await market.customer_writes(thread.id, "Ainda não chegou")
    first = (await market.thread(thread.id))["metadata"]["shop_reply_needed_since"]
    await market.customer_writes(thread.id, "Alô?")
    second = (await market.thread(thread.id))["metadata"]

    assert first is not None
    assert second["shop_reply_needed_since"] == first
    assert second["last_message_date"] > first
    assert second["last_sender"]["type"] == "CUSTOMER_USER"


async def test_the_contract_has_no_idempotency_so_twice_is_two_messages(
    market: Marketplace,
) -> None:
    thread = one(market)
    count = len(thread.messages)
    content = {"body": "Uma vez só, por favor", "to": TO_CUSTOMER}

    first = await market.reply(thread.id, content)
    second = await market.reply(thread.id, content)

    assert first.json()["message_id"] != second.json()["message_id"]
    assert len((await market.thread(thread.id))["messages"]) == count + 2


async def test_files_arrive_and_can_be_fetched(market: Marketplace) -> None:
    thread = one(market)
    sent = b"\x00\xffPDF\r\n" * 5000
    answer = await market.reply(
        thread.id,
        {"body": "Segue a nota", "to": TO_CUSTOMER},
        [("files", ("nota fiscal é.pdf", sent)), ("files", ("vazio.txt", b""))],
    )
    assert answer.status_code == 201
    shown = (await market.thread(thread.id))["messages"][-1]["attachments"]

    fetched = await market.get(f"inbox/threads/{shown[0]['id']}/download")

    assert [(each["name"], each["size"]) for each in shown] == [
        ("nota fiscal é.pdf", len(sent)),
        ("vazio.txt", 0),
    ]
    assert fetched.content == sent
    assert fetched.headers["content-type"] == "application/octet-stream"
    assert (await market.get("inbox/threads/nothing/download")).status_code == 404


async def test_a_new_topic_is_taken_over(market: Marketplace) -> None:
    thread = one(market)
    topic = {"type": "FREE_TEXT", "value": "Novo assunto"}

    await market.reply(thread.id, {"body": "Olá", "to": TO_CUSTOMER, "topic": topic})

    assert (await market.thread(thread.id))["topic"] == topic


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ("not json", "message_input"),
        ("[]", "message_input"),
        ({"to": TO_CUSTOMER}, "body"),
        ({"body": None, "to": TO_CUSTOMER}, "body"),
        ({"body": "oi", "to": TO_CUSTOMER}, "body"),
        ({"body": "x" * 50_001, "to": TO_CUSTOMER}, "body"),
        ({"body": "Olá"}, "to"),
        ({"body": "Olá", "to": []}, "to"),
        ({"body": "Olá", "to": ["CUSTOMER"]}, "to"),
        ({"body": "Olá", "to": [{"type": "NEIGHBOUR"}]}, "to"),
        ({"body": "Olá", "to": [{"type": ["CUSTOMER"]}]}, "to"),
        ({"body": "Olá", "to": [{"type": "CUSTOMER", "id": "someone else"}]}, "to"),
        ({"body": "Olá", "to": TO_CUSTOMER, "topic": "Assunto"}, "topic"),
        ({"body": "Olá", "to": TO_CUSTOMER, "topic": {"type": "FREE"}}, "topic.type"),
        ({"body": "Olá", "to": TO_CUSTOMER, "topic": {"type": "FREE_TEXT"}}, "topic.value"),
    ],
)
async def test_a_message_that_makes_no_sense_is_refused_with_the_field_to_blame(
    market: Marketplace, content: Any, field: str
) -> None:
    thread = one(market)
    count = len(thread.messages)

    answer = await market.reply(thread.id, content)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field
    assert len(thread.messages) == count


async def test_the_longest_and_the_shortest_body_pass(market: Marketplace) -> None:
    thread = one(market)
    for body in ("sim", "ç" * 50_000):
        answer = await market.reply(thread.id, {"body": body, "to": TO_CUSTOMER})
        assert answer.status_code == 201


async def test_the_part_must_be_there_and_be_multipart(market: Marketplace) -> None:
    thread = one(market)
    path = f"inbox/threads/{thread.id}/message"
    wrong_part = await market.post(path, "message", {"body": "Olá", "to": TO_CUSTOMER})
    plain = await market.http.post(
        f"/carrefour/api/{path}",
        json={"body": "Olá", "to": TO_CUSTOMER},
        headers={"Authorization": market.shop.identity.api_key},
    )
    broken = await market.http.post(
        f"/carrefour/api/{path}",
        content=b"--x\r\nnonsense",
        headers={
            "Authorization": market.shop.identity.api_key,
            "Content-Type": "multipart/form-data; boundary=x",
        },
    )

    assert [each.status_code for each in (wrong_part, plain, broken)] == [400, 400, 400]
    assert wrong_part.json()["errors"][0]["field"] == "message_input"


async def test_nobody_can_be_addressed_who_is_not_authorized(market: Marketplace) -> None:
    shops = market.world.shops
    shop, thread = next(
        (shop, each)
        for shop in shops
        for each in shop.threads.values()
        if CUSTOMER not in each.participants
    )
    market.shop = shop

    refused = await market.reply(thread.id, {"body": "Olá", "to": TO_CUSTOMER})
    accepted = await market.reply(thread.id, {"body": "Olá", "to": [{"type": "OPERATOR"}]})

    assert refused.status_code == 400
    assert "CUSTOMER is not an authorized participant" in refused.text
    assert accepted.status_code == 201
    assert thread.waiting_since is None
    assert (await market.customer_writes(thread.id, "Posso?")).status_code == 400


async def test_a_thread_ends_at_a_thousand_messages(market: Marketplace) -> None:
    thread = one(market)
    while len(thread.messages) < 999:
        thread.messages.append(thread.messages[0])

    last = await market.reply(thread.id, {"body": "mil", "to": TO_CUSTOMER})
    over = await market.reply(thread.id, {"body": "mil e um", "to": TO_CUSTOMER})

    assert (last.status_code, over.status_code) == (201, 400)


async def test_an_order_holds_fifty_files_over_all_its_threads(market: Marketplace) -> None:
    order = next(each for each in market.shop.orders if not market.shop.threads_of(each))
    content = {
        "body": "Fotos",
        "to": ["CUSTOMER"],
        "topic": {"type": "FREE_TEXT", "value": "Fotos"},
    }
    path = f"orders/{order}/threads"
    files = [("files", (f"{number}.png", b"x")) for number in range(50)]

    almost = await market.post(path, "thread_input", content, files[:49])
    over = await market.post(path, "thread_input", content, files[:2])
    full = await market.post(path, "thread_input", content, files[:1])
    words_only = await market.post(path, "thread_input", content)

    codes = [each.status_code for each in (almost, over, full, words_only)]
    assert codes == [201, 400, 201, 201]


async def test_a_message_weighs_thirty_megabytes_at_most(
    market: Marketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "MESSAGE_BYTES", 10)
    thread, content = one(market), {"body": "Fotos", "to": TO_CUSTOMER}
    files: Files = [("files", ("a.png", b"12345")), ("files", ("b.png", b"67890"))]

    just = await market.reply(thread.id, content, files)
    over = await market.reply(thread.id, content, [*files, ("files", ("c.png", b"1"))])

    assert (just.status_code, over.status_code) == (201, 400)


async def test_an_attachment_without_a_name_is_refused(market: Marketplace) -> None:
    nameless: Any = [("files", (None, b"bytes"))]
    answer = await market.reply(one(market).id, {"body": "Foto", "to": TO_CUSTOMER}, nameless)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "files")


async def test_the_shop_may_start_a_thread_on_an_order(market: Marketplace) -> None:
    order = next(each for each in market.shop.orders if not market.shop.threads_of(each))
    topic = {"type": "FREE_TEXT", "value": "Endereço incompleto"}
    content = {"body": "Falta o número da casa.", "to": ["CUSTOMER"], "topic": topic}

    answer = await market.post(f"orders/{order}/threads", "thread_input", content)

    assert answer.status_code == 201
    thread = await market.thread(answer.json()["thread_id"])
    assert thread["topic"] == topic
    assert thread["entities"] == [{"type": "MMP_ORDER", "id": order, "label": order}]
    assert {each["type"] for each in thread["authorized_participants"]} == {
        SHOP,
        CUSTOMER,
        OPERATOR,
    }
    assert {each["type"] for each in thread["current_participants"]} == {SHOP, CUSTOMER}
    assert thread["metadata"]["shop_reply_needed_since"] is None
    assert await market.walk(entity_type="MMP_ORDER", entity_id=order) == [[thread["id"]]]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"topic": None}, "topic"),
        ({"topic": {"type": "FREE_TEXT", "value": "ab"}}, "topic.value"),
        ({"topic": {"type": "FREE_TEXT", "value": "a" * 201}}, "topic.value"),
        ({"to": [{"type": "CUSTOMER"}]}, "to"),
        ({"body": 5}, "body"),
    ],
)
async def test_a_new_thread_needs_topic_recipients_and_body(
    market: Marketplace, changes: dict[str, Any], field: str
) -> None:
    order = next(iter(market.shop.orders))
    topic = {"type": "FREE_TEXT", "value": "Assunto"}
    content = {"body": "Olá", "to": ["CUSTOMER"], "topic": topic} | changes

    answer = await market.post(f"orders/{order}/threads", "thread_input", content)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


async def test_no_thread_starts_on_an_unknown_order(market: Marketplace) -> None:
    answer = await market.post("orders/none/threads", "thread_input", {})
    assert (answer.status_code, answer.json()["message"]) == (404, "Order not found")
