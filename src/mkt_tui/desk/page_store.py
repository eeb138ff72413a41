"""The pages of a list that are in use: read when a row of one is asked for, or ahead of that."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, Generic, TypeVar

from mkt_tui.domain.errors import CacheProblem

PAGE: Final = 64
_KEPT: Final = 16

Page = TypeVar("Page")


class PageStore(Generic[Page]):
    """The pages used last; not to be shared between threads.

    Args:
        read: Returns a page by its number; also called in a thread.
        nothing: What stands for a page that could not be read.

    Attributes:
        trouble: Why a page could not be read; its rows are missing until the next look.
    """

    def __init__(self, read: Callable[[int], Page], nothing: Page) -> None:
        self._read = read
        self._nothing = nothing
        self._pages: OrderedDict[int, Page] = OrderedDict()
        self._coming: set[int] = set()
        self.trouble: CacheProblem | None = None

    def of_row(self, number: int) -> Page:
        """Return the page that holds a row."""
        page = number // PAGE
        if page not in self._pages:
            try:
                self._keep(page, self._read(page))
            except CacheProblem as error:
                # Rows are asked for while the screen is drawn: an error has nobody to go to there.
                self.trouble = error
                self._keep(page, self._nothing)
        self._pages.move_to_end(page)
        return self._pages[page]

    async def ahead(self, rows: range) -> None:
        """Read the pages of these rows in a thread, those that are not here yet."""
        asked, pages = range(rows.start // PAGE, -(-rows.stop // PAGE)), self._pages
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

    def _read_all(self, pages: Sequence[int]) -> list[Page]:
        return [self._read(each) for each in pages]

    def _keep(self, number: int, page: Page) -> None:
        self._pages[number] = page
        if len(self._pages) > _KEPT:
            self._pages.popitem(last=False)


class Paged(Generic[Page]):
    """A list whose rows are read in pages; not to be shared between threads.

    Args:
        read: Returns a page by its number; also called in a thread.
        nothing: What stands for a page that could not be read.

    Attributes:
        total: How many rows there are, as far as is known.
    """

    def __init__(self, read: Callable[[int], Page], nothing: Page) -> None:
        self._store = PageStore(read, nothing)
        self.total = 0

    @property
    def trouble(self) -> CacheProblem | None:
        """Why a page could not be read; its rows are missing until the next look."""
        return self._store.trouble

    async def ahead(self, first: int, end: int) -> None:
        """Read the rows from `first` to before `end` that are not here yet, in a thread."""
        await self._store.ahead(range(max(first, 0), min(end, self.total)))
