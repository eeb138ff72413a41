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
        self._pages: OrderedDict[int, Page] = OrderedDict()
        self._coming: set[int] = set()

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
        """Read the rows from `first` to before `end` that are not here yet, in a thread."""
        asked = range(max(first, 0) // PAGE, -(-min(end, self.total) // PAGE))
        pages = self._pages
        lacking = [each for each in asked if each not in pages and each not in self._coming]
        if not lacking:
            return
        self._coming.update(lacking)
        # What is wrong is told when one of their rows is looked at.
        with suppress(CacheProblem):
            found = await asyncio.to_thread(self._read_all, lacking)
            # Not when all was forgotten meanwhile: it may be older than that.
            if pages is self._pages:
                for number, page in zip(lacking, found, strict=True):
                    self._keep(number, page)
        self._coming.difference_update(lacking)

    def forget(self) -> None:
        """Read all pages anew when they are looked at next."""
        self._pages = OrderedDict()

    def _read_all(self, numbers: Sequence[int]) -> list[Page]:
        return [self._read(each) for each in numbers]

    def _keep(self, number: int, page: Page) -> None:
        self._pages[number] = page
        if len(self._pages) > _KEPT:
            self._pages.popitem(last=False)
