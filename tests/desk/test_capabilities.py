"""What cannot be done from here says why, in that marketplace's own case, and the page says whence (A15)."""

from dataclasses import replace
from pathlib import Path

import pytest

from mkt_tui import i18n
from mkt_tui.adapters import registry
from mkt_tui.desk import capabilities
from mkt_tui.desk.capabilities import Place
from mkt_tui.domain.channels import PORTAL, Channel

CHANNEL = Channel(
    0,
    "X",
    "mirakl",
    "BR",
    "https://x.example",
    "env:X",
    "UTC",
    enabled=True,
    options={"imap": "imaps://x"},
)
PAGE = Path(__file__).resolve().parents[2] / "docs" / "channels.md"
ADAPTERS = sorted({*registry.names()} - {PORTAL})


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_every_no_has_a_reason_of_its_own(adapter: str) -> None:
    known = getattr(registry.load(adapter), "UNAVAILABLE", {})
    matrix = capabilities.of(replace(CHANNEL, adapter=adapter))
    denied = {each.name: each.reason for each in matrix if each.place is Place.PORTAL}
    for name in ("promotions", "settings"):
        del denied[name]
    assert denied == {name: known[name] for name in denied}, "no common excuse"
    assert not {*known} - {*denied}, "a reason for what can be done is not true any more"


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_every_reason_stands_on_the_page_with_its_source(adapter: str) -> None:
    rows = [
        row for row in PAGE.read_text(encoding="utf-8").splitlines() if f"| `{adapter}` |" in row
    ]
    for reason in {*getattr(registry.load(adapter), "UNAVAILABLE", {}).values()}:
        (row,) = [each for each in rows if f"| {reason} |" in each]
        assert row.split("|")[-2].strip(), "where it is written"


def test_a_publisher_sends_no_parcels_and_a_portal_is_worked_by_people() -> None:
    publisher = capabilities.of(replace(CHANNEL, adapter="bookwire"))
    assert {each.name: each.place for each in publisher}["parcels"] is Place.PORTAL
    i18n.set_language("pt_BR")
    portal = {each.name: each.reason for each in capabilities.of(replace(CHANNEL, adapter=PORTAL))}
    assert "(E)" in portal["orders"]
    assert "portal" in portal["ship"]
