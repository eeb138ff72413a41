"""Returns of invented orders, drawn from the order's own number."""

import random
from datetime import datetime, timedelta
from uuid import UUID

from mkt_tui.sandbox.instants import whole_ms
from mkt_tui.sandbox.order_invention import tracking_number
from mkt_tui.sandbox.records import Order, Return

_SHARE = 0.2
_WORDS = {
    "RETURN_CHANGED_MIND": "Desisti da compra.",
    "RETURN_DEFECTIVE_ITEM": "Não liga, já testei em outra tomada.",
    "RETURN_DELIVERED_PRODUCT_DIFFERENT": "Veio de outra cor.",
    "RETURN_DAMAGED_PACKAGING": "A caixa chegou amassada e o produto riscado.",
}
_STATES = ("WAITING_ACCEPTANCE", "IN_PROGRESS", "RECEIVED", "NO_RECEPTION", "CLOSED", "REFUSED")
_WEIGHTS = (40, 20, 15, 5, 15, 5)


def invent_returns(order: Order, now: datetime) -> None:
    """Let the customers of some delivered orders send something back."""
    # Of the order's own number, so that nothing else of the world is drawn otherwise.
    dice = random.Random(f"return/{order.id}")  # noqa: S311 - repeatable on purpose
    if order.received is None or order.received > now or dice.random() > _SHARE:
        return
    created = whole_ms(order.received + (now - order.received) * dice.uniform(0.1, 0.8))
    state = dice.choices(_STATES, _WEIGHTS)[0]
    reason = dice.choice(list(_WORDS))
    place = dice.randrange(len(order.lines))
    line = order.lines[place]
    fresh = state == "WAITING_ACCEPTANCE"
    order.returns.append(
        Return(
            id=str(UUID(int=dice.getrandbits(128), version=4)),
            rma=f"RMA-{dice.randrange(10**6):06}",
            state=state,
            reason=reason,
            description=_WORDS[reason],
            lines={f"{order.id}-{place + 1}": dice.randint(1, max(line.left, 1))},
            created=created,
            updated=created if fresh else min(now, created + timedelta(hours=dice.uniform(1, 40))),
            rejection="RETURN_REJECTION_WINDOW_CLOSED" if state == "REFUSED" else None,
            tracking=None if fresh or state == "REFUSED" else tracking_number(dice),
        )
    )
