"""Threads of Mirakl become tickets: who waits, for how long, and for whom."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mkt_tui.adapters.mirakl.threads import read_thread
from mkt_tui.domain.tickets import Attachment, MessageSnapshot, Role, TicketSnapshot
from tests.adapters.marketplace import NOON, answers, message, thread

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def test_a_thread_is_a_ticket_with_its_order_and_its_customer() -> None:
    assert read_thread(thread()) == TicketSnapshot(
        code="t-1",
        order_number="5001-A",
        customer="Maria Silva",
        subject="Onde está meu pedido?",
        waiting_since=NOW,
        waiting=Role.CUSTOMER,
        created_at=NOW,
        updated_at=NOW,
        participants=(Role.CUSTOMER, Role.OPERATOR),
        messages=(
            MessageSnapshot(
                code="m-1",
                author=Role.CUSTOMER,
                author_name="Maria Silva",
                recipients=(Role.SHOP,),
                body="Meu pedido não chegou.",
                sent_at=NOW,
            ),
        ),
    )


def test_attachments_are_told_with_their_size() -> None:
    files = [{"id": "f1", "name": "nota\u202efdp.exe", "size": 1200}]
    ticket = read_thread(thread(messages=[message(attachments=files)]))
    assert ticket.messages[0].attachments == (Attachment("f1", "nota‹RLO›fdp.exe", 1200),)


def test_messages_stand_oldest_first_whatever_order_they_come_in() -> None:
    late = message(id="m-2", date_created="2026-03-10T14:00:00+01:00")
    ticket = read_thread(thread(messages=[late, message()]))
    assert [each.code for each in ticket.messages] == ["m-1", "m-2"]
    assert ticket.messages[1].sent_at == NOW + timedelta(hours=1)


def by(kind: str) -> dict[str, Any]:
    return message(**{"from": {"type": kind, "display_name": "x"}})


@pytest.mark.parametrize(
    ("messages", "last_sender", "waiting"),
    [
        ([by("CUSTOMER_USER"), by("OPERATOR_USER")], None, Role.OPERATOR),
        ([by("OPERATOR_USER"), by("CUSTOMER_USER"), by("SHOP_USER")], None, Role.CUSTOMER),
        (None, "OPERATOR_USER", Role.OPERATOR),
        (None, "SHOP_USER", Role.CUSTOMER),
        (None, None, Role.CUSTOMER),
        ([by("BOT_USER")], None, Role.OPERATOR),
    ],
)
def test_the_side_that_waits_is_the_last_one_that_is_not_ours(
    messages: list[dict[str, Any]] | None, last_sender: str | None, waiting: Role
) -> None:
    sender = {"type": last_sender} if last_sender else None
    meta = {"shop_reply_needed_since": NOON, "last_sender": sender}
    assert read_thread(thread(messages=messages, metadata=meta)).waiting is waiting


def test_nobody_waits_when_nothing_is_owed() -> None:
    ticket = read_thread(thread(metadata={"shop_reply_needed_since": None}))
    assert ticket.waiting_since is None
    assert ticket.waiting is None


def test_what_is_new_to_us_breaks_nothing() -> None:
    strange = thread(
        authorized_participants=[{"type": "COURIER"}, {"type": "OPERATOR"}, {}],
        entities=[{"type": "MPS_ORDER", "id": "x"}],
        messages=[message(**{"from": {"type": "ROBOT"}, "to": [{"type": "COURIER"}]})],
        mood="happy",
    )
    ticket = read_thread(strange)
    assert ticket.participants == (Role.OPERATOR,)
    assert ticket.order_number is None
    assert ticket.messages[0].author is Role.OPERATOR
    assert ticket.messages[0].recipients == ()


def test_null_is_nothing_wherever_it_stands() -> None:
    bare = dict.fromkeys(thread(), None) | {"id": "t-1", "date_updated": NOON}
    ticket = read_thread(bare)
    assert (ticket.customer, ticket.subject, ticket.messages) == (None, "", ())
    empty = dict.fromkeys(message(), None) | {"id": "m-1", "date_created": NOON}
    assert read_thread(thread(messages=[empty])).messages[0].body == ""


async def test_one_thread_is_asked_for_with_all_its_messages() -> None:
    many = [message(id=f"m-{number}") for number in range(150)]
    market = answers(thread(messages=many))
    async with market.adapter() as adapter:
        ticket = await adapter.thread("t-1")
    assert len(ticket.messages) == 150
    assert market.requests[0].url.path == "/api/inbox/threads/t-1"


async def test_half_an_emoji_hides_no_ticket() -> None:
    body = (
        b'{"data": [{"id": "t-1", "date_updated": "2026-03-10T12:00:00Z", '
        b'"topic": {"value": "oi \\ud83d"}}]}'
    )
    async with answers(body).adapter() as adapter:
        page = await anext(adapter.tickets(None))
    assert page.items[0].subject == "oi �"
