"""The words and wares that the invented world is made of, read from the files in texts/."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Topic:
    """Something customers write about.

    Attributes:
        states: Order states in which such a message makes sense.
        files: Kinds of files customers like to attach.
        late: The promised date has passed.
        electric: Only for wares that are plugged in.
        refund: The customer got money back.
        incident: The customer may have opened an incident.
        calm: Nobody presses for an answer.
    """

    code: str
    weight: int
    states: tuple[str, ...]
    subjects: tuple[str, ...]
    openings: tuple[str, ...]
    answers: tuple[str, ...]
    files: tuple[str, ...] = ()
    answer_files: tuple[str, ...] = ()
    late: bool = False
    electric: bool = False
    refund: bool = False
    incident: bool = False
    calm: bool = False


@dataclass(frozen=True, slots=True)
class Phrases:
    """What is said around a topic."""

    greetings: tuple[str, ...]
    closings: tuple[str, ...]
    emojis: tuple[str, ...]
    nudges: tuple[str, ...]
    thanks: tuple[str, ...]
    updates: tuple[str, ...]
    operator_notes: tuple[str, ...]
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of wares; prices in reais."""

    shop: str
    code: str
    label: str
    low: int
    high: int
    models: tuple[str, ...]
    variants: tuple[str, ...]
    electric: bool = False


@dataclass(frozen=True, slots=True)
class Goods:
    """Everything for sale."""

    brands: tuple[str, ...]
    categories: tuple[Category, ...]


@dataclass(frozen=True, slots=True)
class City:
    """Where customers live: telephone area code, and how the CEP begins."""

    name: str
    state: str
    area: int
    zip: str


def read_phrases() -> Phrases:
    """Return what customers, shop and operator say."""
    content = _read("topics.toml")
    topics = tuple(Topic(**each) for each in content.pop("topic"))
    return Phrases(topics=topics, **content)


def read_goods() -> Goods:
    """Return what the shops sell."""
    content = _read("goods.toml")
    categories = tuple(Category(**each) for each in content.pop("category"))
    return Goods(categories=categories, **content)


def read_cities() -> tuple[City, ...]:
    """Return where customers live."""
    return tuple(City(**each) for each in _read("cities.toml")["city"])


def _read(name: str) -> dict[str, Any]:
    text = files("mkt_tui.sandbox").joinpath("texts", name).read_text(encoding="utf-8")
    content = tomllib.loads(text)
    entries = content.get("topic", []) + content.get("category", [])
    for table in (content, *entries):
        _freeze(table)
    return content


def _freeze(table: dict[str, Any]) -> None:
    for key, value in table.items():
        if isinstance(value, list) and isinstance(value[0], str):
            table[key] = tuple(value)
