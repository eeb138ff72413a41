"""A cache in use, with agents' words in it, and ways to damage its file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mkt_tui.cache import audit, drafts, operations
from mkt_tui.cache.audit import Act
from mkt_tui.cache.database import Database
from mkt_tui.cache.drafts import Draft
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import Audience
from tests.worlds import NOW, channel, message, read, ticket

PAGE = 4096
TICKETS = 120


@dataclass
class Words:
    """What agents have written: by ticket, and by operation."""

    drafts: dict[int, str] = field(default_factory=dict)
    operations: dict[str, str] = field(default_factory=dict)


def fill(path: Path) -> Words:
    """Make a cache of many pages: drafts and undelivered replies among the tickets."""
    database = Database(path)
    shop = channel(database)
    long = "Onde está meu pedido? " * 20
    read(
        database,
        shop,
        *(ticket(f"t{n}", n + 1, messages=(message(f"m{n}", long),)) for n in range(TICKETS)),
    )
    words = Words()
    for number in range(1, TICKETS, 2):
        words.drafts[number] = f"Rascunho {number}. " + "Chega amanhã. " * 10
        drafts.save(database, number, "ana", Draft(words.drafts[number], Audience.BOTH), NOW)
    for number in range(2, TICKETS, 4):
        words.operations[f"op{number}"] = f"Resposta {number}. " + "Já saiu daqui. " * 10
        reply = Reply(f"op{number}", "", words.operations[f"op{number}"], Audience.BOTH, NOW)
        operations.queue(database, reply, 1, "bia", number, answers=True)
    for number in range(300):
        audit.record(database, Act("order.revealed", detail=f"{number:0100}"), "ana", NOW)
    database.close()
    return words


def pages_of(path: Path) -> int:
    return path.stat().st_size // PAGE


@contextmanager
def changed(path: Path) -> Iterator[bytearray]:
    """Change the bytes of a file."""
    content = bytearray(path.read_bytes())
    yield content
    path.write_bytes(content)


def scribble(path: Path, page: int, length: int = PAGE, offset: int = 0) -> None:
    """Write nonsense over a part of a page."""
    with changed(path) as content:
        start = page * PAGE + offset
        content[start : start + length] = bytes((7 * n + page) % 251 for n in range(length))


def pages_with(path: Path, text: str) -> set[int]:
    """Return the pages that hold a piece of text: where it was lost if those are damaged."""
    content, wanted = path.read_bytes(), text.encode()
    found = set()
    place = content.find(wanted)
    while place >= 0:
        found |= {place // PAGE, (place + len(wanted) - 1) // PAGE}
        place = content.find(wanted, place + 1)
    return found
