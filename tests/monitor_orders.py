"""Orders in every situation the monitor knows, around worlds.NOW."""

import random
from datetime import datetime, timedelta

from mkt_tui.domain.orders import Billing, Event, OrderSnapshot, OrderStatus, Tracking, Transport
from tests.worlds import NOW, order

_STATUSES = [each for each in OrderStatus if each is not OrderStatus.OTHER]


def invent(count: int, rng: random.Random) -> list[OrderSnapshot]:
    """Return orders whose instants lie in the weeks around NOW, in any sequence and with gaps."""
    return [_one(f"N{number}", rng) for number in range(count)]


def _one(number: str, rng: random.Random) -> OrderSnapshot:
    def around(chance: float, hours: int) -> datetime | None:
        if rng.random() > chance:
            return None
        return NOW + timedelta(seconds=rng.randrange(-hours, hours) * 3600 + rng.choice((0, 0, 1)))

    created = NOW - timedelta(hours=rng.randrange(1, 900))
    moves = [at for at in (around(0.5, 200), around(0.3, 100)) if at]
    return order(
        number,
        status=rng.choice(_STATUSES),
        created_at=created,
        updated_at=created,
        billing=Billing(paid_at=around(0.8, 600)),
        transport=Transport(ship_by=around(0.9, 120)),
        tracking=Tracking(
            promised_until=around(0.9, 120),
            shipped_at=around(0.6, 400),
            delivered_at=around(0.3, 300),
        ),
        history=tuple(Event(at, "moved") for at in moves),
    )
