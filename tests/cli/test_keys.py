"""`mkt-tui keys`, and what the doctor says about keys and deadlines."""

from mkt_tui.home import Home
from tests.cli.program import Program


def test_every_key_is_listed_by_its_name(mkt_tui: Program) -> None:
    listed = {each["name"]: each for each in mkt_tui("keys", "--json").json}
    assert listed["queue.reply"] == {"name": "queue.reply", "keys": ["r"], "act": "Reply"}
    assert listed["ticket.work-forward"]["keys"] == ["f"]
    assert "queue.reply" in mkt_tui("keys").out


def test_a_key_of_ones_own_is_listed_and_a_clash_is_told(mkt_tui: Program, home: Home) -> None:
    home.settings_file.write_text('[keys.queue]\nreply = "m"\n')
    home.settings_file.chmod(0o600)
    done = mkt_tui("keys", "--json")
    assert next(each for each in done.json if each["name"] == "queue.reply")["keys"] == ["m"]
    assert "m is both queue.channel and queue.reply" in done.err
    found = mkt_tui("doctor", "--json").json
    (told,) = (each["problem"] for each in found if each["check"] == "settings")
    assert told.startswith("keys: m is both")


def test_the_doctor_finds_deadline_rules_that_cannot_be_used(mkt_tui: Program, home: Home) -> None:
    home.deadlines_file.write_text("[x]\namount = 0\n")
    found = mkt_tui("doctor", "--json").json
    assert "deadlines.toml" in next(e for e in found if e["check"] == "deadlines")["problem"]
