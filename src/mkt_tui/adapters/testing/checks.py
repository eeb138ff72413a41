"""What can be checked of any adapter's answers; each check raises AssertionError with a sentence."""

import unicodedata
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import TypeVar

from mkt_tui.adapters.base import Page
from mkt_tui.domain.text import clean

Snapshot = TypeVar("Snapshot")
Read = Callable[[str | None], AsyncIterator[Page[Snapshot]]]


async def check_list(read: Read[Snapshot], key: Callable[[Snapshot], str]) -> dict[str, Snapshot]:
    """Check that a list is complete, clean, resumable, and quiet afterwards; return its items.

    Args:
        key: Names what tells the items apart.
    """
    pages = [page async for page in read(None)]
    hold(bool(pages), "A read yields at least one page.")
    hold(pages[-1].complete, "The last page of a read says that it is complete.")
    hold(not any(page.complete for page in pages[:-1]), "Only the last page is complete.")
    everything = {key(item): item for page in pages for item in page.items}
    for item in everything.values():
        check_texts(item)
    await _check_resuming(read, key, everything)
    await _check_quiet(read, key, everything, pages[-1].cursor)
    return everything


def check_texts(snapshot: object) -> None:
    """Check that no text in `snapshot` could command a terminal."""
    for text in texts_of(snapshot):
        hold(clean(text) == text, f"A text went out as it came in: {text!a}")
        controls = [c for c in text if unicodedata.category(c) == "Cc" and c not in "\n\t"]
        hold(not controls, f"A text holds control characters: {text!a}")


def texts_of(value: object) -> Iterator[str]:
    """Yield every text inside a snapshot."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            yield from texts_of(getattr(value, each.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from texts_of(item)


async def _check_resuming(
    read: Read[Snapshot], key: Callable[[Snapshot], str], everything: dict[str, Snapshot]
) -> None:
    """Break off after every page and go on from its cursor with a new read."""
    seen: set[str] = set()
    cursor: str | None = None
    for _try in range(2 * len(everything) + 50):
        page = await _first(read(cursor))
        seen |= {key(item) for item in page.items}
        cursor = page.cursor
        if page.complete:
            break
    hold(seen >= everything.keys(), "A read that breaks off and goes on misses nothing.")


async def _check_quiet(
    read: Read[Snapshot],
    key: Callable[[Snapshot], str],
    everything: dict[str, Snapshot],
    cursor: str,
) -> None:
    """Read on when nothing happened: what comes again must be what is known.

    A marketplace that tells nothing of changes makes its adapter read open threads again and
    again, so that much may come.
    """
    pages = [page async for page in read(cursor)]
    hold(bool(pages) and pages[-1].complete, "With nothing new, a read is complete.")
    for item in (item for page in pages for item in page.items):
        hold(everything.get(key(item)) == item, "With nothing new, no item has changed.")


async def _first(pages: AsyncIterator[Page[Snapshot]]) -> Page[Snapshot]:
    try:
        return await anext(pages)
    finally:
        if hasattr(pages, "aclose"):
            await pages.aclose()


def hold(condition: bool, promise: str) -> None:
    """Raise AssertionError with `promise` when it is broken."""
    if not condition:
        raise AssertionError(promise)
