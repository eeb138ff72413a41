"""Mirakl M11 and M10: how a client reads its inbox."""

from datetime import timedelta
from itertools import chain

import pytest

from mkt_tui.sandbox.instants import to_json
from tests.sandbox.conftest import Marketplace


async def test_the_newest_update_comes_first_and_every_thread_once(market: Marketplace) -> None:
    pages = await market.walk(limit=25)
    ids = [each for page in pages for each in page]

    assert [len(page) for page in pages] == [25, 25, 16]
    assert sorted(ids) == sorted(market.shop.threads)
    dates = [market.shop.threads[each].updated for each in ids]
    assert dates == sorted(dates, reverse=True)


async def test_fifty_threads_come_without_a_limit_and_no_token_points_past_the_ends(
    market: Marketplace,
) -> None:
    first = (await market.get("inbox/threads")).json()
    assert len(first["data"]) == 50
    assert "previous_page_token" not in first

    last = (await market.get("inbox/threads", page_token=first["next_page_token"])).json()
    assert len(last["data"]) == 16
    assert "next_page_token" not in last

    back = (await market.get("inbox/threads", page_token=last["previous_page_token"])).json()
    assert back["data"] == first["data"]
    assert "previous_page_token" not in back
    assert back["next_page_token"]


async def test_a_thread_that_moves_between_two_pages_hides_no_other(market: Marketplace) -> None:
    """A customer writes while a client pages: the second page goes on where the first ended."""
    before = [each for page in await market.walk(limit=20) for each in page]
    first = (await market.get("inbox/threads", limit=20)).json()
    moved = [before[3], before[20]]
    for each in moved:
        assert (await market.customer_writes(each, "E agora?")).status_code == 201

    second = (await market.get("inbox/threads", page_token=first["next_page_token"])).json()

    assert [each["id"] for each in second["data"]] == before[21:41]
    newest = (await market.get("inbox/threads", limit=2)).json()["data"]
    assert [each["id"] for each in newest] == moved[::-1]


async def test_a_token_survives_the_thread_it_was_made_from(market: Marketplace) -> None:
    first = (await market.get("inbox/threads", limit=10)).json()
    last = first["data"][-1]["id"]
    await market.customer_writes(last, "Mais uma coisa")

    second = (await market.get("inbox/threads", page_token=first["next_page_token"])).json()

    shown = {each["id"] for each in first["data"]}
    assert len(second["data"]) == 10
    assert not shown & {each["id"] for each in second["data"]}


async def test_updated_since_includes_the_instant_itself(market: Marketplace) -> None:
    ids = (await market.walk(limit=100))[0]
    tenth = market.shop.threads[ids[9]].updated

    at = await market.walk(updated_since=to_json(tenth))
    after = await market.walk(updated_since=to_json(tenth + timedelta(milliseconds=1)))
    paged = await market.walk(updated_since=to_json(tenth), limit=4)

    assert at == [ids[:10]]
    assert after == [ids[:9]]
    assert paged == [ids[:4], ids[4:8], ids[8:10]]


async def test_threads_of_some_orders_only(market: Marketplace) -> None:
    threads = list(market.shop.threads.values())[:3]
    wanted = ",".join(each.order.id for each in threads)

    found = await market.walk(entity_type="MMP_ORDER", entity_id=wanted, limit=2)

    assert sorted(chain(*found)) == sorted(each.id for each in threads)
    assert await market.walk(entity_type="MMP_OFFER") == [[]]
    assert await market.walk(entity_type="MMP_ORDER", entity_id="no-such-order") == [[]]


async def test_messages_come_only_when_asked_for_and_at_most_a_hundred(market: Marketplace) -> None:
    thread_id = (await market.walk())[0][0]
    for number in range(101):
        await market.customer_writes(thread_id, f"mensagem {number}")
    count = len(market.shop.threads[thread_id].messages)

    bare = (await market.get("inbox/threads", limit=1)).json()
    full = (await market.get("inbox/threads", limit=1, with_messages="true")).json()
    following = (await market.get("inbox/threads", page_token=full["next_page_token"])).json()

    assert "messages" not in bare["data"][0]
    assert len(full["data"][0]["messages"]) == 100
    assert full["data"][0]["messages"][-1]["body"] == "mensagem 100"
    assert full["data"][0]["metadata"]["total_count"] == count
    assert following["data"][0]["messages"], "the token carries with_messages"
    assert len((await market.thread(thread_id))["messages"]) == count


@pytest.mark.parametrize(
    "params",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "many"},
        {"limit": "9" * 5000},
        {"limit": "²"},
        {"updated_since": "yesterday"},
        {"updated_since": "2026-03-10"},
        {"updated_since": "2026-03-10T15:00:00"},
        {"updated_since": "2026-02-30T15:00:00Z"},
        {"with_messages": "yes"},
        {"entity_id": "1-A"},
        {"entity_type": "ORDER"},
        {"page_token": "nonsense"},
        {"page_token": "ção"},
        {"page_token": ""},
        {"shop_id": "1"},
    ],
)
async def test_parameters_that_make_no_sense_are_refused(
    market: Marketplace, params: dict[str, str]
) -> None:
    answer = await market.get("inbox/threads", **params)

    assert answer.status_code == 400
    assert answer.json()["status"] == 400
    assert next(iter(params)) in answer.json()["message"]


async def test_a_token_counts_only_for_its_own_shop_and_filters(market: Marketplace) -> None:
    token = (await market.get("inbox/threads", limit=5)).json()["next_page_token"]
    other = market.world.shops[1].identity
    elsewhere = await market.http.get(
        f"/{other.slug}/api/inbox/threads",
        params={"page_token": token},
        headers={"Authorization": other.api_key},
    )
    changed = await market.get("inbox/threads", page_token=token, entity_type="MMP_ORDER")
    forged = await market.get("inbox/threads", page_token=f"AAAA{token[4:]}")

    assert {elsewhere.status_code, changed.status_code, forged.status_code} == {400}


async def test_an_unknown_thread_is_not_found(market: Marketplace) -> None:
    answer = await market.get("inbox/threads/00000000-0000-4000-8000-000000000001")

    assert (answer.status_code, answer.json()) == (
        404,
        {"status": 404, "message": "Thread not found"},
    )
