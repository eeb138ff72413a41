"""Keys, rates, compression and addresses of the practice marketplace."""

from dataclasses import replace

import pytest

from mkt_tui.sandbox.world import World
from tests.sandbox.conftest import Marketplace, connect


@pytest.mark.parametrize("path", ["inbox/threads", "inbox/threads/unknown", "orders"])
async def test_nothing_is_told_without_the_bare_key_of_the_shop(
    market: Marketplace, path: str
) -> None:
    own = market.shop.identity.api_key
    for key in ("nonsense", f"Bearer {own}", market.world.shops[1].identity.api_key):
        market.key = key
        answer = await market.get(path)
        assert (answer.status_code, answer.json()) == (
            401,
            {"status": 401, "message": "Unauthorized"},
        )


async def test_a_missing_or_strange_header_is_a_401_too(market: Marketplace) -> None:
    missing = await market.http.get("/carrefour/api/orders")
    strange = await market.http.get(
        "/carrefour/api/orders", headers=[(b"Authorization", b"\xe7\xff")]
    )
    assert (missing.status_code, strange.status_code) == (401, 401)


async def test_too_many_requests_are_429_without_a_hint(world: World) -> None:
    market = connect(replace(world, rate_limit=2))

    answers = [await market.get("orders", max=1) for _ in range(3)]

    assert [each.status_code for each in answers] == [200, 200, 429]
    assert answers[2].json() == {"status": 429, "message": "Too many requests"}
    assert "Retry-After" not in answers[2].headers
    market.shop = world.shops[1]
    assert (await market.get("orders", max=1)).status_code == 200, "each shop has its own limit"


async def test_big_answers_are_compressed_for_those_who_can_read_them(market: Marketplace) -> None:
    assert (await market.get("orders")).headers["content-encoding"] == "gzip"
    market.http.headers["Accept-Encoding"] = "identity"
    assert "content-encoding" not in (await market.get("orders")).headers


async def test_unknown_addresses_answer_in_json(market: Marketplace) -> None:
    unknown = await market.get("riddles")
    wrong_method = await market.put("orders")
    no_shop = await market.http.post("/control/nobody/customer-message", json={})

    assert (unknown.status_code, unknown.json()["status"]) == (404, 404)
    assert (wrong_method.status_code, wrong_method.json()["status"]) == (405, 405)
    assert no_shop.status_code == 404


async def test_the_hidden_hand_refuses_what_a_customer_could_not_do(market: Marketplace) -> None:
    thread_id = next(iter(market.shop.threads))
    assert (await market.customer_writes("unknown", "Olá")).status_code == 404
    assert (await market.customer_writes(thread_id, "")).status_code == 400
