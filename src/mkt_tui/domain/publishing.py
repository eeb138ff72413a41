"""E-books at the shops: titles, what shops find wrong with their files, and deliveries (P1-P15).

A publisher's ticket is about one title at one shop. It leaves the publisher's desk in one of two
ways (P11): given to the account manager, or corrected; a mistaken one is disputed. After a
correction the file goes to the shops again, and the ticket ends when they have taken it (P12).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from mkt_tui.domain.words import fold


class Defect(StrEnum):
    """What is wrong with a file: the closed list (P3); words of one's own stand beside it."""

    TYPO = "typo"
    TOC = "toc"
    TECHNICAL = "technical"
    METADATA = "metadata"
    COVER = "cover"
    OTHER = "other"


class Stage(StrEnum):
    """Where a publisher's ticket stands."""

    OPEN = "open"
    MANAGER = "manager"
    CORRECTED = "corrected"
    DISPUTED = "disputed"
    CLOSED = "closed"


class ShopState(StrEnum):
    """Where the delivery of a file to one shop stands (P12)."""

    QUEUED = "queued"
    SENT = "sent"
    ACCEPTED = "accepted"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Source(StrEnum):
    """Who found it: the check at the upload (P1), a later one of the shop (P2), or a person."""

    IMPORT = "import"
    SHOP = "shop"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Manager:
    """The account manager, whom the publisher asks in doubt (P13)."""

    name: str
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Complaint:
    """What makes a ticket a publisher's: which title, which shop, what is wrong.

    Attributes:
        isbn: ISBN-13 without hyphens, or what the portal calls the title where it has none.
        rule: The version of the shop's rules that it was checked by (P2), as the portal says it.
        manager: Who looks after this publisher; None = the portal does not say it here.
    """

    isbn: str
    shop: str
    defect: Defect
    stage: Stage = Stage.OPEN
    source: Source | None = None
    rule: str | None = None
    manager: Manager | None = None


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What the portal's own check says of a file; `path` and `line` are of a file inside it."""

    code: str
    severity: str
    message: str
    path: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class TitleFile:
    """A file of a title as the portal holds it; `size` in bytes.

    Attributes:
        checked: The portal's verdict: pending, ok, warning, error; None = it has none.
    """

    code: str
    kind: str
    version: int
    sha256: str
    size: int
    received_at: datetime | None = None
    checked: str | None = None
    problems: tuple[FileProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class ShopDelivery:
    """Where a title stands at one shop, with the shop's own words."""

    shop: str
    state: ShopState
    message: str | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class TitleSnapshot:
    """One title as the portal holds it.

    Attributes:
        on_sale_at: From when on it is sold; later than now = in pre-sale (P15).
        files, deliveries: None = they were not asked for, and what is known stays.
    """

    isbn: str
    name: str
    updated_at: datetime
    author: str | None = None
    imprint: str | None = None
    state: str | None = None
    on_sale_at: datetime | None = None
    manager: Manager | None = None
    files: tuple[TitleFile, ...] | None = None
    deliveries: tuple[ShopDelivery, ...] | None = None


@dataclass(frozen=True, slots=True)
class Sale:
    """A line of sales; `amount` in minor units, `units` below zero where copies came back.

    Attributes:
        kind: sale, royalty, refund ... in the portal's words.
        units: None = the portal does not tell how many.
    """

    code: str
    isbn: str | None
    shop: str | None
    kind: str
    units: int | None
    amount: int
    currency: str
    at: datetime


# What shops and EPUBCheck write, folded; the first that is found names the defect.
_CLUES: Final = (
    (Defect.TOC, ("rsc-012", "toc", "sumario", "sommario", "indice", "table of contents", "ncx")),
    (Defect.TECHNICAL, ("rsc-004", "criptograf", "encrypt", "cifrat", "font", "rsc-", "opf-",
                        "css-", "htm-", "pkg-", "med-", "nav-", "technical", "file_error")),
    (Defect.TYPO, ("typo", "digitac", "ortograf", "refus", "spelling", "errata")),
    (Defect.COVER, ("cover", "capa", "copertina")),
    (Defect.METADATA, ("metadata", "metadado", "metadati", "onix", "preco", "prezzo", "price")),
)  # fmt: skip


def defect_of(kind: str, *words: str) -> Defect:
    """Return the defect that a portal's kind says, else the one that its words hint at."""
    if kind in {*Defect}:
        return Defect(kind)
    for text in (fold(" ".join(words)), fold(kind)):
        for defect, clues in _CLUES:
            if any(clue in text for clue in clues):
                return defect
    return Defect.OTHER


_NOT_OF_ISBN: Final = re.compile(r"[\s\-\u2010-\u2015]")


def isbn13(text: str) -> str | None:
    """Return the ISBN-13 that a text is, an ISBN-10 made one; None when its check digit is wrong."""
    from stdnum import isbn  # only who reads ISBNs waits for it

    compact = _NOT_OF_ISBN.sub("", text)
    return isbn.to_isbn13(compact) if isbn.is_valid(compact) else None


def is_settled(
    shop: str, now: Iterable[ShopDelivery], before: Mapping[str, tuple[ShopState, datetime]]
) -> bool:
    """Tell whether a correction has come through: every shop concerned has accepted it (P12).

    Concerned are the ticket's own shop and those whose delivery moved since the correction. The
    ticket's own shop must have moved too: what it accepted long ago is the bad file.

    Args:
        shop: The ticket's shop; "" where it names none, which makes all that moved count.
        before: The deliveries when the correction was declared.
    """
    moved = [
        each
        for each in now
        if each.state is not ShopState.WITHDRAWN
        and before.get(each.shop) != (each.state, each.updated_at)
    ]
    reached = any(each.shop == shop for each in moved) if shop else bool(moved)
    return reached and all(each.state is ShopState.ACCEPTED for each in moved)
