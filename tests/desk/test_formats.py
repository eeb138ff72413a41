"""Dates, money and spans in the three languages."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mkt_tui import i18n
from mkt_tui.cache.instants import to_cache
from mkt_tui.desk import formats

MOMENT = datetime(2024, 6, 1, 2, 30, tzinfo=UTC)
SAO_PAULO = ZoneInfo("America/Sao_Paulo")


@pytest.fixture(autouse=True, params=i18n.LANGUAGES)
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    # Babel's formats need only the language's name, not our catalogues.
    monkeypatch.setattr(i18n, "_language", request.param)
    return str(request.param)


def test_instants_are_seen_from_the_zone_and_written_by_the_language(language: str) -> None:
    told = formats.instant(MOMENT, SAO_PAULO)
    assert (
        told
        == {
            "en": "5/31/24, 11:30 PM",
            "pt_BR": "31/05/2024 23:30",
            "it": "31/05/24, 23:30",
        }[language]
    )
    assert formats.instant(to_cache(MOMENT), SAO_PAULO) == told
    assert told.startswith(formats.day(MOMENT, SAO_PAULO))


@pytest.mark.parametrize("year", [1, 9999])
@pytest.mark.parametrize("zone", ["America/Sao_Paulo", "Asia/Tokyo"])
def test_the_ends_of_the_calendar_can_be_shown(year: int, zone: str) -> None:
    for moment in (datetime(year, 1, 1, tzinfo=UTC), datetime(year, 12, 31, 23, tzinfo=UTC)):
        assert formats.instant(moment, ZoneInfo(zone))


def test_money_is_written_by_the_language_with_plain_spaces(language: str) -> None:
    assert (
        formats.money(123456, "BRL")
        == {
            "en": "R$1,234.56",
            "pt_BR": "R$ 1.234,56",
            "it": "1.234,56 BRL",
        }[language]
    )
    assert "1" in formats.money(1, "JPY")
    assert "," not in formats.money(1, "JPY")


def test_sizes(language: str) -> None:
    assert formats.size(340) == "340 B"
    assert formats.size(1_234_567) == ("1.2 MB" if language == "en" else "1,2 MB")
    assert formats.size(5_000_000_000_000).endswith(" GB")


def test_short_days_agree_with_babel(language: str) -> None:
    pattern = str(Locale.parse(language).datetime_skeletons["Md"].pattern)
    order = [char for char in pattern if char in "dM"]
    expected = "31/12" if order.index("d") < order.index("M") else "12/31"
    assert "/" in pattern
    new_year = datetime(2025, 1, 1, 1, 0, tzinfo=UTC)
    assert formats.short_day(to_cache(new_year), SAO_PAULO) == expected


@pytest.mark.parametrize(
    ("hours", "told"),
    [(76, "3d 4h"), (48, "2d 0h"), (47.99, "47h"), (5, "5h"), (1, "1h"), (0.5, "30min")],
)
def test_time_left_switches_units(hours: float, told: str) -> None:
    span = timedelta(hours=hours)
    assert formats.time_left(MOMENT + span, MOMENT) == f"{told} left"
    assert formats.time_left(MOMENT - span, MOMENT) == f"{told} late"


def test_the_very_instant_is_late_already() -> None:
    assert formats.time_left(MOMENT, MOMENT) == "0min late"


@given(st.text(), st.integers(2, 40))
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    lines = formats.wrap(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_the_queue_pays_for_no_babel() -> None:
    code = (
        "import sys; from datetime import *; from mkt_tui.desk import formats as f;"
        "f.short_day(0, UTC); f.time_left(datetime.now(UTC), datetime.now(UTC));"
        "assert not any(name.partition('.')[0] == 'babel' for name in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
