"""The case behind a protocol: whose words, the order's state, its protocols and its instances."""

from dataclasses import replace

import pytest
from textual.widgets import Static

from mkt_tui.app import DeskApp
from mkt_tui.desk import importing, search
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.tickets import Role
from tests.desk.test_portals import portal
from tests.screens.settling import settle
from tests.worlds import channel, message, order, read, read_orders, ticket

QUEUES = {"A-1": "atendimento", "B-1": "troca"}


async def beside(desk: Desk, *keys: str, part: str = "sheet") -> list[str]:
    """Open the first ticket and return what a part of the screen says after each key."""
    told = []
    async with DeskApp(desk).run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)
            told.append(str(pilot.app.screen.query_one(f"#{part}", Static).content))
    return told


@pytest.mark.parametrize("there", [("A-1",), ("B-1",), ("A-1", "B-1")])
async def test_both_queues_of_a_portal_are_told_apart(desk: Desk, there: tuple[str, ...]) -> None:
    """A protocol may be in one of Ricardo Eletro's queues, in the other or in both (T46)."""
    shop = portal(desk, "Ricardo Eletro")
    for code in there:
        importing.enter(desk, shop, {"code": code, "order": "778811", "kind": QUEUES[code]})
    found = search.find(desk, "\t778811 \x00\r\n")
    assert sorted(each.ticket.code for each in found.hits if each.ticket) == sorted(there)
    (told,) = await beside(desk, "t")
    protocols, instances = told.split("Instances of this order")
    instances = instances.partition("Tickets under")[0]
    assert ("A-1" in protocols, "B-1" in instances) == ("A-1" in there, "B-1" in there)
    assert ("None." in protocols, "None." in instances) == ("A-1" not in there, "B-1" not in there)


async def test_other_protocols_are_told_before_the_guide(desk: Desk) -> None:
    shop = portal(desk, "Ricardo Eletro")
    for code, kind in QUEUES.items():
        importing.enter(desk, shop, {"code": code, "order": "778811", "kind": kind})
    (told,) = await beside(desk, "i")
    assert told.startswith("1 other protocol of this order\nRicardo Eletro portal")


async def test_an_order_that_no_queue_has_is_found_nowhere(desk: Desk) -> None:
    importing.enter(desk, portal(desk, "Ricardo Eletro"), {"code": "X", "order": "1"})
    assert search.find(desk, "778811").hits == ()


async def test_the_case_tells_the_orders_state_and_as_of_when(desk: Desk) -> None:
    shop = channel(desk.database)
    read(desk.database, shop, ticket("c-1"), ticket("c-2", None))
    read_orders(desk.database, shop, order())
    (told,) = await beside(desk, "t")
    assert "SHIPPED, as of 3/" in told
    assert "c-1" in told
    assert "c-2" in told


async def test_each_side_is_read_alone(desk: Desk) -> None:
    """The customer's words, then the marketplace's, then ours (T36)."""
    words = {Role.CUSTOMER: "Cadê?", Role.OPERATOR: "Responda.", Role.SHOP: "Chega hoje."}
    thread = [
        replace(message(f"m{number}", body, hours=9 - number), author=side)
        for number, (side, body) in enumerate(words.items())
    ]
    read(desk.database, channel(desk.database), ticket(messages=tuple(thread)))
    *alone, together = await beside(desk, *"vvvv", part="messages")
    assert [[each for each in words if words[each] in told] for told in alone] == [
        [each] for each in words
    ]
    assert all(body in together for body in words.values())
