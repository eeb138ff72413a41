"""The invented world: tickets and orders of the shops, the same for the same seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from operator import attrgetter

from mkt_tui.sandbox import papers
from mkt_tui.sandbox.ageing import age
from mkt_tui.sandbox.instants import whole_ms
from mkt_tui.sandbox.material import Goods, Phrases, Topic, read_goods, read_phrases
from mkt_tui.sandbox.order_invention import Wanted, invent_order
from mkt_tui.sandbox.people import invent_people
from mkt_tui.sandbox.records import Order, Person, Thread
from mkt_tui.sandbox.return_invention import invent_returns
from mkt_tui.sandbox.thread_invention import Storyteller
from mkt_tui.sandbox.world import TWO_SHOPS, Shop, ShopIdentity, World, identities

WAITING_SHARE = 0.6
OPERATOR_EVERY = 30
HTML_THREADS = 2

# How long customers have waited, in hours, and how often: most under two days, and a tenth or so
# within the last four hours of the 24, so that a queue shows every colour.
_WAITS = ((0.1, 8), (8, 12), (12, 20), (20, 24), (24, 48), (48, 144))
_WAIT_WEIGHTS = (26, 10, 20, 12, 18, 14)

_QUIET_STATES = {
    "WAITING_ACCEPTANCE": 8,
    "WAITING_DEBIT_PAYMENT": 5,
    "SHIPPING": 27,
    "SHIPPED": 28,
    "RECEIVED": 22,
    "CLOSED": 4,
    "CANCELED": 5,
    "REFUSED": 1,
}


def invent(tickets: int, seed: int, now: datetime, slugs: tuple[str, ...] = TWO_SHOPS) -> World:
    """Return a world of `tickets` threads and about half as many orders again, ending `now`."""
    shops = identities(seed, slugs)
    inventor = _Inventor(tickets, seed, whole_ms(now))
    asked = [shops[0]] * tickets if len(shops) == 1 else _shared(shops, tickets)
    sellers = tuple(each for each in shops if not each.publishes)
    inventor.tell([each for each in asked if not each.publishes])
    inventor.add_quiet_orders(sellers, tickets // 2)
    inventor.age_orders()
    inventor.number_orders()
    return World(tuple(inventor.shop(each, asked.count(each)) for each in shops))


def _shared(shops: tuple[ShopIdentity, ...], tickets: int) -> list[ShopIdentity]:
    """Return whose each ticket is: the first shop has some more than the others.

    Shops whose API has no inbox have none, where others have.
    """
    shops = tuple(each for each in shops if not each.is_silent) or shops
    share = tickets * 9 // (10 * len(shops))
    first = [shops[0]] * (tickets - share * (len(shops) - 1))
    return first + [each for each in shops[1:] for _ in range(share)]


@dataclass(frozen=True, slots=True)
class _Plan:
    """One ticket to tell: `at` is since when it waits, or when it was answered."""

    identity: ShopIdentity
    waiting: bool
    at: datetime


class _Inventor:
    """Draws everything from one seeded source, in a fixed sequence."""

    def __init__(self, tickets: int, seed: int, now: datetime) -> None:
        self._rng = random.Random(f"world/{seed}")  # noqa: S311 - repeatable on purpose
        self._now = now
        self._phrases: Phrases = read_phrases()
        self._goods: Goods = read_goods()
        # Fewer people than orders: some buy again. Bounded, for drawing names is what takes time.
        self._people: list[Person] = invent_people(min(tickets + 20, 3000), self._rng)
        self._order_ids = self._fresh_order_ids(tickets * 2)
        self._orders: dict[str, list[Order]] = {}
        self._ageing: list[Order] = []
        self._threads: dict[str, list[Thread]] = {}
        self._protocols = count(1)
        self._waiting = 0

    def tell(self, shops: list[ShopIdentity]) -> None:
        """Invent one thread, with its order, for each entry of `shops`."""
        plans = self._plans(shops)
        html = {len(plans) * part // (HTML_THREADS + 1) for part in range(1, HTML_THREADS + 1)}
        for number, plan in enumerate(plans):
            self._tell_one(plan, html=number in html)

    def add_quiet_orders(self, shops: tuple[ShopIdentity, ...], count: int) -> None:
        """Invent orders that nobody wrote about."""
        states, weights = list(_QUIET_STATES), list(_QUIET_STATES.values())
        for number in range(count if shops else 0):
            moment = self._now - timedelta(hours=self._rng.uniform(0.05, 400))
            state = self._rng.choices(states, weights)[0]
            shop = shops[number % len(shops)]
            self._order(Wanted(self._order_id(shop), shop.slug, state, moment))

    def age_orders(self) -> None:
        """Let orders go on after their stories, which tell of them as they stood then."""
        for order in self._ageing:
            age(order, self._now)
        for order in (order for of_shop in self._orders.values() for order in of_shop):
            if order.has_invoice:
                order.documents.append(papers.invoice(order))

    def number_orders(self) -> None:
        """Give most orders a number of the seller's own system, rising with their age."""
        orders = [order for of_shop in self._orders.values() for order in of_shop]
        for number, order in enumerate(sorted(orders, key=attrgetter("created", "id")), 104_233):
            order.seller_reference = f"SP-{number}" if self._rng.random() > 0.1 else None

    def shop(self, identity: ShopIdentity, tickets: int) -> Shop:
        """Return one of the shops with everything invented for it."""
        slug = identity.slug
        if identity.contract == "mirakl":
            for order in self._orders.get(slug, []):
                invent_returns(order, self._now)
        return Shop(identity, self._orders.get(slug, []), self._threads.get(slug, []), tickets)

    def _plans(self, shops: list[ShopIdentity]) -> list[_Plan]:
        waiting = round(len(shops) * WAITING_SHARE)
        flags = [True] * waiting + [False] * (len(shops) - waiting)
        self._rng.shuffle(flags)
        plans = [
            _Plan(shop, flag, self._wait_start() if flag else self._answer_date())
            for shop, flag in zip(shops, flags, strict=True)
        ]
        if plans:
            plans[0] = _Plan(shops[0], waiting=True, at=self._now - timedelta(minutes=3))
        return plans

    def _wait_start(self) -> datetime:
        band = self._rng.choices(_WAITS, _WAIT_WEIGHTS)[0]
        return whole_ms(self._now - timedelta(hours=self._rng.uniform(*band)))

    def _answer_date(self) -> datetime:
        # The square leans towards the recent end of three weeks.
        return whole_ms(self._now - timedelta(hours=1 + 500 * self._rng.random() ** 2))

    def _tell_one(self, plan: _Plan, *, html: bool) -> None:
        topics = self._phrases.topics
        topic = self._rng.choices(topics, [each.weight for each in topics])[0]
        order = self._order_for(plan, topic)
        seed = self._rng.getrandbits(64)
        teller = Storyteller(plan.identity, self._phrases, topic, order, seed)
        thread = self._thread(teller, plan)
        if plan.identity.contract != "mirakl":
            thread.id = f"{thread.messages[0].sent:%Y%m%d}{next(self._protocols):06}"
        if html:
            teller.html(thread)
        self._threads.setdefault(plan.identity.slug, []).append(thread)

    def _thread(self, teller: Storyteller, plan: _Plan) -> Thread:
        if not plan.waiting:
            return teller.answered(plan.at)
        self._waiting += 1
        if self._waiting % OPERATOR_EVERY == OPERATOR_EVERY // 3:
            return teller.operator_only(plan.at)
        return teller.waiting(plan.at, self._now)

    def _order_for(self, plan: _Plan, topic: Topic) -> Order:
        # A day before the thread's date, everything known about the order has happened: even the
        # question of an answered thread then comes after it.
        moment = plan.at - timedelta(hours=24)
        return self._order(
            Wanted(
                id=self._order_id(plan.identity),
                shop=plan.identity.slug,
                state=self._rng.choice(topic.states),
                moment=moment,
                late=topic.late,
                electric=topic.electric,
                refund=topic.refund,
                incident=topic.incident,
            )
        )

    def _order(self, wanted: Wanted) -> Order:
        order = invent_order(wanted, self._rng.choice(self._people), self._goods, self._rng)
        if not wanted.late:
            self._ageing.append(order)
        self._orders.setdefault(wanted.shop, []).append(order)
        return order

    def _order_id(self, identity: ShopIdentity) -> str:
        """Return a new number; only Mirakl puts a letter behind it."""
        number = next(self._order_ids)
        return number if identity.contract == "mirakl" else f"{number[:-2]}01"

    def _fresh_order_ids(self, count: int) -> Iterator[str]:
        numbers = self._rng.sample(range(10**7, 10**8), count)
        return (f"{number}-{'B' if number % 12 == 0 else 'A'}" for number in numbers)
