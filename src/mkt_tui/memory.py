"""What a desk asks of the C library's memory: that a large list, once done with, goes back to the system."""

import ctypes
from contextlib import suppress
from typing import Final

# Of malloc.h: blocks from this size on are asked of the system and given back to it one by one. Left to
# itself glibc raises the mark to the largest block that was ever given back, and keeps the next ones.
_MMAP_THRESHOLD: Final = -3
_TRIM_THRESHOLD: Final = -1
# So many pools for all threads: each keeps what its thread once needed.
_ARENA_MAX: Final = -8
_LARGE: Final = 128 * 1024
_ARENAS: Final = 2


def give_back() -> None:
    """Have large blocks given back when they are free; a C library that knows of no such wish is left alone."""
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        for option, value in (
            (_MMAP_THRESHOLD, _LARGE), (_TRIM_THRESHOLD, _LARGE), (_ARENA_MAX, _ARENAS),
        ):  # fmt: skip
            library.mallopt(option, value)
