"""Acts on orders as a state machine: two agents, a moody marketplace, processes that die, clocks that are set.

The marketplace does whatever it is asked, as often as it is asked: what it has done is the judge.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mkt_tui.adapters import registry
from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.desk import doubts, order_acts, replying, sheet
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed, Unavailable
from mkt_tui.domain.operations import Delivery, Operation
from mkt_tui.domain.order_operations import CancelOrder, Parcel, RefundOrder, ShipOrder
from mkt_tui.domain.orders import Finance, OrderItem, OrderSnapshot, OrderStatus, Refund
from mkt_tui.sync import outbox
from tests.conftest import Clock
from tests.sync.fakes import FakeAdapter
from tests.sync.model_replies import AGENTS, MOODS, TABLES, TROUBLE, UNDER_WAY, Killed
from tests.worlds import NOW, channel, order, read_orders

ORDERS = ("100-A", "100-A", "200-B")
PRICE, SHIPPING = 9990, 1000
_PARCELS = count(156_000_000_000_001)


@dataclass
class Warehouse:
    """The marketplace's truth: what it was made to do, by its own clock."""

    now: datetime = NOW
    done: list[Operation] = field(default_factory=list)

    def times(self, operation: str) -> int:
        """How often it was made to do this."""
        return sum(each.operation == operation for each in self.done)

    def paid_back(self, number: str) -> int:
        """The money that went back to the customer."""
        return sum(
            each.total
            for each in self.done
            if isinstance(each, RefundOrder) and each.order_number == number
        )

    def order(self, number: str) -> OrderSnapshot:
        """Return the order as the marketplace shows it."""
        acts = [each for each in self.done if getattr(each, "order_number", None) == number]
        status = OrderStatus.TO_SHIP
        if any(isinstance(each, ShipOrder) for each in acts):
            status = OrderStatus.SHIPPED
        if any(isinstance(each, CancelOrder) for each in acts):
            status = OrderStatus.CANCELLED
        refunds = tuple(
            Refund(line.amount + line.shipping, line=line.line)
            for each in acts
            if isinstance(each, RefundOrder)
            for line in each.lines
        )
        money = Finance(
            PRICE, SHIPPING, PRICE + SHIPPING, refunded=self.paid_back(number), refunds=refunds
        )
        item = OrderItem("1", "SKU1", "Chaleira", 1, PRICE, PRICE, SHIPPING, status.upper())
        return order(number, status=status, updated_at=self.now, items=(item,), finance=money)


class Moody(FakeAdapter):
    """Speaks to the warehouse; `moods` say what becomes of the next acts."""

    def __init__(self, warehouse: Warehouse, channel: Channel, moods: Sequence[str]) -> None:
        super().__init__(channel, str)
        self.warehouse = warehouse
        self.moods = list(moods)

    async def ship_order(self, wanted: ShipOrder) -> Delivery:
        return self._do(wanted)

    async def cancel_order(self, wanted: CancelOrder) -> Delivery:
        return self._do(wanted)

    async def refund_order(self, wanted: RefundOrder) -> Delivery:
        return self._do(wanted)

    def _do(self, wanted: Operation) -> Delivery:
        mood = self.moods.pop(0) if self.moods else "takes it"
        if mood.startswith("takes it"):
            self.warehouse.now += timedelta(seconds=1)
            self.warehouse.done.append(wanted)
        if mood.endswith("dies"):
            raise Killed
        if mood != "takes it":
            raise TROUBLE[mood]
        return Delivery("")

    async def find_done(self, wanted: Operation) -> Delivery | None:
        if self.moods and self.moods[-1] == "is blind":
            raise Unavailable(channel="c", status=503)
        return Delivery("") if self.warehouse.times(wanted.operation) else None


class ActDays(RuleBasedStateMachine):
    """What may happen."""

    desk: ClassVar[Desk]

    @initialize()
    def begin(self) -> None:
        """An empty cache, two orders that are to be shipped."""
        for table in ("sales_order", *TABLES):
            self.desk.database.execute(f"DELETE FROM {table}")
        self.clock, self.warehouse = Clock(NOW), Warehouse()
        self.channel = channel(self.desk.database)
        for number in sorted(set(ORDERS)):
            self.read_again(number)

    def desk_of(self, agent: str) -> Desk:
        """Return an agent's desk."""
        return replace(self.desk, agent=agent, clock=self.clock)

    def record(self, number: str) -> OrderRecord:
        """Return the order as the desk knows it."""
        return sheet.find(self.desk_of("ana"), number)

    @rule(agent=st.sampled_from(AGENTS), number=st.sampled_from(ORDERS))
    def ship(self, agent: str, number: str) -> None:
        """An agent declares it shipped, even when somebody has acted on it before."""
        desk, record = self.desk_of(agent), self.record(number)
        self._perform(
            desk, record, order_acts.ship(desk, record, Parcel("BRT", str(next(_PARCELS))))
        )

    @rule(agent=st.sampled_from(AGENTS), number=st.sampled_from(ORDERS))
    def cancel(self, agent: str, number: str) -> None:
        """An agent cancels it."""
        desk, record = self.desk_of(agent), self.record(number)
        self._perform(desk, record, order_acts.cancel(desk, record, None))

    @rule(
        agent=st.sampled_from(AGENTS),
        number=st.sampled_from(ORDERS),
        typed=st.sampled_from(["", "", "1=60", "1=109.90"]),
    )
    def refund(self, agent: str, number: str, typed: str) -> None:
        """An agent pays back what is left, or a part of it."""
        desk, record = self.desk_of(agent), self.record(number)
        try:
            act = order_acts.refund(desk, record, None, typed)
        except NotAllowed:
            return
        self._perform(desk, record, act)

    def _perform(self, desk: Desk, record: OrderRecord, act: Operation) -> None:
        try:
            order_acts.perform(desk, record, act, again=True)
        except NotAllowed:
            return

    @rule(agent=st.sampled_from(AGENTS))
    def take_back(self, agent: str) -> None:
        """An agent takes the newest act back, while it has not left."""
        recalled = replying.recall(self.desk_of(agent))
        if recalled:
            assert self.warehouse.times(recalled.operation) == 0

    @rule(moods=st.lists(st.sampled_from(MOODS), min_size=1, max_size=3))
    def deliver(self, moods: list[str]) -> None:
        """A process carries out what is due, and may die at it."""
        adapter = Moody(self.warehouse, self.channel, moods)
        work = outbox.Outbox(self.desk.database, self.clock, "worker")
        try:
            asyncio.run(work.deliver(self.channel, adapter))
        except Killed:
            return

    @rule(number=st.sampled_from(ORDERS))
    def read_again(self, number: str) -> None:
        """The order is read from the marketplace."""
        read_orders(self.desk.database, self.channel, self.warehouse.order(number))

    @rule(seconds=st.sampled_from([10, 70, 700]))
    def time_passes(self, seconds: int) -> None:
        """For the desk and for the marketplace."""
        self.clock.go(seconds=seconds)
        self.warehouse.now += timedelta(seconds=seconds)

    @rule(hours=st.sampled_from([-24, -1, 1, 24]))
    def the_desk_clock_is_set(self, hours: int) -> None:
        """By somebody, or by the network."""
        self.clock.go(hours=hours)

    @rule(agent=st.sampled_from(AGENTS), again=st.booleans())
    def a_person_settles(self, agent: str, again: bool) -> None:
        """An agent looks at the marketplace for what is refused or in doubt, and decides."""
        desk = self.desk_of(agent)
        doubt = doubts.first(desk)
        if doubt is None:
            return
        if doubt.refused is None and self.warehouse.times(doubt.place.operation):
            doubts.it_arrived(desk, doubt)
        elif again:
            try:
                doubts.send_again(desk, doubt)
            except NotAllowed:
                return
        else:
            doubts.give_up(desk, doubt)

    @invariant()
    def nothing_is_done_twice_or_believed_wrongly(self) -> None:
        """What was carried out is sent or may be, once; what is not on its way was not."""
        for operation, state in self._operations():
            times = self.warehouse.times(operation)
            allowed = {"sent": {1}, "sending": {0, 1}, "unknown": {0, 1}}.get(state, {0})
            assert times in allowed, (operation, state, times)

    @invariant()
    def one_act_at_a_time(self) -> None:
        """For an order."""
        rows = self.desk.database.rows(
            f"SELECT order_number FROM operation WHERE state IN {UNDER_WAY}"
        )
        assert all(times == 1 for times in Counter(rows).values()), rows

    @invariant()
    def no_money_is_paid_back_twice(self) -> None:
        """Of no order more than it cost."""
        for number in set(ORDERS):
            assert self.warehouse.paid_back(number) <= PRICE + SHIPPING

    def _operations(self) -> list[tuple[str, str]]:
        return [
            (row[0], row[1]) for row in self.desk.database.rows("SELECT id, state FROM operation")
        ]

    def teardown(self) -> None:
        """In the end the marketplace is polite again, and everything comes to rest."""
        if not hasattr(self, "warehouse"):
            return
        for _round in range(6):
            self.time_passes(1900)
            self.deliver([])
        assert {state for _id, state in self._operations()} <= {"sent", "failed", "recalled"}
        self.nothing_is_done_twice_or_believed_wrongly()
        self.no_money_is_paid_back_twice()


def speaking(monkeypatch: object) -> None:
    """Let every desk take the channel's adapter for one that can do all this."""
    monkeypatch.setattr(registry, "load", lambda _name: Moody)  # type: ignore[attr-defined]
