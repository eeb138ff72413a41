"""A reply is sent once, and its agent is never told more than is known."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest

from mkt_tui.adapters.mirakl import MiraklAdapter
from mkt_tui.domain.errors import (
    AccessRefused,
    ChannelError,
    Doubtful,
    NotAllowed,
    RateLimited,
    Refused,
    SecretMissing,
    Unavailable,
    Unreachable,
)
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import Audience
from tests.adapters.marketplace import KEY, answers, channel, message, thread

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
CONFIRMED = httpx.Response(201, json={"message_id": "m-2", "thread_id": "t-1"})


def reply(text: str = "Olá, Maria.", audience: Audience = Audience.CUSTOMER) -> Reply:
    return Reply("op-1", "t-1", text, audience, NOON)


async def failure(*reactions: httpx.Response | Exception | int | bytes) -> ChannelError:
    """Return what becomes of a reply; whatever happens, it leaves once."""
    market = answers(*reactions)
    async with market.adapter() as adapter:
        with pytest.raises(ChannelError) as caught:
            await adapter.reply(reply())
    assert len(market.requests) == 1
    assert caught.value.parameters["channel"] == "ViaVarejo"
    assert KEY not in str(caught.value) + repr(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("audience", "to"),
    [
        (Audience.CUSTOMER, ["CUSTOMER"]),
        (Audience.OPERATOR, ["OPERATOR"]),
        (Audience.BOTH, ["CUSTOMER", "OPERATOR"]),
    ],
)
async def test_a_reply_goes_to_its_audience_and_comes_back_with_a_number(
    audience: Audience, to: list[str]
) -> None:
    market = answers(CONFIRMED)
    async with market.adapter({"shop_id": "2001"}) as adapter:
        delivery = await adapter.reply(reply("Olá, Maria.\nJá enviamos.", audience))
    assert delivery == Delivery("m-2")
    [request] = market.requests
    assert request.url.path == "/api/inbox/threads/t-1/message"
    assert request.url.params["shop_id"] == "2001"
    body = request.content.split(b"\r\n\r\n", 1)[1].rsplit(b"\r\n--", 1)[0]
    assert orjson.loads(body) == {
        "body": "Olá, Maria.\nJá enviamos.",
        "to": [{"type": each} for each in to],
    }


@pytest.mark.parametrize(
    "fault",
    [
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.PoolTimeout("busy"),
        httpx.ProxyError("407"),
    ],
)
async def test_what_never_left_may_be_sent_again(fault: Exception) -> None:
    assert type(await failure(fault)) is Unreachable


async def test_a_marketplace_that_turns_requests_away_may_be_asked_again() -> None:
    limited = await failure(httpx.Response(429, headers={"Retry-After": "9"}))
    assert type(limited) is RateLimited
    assert limited.retry_after == 9.0
    assert type(await failure(429)) is RateLimited
    away = await failure(httpx.Response(503, headers={"Retry-After": "60"}))
    assert type(away) is Unavailable
    assert away.retry_after == 60.0


@pytest.mark.parametrize(
    "fault",
    [
        httpx.ReadTimeout("slow"),
        httpx.WriteTimeout("slow"),
        httpx.WriteError("pipe"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("Server disconnected without sending a response."),
        httpx.Response(500),
        httpx.Response(502),
        httpx.Response(503),
        httpx.Response(504),
        httpx.Response(302, headers={"Location": "/api/login"}),
        httpx.Response(303, headers={"Location": "/api/done"}),
        httpx.Response(201, content=b'{"message_id": "m-'),
        httpx.Response(201, content=b"<html>"),
        httpx.Response(201, content=b"[]"),
        httpx.Response(201, json={}),
        httpx.Response(201, json={"message_id": None}),
        httpx.Response(204),
    ],
)
async def test_what_may_have_arrived_is_doubtful(fault: httpx.Response | Exception) -> None:
    error = await failure(fault)
    assert type(error) is Doubtful
    assert "not known whether the reply arrived" in str(error)


async def test_a_definite_no_is_told_in_the_marketplace_s_words() -> None:
    assert type(await failure(401)) is AccessRefused
    error = await failure(
        httpx.Response(400, json={"errors": [{"field": "to", "message": "not authorized"}]})
    )
    assert type(error) is Refused
    assert str(error) == "ViaVarejo refused it (HTTP 400): to: not authorized"
    assert type(await failure(404)) is Refused


@pytest.mark.parametrize(
    "text",
    ["", "ok", "  a\n\n", "x" * 50_001, "emoji \ud83d cut"],
    ids=["empty", "short", "blank", "long", "half a character"],
)
async def test_a_text_that_mirakl_cannot_take_never_leaves(text: str) -> None:
    market = answers(CONFIRMED)
    async with market.adapter() as adapter:
        with pytest.raises(NotAllowed):
            await adapter.reply(reply(text))
    assert market.requests == []


async def test_a_missing_key_is_no_doubt_about_the_reply() -> None:
    market = answers(CONFIRMED)
    adapter = market.adapter()
    adapter._http._headers = lambda: {"Authorization": "wrong\nkey"}
    async with adapter:
        with pytest.raises(SecretMissing):
            await adapter.reply(reply())
    assert market.requests == []


@pytest.mark.parametrize("code", ["../orders", "a/b?c=d#e", "..", "ação 1"])
async def test_a_strange_number_cannot_lead_to_another_operation(code: str) -> None:
    market = answers(CONFIRMED)
    async with market.adapter() as adapter:
        await adapter.reply(Reply("op-1", code, "Olá!", Audience.CUSTOMER, NOON))
    path = market.requests[0].url.raw_path.decode()
    assert path.startswith("/api/inbox/threads/")
    assert path.count("/") == 5
    assert ".." not in path
    assert "?" not in path


def ours(**changes: object) -> dict[str, object]:
    to = [{"type": "CUSTOMER", "id": "c1", "display_name": "Maria"}]
    sender = {"type": "SHOP_USER", "display_name": "Ana"}
    base = message(id="m-2", body="Olá, Maria.", to=to, date_created="2026-03-10T12:00:05Z")
    return {**base, "from": sender, **changes}


async def found(
    *messages: dict[str, object], text: str = "Olá, Maria.", **anchor: Any
) -> Delivery | None:
    market = answers(thread(messages=[message(), *messages]))
    async with market.adapter() as adapter:
        return await adapter.find_sent(replace(reply(text), **anchor))


async def test_a_reply_that_arrived_is_found_again() -> None:
    assert await found(ours()) == Delivery("m-2")


async def test_a_reply_that_did_not_arrive_is_not_found() -> None:
    assert await found() is None
    assert await found(ours(body="Olá, Maria!")) is None


async def test_the_same_words_of_somebody_else_are_not_our_reply() -> None:
    assert await found(message(id="m-2", body="Olá, Maria.")) is None


async def test_the_same_words_to_others_are_not_our_reply() -> None:
    assert await found(ours(to=[{"type": "OPERATOR"}])) is None
    assert await found(ours(to=[{"type": "OPERATOR"}, {"type": "CUSTOMER"}])) is None


async def test_recipients_that_are_not_told_leave_only_the_words() -> None:
    assert await found(ours(to=None)) == Delivery("m-2")


async def test_the_same_words_that_were_there_before_are_not_our_reply() -> None:
    assert await found(ours(), known=("m-2",)) is None
    assert await found(ours(), ours(id="m-3"), known=("m-2",)) == Delivery("m-3")


async def test_the_same_words_of_last_week_are_not_our_reply() -> None:
    early = (NOON - timedelta(days=7)).isoformat()
    assert await found(ours(date_created=early)) is None
    assert await found(ours(date_created=early), not_before=NOON - timedelta(days=9))


@pytest.mark.parametrize("hours", [-24, -1, 1, 24])
async def test_no_clock_need_be_right_to_find_our_reply(hours: int) -> None:
    at = (NOON + timedelta(hours=hours)).isoformat()
    assert await found(ours(date_created=at), known=("m-1",)) == Delivery("m-2")


@pytest.mark.parametrize(
    "stored",
    [
        "Prezada,\r\n\r\npreço < R$ 5 & frete \r\n",
        "Prezada,\n\npreço &lt; R$ 5 &amp; frete",
        "<p>Prezada,</p><p>pre&ccedil;o &lt; R$&nbsp;5 &amp; frete</p>",
        "Prezada,<br><br>preço &lt; R$ 5 &amp; frete",
    ],
)
async def test_a_reply_is_known_however_the_marketplace_stored_it(stored: str) -> None:
    text = "Prezada,\n\npreço < R$ 5 & frete"
    assert await found(ours(body=stored), text=text) == Delivery("m-2")


async def test_a_thread_that_cannot_be_read_leaves_the_doubt() -> None:
    market = answers(500)
    async with market.adapter() as adapter:
        with pytest.raises(Unavailable):
            await adapter.find_sent(reply())


@asynccontextmanager
async def marketplace_that(
    treats: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[MiraklAdapter]:
    """Serve on a real socket; `treats` gets every connection."""

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await treats(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    timeout = httpx.Timeout(0.2)
    async with server, MiraklAdapter(channel(url), lambda: KEY, timeout=timeout) as adapter:
        yield adapter


async def hang_up(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"Maria.")


async def hang_up_half_way(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"Maria.")
    writer.write(b'HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{"message_id": "m-')
    await writer.drain()


async def fall_silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()


@pytest.mark.parametrize("treats", [hang_up, hang_up_half_way, fall_silent])
async def test_on_a_real_connection_a_lost_answer_is_doubtful(
    treats: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> None:
    async with marketplace_that(treats) as adapter:
        with pytest.raises(Doubtful):
            await adapter.reply(reply())


async def test_on_a_real_connection_a_refused_one_is_certain() -> None:
    async with marketplace_that(fall_silent) as adapter:
        url = adapter._channel.base_url
    async with MiraklAdapter(channel(url), lambda: KEY) as adapter:
        with pytest.raises(Unreachable):
            await adapter.reply(reply())
