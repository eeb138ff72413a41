"""Returns, from the adapter to the practice marketplace, by the letter of the contract."""

import json
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from mkt_tui.adapters import acts
from mkt_tui.adapters.fields import Misread
from mkt_tui.adapters.mirakl import MiraklAdapter
from mkt_tui.adapters.mirakl.returns import read_return
from mkt_tui.domain.errors import NotAllowed, Refused
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.order_operations import Finding, HandleReturn
from mkt_tui.domain.returns import ReturnSnapshot, ReturnState, ReturnStep
from mkt_tui.sandbox.invention import invent
from mkt_tui.sandbox.records import Order, Return
from mkt_tui.sandbox.server import create_app
from tests.contract.held import Held
from tests.contract.openapi import shared_dir
from tests.contract.test_mirakl_acts import Market
from tests.sandbox.conftest import NOW, Clock

DAMAGED = "RETURN_NON_COMPLIANT_DAMAGED_PRODUCT"


@pytest.fixture
def market() -> Market:
    world = replace(invent(150, 11, NOW), clock=Clock())
    return Market(world.shops[0], Held(httpx.ASGITransport(app=create_app(world))))


def returned(market: Market, state: str) -> tuple[Order, Return]:
    """Return the only return of the shop, in that state, of an order of two lines."""
    order = market.order("RECEIVED", "CLOSED", "SHIPPED")
    for each in market.shop.orders.values():
        each.returns.clear()
    lines = {f"{order.id}-1": 1, f"{order.id}-2": 2}
    made = Return("r1", "RMA-1", state, "RETURN_DEFECTIVE_ITEM", "Não liga.", lines, NOW, NOW)
    order.returns.append(made)
    return order, made


def wanted(order: Order, step: ReturnStep, **told: object) -> HandleReturn:
    return replace(HandleReturn("op", order.id, "r1", step, NOW), **told)  # type: ignore[arg-type]


async def read(adapter: MiraklAdapter, cursor: str | None = None) -> list[ReturnSnapshot]:
    return [each async for page in adapter.returns(cursor) for each in page.items]


async def test_every_return_arrives_page_by_page_and_then_only_what_moved(market: Market) -> None:
    held = [each for order in market.shop.orders.values() for each in order.returns]
    order, made = returned(market, "WAITING_ACCEPTANCE")
    order.returns += [replace(each, id=f"{each.id}-{n}") for n in range(60) for each in held[:3]]
    assert len(order.returns) > 100
    async with market.adapter(shop_id="2001") as adapter:
        pages = [page async for page in adapter.returns(None)]
        found = {each.code: each for page in pages for each in page.items}
        assert found.keys() == {each.id for each in order.returns}
        assert [page.complete for page in pages] == [False, True]
        made.state, made.updated = "IN_PROGRESS", NOW + timedelta(hours=2)
        again = await read(adapter, pages[-1].cursor)
    assert [each.state for each in again if each.code == "r1"] == [ReturnState.COMING]
    assert len(again) < len(found)
    told = found["r1"]
    assert (told.order_number, told.rma, told.state) == (order.id, "RMA-1", ReturnState.WAITING)
    assert (told.reason, told.description) == ("RETURN_DEFECTIVE_ITEM", "Não liga.")
    assert [(each.quantity, each.compliant) for each in told.lines] == [(1, None), (2, None)]
    assert set(market.held.seen) == {"RT11"}


async def test_what_may_be_sent_back_is_looked_up_line_by_line(market: Market) -> None:
    order, made = returned(market, "IN_PROGRESS")
    order.received = NOW - timedelta(days=3)
    lines = [f"{order.id}-{place}" for place in range(1, len(order.lines) + 1)]
    made.lines = {lines[0]: order.lines[0].left}
    other = market.order("SHIPPING")
    async with market.adapter(shop_id="2001") as adapter:
        found = {each.line: each for each in await adapter.returnable(lines)}
        [never] = await adapter.returnable([f"{other.id}-1"])
    assert found.keys() == set(lines)
    assert found[lines[0]].quantity == 0
    assert (never.quantity, never.window, never.methods, never.reasons) == (0, None, (), ())
    made.state = "REFUSED"
    async with market.adapter() as adapter:
        [again] = await adapter.returnable(lines[:1])
    assert (again.quantity, again.window) == (order.lines[0].left, 30)
    assert again.methods[0] == "RETURN_METHOD_BY_MAIL"
    assert set(market.held.seen) == {"RT12"}


async def test_a_token_that_has_expired_begins_the_list_again(market: Market) -> None:
    returned(market, "RECEIVED")
    async with market.adapter() as adapter:
        (page,) = [page async for page in adapter.returns('{"token": "gone", "pages": 1}')]
    assert [each.code for each in page.items] == ["r1"]


STEPS = [
    (ReturnStep.ACCEPT, "WAITING_ACCEPTANCE", "IN_PROGRESS", "RT21"),
    (ReturnStep.REFUSE, "WAITING_ACCEPTANCE", "REFUSED", "RT21"),
    (ReturnStep.RECEIVE, "IN_PROGRESS", "RECEIVED", "RT25"),
    (ReturnStep.CLOSE, "RECEIVED", "CLOSED", "RT27"),
]


@pytest.mark.parametrize(("step", "before", "after", "operation"), STEPS)
async def test_a_step_is_taken_once_and_a_doubt_is_settled_by_the_state(
    market: Market, step: ReturnStep, before: str, after: str, operation: str
) -> None:
    order, made = returned(market, before)
    reason = "RETURN_REJECTION_WINDOW_CLOSED" if step is ReturnStep.REFUSE else None
    act = wanted(order, step, reason=reason)
    async with market.adapter() as adapter:
        assert await acts.look_for(adapter, act) is None
        assert await acts.carry_out(adapter, act) == Delivery("r1")
        assert await acts.look_for(adapter, act) == Delivery("r1")
        with pytest.raises(Refused, match="invalid state"):
            await acts.carry_out(adapter, act)
    assert (made.state, made.rejection) == (after, reason)
    assert market.held.seen == ["RT11", operation, "RT11", operation]


async def test_items_are_judged_line_by_line(market: Market) -> None:
    order, made = returned(market, "RECEIVED")
    findings = (
        Finding(f"{order.id}-1", compliant=True),
        Finding(f"{order.id}-2", compliant=False, reason=DAMAGED, note="Riscado."),
    )
    act = wanted(order, ReturnStep.JUDGE, findings=findings)
    async with market.adapter() as adapter:
        with pytest.raises(Refused, match="has not been specified"):
            await adapter.handle_return(replace(act, findings=findings[:1]))
        assert await acts.look_for(adapter, act) is None
        await adapter.handle_return(act)
        assert await acts.look_for(adapter, act) == Delivery("r1")
        (told,) = await read(adapter)
    assert [(each.compliant, each.finding, each.note) for each in told.lines] == [
        (True, None, None),
        (False, DAMAGED, "Riscado."),
    ]
    assert made.compliance[f"{order.id}-2"].reason == DAMAGED


async def test_a_return_that_is_not_told_of_any_more_is_a_persons(market: Market) -> None:
    order, _made = returned(market, "RECEIVED")
    order.returns.clear()
    async with market.adapter() as adapter:
        with pytest.raises(NotAllowed):
            await acts.look_for(adapter, wanted(order, ReturnStep.CLOSE))
        with pytest.raises(Refused, match="does not exist"):
            await adapter.handle_return(wanted(order, ReturnStep.CLOSE))


def test_the_documents_own_example_is_read() -> None:
    path = shared_dir() / "contracts" / "mirakl" / "examples" / "RT11.response200.0.json"
    first, second = (read_return(each) for each in json.loads(path.read_text())["body"]["data"])
    assert (first.state, first.carrier, first.lines[0].compliant) == (
        *(ReturnState.WAITING, "UPS"),
        False,
    )
    assert (second.state, second.refusal) == (ReturnState.REFUSED, "RETURN_REJECTION_NOT_ELIGIBLE")


def test_a_new_word_is_kept_and_a_return_without_an_order_is_none() -> None:
    row = {"id": "r9", "order_id": "o", "state": "LOST", "last_updated": "2026-01-01T00:00:00Z"}
    assert read_return(row).state is ReturnState.OTHER
    assert read_return(row).marketplace_state == "LOST"
    with pytest.raises(Misread, match="order_id"):
        read_return(row | {"order_id": None})
