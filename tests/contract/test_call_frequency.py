"""How often the API may be called: our data and the practice marketplace's are the document's."""

import json
import re
from typing import Any

import pytest

from mkt_tui.adapters.mirakl.adapter import MiraklAdapter
from mkt_tui.adapters.mirakl.frequencies import FREQUENCIES
from mkt_tui.sandbox.mirakl.api import ROUTES
from mkt_tui.sandbox.mirakl.frequencies import MAXIMA
from tests.contract.openapi import operations, shared_dir

_TIMES = {"minute": 60.0, "hour": 3600.0, "day": 86_400.0}


@pytest.fixture(scope="module")
def told() -> Any:
    path = shared_dir() / "contracts" / "mirakl" / "call-frequency.json"
    return json.loads(path.read_text(encoding="utf-8"))


def seconds(words: str) -> float | None:
    """Return what a maximum says in numbers, None for an occasion."""
    asked = re.sub(r" - Synchronous:.*|Asynchronous: ", "", words).lower()
    found = re.fullmatch(r"once per (minute|hour|day)|every (?:(\d+) )?(minute|hour)s?", asked)
    if found is None:
        return None
    unit = found[1] or found[3]
    return int(found[2] or 1) * _TIMES[unit]


def test_the_words_and_numbers_are_the_documents(told: Any) -> None:
    for name, each in FREQUENCIES.items():
        assert each.maximum in (told[name]["maximum"] or [""]), name
        assert each.least == seconds(each.maximum), name


def test_every_operation_we_know_is_in_the_table() -> None:
    played = {(method, f"/api{path}") for path, method, _endpoint in ROUTES}
    names = {
        name
        for method, path, name in operations()
        for known in played
        if (method, re.sub(r"{\w+}", "{}", path)) == (known[0], re.sub(r"{\w+}", "{}", known[1]))
    }
    assert len(names) == len(played)
    assert names == set(FREQUENCIES)


def test_no_list_is_read_sooner_than_allowed() -> None:
    known = {each.stream: each.least for each in FREQUENCIES.values() if each.stream}
    assert {"tickets", "orders", "returns", "listings"} == set(known)
    assert {name: least for name, least in known.items() if least} == MiraklAdapter.EVERY


def test_the_practice_marketplace_judges_by_the_same_numbers(told: Any) -> None:
    numbered = {
        name for name in FREQUENCIES if any(seconds(each) for each in told[name]["maximum"])
    }
    assert numbered == set(MAXIMA)
    for name, each in MAXIMA.items():
        assert each.path == told[name]["path"]
        assert each.seconds == min(filter(None, map(seconds, told[name]["maximum"])))
