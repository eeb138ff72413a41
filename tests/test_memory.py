"""The C library is asked to give memory back, where it knows of that."""

import ctypes

import pytest

from mkt_tui import memory


class _Library:
    """A C library that notes what it is asked."""

    def __init__(self) -> None:
        self.asked: dict[int, int] = {}

    def mallopt(self, option: int, value: int) -> int:
        self.asked[option] = value
        return 1


def test_large_blocks_are_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    library = _Library()
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: library)
    memory.give_back()
    # As malloc.h numbers them: M_MMAP_THRESHOLD, M_TRIM_THRESHOLD, M_ARENA_MAX.
    assert library.asked == {-3: 131_072, -1: 131_072, -8: 2}


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    memory.give_back()


def test_the_real_one_takes_it() -> None:
    memory.give_back()
    assert len(bytearray(5_000_000)) == 5_000_000
