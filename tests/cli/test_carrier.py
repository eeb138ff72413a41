"""The carriers of the settings: listed, and asked for a parcel."""

import json

from mkt_tui.home import Home
from tests.cli.program import Program, start

PAGE = """
[carriers.Correios]
adapter = "page"
base_url = "https://posta.example/?n={number}"
names = "correios, ect"
"""


def settings(home: Home, text: str) -> None:
    home.settings_file.write_text(text, encoding="utf-8")
    home.settings_file.chmod(0o600)


def test_the_carriers_of_the_settings_are_listed(mkt_tui: Program, home: Home) -> None:
    none = mkt_tui("carrier", "list")
    assert (none.code, none.out) == (0, "")
    assert "[carriers.NAME]" in none.err
    settings(home, PAGE)
    assert "Correios" in mkt_tui("carrier", "list").out
    (told,) = mkt_tui("carrier", "list", "--json").json
    assert told == {
        "name": "Correios",
        "adapter": "page",
        "names": "correios, ect",
        "base_url": "https://posta.example/?n={number}",
    }


def test_a_carrier_with_a_page_only_says_so(mkt_tui: Program, home: Home) -> None:
    settings(home, PAGE)
    done = mkt_tui("carrier", "test", "correios", "AA 1")
    assert done.code == 0
    assert "https://posta.example/?n=AA%201" in done.out
    assert "not asked" in done.out
    missing = mkt_tui("carrier", "test", "Jadlog", "1")
    assert missing.code != 0
    assert "Correios" in missing.err


def test_a_carrier_is_asked_for_a_parcel(mkt_tui: Program, home: Home) -> None:
    with start("sandbox", "--tickets", "1", "--while-open") as process:
        assert process.stdout is not None
        offered = json.loads(process.stdout.readline())["carriers"]
        soap = next(each for each in offered if each["adapter"] == "brt-soap")
        lines = [
            "[carriers.BRT]",
            'adapter = "brt-soap"',
            f'base_url = "{soap["base_url"]}"',
            f'customer_id = "{soap["options"]["customer_id"]}"',
        ]
        settings(home, "\n".join(lines))
        done = mkt_tui("carrier", "test", "BRT", "156000000000001")
        assert (done.code, done.err) == (0, "")
        assert "does not know this number" in done.out
        process.terminate()
