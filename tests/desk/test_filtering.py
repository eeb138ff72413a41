"""What the filter language finds is what a slow look at every ticket finds, on both engines."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

import pytest

from mkt_tui.cache import drafts, marking, notes, queries, waking
from mkt_tui.cache.drafts import Draft
from mkt_tui.cache.instants import from_cache, to_cache
from mkt_tui.cache.queries import QueueState
from mkt_tui.desk import queue
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.listed import Listed
from mkt_tui.desk.queue import View
from mkt_tui.domain import words
from mkt_tui.domain.errors import NotFound
from mkt_tui.domain.filters import Filter, Term, parse
from mkt_tui.domain.orders import OrderStatus
from mkt_tui.domain.tickets import Audience, Role
from tests.worlds import HOUR, NOW, channel, message, order, read, read_orders, ticket

Row: TypeAlias = tuple[Any, ...]

SUBJECTS = ("Troca de voltagem", "Cadê a nota?", "Açaí quebrado", "Onde está meu pedido?")
PEOPLE = ("João Sá", "Maria Conceição", "Ana", None)
BODIES = ("Chegou quebrado!", "Obrigada, até logo", "NF 000.123-4", "quero trocar")
WORDS = (
    "late", "open", "answered", "all", "today", "mine", "unassigned", "assigned", "failed",
    "mediation", "-is:mediation", "carrefour", "channel:leroy,b2w", ">2d", "age<30h", "due<6h", "due>-", "due:today",
    "due>2026-03-11", "due<=2026-03-10", "received:yesterday", "received>=2026-03-09",
    "received<1d", "subject:troca", "subject:ACAI", "customer:sa", "customer:joao,ana", "quebrad",
    "text:nota", "number:100-A", "order:t3", "cpf:529.982.247-25", "user:me", "user:none,bia",
    "from:bia", "waiting:customer", "waiting:nobody", "has:draft", "has:order", "kind:message",
    "reason:none", "priority", "-is:priority", "has:note", "has:mention", "has:reminder",
    "registered:yesterday", "registered>=2026-03-09", "registered<1d", "changed:yesterday",
    "changed<2026-03-09", '"meu pedido"', "text:0001234", "is:pending", "-is:pending", "is:sent",
    "status:shipped", "status:delivered,cancelled", "-status:shipped", "item:chal", "item:SKU1",
    "item:maria", "-item:chaleira", "note:SEEN", "note:se%n", "note:nothing", "until>1h", "until<3h",
    "until:today", "house<6h", "house:today", "-house>0h", "created:yesterday", "created>30h",
)  # fmt: skip


@pytest.fixture
def full(desk: Desk) -> Desk:
    dice = random.Random(5)
    shops = [channel(desk.database, each) for each in ("Carrefour", "Leroy Merlin")]
    for number in range(120):
        hours = None if dice.random() < 0.3 else dice.uniform(0, 100)
        role = dice.choice([Role.CUSTOMER, Role.OPERATOR])
        made = ticket(
            f"t{number}",
            hours,
            subject=dice.choice(SUBJECTS),
            customer=dice.choice(PEOPLE),
            order_number=dice.choice(["100-A", "200-B", f"{number}-Z", None]),
            waiting=role if hours is not None else None,
            messages=(message(f"m{number}", dice.choice(BODIES)),),
        )
        registered = NOW - dice.uniform(0, 90) * HOUR
        read(desk.database, dice.choice(shops), made, registered_at=registered)
    other = order(
        "200-B",
        status=OrderStatus.DELIVERED,
        customer="Ana Paula",
        personal=replace(order().personal, document="1"),
    )
    read_orders(desk.database, shops[0], order(), other)
    for number, agent in enumerate((None, "ana", "bia")):
        desk.database.execute(
            "UPDATE ticket SET assignee = :agent, received_from = :sender WHERE id % 3 = :number",
            {"agent": agent, "sender": "bia" if number else None, "number": number},
        )
    desk.database.execute("UPDATE ticket SET delivery = 'failed' WHERE id % 17 = 0")
    desk.database.execute("UPDATE ticket SET kind = 'mediation' WHERE id % 13 = 0")
    notes.add(desk.database, 5, "bia", "seen", [], NOW)
    notes.add(desk.database, 7, "bia", "@ana", ["ana"], NOW)
    notes.add(desk.database, 5, "ana", "@bia", ["bia"], NOW)
    desk.database.execute("UPDATE ticket SET state = 0 WHERE id = 6")
    assert marking.close(desk.database, 6, NOW, NOW + HOUR)
    desk.database.execute("UPDATE ticket SET delivery = 'sent' WHERE id % 19 = 0")
    for number in (8, 9):
        desk.database.execute("UPDATE ticket SET state = 0 WHERE id = :id", {"id": number})
        waking.snooze(desk.database, number, NOW + (number - 7) * 2 * HOUR)
    drafts.save(desk.database, 4, "ana", Draft("Olá", Audience.BOTH), NOW)
    return desk


class Oracle:
    """Looks at every ticket, slowly."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._now = to_cache(NOW)
        self._names = {key: words.fold(each.name) for key, each in desk.channels().items()}
        self.rows = {
            row[0]: row
            for row in desk.database.rows(
                "SELECT id, state, sort_at, channel_id, code, order_number, customer, subject,"
                " registered_at, received_at, due_at, assignee, received_from, delivery, waiting,"
                " kind, reason, updated_at, created_at, house_due_at FROM ticket"
            )
        }

    def passes(self, row_id: int, wanted: Filter) -> bool:
        return all(
            any(self._one(self.rows[row_id], term, each) for each in term.values) != term.negated
            for term in wanted.terms
        )

    def _one(self, row: Row, term: Term, value: str) -> bool:
        if term.sign != ":":
            return bool(self._compare(row, term, value))
        return bool(getattr(self, f"_{term.field.name.lower()}")(row, value))

    def _is(self, row: Row, value: str) -> object:
        state, sort_at = row[1], row[2]
        tomorrow = to_cache(self._midnight(1))
        return {
            "open": state == 0, "answered": state == 1, "snoozed": state == 2, "all": True,
            "late": state == 0 and sort_at <= self._now,
            "today": state == 0 and self._now < sort_at < tomorrow,
            "mine": row[11] == "ana", "unassigned": row[11] is None,
            "assigned": row[11] is not None, "failed": row[13] == "failed",
            "priority": state == 0 and self._now - row[8] >= 24 * 3_600_000,
            "pending": state == 0 and self._now - row[8] < 24 * 3_600_000,
            "sent": row[13] == "sent",
            "mediation": row[14] == "operator" or row[15] == "mediation",
        }[value]  # fmt: skip

    def _has(self, row: Row, value: str) -> object:
        if value in ("draft", "note", "mention", "reminder"):
            having = {"draft": {4}, "note": {5, 7}, "mention": {7}, "reminder": {6}}
            return row[0] in having[value]
        return (row[3], row[5]) in {(1, "100-A"), (1, "200-B")}

    def _channel(self, row: Row, value: str) -> object:
        return self._names[row[3]].startswith(value)

    def _subject(self, row: Row, value: str) -> object:
        return self._begin(row[7], value)

    def _customer(self, row: Row, value: str) -> object:
        orders = {(1, "100-A"): "Maria Silva", (1, "200-B"): "Ana Paula Maria Silva"}
        return self._begin(row[6] or "", value) or self._begin(
            orders.get((row[3], row[5]), ""), value
        )

    def _text(self, row: Row, value: str) -> object:
        said = self._desk.database.rows(
            "SELECT body, author_name FROM message WHERE ticket_id = :id", {"id": row[0]}
        )
        return self._begin(
            " ".join([row[7], row[6] or "", *(" ".join(each) for each in said)]), value
        )

    def _number(self, row: Row, value: str) -> object:
        number = words.number(value)
        its = {words.number(each) for each in (row[4], row[5]) if each}
        if (row[3], row[5]) == (1, "100-A"):
            its |= {"52998224725", "sku1", "sp1"}
        return number in its

    def _user(self, row: Row, value: str) -> object:
        return row[11] == {"me": "ana", "none": None}.get(value, value)

    def _from(self, row: Row, value: str) -> object:
        return row[12] == {"none": None}.get(value, value)

    def _waiting(self, row: Row, value: str) -> object:
        return row[14] == (None if value == "nobody" else value)

    def _kind(self, row: Row, value: str) -> object:
        return row[15] == value

    def _reason(self, row: Row, value: str) -> object:
        return row[16] == value

    def _status(self, row: Row, value: str) -> object:
        told = {(1, "100-A"): "shipped", (1, "200-B"): "delivered"}
        return told.get((row[3], row[5])) == value

    def _item(self, row: Row, value: str) -> object:
        told = {(1, "100-A"): "Chaleira sku1", (1, "200-B"): "Chaleira sku1"}
        return self._begin(told.get((row[3], row[5]), ""), value)

    def _note(self, row: Row, value: str) -> object:
        notes = {5: "seen @bia", 7: "@ana"}
        return value.lower() in notes.get(row[0], "")

    def _until(self, row: Row, value: str) -> object:
        return row[1] == 2 and self._date(row[2]) == self._day(value)

    def _house(self, row: Row, value: str) -> object:
        return row[1] != 1 and row[19] is not None and self._date(row[19]) == self._day(value)

    def _created(self, row: Row, value: str) -> object:
        return self._date(row[18]) == self._day(value)

    def _due(self, row: Row, value: str) -> object:
        return row[1] != 1 and row[10] is not None and self._date(row[10]) == self._day(value)

    def _received(self, row: Row, value: str) -> object:
        return self._date(row[9]) == self._day(value)

    def _registered(self, row: Row, value: str) -> object:
        return self._date(row[8]) == self._day(value)

    def _changed(self, row: Row, value: str) -> object:
        return self._date(row[17]) == self._day(value)

    def _compare(self, row: Row, term: Term, value: str) -> object:
        due = None if row[1] == 1 else row[10]
        at = {
            "age": row[8], "registered": row[8], "received": row[9], "changed": row[17], "due": due,
            "created": row[18], "house": None if row[1] == 1 else row[19],
            "until": row[2] if row[1] == 2 else None,
        }[term.field]  # fmt: skip
        if at is None:
            return False
        if value[-1] in "hd":
            span = int(value[:-1]) * (3_600_000 if value[-1] == "h" else 86_400_000)
            is_ahead = term.field in ("due", "house", "until")
            mine: Any = at - self._now if is_ahead else self._now - at
            limit: Any = span
        else:
            mine, limit = self._date(at), self._day(value)
        return {"<": mine < limit, ">": mine > limit, "<=": mine <= limit, ">=": mine >= limit}[
            term.sign
        ]

    @staticmethod
    def _begin(text: str, value: str) -> bool:
        has = words.words(text)
        return all(any(one.startswith(each) for one in has) for each in words.words(value))

    def _midnight(self, days: int) -> datetime:
        local = NOW.astimezone(self._desk.settings.zone) + timedelta(days=days)
        return local.replace(hour=0, minute=0, second=0, microsecond=0)

    def _date(self, at: int) -> date:
        return from_cache(at).astimezone(self._desk.settings.zone).date()

    def _day(self, value: str) -> date:
        days = {"yesterday": -1, "today": 0, "tomorrow": 1}
        return (
            self._midnight(days[value]).date()
            if value in days
            else datetime.fromisoformat(value).date()
        )


def test_every_filter_lets_through_what_it_says(full: Desk) -> None:
    oracle, dice, seen = Oracle(full), random.Random(9), 0
    names = [each.name for each in full.channels().values()]
    known = [each for each in WORDS if not each.endswith("-") and "b2w" not in each]
    lines = [[each] for each in known] + [
        dice.sample(known, dice.choice([2, 2, 3])) for _ in range(150)
    ]
    for line in lines:
        text = " ".join(("-" if dice.random() < 0.25 else "") + each for each in line)
        wanted = parse(text, names)
        view = View(QueueState.ALL, terms=wanted)
        found = queries.ids(full.database, view.filter(full))
        expected = [key for key in sorted(oracle.rows) if oracle.passes(key, wanted)]
        assert sorted(found) == expected, text
        seen += bool(found)
    assert seen > len(lines) // 3


def test_a_filtered_list_is_in_the_queues_order_and_paged_by_ids(full: Desk) -> None:
    view = View(terms=parse("-mine", []))
    source = queue.opened(full.database, view.filter(full))
    assert isinstance(source, Listed)
    assert source.total == 0
    measured = queue.measure(full.database, view.filter(full), None)
    source = queue.shown(full.database, measured)
    rows = [source.row(number) for number in range(source.total)]
    assert source.total > 50
    assert [row.key for row in rows if row] == sorted(row.key for row in rows if row)
    assert source.row(source.total) is None
    kept = rows[7]
    assert kept
    assert queue.measure(full.database, view.filter(full), kept.id).place == 7


def test_open_tickets_are_meant_unless_the_filter_says_which(full: Desk) -> None:
    names: list[str] = []
    some = View(terms=parse("has:order", names)).filter(full)
    assert some.state is QueueState.OPEN
    assert View(terms=parse("answered", names)).filter(full).state is QueueState.ALL


@pytest.mark.parametrize(
    "line", ["shop:viavarejo", 'shop:"Via Varejo"', "cnova", "loja:CNOVA", "shop:casas"]
)
def test_a_marketplace_is_found_by_the_names_it_had(desk: Desk, line: str) -> None:
    read(desk.database, channel(desk.database, "Casas Bahia", adapter="cnova"), ticket("cb"))
    read(desk.database, channel(desk.database), ticket("other"))
    wanted = View(terms=parse(line, desk.channel_words())).filter(desk)
    assert [
        row.code for row in queries.tickets(desk.database, queries.ids(desk.database, wanted))
    ] == ["cb"]


def test_a_channel_answers_to_the_names_of_its_marketplace(desk: Desk) -> None:
    casas = channel(desk.database, "Casas Bahia", adapter="cnova")
    assert desk.channel("Via Varejo") == desk.channel("viavarejo") == casas
    channel(desk.database, "CNOVA Sul", adapter="cnova")
    with pytest.raises(NotFound, match="CNOVA Sul, Casas Bahia"):
        desk.channel("Via Varejo")
