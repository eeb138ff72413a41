"""What adapter and practice hub say to each other, against the document and its examples."""

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mkt_tui.adapters.hub2b import Hub2bAdapter
from mkt_tui.adapters.hub2b.orders import read_order
from mkt_tui.adapters.testing import check_texts
from mkt_tui.adapters.testing.virtual_time import START
from mkt_tui.domain.order_operations import CancelOrder, TrackOrder
from mkt_tui.domain.orders import OrderStatus
from tests.adapters.test_hub2b import Hub2bPractice, first_in, play
from tests.adapters.test_hub2b_acts import PARCEL, document, shipping, to_ship
from tests.contract.documents import Checked, Document
from tests.contract.openapi import shared_dir

# "No time zone in the vendor example": the document calls them date-time all the same.
TIMES = frozenset(
    {
        *("createdDate", "updatedDate", "canceledDate", "shippingDate", "estimatedDeliveryDate"),
        *("paymentDate", "purchaseDate", "approvedDate", "issueDate"),
    }
)
DOCUMENT = Document(("hub2b", "hub2b.reconstructed.openapi.json"), "/hub2b", TIMES)


def example(name: str) -> Any:
    path = shared_dir() / "contracts" / "hub2b" / "examples" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_adapter_and_the_practice_keep_the_document(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    shared_dir()

    async def story(hub: Hub2bPractice) -> None:
        wire = Checked(hub.transport, DOCUMENT)
        async with Hub2bAdapter(hub.channel, hub.secret, transport=wire) as adapter:
            await adapter.check()
            cursor = [page async for page in adapter.orders(None)][-1].cursor
            shipping = first_in(hub, "SHIPPING")
            shipping.state, shipping.updated = "CANCELED", hub.world.clock()
            assert [page async for page in adapter.orders(cursor)][-1].complete
            assert await adapter.order(first_in(hub, "SHIPPED").id)
        assert wire.checked >= 7

    play(tmp_path, story)


def test_acts_are_sent_as_the_document_wants_them(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    shared_dir()

    async def story(hub: Hub2bPractice) -> None:
        wire = Checked(hub.transport, DOCUMENT)
        order = to_ship(hub)
        parcel = TrackOrder("op-track", order.id, PARCEL, START)
        async with Hub2bAdapter(hub.channel, hub.secret, transport=wire) as adapter:
            await adapter.upload_document(document(order))
            await adapter.track_order(parcel)
            assert await adapter.find_done(document(order))
            assert await adapter.find_done(parcel)
            order.state = "SHIPPING"
            await adapter.ship_order(shipping(order))
            await adapter.cancel_order(CancelOrder("op", order.id, (), None, START))
        assert order.state == "CANCELED"
        assert wire.checked >= 12

    play(tmp_path, story)


@pytest.mark.parametrize("name", ["order_detail", "orders_list"])
def test_the_documents_examples_are_read(name: str) -> None:
    content = example(name)
    row = content["response"][0] if "response" in content else content
    order = read_order(row, ZoneInfo("America/Sao_Paulo"))
    check_texts(order)
    assert (order.number, order.site_number) == ("2000999999999999", "2")
    assert order.status is OrderStatus.TO_SHIP
    assert order.finance.total == 7914
    assert str(order.created_at) == "2024-11-14 00:41:20+00:00"
    assert str(order.tracking.promised_until) == "2024-11-16 03:00:00+00:00"
