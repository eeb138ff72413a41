"""What became of an order between its story and now: most leave and arrive in time, some do not.

Without it every order that once waited to be shipped would be late for ever, as in no shop.
"""

import random
from datetime import datetime, timedelta

from mkt_tui.sandbox.instants import whole_ms
from mkt_tui.sandbox.order_invention import hand_over
from mkt_tui.sandbox.records import Order

_IN_TIME = 0.85


def age(order: Order, now: datetime) -> None:
    """Let the order leave before its ship-by date, and arrive before the promised one, mostly."""
    # Of the order's own number, so that nothing else of the world is drawn otherwise.
    dice = random.Random(f"age/{order.id}")  # noqa: S311 - repeatable on purpose
    if order.state == "SHIPPING" and _is_over(order.shipment.ship_by, now):
        if dice.random() > _IN_TIME:
            return
        order.state, order.has_invoice = "SHIPPED", True
        order.shipped = _between(order.debited or order.created, order.shipment.ship_by, dice)
        order.updated = max(order.updated, order.shipped)
        hand_over(order.shipment, dice)
    if order.state == "SHIPPED" and _is_over(order.shipment.promised_until, now):
        if dice.random() > _IN_TIME:
            return
        order.state = "RECEIVED"
        begun = (order.shipped or order.created) + timedelta(hours=20)
        order.received = _between(begun, order.shipment.promised_until, dice)
        order.updated = max(order.updated, order.received)


def _is_over(deadline: datetime | None, now: datetime) -> bool:
    return deadline is not None and deadline < now


def _between(begun: datetime, end: datetime | None, dice: random.Random) -> datetime:
    room = max((end or begun) - begun, timedelta(minutes=5))
    return whole_ms(begun + room * dice.uniform(0.3, 0.95))
