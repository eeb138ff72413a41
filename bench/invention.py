"""Believable rows in bulk: names, subjects and sentences from small pools, mixed per ticket."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from mkt_tui.domain.orders import (
    Address,
    Billing,
    Event,
    Finance,
    OrderItem,
    OrderSnapshot,
    OrderStatus,
    Payment,
    Personal,
    Tracking,
    Transport,
)
from mkt_tui.domain.tickets import MessageSnapshot, Role, TicketSnapshot

CHANNELS: Final = ("Carrefour", "Leroy Merlin", "Via Varejo", "B2W", "Cnova", "MadeiraMadeira")

_OPEN: Final = 0.6
_OLDEST: Final = 6 * 24 * 60
_PARTIES: Final = (Role.CUSTOMER, Role.OPERATOR)
_FIRST: Final = (
    "Ana Beatriz", "João", "Maria Eduarda", "José", "Antônia", "Luís", "Conceição", "Thiago",
    "Fernanda", "Márcio", "Patrícia", "Rogério", "Simone", "Caio", "Letícia", "Otávio",
)  # fmt: skip
_LAST: Final = (
    "da Silva", "Gonçalves", "Araújo", "de Souza", "Conceição Lima", "Pereira", "Magalhães",
    "Nogueira", "Teixeira", "dos Santos", "Brandão", "Fagundes", "Vasconcelos", "Sá",
)  # fmt: skip
_TOPICS: Final = (
    "Pedido não chegou", "Produto com defeito", "Quero trocar o tamanho", "Cadê a nota fiscal?",
    "Entrega atrasada", "Veio a cor errada", "Cancelamento do pedido", "Faltou uma peça na caixa",
    "Prazo de montagem", "Endereço errado na etiqueta", "Estorno ainda não caiu",
)  # fmt: skip
_GOODS: Final = (
    "Guarda-roupa 6 portas", "Cafeteira 110 V", "Tênis de corrida", "Furadeira de impacto",
    "Smart TV 50 polegadas", "Jogo de panelas", "Cadeira de escritório", "Aspirador vertical",
)  # fmt: skip
_ASKED: Final = (
    "Bom dia, comprei há duas semanas e até agora o pedido não chegou. Podem verificar, por favor?",
    "O produto chegou quebrado. Tenho fotos da caixa. Como faço para devolver?",
    "O rastreio está parado desde sexta-feira em Cajamar, o que aconteceu?",
    "Preciso da nota fiscal com o meu CNPJ. É urgente, obrigada!",
    "Já abri três chamados e ninguém responde. Vou reclamar no Procon.",
)
_ANSWERED: Final = (
    "Olá! Já acionamos a transportadora e retornamos em até 24 horas com uma posição.",
    "Lamentamos o ocorrido. A coleta foi agendada, a etiqueta está no seu e-mail.",
    "A nota fiscal foi reenviada. Qualquer dúvida, estamos à disposição.",
)
_CITIES: Final = (("São Paulo", "SP"), ("Florianópolis", "SC"), ("Belém", "PA"), ("Maceió", "AL"))
_CARRIERS: Final = ("Correios", "Jadlog", "Total Express")


class Invention:
    """A world of tickets with their orders; the same seed and instant give the same one."""

    def __init__(self, seed: int, now: datetime) -> None:
        self._random = random.Random(seed)
        self._now = now
        self._names = [f"{first} {last}" for first in _FIRST for last in _LAST]
        self._people = [self._person(number) for number in range(500)]

    def tickets(self, numbers: range, orders: int) -> list[TicketSnapshot]:
        """Return the tickets of these numbers; they share the first `orders` orders."""
        return [self._ticket(each, orders) for each in numbers]

    def orders(self, numbers: range) -> list[OrderSnapshot]:
        """Return the orders of these numbers."""
        return [self._order(each) for each in numbers]

    def _ticket(self, number: int, orders: int) -> TicketSnapshot:
        dice = self._random
        bought = number % orders if orders else number
        customer = self._buyer(bought).name or ""
        created = self._now - timedelta(minutes=dice.random() * _OLDEST)
        is_open = dice.random() < _OPEN
        length = 3 if dice.random() < 0.4 else 2
        messages = tuple(self._thread(created, customer, length, answered=not is_open))
        return TicketSnapshot(
            code=_uuid(dice),
            order_number=order_number(bought) if orders else None,
            customer=customer,
            subject=f"{dice.choice(_TOPICS)} - {_title(bought)}",
            waiting_since=created if is_open else None,
            waiting=Role.CUSTOMER if is_open else None,
            created_at=created,
            updated_at=messages[-1].sent_at,
            participants=_PARTIES,
            messages=messages,
        )

    def _thread(
        self, begun: datetime, customer: str, length: int, *, answered: bool
    ) -> Iterator[MessageSnapshot]:
        """Yield the messages; the last one of an answered thread is ours."""
        dice = self._random
        room = (self._now - begun) / length
        for place in range(length):
            ours = answered and place == length - 1
            yield MessageSnapshot(
                code=_uuid(dice),
                author=Role.SHOP if ours else Role.CUSTOMER,
                author_name="Atendimento" if ours else customer,
                recipients=(Role.CUSTOMER,) if ours else (Role.SHOP,),
                body=dice.choice(_ANSWERED if ours else _ASKED),
                sent_at=begun + room * place,
            )

    def _person(self, number: int) -> Personal:
        city, state = _CITIES[number % len(_CITIES)]
        name = self._random.choice(self._names)
        return Personal(
            customer_code=f"C{number:06d}",
            name=name,
            email=f"cliente{number}@example.com",
            language="pt_BR",
            address=Address(
                name=name, street=f"Rua das Acácias, {number + 1}", zip_code="01310-100",
                city=city, state=state, country="BR", phone=f"+55 11 9{number:08d}",
            ),
        )  # fmt: skip

    def _buyer(self, number: int) -> Personal:
        """Return who bought an order, and so whose its tickets are."""
        return self._people[number * 7919 % len(self._people)]

    def _order(self, number: int) -> OrderSnapshot:
        dice = self._random
        created = self._now - timedelta(minutes=_OLDEST * (1 + dice.random()))
        shipped = created + timedelta(days=1)
        person = self._buyer(number)
        price = dice.randrange(1990, 399900)
        return OrderSnapshot(
            number=order_number(number),
            site_number=f"{7_000_000 + number}",
            status=OrderStatus.SHIPPED,
            marketplace_status="SHIPPED",
            customer=person.name,
            currency="BRL",
            created_at=created,
            updated_at=shipped,
            tracking=Tracking(
                carrier=dice.choice(_CARRIERS), number=f"BR{number:09d}", shipped_at=shipped,
                promised_until=shipped + timedelta(days=6),
            ),
            billing=Billing(address=person.address, payment_method="PIX", paid_at=created),
            personal=person,
            items=(OrderItem(f"{number}-1", f"SKU{number % 9973}", _title(number), 1, price, price, 1990,
                             "SHIPPED"),),
            finance=Finance(price, 1990, price + 1990, price // 8, None, (Payment("PIX", 1, price),)),
            transport=Transport("Expresso", "Sudeste", shipped, 2, "Cajamar, SP"),
            history=(Event(created, "created"), Event(shipped, "shipped")),
        )  # fmt: skip


def order_number(number: int) -> str:
    """Return the marketplace's number of the order of that place."""
    return f"{58_000_000 + number}-A"


def _uuid(dice: random.Random) -> str:
    return str(UUID(int=dice.getrandbits(128)))


def _title(number: int) -> str:
    return _GOODS[number * 31 % len(_GOODS)]
