"""What a publisher has: titles, tickets and sales, invented, the same for the same seed."""

import hashlib
import random
import tomllib
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from weakref import WeakKeyDictionary

from mkt_tui.sandbox import books
from mkt_tui.sandbox.bookwire.records import SYSTEM, Case, Delivery, File, Sale, Title
from mkt_tui.sandbox.instants import whole_ms
from mkt_tui.sandbox.records import CUSTOMER, OPERATOR, SHOP, Attachment, Message
from mkt_tui.sandbox.world import Shop, World

MANAGER = {"name": "Camila Duarte", "email": "camila.duarte@bookwire.example",
           "phone": "+55 11 4000-1234"}  # fmt: skip
REACHES = timedelta(seconds=1)
ACCEPTS = timedelta(seconds=3)
_RULE = "2026-{month:02}"
_WAITING_SHARE = 0.7
_PRE_SALE_SHARE = 0.2
_SALES_DAYS = 90
_known: "WeakKeyDictionary[Shop, Catalogue]" = WeakKeyDictionary()


def of(world: World, shop: Shop) -> "Catalogue":
    """Return what the publisher has; it is invented on the first question."""
    if shop not in _known:
        _known[shop] = Catalogue(shop, world.clock())
    return _known[shop]


class Catalogue:
    """One publisher: as many tickets as the shop was asked for."""

    def __init__(self, shop: Shop, now: datetime) -> None:
        self._rng = random.Random(f"publisher/{shop.identity.api_key}")  # noqa: S311 - repeatable
        self._words = _words()
        self._now = whole_ms(now)
        self.publisher = shop.identity.seller
        self.titles: dict[str, Title] = {}
        self.cases: dict[str, Case] = {}
        self.attachments: dict[str, Attachment] = {}
        count = shop.tickets
        for number in range(max(2, count * 2 // 3)):
            self._add_title(number)
        for number in range(count):
            self._add_case(number)

    def advance(self, now: datetime) -> None:
        """Let the shops go on with what is on its way to them."""
        for title in self.titles.values():
            for each in title.deliveries:
                if each.begun is not None:
                    self._move(title, each, now)

    def open_cases(self, title: Title) -> list[Case]:
        """Return the tickets of a title that are not closed."""
        return [
            each for each in self.cases.values() if each.title is title and each.status != "closed"
        ]

    def say(self, case: Case, text: str, now: datetime, sender: str = SYSTEM) -> None:
        """Let somebody write in a ticket."""
        names = {SYSTEM: "Bookwire OS", CUSTOMER: case.shop, OPERATOR: MANAGER["name"]}
        name = names.get(sender, self.publisher)
        number = len(case.messages) + 1
        message = Message(f"{case.id}-n{number}", sender, name, (OPERATOR,), text, now)
        case.messages.append(message)
        case.updated = now

    def take(self, title: Title, file: File, *, refused_by: str | None, now: datetime) -> File:
        """Take a file in; one that is there already goes only to the shops that lack it."""
        known = next((each for each in title.files if each.sha256 == file.sha256), None)
        wanting = [
            each
            for each in title.deliveries
            if each.state != "withdrawn" and (known is None or each.state == "rejected")
        ]
        if known is None:
            title.files.insert(0, file)
        if file.problem is None:
            for each in wanting:
                each.state, each.begun, each.updated, each.message = "queued", now, now, None
                each.refuses = each.shop == refused_by
        title.updated = now
        return known or file

    def sales(self) -> list[Sale]:
        """Return the lines of the last months, the same on every call."""
        rng = random.Random(f"sales/{self.publisher}/{len(self.titles)}")  # noqa: S311
        found = []
        for title in list(self.titles.values())[:60]:
            for number in range(rng.randrange(4, 18)):
                at = self._now - timedelta(days=rng.randrange(1, _SALES_DAYS), minutes=number)
                shop = rng.choice(self._words["shops"])
                units = rng.choice((1, 1, 2, 3, 5, 8, -1))
                found.append(
                    Sale(f"{title.isbn}-{number}", title.isbn, shop, units, units * 1745, at)
                )
        return sorted(found, key=lambda each: (each.at, each.id))

    def _move(self, title: Title, delivery: Delivery, now: datetime) -> None:
        assert delivery.begun is not None
        steps = [(delivery.begun + REACHES, "sent"), (delivery.begun + ACCEPTS, "live")]
        for at, state in steps:
            if now >= at and delivery.state != state and delivery.updated < at:
                delivery.state, delivery.updated = state, at
                title.updated = max(title.updated, at)
        if delivery.state == "live":
            delivery.begun = None
            if delivery.refuses:
                self._refuse(title, delivery)

    def _refuse(self, title: Title, delivery: Delivery) -> None:
        delivery.state, delivery.message = "rejected", "O arquivo ainda apresenta o problema."
        for case in self.open_cases(title):
            if case.shop == delivery.shop:
                case.status = "waiting_seller"
                self.say(case, f"{delivery.shop}: {delivery.message}", delivery.updated)

    def _add_title(self, number: int) -> None:
        rng, words = self._rng, self._words
        isbn = _isbn(f"97865{rng.randrange(10**7):07}")
        on_sale = self._now - timedelta(days=rng.randrange(20, 900))
        if rng.random() < _PRE_SALE_SHARE or number == 1:
            on_sale = self._now + timedelta(days=rng.randrange(3, 45))
        author = f"{rng.choice(words['names'])} {rng.choice(words['surnames'])}"
        endings = words["endings"]
        name = f"{words['openings'][number % 10]} {endings[(number // 10 + number) % len(endings)]}"
        changed = whole_ms(self._now - timedelta(hours=rng.uniform(24, 2000)))
        title = Title(isbn, name, author, rng.choice(words["imprints"]), on_sale, changed)
        content = f"{isbn}/1".encode()
        digest = hashlib.sha256(content).hexdigest()
        size = rng.randrange(300_000, 9_000_000)
        title.files.append(File(f"f-{isbn}-1", "epub", 1, digest, size, changed))
        title.deliveries += [Delivery(shop, "live", changed) for shop in words["shops"]]
        if rng.random() < 0.3:
            title.deliveries[-1].state = "withdrawn"
        self.titles[isbn] = title

    def _add_case(self, number: int) -> None:
        rng, words = self._rng, self._words
        defects = words["defects"]
        defect = rng.choices(defects, [each["weight"] for each in defects])[0]
        # Every third is one more shop's word on the title before it (P6).
        before = list(self.cases.values())[-1] if self.cases and number % 3 == 2 else None
        title = before.title if before else rng.choice(list(self.titles.values()))
        taken = {each.shop for each in self.cases.values() if each.title is title}
        shop = next((each for each in words["shops"] if each not in taken), words["shops"][0])
        created = whole_ms(self._now - timedelta(hours=rng.uniform(0.2, 140)))
        case = Case(
            id=f"bw-{1001 + number}",
            title=title,
            shop=shop,
            kind=defect["kind"],
            subject=defect["subject"],
            source=rng.choice(("shop", "shop", "import")),
            rule=_RULE.format(month=rng.randrange(1, 7)),
            status="waiting_seller",
            created=created,
            updated=created,
            messages=[],
        )
        self.say(case, defect["text"], created, CUSTOMER)
        self._talk(case)
        if number and rng.random() > _WAITING_SHARE:
            case.status = rng.choice(("waiting_operator", "waiting_customer", "closed"))
            case.closed = case.updated if case.status == "closed" else None
        self.cases[case.id] = case
        title.updated = max(title.updated, case.updated)

    def _talk(self, case: Case) -> None:
        senders = {"shop": CUSTOMER, "manager": OPERATOR, "publisher": SHOP}
        at = case.created
        for who in self._rng.sample(sorted(senders), self._rng.choice((0, 0, 1, 2))):
            at = whole_ms(at + (self._now - at) * self._rng.uniform(0.1, 0.5))
            self.say(case, self._rng.choice(self._words["notes"][who]), at, senders[who])


def wrong_with(subject: str) -> frozenset[books.Defect]:
    """Return what is wrong with the practice e-book that a ticket of this subject is about."""
    told = (each for each in _words()["defects"] if subject.startswith(each["subject"]))
    return frozenset(books.Defect(name) for each in told for name in each["book"])


def _isbn(body: str) -> str:
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-weighted % 10}"


@cache
def _words() -> dict[str, Any]:
    text = files("mkt_tui.sandbox").joinpath("texts", "publisher.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
