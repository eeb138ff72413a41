"""`mkt-tui deadlines`: which rules are in force, and where their figures come from."""

import json

import pytest

from mkt_tui.home import Home
from tests.cli.program import Program


def test_the_rules_and_their_sources_are_listed(mkt_tui: Program) -> None:
    done = mkt_tui("deadlines")
    assert done.code == 0
    amazon = next(line for line in done.out.splitlines() if line.startswith("amazon "))
    assert "24 running hours from receipt" in amazon
    assert "Seller Central help 200549770" in amazon


def test_the_shops_own_file_wins_and_is_named(mkt_tui: Program, home: Home) -> None:
    (home.settings / "deadlines.toml").write_text(
        '[amazon]\nmarketplaces = ["amazon"]\namount = 12\nsource = "letter of December"\n'
        "[walmart]\noff = true\n"
    )
    listed = json.loads(mkt_tui("deadlines", "--json").out)
    found = {each["rule"]: each for each in listed}
    assert found["amazon"]["amount"] == 12
    assert found["amazon"]["own"]
    assert "walmart" not in found
    assert "the shop's own file: letter of December" in mkt_tui("deadlines").out


@pytest.mark.parametrize(
    "text", ["amazon]", "[x]\namount = 1", '[x]\namount = 1\nunit = "moons"\nsource = "s"']
)
def test_a_file_that_cannot_be_used_is_one_sentence(
    mkt_tui: Program, home: Home, text: str
) -> None:
    (home.settings / "deadlines.toml").write_text(text)
    done = mkt_tui("deadlines")
    assert done.code == 1
    assert "deadlines.toml" in done.err
    assert len(done.err.splitlines()) == 1
