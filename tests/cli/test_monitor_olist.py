"""From the public Olist files to `mkt-tui monitor --json`, the way a stranger would go."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests import olist_monitor
from tests.cli.program import Done, end, start
from tests.contract.openapi import shared_dir

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "monitor.schema.json"
NINE = list(json.loads(SCHEMA.read_text())["properties"]["reports"]["properties"])


@pytest.fixture(scope="module")
def folder() -> Path:
    return shared_dir() / "data" / "olist"


@pytest.fixture(scope="module")
def home(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that has read the whole data set from the practice marketplaces."""
    place = tmp_path_factory.mktemp("olist") / "home"
    done = end(start("demo", "--dataset", str(folder), "--as-is", "--into", str(place)))
    assert done.code == 0, done.err
    return place


def monitor(home: Path, *words: str) -> Done:
    done = end(start("--home", str(home), "monitor", *words))
    assert done.code == 0, done.err
    return done


def orders(answer: dict[str, Any]) -> dict[str, set[str]]:
    return {name: {each["order"] for each in found} for name, found in answer["reports"].items()}


@pytest.mark.parametrize(
    ("as_of", "horizon", "moved_within"),
    [
        ("2017-12-06T20:00:00", 48, 72),
        ("2018-08-01T23:00:00", 48, 72),
        ("2018-08-07T06:00:00", 240, 96),
        ("2018-08-28T10:00:00", 48, 72),
    ],
)
def test_the_reports_are_those_worked_out_from_the_files_alone(
    folder: Path, home: Path, as_of: str, horizon: int, moved_within: int
) -> None:
    expected = olist_monitor.reports(folder, as_of, horizon, moved_within)
    words = ("--horizon", str(horizon), "--moved-within", str(moved_within))
    answer = monitor(home, "--as-of", as_of, *words, "--json").json

    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(answer)
    assert list(answer["reports"]) == NINE
    assert orders(answer) == {name: set(expected.get(name, ())) for name in NINE}
    assert sum(map(len, expected.values())) > 300
    for name, found in answer["reports"].items():
        for each in found:
            left = olist_monitor.hours(expected[name][each["order"]], as_of)
            assert each["hours"] == pytest.approx(left, abs=0.011)
        assert found == sorted(found, key=lambda each: each["hours"])


def test_every_deadline_report_has_orders_in_the_dates_above(folder: Path) -> None:
    dates = ("2018-08-01T23:00:00", "2018-08-28T10:00:00")
    seen = {name for each in dates for name in olist_monitor.reports(folder, each)}
    assert seen == set(NINE[2:7])


def test_an_instant_with_an_offset_is_the_same_instant_as_one_in_the_channels_zone(
    home: Path,
) -> None:
    local = monitor(home, "--as-of", "2018-08-01T23:00:00", "--json").json
    zoned = monitor(home, "--as-of", "2018-08-02T02:00:00+00:00", "--json").json
    assert local["reports"] == zoned["reports"]
    assert (local["as_of"], zoned["as_of"]) == ("2018-08-01T23:00:00", "2018-08-02T02:00:00Z")


def test_one_report_for_people_and_for_spreadsheets(home: Path) -> None:
    words = ("--as-of", "2018-08-01T23:00:00", "--report", "5")
    found = monitor(home, *words, "--json").json["reports"]
    assert list(found) == ["transit_due"]
    lines = monitor(home, *words, "--csv").out.splitlines()
    assert lines[0] == "report,order,channel,deadline,hours,time,cause,owner,note,rule"
    assert len(lines) - 1 == len(found["transit_due"]) == 3
    table = monitor(home, *words).out
    assert all(each["order"] in table for each in found["transit_due"])
