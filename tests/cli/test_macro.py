"""`mkt-tui macro`: canned replies from the command line; the files they are in stay as they were."""

import json
from contextlib import suppress
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from mkt_tui.config import Home
from mkt_tui.desk import macro_files
from mkt_tui.domain.errors import SettingsWrong
from tests.cli.program import Program


def listed(mkt_tui: Program) -> dict[str, dict[str, object]]:
    return {each["name"]: each for each in json.loads(mkt_tui("macro", "list", "--json").out)}


def test_a_macro_is_kept_shown_and_forgotten(mkt_tui: Program, home: Home) -> None:
    text = "Olá, {{customer.first_name}}!\nJá volto."
    words = ["--language", "pt_BR", "--channel", "Carrefour"]
    assert mkt_tui("macro", "add", "volto", "--text", text, *words).code == 0
    assert mkt_tui("macro", "show", "volto").out == text + "\n"
    assert listed(mkt_tui)["volto"] == {
        "name": "volto", "owner": "own", "language": "pt_BR", "channels": ["Carrefour"], "text": text
    }  # fmt: skip
    lines = mkt_tui("macro", "list").out.splitlines()
    assert [line.split()[1] for line in lines if line.startswith("volto")] == ["yours"]
    assert mkt_tui("macro", "remove", "volto").code == 0
    assert "volto" not in listed(mkt_tui)
    gone = mkt_tui("macro", "show", "volto")
    assert gone.code == 1
    assert "macro list" in gone.err


def test_the_package_s_macro_holds_again_when_ones_own_is_gone(mkt_tui: Program) -> None:
    before = listed(mkt_tui)["atraso"]
    assert before["owner"] == "package"
    mkt_tui("macro", "add", "atraso", "--text", "Nosso", "--shop")
    assert (listed(mkt_tui)["atraso"]["owner"], listed(mkt_tui)["atraso"]["text"]) == (
        "shop",
        "Nosso",
    )
    assert mkt_tui("macro", "remove", "atraso").code == 1
    assert mkt_tui("macro", "remove", "atraso", "--shop").code == 0
    assert listed(mkt_tui)["atraso"] == before


def test_comments_in_the_file_stay(mkt_tui: Program, home: Home) -> None:
    file = home.settings / "macros.toml"
    file.write_text('# ours since 2019\n[oi]\ntext = "Oi"  # short\n', encoding="utf-8")
    mkt_tui("macro", "add", "tchau", "--text", "Tchau", "--shop")
    kept = file.read_text("utf-8")
    assert kept.startswith('# ours since 2019\n[oi]\ntext = "Oi"  # short\n')
    assert "[tchau]" in kept


def test_macros_move_to_another_home_whole(mkt_tui: Program, tmp_path: Path) -> None:
    text = 'Diz "assim":\n\n\\o/ """ fim'
    mkt_tui("macro", "add", "assim", "--text", text)
    file = tmp_path / "macros"
    file.write_text(mkt_tui("macro", "export", "assim", "atraso").out, encoding="utf-8")
    mkt_tui("macro", "remove", "assim")
    assert mkt_tui("macro", "import", str(file)).code == 0
    assert listed(mkt_tui)["assim"]["text"] == text
    assert listed(mkt_tui)["atraso"]["owner"] == "own"


def test_what_cannot_be_used_is_one_sentence_and_changes_nothing(
    mkt_tui: Program, home: Home, tmp_path: Path
) -> None:
    before = listed(mkt_tui)
    bad = tmp_path / "bad"
    for text in ("no toml [", '[x]\ntext = "{{order.moon}}"\n', "x = 1\n"):
        bad.write_text(text, encoding="utf-8")
        done = mkt_tui("macro", "import", str(bad))
        assert done.code == 1
        assert "Traceback" not in done.err
    assert mkt_tui("macro", "import", str(tmp_path / "none")).code == 1
    assert mkt_tui("macro", "add", "a b", "--text", "x").code == 1
    assert listed(mkt_tui) == before


def test_an_editor_must_be_allowed(mkt_tui: Program) -> None:
    done = mkt_tui("macro", "edit", "atraso")
    assert done.code == 1
    assert "editor = true" in done.err


@given(st.text(min_size=1))
def test_a_text_that_is_no_file_of_macros_is_refused_in_words(text: str) -> None:
    with suppress(SettingsWrong):
        assert isinstance(macro_files.read(text), dict)
