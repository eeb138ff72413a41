"""The page on adapters is true: what it tells to type in is found, keeps every promise, and reads."""

import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from unittest import SkipTest

import pytest

from mkt_tui.adapters.testing import Conformance

PAGE = Path(__file__).resolve().parents[2] / "docs" / "writing-an-adapter.md"
_BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.M | re.S)


def blocks(language: str) -> list[str]:
    found = [
        each for each in _BLOCK.findall(PAGE.read_text(encoding="utf-8")) if each[1] == language
    ]
    return [re.sub(f"^{indent}", "", code, flags=re.M) for indent, _language, code in found]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> type[Conformance]:
    """What somebody has who typed the page in."""
    adapter, tests = (ModuleType(name) for name in ("myshop_adapter", "test_myshop"))
    for module, code in zip((adapter, tests), blocks("python"), strict=True):
        monkeypatch.setitem(sys.modules, module.__name__, module)
        exec(compile(code, module.__name__, "exec"), module.__dict__)
    kit: type[Conformance] = tests.__dict__["TestMyShop"]
    return kit


def test_the_entry_point_names_the_class(typed: type[Conformance]) -> None:
    (project,) = map(tomllib.loads, blocks("toml"))
    told = project["project"]["entry-points"]["mkt_tui.adapters"]["myshop"]
    module, _colon, name = told.partition(":")
    assert hasattr(sys.modules[module], name)
    assert typed is not None


@pytest.mark.parametrize("promise", [each for each in dir(Conformance) if each.startswith("test_")])
def test_it_keeps_every_promise(typed: type[Conformance], promise: str) -> None:
    try:
        getattr(typed(), promise)()
    except SkipTest:
        assert "repl" in promise or "words_twice" in promise, "only what needs replies is left out"
