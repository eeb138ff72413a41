"""Customers with Brazilian names, addresses and valid tax numbers."""

import random
import re
import unicodedata
from uuid import UUID

from faker import Faker

from mkt_tui.sandbox.material import City, read_cities
from mkt_tui.sandbox.records import Person, Place


def invent_people(count: int, rng: random.Random) -> list[Person]:
    """Return `count` customers."""
    source = Faker("pt_BR")
    source.seed_instance(rng.getrandbits(32))
    cities = read_cities()
    return [_person(source, rng, rng.choice(cities)) for _ in range(count)]


class Pseudonyms:
    """Believable names for people whose real ones are not known."""

    def __init__(self) -> None:
        self._source = Faker("pt_BR")

    def of(self, code: str) -> tuple[str, str]:
        """Return first and last name of the person `code`, the same on every call."""
        self._source.seed_instance(code)
        return self._source.first_name(), self._source.last_name()


def _person(source: Faker, rng: random.Random, city: City) -> Person:
    firstname, lastname = source.first_name(), source.last_name()
    mailbox = UUID(int=rng.getrandbits(128), version=4).hex[:20]
    return Person(
        id=f"{_plain(firstname)}-{rng.randrange(10**6):06}",
        firstname=firstname,
        lastname=f"{lastname} {source.last_name()}" if rng.random() < 0.4 else lastname,
        place=_place(source, rng, city),
        document=source.cpf(),
        email=f"notification+{mailbox}@notification.mirakl.net",
        phone=f"+55 {city.area} 9{rng.randrange(6000, 10000)}-{rng.randrange(10000):04}",
    )


def _place(source: Faker, rng: random.Random, city: City) -> Place:
    flat = rng.choice((None, None, "Casa 2", f"Apto {rng.randrange(11, 250)}", "Bloco B, apto 304"))
    digits = city.zip + f"{rng.randrange(10**8):08}"[len(city.zip) :]
    return Place(
        street=f"{source.street_name()}, {rng.randrange(1, 2400)}",
        complement=" - ".join(filter(None, (flat, source.bairro()))),
        zip_code=f"{digits[:5]}-{digits[5:]}",
        city=city.name,
        state=city.state,
    )


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]+", "-", letters)
