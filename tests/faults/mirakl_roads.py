"""The newer acts at Mirakl, one road each: how the marketplace is made ready, and what an agent does."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Final, TypeAlias

from mkt_tui.cache import returns
from mkt_tui.cache.order_records import OrderRecord, orders
from mkt_tui.cache.streams import Stream
from mkt_tui.desk import beginning, order_acts, parcelling, returning
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.operations import Operation
from mkt_tui.domain.order_operations import Parcel, Share
from mkt_tui.domain.orders import OrderDocument, OrderItem, OrderStatus, Shipment
from mkt_tui.domain.returns import ReturnLine, ReturnSnapshot, ReturnState, ReturnStep
from mkt_tui.sandbox.mirakl.returns import REJECTIONS
from mkt_tui.sandbox.mirakl.shipments import WAREHOUSES
from mkt_tui.sandbox.records import Document, Order, Package, Return
from tests.worlds import NOW, order, read_orders

Road: TypeAlias = Callable[[Desk, Order], Operation]

_DOCUMENTS: Final = count(900_000)
_STATES: Final = {
    ReturnState.WAITING: "WAITING_ACCEPTANCE",
    ReturnState.COMING: "IN_PROGRESS",
    ReturnState.RECEIVED: "RECEIVED",
}


def known(desk: Desk, there: Order) -> OrderRecord:
    """Return the order as the cache holds it; it is put there when it is not."""
    if not (found := orders(desk.database, there.id)):
        items = [
            OrderItem(f"{there.id}-{place}", "SKU", "Chaleira", line.quantity, 100, 100, 0, "")
            for place, line in enumerate(there.lines, 1)
        ]
        status = OrderStatus.TO_SHIP if there.state == "SHIPPING" else OrderStatus.SHIPPED
        told = order(there.id, site_number=there.id, status=status, items=tuple(items))
        read_orders(desk.database, desk.channel("Carrefour"), told)
        found = orders(desk.database, there.id)
    return found[0]


def _step(state: ReturnState, step: ReturnStep) -> Road:
    def act(desk: Desk, there: Order) -> Operation:
        code = f"r-{there.id}"
        lines = {f"{there.id}-1": 1}
        made = Return(code, "RMA", _STATES[state], "RETURN_OTHER", "", lines, NOW, NOW)
        there.returns[:] = [made]
        told = ReturnSnapshot(code, there.id, state, _STATES[state], NOW, NOW)
        told = replace(told, lines=(ReturnLine(f"{there.id}-1", 1),))
        page = Stream(desk.channel("Carrefour").id, "returns", "c", complete=True)
        returns.write(desk.database, page, [told])
        record = known(desk, there)
        [which] = returning.of_order(desk, record)
        found = returning.findings(which, ()) if step is ReturnStep.JUDGE else ()
        reason = REJECTIONS[0] if step is ReturnStep.REFUSE else None
        return returning.handle(desk, record, which, step, reason=reason, findings=found)

    return act


def _prepared(there: Order) -> Package:
    tracking: dict[str, object] = {"carrier_name": "BRT", "tracking_number": "0"}
    made = Package(f"s-{there.id}", {f"{there.id}-1": 1}, tracking, NOW, NOW)
    there.packages[:] = [made]
    return made


def _track(desk: Desk, there: Order) -> Operation:
    made = _prepared(there)
    parcel = Parcel("BRT", f"156{there.id}")
    return order_acts.track(desk, known(desk, there), parcel, made.id)


def _send(desk: Desk, there: Order) -> Operation:
    prepared = Shipment(_prepared(there).id, "SHIPPING", sent=False, number="0")
    return parcelling.send(desk, known(desk, there), [prepared])


def _several(desk: Desk, there: Order) -> Operation:
    there.packages.clear()
    one = Parcel("BRT", f"157{there.id}", shares=(Share(f"{there.id}-1", 1),))
    return order_acts.ship(desk, known(desk, there), one)


def _prepare(desk: Desk, there: Order) -> Operation:
    there.packages.clear()
    one = Parcel("BRT", f"158{there.id}", shares=(Share(f"{there.id}-1", 1),))
    return parcelling.prepare(desk, known(desk, there), [one], ())


def _change(desk: Desk, there: Order, *, deletes: bool) -> Operation:
    prepared = Shipment(_prepared(there).id, "SHIPPING", sent=False, number="0")
    if deletes:
        return parcelling.delete(desk, known(desk, there), prepared)
    return parcelling.move(desk, known(desk, there), prepared, WAREHOUSES[0])


def _write(desk: Desk, there: Order) -> Operation:
    prepared = beginning.with_marketplace(desk, desk.channel("Carrefour"))
    return beginning.written(prepared, "Oferta", f"A oferta {there.id} sumiu.")


def _delete(desk: Desk, there: Order) -> Operation:
    number = next(_DOCUMENTS)
    there.documents[:] = [Document(number, "nota.pdf", "CUSTOMER_INVOICE", b"%PDF", NOW)]
    held = OrderDocument(str(number), "nota.pdf", "CUSTOMER_INVOICE", 4, NOW)
    return order_acts.delete_document(desk, known(desk, there), held)


ROADS: Final[dict[str, Road]] = {
    "RT21 accept": _step(ReturnState.WAITING, ReturnStep.ACCEPT),
    "RT21 refuse": _step(ReturnState.WAITING, ReturnStep.REFUSE),
    "RT25": _step(ReturnState.COMING, ReturnStep.RECEIVE),
    "RT26": _step(ReturnState.RECEIVED, ReturnStep.JUDGE),
    "RT27": _step(ReturnState.RECEIVED, ReturnStep.CLOSE),
    "ST01": _several,
    "ST01 prepared": _prepare,
    "ST06": partial(_change, deletes=True),
    "ST07": partial(_change, deletes=False),
    "ST23": _track,
    "ST24": _send,
    "M14": _write,
    "OR76": _delete,
}
