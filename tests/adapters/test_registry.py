"""Adapters are found by name, ours and strangers', and a broken one is a sentence."""

import subprocess
import sys
from importlib.metadata import EntryPoint, EntryPoints, entry_points

import pytest

from mkt_tui.adapters import registry
from mkt_tui.adapters.mirakl import MiraklAdapter
from mkt_tui.domain.errors import NotFound, SettingsWrong


@pytest.fixture
def strangers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Third parties' adapters beside ours: two broken, one that wants our name."""
    extra = [
        EntryPoint("gone", "no_such_module_anywhere:Adapter", registry.GROUP),
        EntryPoint("nameless", "mkt_tui.adapters.registry:Missing", registry.GROUP),
        EntryPoint("function", "mkt_tui.adapters.registry:names", registry.GROUP),
        EntryPoint("mirakl", "json:JSONDecoder", registry.GROUP),
    ]

    everybody = EntryPoints([*extra, *entry_points(group=registry.GROUP)])
    monkeypatch.setattr(registry, "_installed", lambda group: everybody.select(group=group))


def test_ours_is_found_and_loaded() -> None:
    assert "mirakl" in registry.names()
    assert registry.load("mirakl") is MiraklAdapter


def test_names_are_known_without_importing_any_adapter() -> None:
    script = (
        "import sys; from mkt_tui.adapters import registry; registry.names();"
        "sys.exit(any(name in sys.modules for name in ('httpx', 'mkt_tui.adapters.mirakl')))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_an_unknown_name_tells_the_known_ones() -> None:
    with pytest.raises(NotFound, match=r"no adapter mirakel.*mirakl"):
        registry.load("mirakel")


@pytest.mark.usefixtures("strangers")
def test_strangers_are_listed_with_ours() -> None:
    assert {"function", "gone", "mirakl", "nameless"} <= set(registry.names())


@pytest.mark.usefixtures("strangers")
@pytest.mark.parametrize(
    ("name", "why"),
    [("gone", "ModuleNotFoundError"), ("nameless", "AttributeError"), ("function", "no adapter")],
)
def test_a_broken_adapter_is_a_sentence(name: str, why: str) -> None:
    with pytest.raises(SettingsWrong) as caught:
        registry.load(name)
    assert name in str(caught.value)
    assert why in str(caught.value)


@pytest.mark.usefixtures("strangers")
def test_nobody_takes_our_name() -> None:
    assert registry.load("mirakl") is MiraklAdapter
