"""Believable conversations of the invented world."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from html import escape
from uuid import UUID
from zoneinfo import ZoneInfo

from mkt_tui.sandbox import files
from mkt_tui.sandbox.instants import whole_ms
from mkt_tui.sandbox.material import Phrases, Topic
from mkt_tui.sandbox.records import (
    CUSTOMER,
    EVERYBODY,
    OPERATOR,
    SHOP,
    Attachment,
    Message,
    Order,
    Thread,
)
from mkt_tui.sandbox.world import ShopIdentity

ZONE = ZoneInfo("America/Sao_Paulo")
PATIENCE = timedelta(hours=2)
"""Nobody presses for an answer sooner."""


class Storyteller:
    """Tells the conversation on one order, message after message, up to an instant."""

    def __init__(
        self, identity: ShopIdentity, phrases: Phrases, topic: Topic, order: Order, seed: int
    ) -> None:
        self._identity = identity
        self._phrases = phrases
        self._topic = topic
        self._order = order
        self._rng = random.Random(seed)  # noqa: S311 - a world that repeats, not a secret
        self._messages: list[Message] = []
        self._words = _words(order, self._rng)
        self._openings = self._shuffled(topic.openings, phrases.nudges)
        self._answers = self._shuffled(topic.answers, phrases.updates)
        self._nudges = self._shuffled(phrases.nudges)

    def waiting(self, since: datetime, now: datetime) -> Thread:
        """Return a thread in which the shop owes an answer since `since`."""
        pressing = not self._topic.calm and now - since > PATIENCE
        if pressing and self._rng.random() < 0.18:
            self._earlier_exchange(since)
        self._customer_says(self._opening(since), since, self._topic.files)
        if pressing and self._rng.random() < 0.2:
            self._nudge(self._between(since, now))
        if pressing and self._rng.random() < 0.1:
            self._operator_says(self._between(self._messages[-1].sent, now))
        return self._thread(since)

    def answered(self, last: datetime) -> Thread:
        """Return a thread that the shop has answered, with `last` as its newest instant."""
        asked = last - timedelta(hours=self._rng.uniform(0.5, 22))
        self._customer_says(self._opening(asked), asked, self._topic.files)
        if not self._topic.calm and self._rng.random() < 0.06:
            self._operator_says(self._between(asked, last))
        self._shop_says(last)
        return self._thread(None)

    def html(self, thread: Thread) -> None:
        """Turn the first message into HTML, which some operators let through (M10, [unknown])."""
        first = thread.messages[0]
        lines = "<br/>\n".join(escape(line) for line in first.body.split("\n"))
        body = f'<p>{lines}</p>\n<p>Pedido: <a href="https://example.com/pedido">{self._order.id}</a></p>'
        thread.messages[0] = Message(
            first.id, first.sender, first.sender_name, first.to, body, first.sent, first.attachments
        )

    def _earlier_exchange(self, before: datetime) -> None:
        for _ in range(self._rng.choice((1, 1, 2, 3))):
            start = self._messages[-1].sent if self._messages else self._order.updated
            asked = self._between(start, before)
            self._customer_says(self._opening(asked), asked)
            self._shop_says(self._between(asked, before))
        if self._rng.random() < 0.4:
            thanked = self._between(self._messages[-1].sent, before)
            self._customer_says(self._line(self._phrases.thanks, thanked), thanked)

    def _nudge(self, sent: datetime) -> None:
        self._customer_says(self._filled(self._nudges.pop(), sent), sent)

    def _opening(self, sent: datetime) -> str:
        text = self._filled(self._openings.pop(), sent)
        greeting = self._line(self._phrases.greetings, sent)
        if not greeting.endswith(", "):
            text = text[:1].upper() + text[1:]
        ending = self._rng.choices((self._rng.choice(self._phrases.emojis), ""), (7, 93))[0]
        return greeting + text + self._line(self._phrases.closings, sent) + ending

    def _line(self, lines: tuple[str, ...], sent: datetime) -> str:
        return self._filled(self._rng.choice(lines), sent)

    def _filled(self, line: str, sent: datetime) -> str:
        return line.format_map({**self._words, "daytime": _daytime(sent)})

    def _shuffled(self, *groups: tuple[str, ...]) -> list[str]:
        """Return the lines so that `pop` draws each only once, the first group before the next."""
        return [line for lines in reversed(groups) for line in self._rng.sample(lines, len(lines))]

    def _between(self, start: datetime, end: datetime) -> datetime:
        return whole_ms(start + (end - start) * self._rng.uniform(0.3, 0.9))

    def _customer_says(self, text: str, sent: datetime, kinds: tuple[str, ...] = ()) -> None:
        attached = kinds if self._rng.random() < 0.6 else ()
        copy = (OPERATOR,) if self._rng.random() < 0.05 else ()
        self._say(CUSTOMER, self._order.customer.name, (SHOP, *copy), text, sent, attached)

    def _shop_says(self, sent: datetime) -> None:
        text, kinds = self._filled(self._answers.pop(), sent), self._topic.answer_files
        attached = kinds if self._rng.random() < 0.5 else ()
        sender = f"Atendimento {self._identity.seller}"
        self._say(SHOP, sender, (CUSTOMER,), text, sent, attached)

    def _operator_says(self, sent: datetime) -> None:
        text = self._line(self._phrases.operator_notes, sent)
        self._say(OPERATOR, self._identity.operator, (SHOP,), text, sent)

    def _say(
        self,
        sender: str,
        name: str,
        to: tuple[str, ...],
        text: str,
        sent: datetime,
        kinds: tuple[str, ...] = (),
    ) -> None:
        attachments = tuple(self._file(kind, number) for number, kind in enumerate(kinds, 1))
        self._messages.append(Message(self._id(), sender, name, to, text, sent, attachments))

    def _file(self, kind: str, number: int) -> Attachment:
        make: Callable[[], bytes] = {
            "png": lambda: files.picture(self._rng),
            "pdf": lambda: files.document(f"Pedido {self._order.id}"),
            "txt": lambda: files.note(f"Pedido {self._order.id}: peça enviada."),
        }[kind]
        name = {"png": f"foto {number}.png", "pdf": "documento.pdf", "txt": "observações.txt"}[kind]
        return Attachment(self._id(), name, make())

    def _thread(self, waiting_since: datetime | None) -> Thread:
        participants: tuple[str, ...] = EVERYBODY
        if all(CUSTOMER not in (each.sender, *each.to) for each in self._messages):
            participants = (SHOP, OPERATOR)
        subject = self._line(self._topic.subjects, self._messages[0].sent)
        updated = self._messages[-1].sent
        topic = ("FREE_TEXT", subject)
        return Thread(
            self._id(), self._order, topic, participants, self._messages, updated, waiting_since
        )

    def operator_only(self, since: datetime) -> Thread:
        """Return a thread between the operator and the shop, without the customer."""
        self._operator_says(since)
        return self._thread(since)

    def _id(self) -> str:
        return str(UUID(int=self._rng.getrandbits(128), version=4))


def _daytime(sent: datetime) -> str:
    hour = sent.astimezone(ZONE).hour
    if 5 <= hour < 12:
        return "Bom dia"
    return "Boa tarde" if 12 <= hour < 18 else "Boa noite"


def _words(order: Order, rng: random.Random) -> dict[str, str]:
    promised = order.shipment.promised_until or order.created
    return {
        "product": order.lines[0].title,
        "order": order.id,
        "tracking": order.shipment.number or "informado",
        "promised": f"{promised.astimezone(ZONE):%d/%m}",
        "bought": f"{order.created.astimezone(ZONE):%d/%m}",
        "city": order.customer.place.city or "",
        "name": order.customer.firstname,
        "cpf": order.customer.document or "",
        "protocol": str(rng.randrange(10**8, 10**9)),
    }
