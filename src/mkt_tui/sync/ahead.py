"""Pages read one ahead: the marketplace makes the next one while this one is written."""

import asyncio
import gc
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

Page = TypeVar("Page")

# Turns of the event loop after which a request has left over a connection that is open.
_LEAVES: Final = 4
# More objects than a page of a hundred orders has.
_COLLECTED: Final = (50_000, 20, 20)


async def read_ahead(pages: AsyncIterator[Page], take: Callable[[Page], None]) -> None:
    """Give each page to `take`, with the next one asked for already.

    What goes wrong with the next page is raised when its turn comes: this one is taken first.

    Raises:
        Exception: Whatever `pages` and `take` raise; nothing is asked for after that.
    """
    coming = asyncio.ensure_future(_next(pages))
    try:
        while page := await coming:
            coming = asyncio.ensure_future(_next(pages))
            # Writing a page stops the event loop, so the request must have left before.
            for _turn in range(_LEAVES):
                await asyncio.sleep(0)
            take(page[0])
    finally:
        await _leave(coming)
        if isinstance(pages, AsyncGenerator):
            await pages.aclose()


async def _next(pages: AsyncIterator[Page]) -> tuple[Page] | None:
    async for page in pages:
        return (page,)
    return None


async def _leave(coming: asyncio.Future[tuple[Page] | None]) -> None:
    coming.cancel()
    await asyncio.wait([coming])
    if not coming.cancelled():
        coming.exception()


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for garbage less often: a page is thousands of objects, and all of them go by themselves."""
    before = gc.get_threshold()
    gc.set_threshold(*_COLLECTED)
    try:
        yield
    finally:
        gc.set_threshold(*before)
