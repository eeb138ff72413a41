"""Threads of Mirakl are read page by page: every one, in as few requests as it takes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from mkt_tui.adapters.base import Page
from mkt_tui.adapters.mirakl import seeking
from mkt_tui.domain.errors import BadAnswer, Refused, Unavailable
from mkt_tui.domain.tickets import TicketSnapshot
from tests.adapters.marketplace import Marketplace, answers, message, thread, threads

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
REFUSED = httpx.Response(400, json={"status": 400, "message": "Parameter page_token is invalid"})


async def read(market: Marketplace, cursor: str | None = None) -> list[Page[TicketSnapshot]]:
    async with market.adapter() as adapter:
        return [page async for page in adapter.tickets(cursor)]


async def read_until_it_fails(
    market: Marketplace, cursor: str | None = None
) -> tuple[list[Page[TicketSnapshot]], Exception]:
    pages: list[Page[TicketSnapshot]] = []
    async with market.adapter() as adapter:
        try:
            async for page in adapter.tickets(cursor):
                pages += [page]
        except (BadAnswer, Refused, Unavailable) as error:
            return pages, error
    raise AssertionError("the read was expected to fail")


def codes(pages: list[Page[TicketSnapshot]]) -> list[str]:
    return [item.code for page in pages for item in page.items]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"id": None}, "id ?: id"),
        ({"id": "x" * 201}, ": id"),
        ({"date_created": None, "date_updated": None}, "id t-1: date_updated"),
        ({"date_updated": "yesterday"}, "id t-1: date_updated"),
        ({"date_updated": 1700000000}, "id t-1: date_updated"),
        ({"date_updated": "0001-01-01T00:00:00+14:00"}, "id t-1: date_updated"),
        ({"messages": [message(id=None)]}, "id t-1: id"),
        ({"messages": [message(date_created=None)]}, "id t-1: messages.date_created"),
        ({"messages": {"m-1": {}}}, "id t-1: messages"),
        ({"messages": [message(body=["x"])]}, "id t-1: body"),
        ({"metadata": "none"}, "id t-1: metadata"),
        ({"messages": [message(attachments=[{"id": "f", "size": 2**64}])]}, "id t-1: size"),
    ],
)
async def test_a_thread_that_cannot_be_read_is_named_and_earlier_pages_stay(
    changes: dict[str, Any], told: str
) -> None:
    market = answers(threads(thread(id="good"), token="2"), threads(thread(**changes)))
    pages, error = await read_until_it_fails(market)
    assert codes(pages) == ["good"]
    assert type(error) is BadAnswer
    assert told in str(error)


async def test_a_first_read_asks_for_everything_and_the_next_for_what_is_new() -> None:
    market = answers(
        threads(thread(id="b", date_updated="2026-03-10T12:00:00.1239Z"), token="p2"),
        threads(thread(id="a")),
        threads(thread(id="b")),
    )
    pages = await read(market)
    assert codes(pages) == ["b", "a"]
    assert [page.complete for page in pages] == [False, True]

    again = await read(market, pages[-1].cursor)
    assert [page.complete for page in again] == [True]
    first = {"with_messages": "true", "limit": "100"}
    assert market.queries == [
        first,
        {**first, "page_token": "p2"},
        {**first, "updated_since": "2026-03-10T12:00:00.123Z"},
    ]


async def test_an_empty_shop_is_read_in_one_request() -> None:
    market = answers(threads())
    [page] = await read(market)
    assert page.complete
    assert page.items == ()
    [again] = await read(market, page.cursor)
    assert again.complete
    assert len(market.requests) == 2


async def test_nothing_new_does_not_move_the_mark_back() -> None:
    [first] = await read(answers(threads(thread())))
    [second] = await read(answers(threads()), first.cursor)
    assert second.cursor == first.cursor


async def test_a_read_that_dies_half_way_goes_on_where_it_was() -> None:
    broken = answers(threads(thread(id="c"), token="p2"), 500)
    pages, error = await read_until_it_fails(broken)
    assert isinstance(error, Unavailable)

    market = answers(threads(thread(id="b"), token="p3"), threads(thread(id="a")))
    rest = await read(market, pages[-1].cursor)
    assert codes(pages) + codes(rest) == ["c", "b", "a"]
    assert [query["page_token"] for query in market.queries] == ["p2", "p3"]
    assert rest[-1].complete


async def test_a_token_that_expired_meanwhile_starts_the_read_again() -> None:
    [old] = await read(answers(threads(thread())))
    pages, _ = await read_until_it_fails(
        answers(threads(thread(id="c"), token="p2"), 500), old.cursor
    )
    market = answers(
        REFUSED, threads(thread(id="c"), token="p2"), threads(thread(id="b"), token=None)
    )
    rest = await read(market, pages[-1].cursor)
    assert codes(rest) == ["c", "b"]
    assert "page_token" not in market.queries[1]
    assert market.queries[1]["updated_since"] == market.queries[0]["updated_since"]


async def test_a_token_just_given_that_is_refused_is_an_error() -> None:
    pages, error = await read_until_it_fails(answers(threads(thread(), token="p2"), REFUSED))
    assert len(pages) == 1
    assert type(error) is Refused


async def test_a_damaged_cursor_reads_everything_anew() -> None:
    for cursor in ("", "{", "[]", "7", '"since"', '{"since":"x"}', '{"from":"the future"}'):
        market = answers(threads(thread()))
        assert codes(await read(market, cursor)) == ["t-1"]
        assert "updated_since" not in market.queries[0]


@pytest.mark.parametrize(
    "tokens",
    [("p2", "p2"), ("p2", "p3", "p2"), ("p2", "p3", "p4", "p3")],
)
async def test_pages_that_go_round_in_a_circle_end(tokens: tuple[str, ...]) -> None:
    market = answers(*(threads(thread(id=each), token=each) for each in tokens))
    pages, error = await read_until_it_fails(market)
    assert type(error) is BadAnswer
    assert "the same page comes again" in str(error)
    assert len(market.requests) == len(tokens)
    assert set(codes(pages)) == set(tokens)

    cured = answers(threads(thread(id="z")))
    assert codes(await read(cured, pages[-1].cursor)) == ["z"]
    assert "page_token" not in cured.queries[0]


async def test_a_circle_is_noticed_across_broken_reads() -> None:
    pages, _ = await read_until_it_fails(answers(threads(thread(), token="p2"), 500))
    rest, error = await read_until_it_fails(answers(threads(token="p2")), pages[-1].cursor)
    assert type(error) is BadAnswer
    assert len(rest) == 1


async def test_pages_without_end_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeking, "MOST_PAGES", 5)
    market = Marketplace(
        [lambda request: httpx.Response(200, json=threads(token=f"{len(market.requests)}"))]
    )
    pages, error = await read_until_it_fails(market)
    assert type(error) is BadAnswer
    assert len(pages) == 5


async def test_empty_pages_on_the_way_are_passed() -> None:
    market = answers(threads(token="p2"), threads(token="p3"), threads(thread()))
    assert codes(await read(market)) == ["t-1"]


def dated(page: dict[str, Any], at: datetime) -> httpx.Response:
    date = at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return httpx.Response(200, headers={"Date": date}, json=page)


async def test_what_changed_behind_a_long_read_is_asked_for_again() -> None:
    start = NOW + timedelta(minutes=5)
    late = thread(id="b", date_updated=(NOW + timedelta(minutes=7)).isoformat())
    market = answers(dated(threads(thread(id="a"), token="p2"), start), threads(late))
    pages = await read(market)
    market = answers(threads())
    await read(market, pages[-1].cursor)
    assert market.queries[0]["updated_since"] == "2026-03-10T12:04:00.000Z"


async def test_a_date_in_the_future_does_not_hide_what_comes_before_it() -> None:
    wrong = thread(date_updated="2099-01-01T00:00:00Z")
    [page] = await read(answers(dated(threads(wrong), NOW)))
    market = answers(threads())
    await read(market, page.cursor)
    assert market.queries[0]["updated_since"] == "2026-03-10T12:01:00.000Z"
