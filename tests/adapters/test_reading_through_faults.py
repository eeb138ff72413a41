"""What an agent is told when a marketplace cannot be read."""

import asyncio
import gzip
import socket
from collections.abc import Callable

import httpx
import pytest
import stamina

from mkt_tui.adapters import http
from mkt_tui.adapters.mirakl import MiraklAdapter
from mkt_tui.domain.errors import (
    AccessRefused,
    BadAnswer,
    ChannelError,
    RateLimited,
    Refused,
    SecretMissing,
    SettingsWrong,
    Unavailable,
    Unreachable,
)
from tests.adapters.marketplace import KEY, Marketplace, answers, channel, thread, threads


async def failure(market: Marketplace) -> ChannelError:
    """Return the error that a first look at the tickets ends with."""
    async with market.adapter() as adapter:
        with pytest.raises(ChannelError) as caught:
            await anext(adapter.tickets(None))
    assert caught.value.parameters["channel"] == "ViaVarejo"
    assert KEY not in str(caught.value) + repr(caught.value) + caught.value.to_json()
    return caught.value


@pytest.mark.parametrize("status", [401, 403])
async def test_a_wrong_key_names_where_the_right_one_belongs(status: int) -> None:
    market = answers(httpx.Response(status, json={"status": status, "message": f"no {KEY}"}))
    error = await failure(market)
    assert type(error) is AccessRefused
    assert f"HTTP {status}" in str(error)
    assert "env:VIA_KEY" in str(error)
    assert len(market.requests) == 1


async def test_a_passing_fault_is_tried_again_and_nobody_notices() -> None:
    market = answers(503, httpx.ReadTimeout("slow"), threads(thread()))
    async with market.adapter() as adapter:
        page = await anext(adapter.tickets(None))
    assert [each.code for each in page.items] == ["t-1"]
    assert len(market.requests) == 3


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520])
async def test_a_fault_that_lasts_is_told_after_three_tries(status: int) -> None:
    market = answers(status)
    error = await failure(market)
    assert type(error) is Unavailable
    assert f"HTTP {status}" in str(error)
    assert len(market.requests) == 3


async def test_too_many_requests_without_a_hint_tries_three_times() -> None:
    market = answers(429)
    error = await failure(market)
    assert type(error) is RateLimited
    assert error.retry_after is None
    assert len(market.requests) == 3


async def test_a_short_wait_that_the_marketplace_asks_for_is_honoured() -> None:
    market = answers(httpx.Response(429, headers={"Retry-After": "7"}), threads())
    async with market.adapter() as adapter:
        page = await anext(adapter.tickets(None))
    assert page.complete
    limited = RateLimited()
    limited.retry_after = 7.0
    assert http._pause(limited) == 7.0


async def test_a_long_wait_is_left_to_the_sync() -> None:
    market = answers(httpx.Response(429, headers={"Retry-After": "120"}))
    error = await failure(market)
    assert error.retry_after == 120.0
    assert len(market.requests) == 1


async def test_a_wait_may_be_given_as_a_date() -> None:
    late = {"Retry-After": "Fri, 31 Dec 2100 23:59:59 GMT"}
    assert (await failure(answers(httpx.Response(503, headers=late)))).retry_after == 86_400.0
    past = {"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}
    assert (await failure(answers(httpx.Response(503, headers=past)))).retry_after == 0.0
    nonsense = {"Retry-After": "soon"}
    assert (await failure(answers(httpx.Response(503, headers=nonsense)))).retry_after is None


async def test_a_refused_connection_is_told_with_the_address() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        async with MiraklAdapter(channel(url), lambda: KEY) as adapter:
            with pytest.raises(Unreachable, match=rf"{url}.*nothing answers there"):
                await adapter.check()


async def test_a_host_that_nobody_knows_is_told_in_our_words() -> None:
    async with MiraklAdapter(channel("http://nowhere.invalid"), lambda: KEY) as adapter:
        with (
            stamina.set_testing(True, attempts=1),
            pytest.raises(Unreachable, match="its name is not known"),
        ):
            await adapter.check()


async def test_a_read_that_gets_no_answer_ends_in_time() -> None:
    async def say_nothing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _reader.read()
        finally:
            writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with (
        server,
        MiraklAdapter(channel(url), lambda: KEY, timeout=httpx.Timeout(0.05)) as adapter,
    ):
        with (
            stamina.set_testing(True, attempts=1),
            pytest.raises(Unreachable, match="no answer in time"),
        ):
            await adapter.check()


@pytest.mark.parametrize(
    "fault",
    [httpx.ReadError("reset"), httpx.RemoteProtocolError("peer closed"), httpx.WriteError("pipe")],
)
async def test_a_connection_that_breaks_is_tried_again_then_told(fault: Exception) -> None:
    market = answers(fault)
    error = await failure(market)
    assert type(error) is Unreachable
    assert "the connection broke off" in str(error)
    assert len(market.requests) == 3


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"data": [{"id": "t-', "not JSON"),
        (b"<html><body>Bem-vindo!</body></html>", "a web page instead of JSON"),
        ('{"data": "São"}'.encode("latin-1"), "not JSON"),
        (b"[]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b"", "not JSON"),
        (b"{}", "no list data"),
        (b'{"data": null}', "no list data"),
        (b'{"data": {}}', "no list data"),
        (b'{"data": [null]}', "no list data"),
        (b'{"data": [], "x": NaN, "y": "\\ud83d"}', "not JSON"),
        (b'{"data": [], "next_page_token": 7}', "next_page_token"),
        (b'{"data": [], "next_page_token": "a\\u0000b"}', "next_page_token"),
    ],
)
async def test_an_answer_that_cannot_be_read_says_why(body: bytes, told: str) -> None:
    market = answers(body)
    error = await failure(market)
    assert type(error) is BadAnswer
    assert told in str(error)
    assert len(market.requests) == 1


async def test_an_answer_packed_wrongly_cannot_be_read() -> None:
    packed = {"Content-Encoding": "gzip"}

    def corrupt(_request: httpx.Request) -> httpx.Response:
        stream = httpx.ByteStream(gzip.compress(b'{"data": []}')[:-9] + b"000000000")
        return httpx.Response(200, headers=packed, stream=stream)

    error = await failure(Marketplace([corrupt]))
    assert type(error) is BadAnswer
    assert "compression is broken" in str(error)


async def test_an_answer_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LONGEST_ANSWER", 1000)
    error = await failure(answers(threads(thread())))
    assert type(error) is BadAnswer
    assert "64 MB" in str(error)


async def test_the_key_is_never_carried_to_where_a_redirect_points() -> None:
    market = answers(httpx.Response(302, headers={"Location": "https://evil.test/"}))
    error = await failure(market)
    assert type(error) is BadAnswer
    assert len(market.requests) == 1


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"status": 400, "message": "Parameter order_ids is invalid"}, "order_ids is invalid"),
        ({"errors": [{"code": "x", "field": "to", "message": "not one"}]}, "to: not one"),
        ({"errors": [{"message": "first"}, {"message": "second"}]}, "first; second"),
        ({"message": f"key {KEY} may not\x1b]52;c;aGk=\x07"}, "key … may not␛]52;c;aGk=␇"),
        ({"errors": "none"}, "HTTP 404 Not Found"),
    ],
)
async def test_a_refusal_repeats_the_reason_but_neither_key_nor_commands(
    body: dict[str, object], told: str
) -> None:
    error = await failure(answers(httpx.Response(404, json=body)))
    assert type(error) is Refused
    assert str(error) == f"ViaVarejo refused it (HTTP 404): {told}" or told in str(error)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "viavarejo.mirakl.net",
        "ftp://viavarejo.mirakl.net",
        "file:///etc/passwd",
        "https://",
        "https://a..b",
        "https://host:99999",
        "https://[::1",
        "https://host/?key=1",
        "https://host/#x",
    ],
)
def test_an_address_that_is_none_is_told_before_any_request(url: str) -> None:
    with pytest.raises(Unreachable, match="Check the address"):
        MiraklAdapter(channel(url), lambda: KEY)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(Unreachable) as caught:
        MiraklAdapter(channel("https://ana:hush@host"), lambda: KEY)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("key", ["two\nlines", "não-ascii", "\x1b[31m"])
async def test_a_key_that_no_request_can_carry_is_not_repeated(key: str) -> None:
    market = answers(threads())
    transport = httpx.MockTransport(market._react)
    async with MiraklAdapter(channel(), lambda: key, transport=transport) as adapter:
        with pytest.raises(SecretMissing) as caught:
            await adapter.check()
    assert key not in str(caught.value)
    assert market.requests == []


@pytest.mark.parametrize("rate", ["none", "0", "-1", "nan", "inf"])
def test_a_pace_that_is_none_is_a_setting_to_correct(rate: str) -> None:
    with pytest.raises(SettingsWrong, match="requests_per_second"):
        answers(200).adapter({"requests_per_second": rate})


async def test_requests_keep_the_pace_of_the_channel(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paces: list[tuple[float, float]] = []

    def note(most: float, period: float) -> Callable[[], None]:
        paces.append((most, period))
        return lambda: None

    monkeypatch.setattr(http, "AsyncLimiter", note)
    for rate in ("2.5", "0.1", ""):
        answers(200).adapter({"requests_per_second": rate})
    assert paces == [(2.5, 1.0), (1.0, 10.0), (10.0, 1.0)]


async def test_a_key_changed_on_disk_works_at_once() -> None:
    keys = iter(["old", "new"])
    market = answers(threads())
    transport = httpx.MockTransport(market._react)
    async with MiraklAdapter(channel(), lambda: next(keys), transport=transport) as adapter:
        await adapter.check()
        await adapter.check()
    assert [each.headers["Authorization"] for each in market.requests] == ["old", "new"]


async def test_the_marketplace_can_tell_who_asks() -> None:
    market = answers(threads())
    async with market.adapter({"shop_id": "2001"}) as adapter:
        await adapter.check()
        await anext(adapter.tickets(None))
    assert all(each.headers["User-Agent"].startswith("mkt-tui/") for each in market.requests)
    assert [query["shop_id"] for query in market.queries] == ["2001", "2001"]
