"""The catalogues of the interface: complete, true to their placeholders, short enough, in use."""

import ast
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from rich.cells import cell_len
from textual.binding import Binding
from textual.worker import WorkerCancelled

import mkt_tui
from mkt_tui import i18n
from mkt_tui.app import DeskApp
from mkt_tui.cache import queries
from mkt_tui.cache.queries import QueueFilter
from mkt_tui.desk.desk import Desk
from mkt_tui.i18n import _, ngettext
from mkt_tui.screens.queue import QueueScreen
from mkt_tui.screens.queue_columns import QueueCells, situation_word
from mkt_tui.widgets.key_bar import KeyBar
from tests.worlds import channel, read, ticket

SOURCE = Path(mkt_tui.__file__).parent
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
TRANSLATED = [name for name in i18n.LANGUAGES if name != "en"]
SITUATION_CELLS = 10
KEYS_IN_VIEW = 5

in_every_translation = pytest.mark.parametrize("language", TRANSLATED)


def forms(text: object) -> tuple[str, ...]:
    """Return a message, or its translation, in all its forms."""
    return tuple(text) if isinstance(text, list | tuple) else (str(text),)


@cache
def catalogue(language: str) -> Catalog:
    path = SOURCE / "locale" / language / "LC_MESSAGES" / "mkt_tui.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def messages(language: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return every message with its translation."""
    return {forms(each.id): forms(each.string) for each in catalogue(language) if each.id}


@cache
def words_of_the_source() -> frozenset[tuple[str, ...]]:
    """Return every message the source marks; one that is counted somewhere in both its forms."""
    marked = {forms(each[2]) for each in extract_from_dir(SOURCE, keywords=KEYWORDS)}
    for path in SOURCE.rglob("*.py"):
        marked |= set(marked_in_f_strings(path))
    counted = {each[0] for each in marked if len(each) > 1}
    return frozenset(each for each in marked if len(each) > 1 or each[0] not in counted)


def marked_in_f_strings(path: Path) -> Iterator[tuple[str, ...]]:
    """Yield what the extractor sees from Python 3.12 on only."""
    strings = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    for string in (each for each in strings if isinstance(each, ast.JoinedStr)):
        for node in ast.walk(string):
            match node:
                case ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str(text))]):
                    yield (text,)


@pytest.fixture
def _compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the interface speak the catalogues as they are now, compiled or not."""
    for language in TRANSLATED:
        folder = tmp_path / "locale" / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        with (folder / "mkt_tui.mo").open("wb") as file:
            write_mo(file, catalogue(language))
    monkeypatch.setattr(i18n, "_LOCALE_DIR", tmp_path / "locale")


@in_every_translation
def test_every_message_is_there_and_no_stale_one(language: str) -> None:
    there = set(messages(language))
    assert sorted(words_of_the_source() - there) == []
    assert sorted(there - words_of_the_source()) == []
    assert not catalogue(language).obsolete


@in_every_translation
def test_every_form_is_translated_and_none_is_a_guess(language: str) -> None:
    plurals = catalogue(language).num_plurals
    for told, translation in messages(language).items():
        assert len(translation) == (plurals if len(told) > 1 else 1), told
        assert all(translation), told
    assert not [each.id for each in catalogue(language) if each.id and each.fuzzy]
    assert not catalogue(language).fuzzy


@in_every_translation
def test_placeholders_and_outer_blanks_are_kept(language: str) -> None:
    for told, translation in messages(language).items():
        # Every form of the translation answers to the last form, the one that counts.
        for form in translation:
            assert placeholders(form) == placeholders(told[-1]), told
            assert outer_blanks(form) == outer_blanks(told[-1]), told


def placeholders(text: str) -> list[tuple[str, str | None, str | None]]:
    parts = [part[1:] for part in Formatter().parse(text)]
    return sorted((name, spec, how) for name, spec, how in parts if name is not None)


def outer_blanks(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


@pytest.mark.usefixtures("_compiled")
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_words_of_situation_fit_their_column(desk: Desk, language: str) -> None:
    carrefour = channel(desk.database)
    read(desk.database, carrefour, ticket("new", 1), ticket("old", 30), registered_at=None)
    rows = queries.page(desk.database, QueueFilter(), None, 0, 9)
    rows += [rows[0]._replace(state=1), rows[0]._replace(state=2)]
    rows += [rows[0]._replace(delivery=each) for each in ("failed", "unknown", "queued", "sending")]
    i18n.set_language(language)
    words = [
        situation_word(each, desk.clock(), desk.settings.rules, desk.settings.zone) for each in rows
    ]
    assert len(set(words)) == 7
    assert [each for each in words if cell_len(each) > SITUATION_CELLS] == []


@pytest.mark.usefixtures("_compiled")
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_column_titles_fit_where_there_is_room(desk: Desk, language: str) -> None:
    i18n.set_language(language)
    columns = [each for each in QueueCells(desk, {}, set()).columns() if each.title]
    assert [_(each.title) for each in columns if cell_len(_(each.title)) > each.ideal] == []


@pytest.mark.usefixtures("_compiled")
@pytest.mark.parametrize("language", i18n.LANGUAGES)
async def test_the_first_keys_of_the_queue_are_seen_at_80_columns(
    desk: Desk, language: str
) -> None:
    i18n.set_language(language)
    async with DeskApp(desk).run_test(size=(80, 24)) as pilot:
        with suppress(WorkerCancelled):
            await pilot.app.workers.wait_for_complete()
        shown = pilot.app.screen.query_one(KeyBar).render().plain
    first = [each for each in QueueScreen.BINDINGS if isinstance(each, Binding)][:KEYS_IN_VIEW]
    assert [each.description for each in first if f" {_(each.description)} " not in shown] == []


@pytest.mark.usefixtures("_compiled")
def test_the_language_changes_the_words() -> None:
    seen = {}
    for language in i18n.LANGUAGES:
        i18n.set_language(language)
        assert i18n.language() == language
        counted = [ngettext("{count} ticket", "{count} tickets", each) for each in (1, 2)]
        seen[language] = [_("Pending"), _("y = yes, n = no"), *counted]
    assert seen == {
        "en": ["Pending", "y = yes, n = no", "{count} ticket", "{count} tickets"],
        "pt_BR": ["Pendente", "y = sim, n = não", "{count} ticket", "{count} tickets"],
        "it": ["In attesa", "y = sì, n = no", "{count} ticket", "{count} ticket"],
    }


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        ("pt-BR", "pt_BR"),
        ("pt_BR.UTF-8", "pt_BR"),
        ("pt", "pt_BR"),
        ("PT_br", "pt_BR"),
        ("it", "it"),
        ("it_IT.UTF-8", "it"),
        ("en_GB", "en"),
        ("C", "en"),
        ("C.UTF-8", "en"),
        ("unknown", "en"),
    ],
)
def test_a_language_is_understood_in_any_spelling(wanted: str, chosen: str) -> None:
    assert i18n.choose(wanted, {"LANG": "it_IT.UTF-8"}) == chosen
    assert i18n.choose(None, {"LANG": wanted}) == chosen


def test_the_locale_is_asked_in_the_usual_order() -> None:
    told = {"LC_ALL": "pt_BR.UTF-8", "LC_MESSAGES": "it_IT.UTF-8", "LANG": "en_US.UTF-8"}
    assert i18n.choose(None, told) == "pt_BR"
    assert i18n.choose(None, {**told, "LC_ALL": ""}) == "it"
    assert i18n.choose(None, {"LANG": "it_IT.UTF-8"}) == "it"
    assert i18n.choose(None, {}) == "en"
