"""A list that is read in pages: when a row of one is asked for, or ahead of that."""

import asyncio
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, Generic, TypeVar

from mkt_tui.domain.errors import CacheProblem

PAGE: Final = 64
_KEPT: Final = 16

Page = TypeVar("Page")


class Paged(ABC, Generic[Page]):
    """A list with the pages of it that were used last; not to be shared between threads.

    Nothing of it leads back to itself: a list of a million ids shall go with its last use, and not
    wait for the garbage collector, which comes seldom.

    Args:
        nothing: What stands for a page that could not be read.

    Attributes:
        total: How many rows there are, as far as is known.
        trouble: Why a page could not be read; its rows are missing until the next look.
    """

    def __init__(self, nothing: Page) -> None:
        self.total = 0
        self.trouble: CacheProblem | None = None
        self._nothing = nothing
        self._room = _KEPT
        self._pages: OrderedDict[int, Page] = OrderedDict()
        self._coming: dict[int, asyncio.Task[None]] = {}

    @abstractmethod
    def _read(self, number: int) -> Page:
        """Return a page by its number; also called in a thread."""

    def _page_of(self, row: int) -> Page:
        """Return the page that holds a row."""
        number = row // PAGE
        if number not in self._pages:
            try:
                self._keep(number, self._read(number))
            except CacheProblem as error:
                # Rows are asked for while the screen is drawn: an error has nobody to go to there.
                self.trouble = error
                self._keep(number, self._nothing)
        self._pages.move_to_end(number)
        return self._pages[number]

    async def ahead(self, first: int, end: int) -> None:
        """Have the rows from `first` to before `end` here, those that are not read in a thread."""
        asked = range(max(first, 0) // PAGE, -(-min(end, self.total) // PAGE))
        # On a terminal of many lines more than usual, or what was asked for first would be gone.
        self._room = max(self._room, 4 * len(asked))
        lacking = [each for each in asked if each not in self._pages and each not in self._coming]
        for each in asked:
            if each in self._pages:
                # Both ends of a list are asked for with every view, and shall not go for its middle.
                self._pages.move_to_end(each)
        if lacking:
            self._coming |= dict.fromkeys(lacking, asyncio.create_task(self._fetch(lacking)))
        if coming := {self._coming[each] for each in asked if each in self._coming}:
            await asyncio.wait(coming)

    async def _fetch(self, numbers: Sequence[int]) -> None:
        pages = self._pages
        try:
            # What is wrong is told when one of their rows is looked at.
            with suppress(CacheProblem):
                found = await asyncio.to_thread(self._read_all, numbers)
                # Not when all was forgotten meanwhile: it may be older than that.
                if pages is self._pages:
                    for number, page in zip(numbers, found, strict=True):
                        self._keep(number, page)
        finally:
            for each in numbers:
                del self._coming[each]

    def forget(self) -> None:
        """Read all pages anew when they are looked at next."""
        self._pages = OrderedDict()

    def _read_all(self, numbers: Sequence[int]) -> list[Page]:
        return [self._read(each) for each in numbers]

    def _keep(self, number: int, page: Page) -> None:
        self._pages[number] = page
        if len(self._pages) > self._room:
            self._pages.popitem(last=False)
