"""Plain records of the practice publisher; amounts in cents, instants in UTC."""

from dataclasses import dataclass, field
from datetime import datetime

from mkt_tui.sandbox.records import Message

SYSTEM = "SYSTEM"


@dataclass(slots=True)
class Delivery:
    """A title at one shop; `begun` is since when a new file is on its way there."""

    shop: str
    state: str
    updated: datetime
    message: str | None = None
    begun: datetime | None = None
    refuses: bool = False


@dataclass(slots=True)
class File:
    """A file of a title; `problem` is what the portal's check found."""

    id: str
    kind: str
    version: int
    sha256: str
    size: int
    received: datetime
    problem: str | None = None


@dataclass(slots=True)
class Title:
    """A title of the publisher."""

    isbn: str
    name: str
    author: str
    imprint: str
    on_sale: datetime
    updated: datetime
    files: list[File] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)


@dataclass(slots=True)
class Case:
    """A ticket about a title at one shop."""

    id: str
    title: Title
    shop: str
    kind: str
    subject: str
    source: str
    rule: str
    status: str
    created: datetime
    updated: datetime
    messages: list[Message]
    reason: str | None = None
    closed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sale:
    """A line of sales."""

    id: str
    isbn: str
    shop: str
    units: int
    cents: int
    at: datetime
