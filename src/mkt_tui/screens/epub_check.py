"""The check of a file: how far it is, each shop's verdict, the messages, and the way into the file.

    report = await app.push_screen_wait(EpubCheckScreen(desk, path, shops, complaint))

ends with the report, None where there is none; keep it with `report.to_json()`.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from mkt_tui.desk import epub_chapters, epub_check
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.epub_words import progress_line
from mkt_tui.domain.errors import UserError
from mkt_tui.epub.progress import Cancelled, Progress, Stopped
from mkt_tui.epub.report import Message, Report, Verdict, verdict_line
from mkt_tui.i18n import N_, _
from mkt_tui.screens import epub_words as words
from mkt_tui.screens.epub_source import SourceScreen
from mkt_tui.widgets.exact import ExactScreen
from mkt_tui.widgets.key_bar import KeyBar
from mkt_tui.widgets.rows import Rows
from mkt_tui.widgets.virtual_table import VirtualTable

_TELL_EVERY: Final = 0.25


class EpubCheckScreen(ExactScreen[Report | None]):
    """Verdicts above, the messages of the chosen shop, the one under the cursor in full below."""

    DEFAULT_CSS = """
    EpubCheckScreen #head {
        height: 1; background: $primary-darken-2; color: $text; text-wrap: nowrap;
    }
    EpubCheckScreen #tabs { height: 1; background: $surface; text-wrap: nowrap; }
    EpubCheckScreen #verdict { height: 1; text-wrap: nowrap; }
    EpubCheckScreen #state { height: 1fr; padding: 1 2; display: none; }
    EpubCheckScreen.nothing #state { display: block; }
    EpubCheckScreen.nothing #table { display: none; }
    EpubCheckScreen #below { height: 8; background: $surface; scrollbar-size-vertical: 1; }
    EpubCheckScreen #below Static { height: auto; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", N_("Back")),
        Binding("enter", "source", N_("Open the file")),
        Binding("tab,right", "turn(1)", N_("Next shop"), priority=True),
        Binding("shift+tab,left", "turn(-1)", N_("Shop before"), show=False, priority=True),
        Binding("s", "go_on", N_("Status")),
        Binding("t", "typos", N_("Spelling")),
        Binding("w", "save", N_("Save report")),
        Binding("r", "again", N_("Check again")),
        Binding("question_mark", "app.help", N_("Help")),
    ]

    def __init__(
        self,
        desk: Desk,
        path: Path,
        shops: Sequence[str] = (),
        complaint: str = "",
        report: Report | None = None,
    ) -> None:
        """Check a file for these shops; with a report, show that one instead.

        Args:
            desk: Whose rules hold.
            path: The file, on this server.
            shops: Names of shops; none = the distributor's rules.
            complaint: What the ticket says, shown beside the messages.
            report: What an earlier check found.
        """
        super().__init__()
        self.desk = desk
        self._path, self._shops, self._complaint = path, tuple(shops), complaint
        self._report = report
        self._typos: list[Message] | None = None
        self._chosen = 0
        self._stop = Cancelled()
        self._progress: Progress | None = None
        self._trouble = ""

    def compose(self) -> ComposeResult:
        """Lay out title, verdicts, list, detail and keys."""
        yield Static(id="head", markup=False)
        yield Static(id="tabs", markup=False)
        yield Static(id="verdict", markup=False)
        yield VirtualTable[Message](
            Rows(), words.columns(), lambda each: words.look(each)[1], chosen=self._detail,
            id="table",
        )  # fmt: skip
        yield Static(id="state", markup=False)
        with VerticalScroll(id="below", can_focus=False):
            yield Static(id="detail", markup=False)
            yield Static(id="complaint", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin."""
        self._table.focus()
        if self._complaint:
            self.query_one("#complaint", Static).update(words.complaint(self._complaint))
        self.set_interval(_TELL_EVERY, self._tell)
        self._show()
        if self._report is None:
            self._check()

    def on_unmount(self) -> None:
        """Let no check go on that nobody waits for."""
        self._stop.set()

    @property
    def _table(self) -> "VirtualTable[Message]":
        return self.query_one("#table", VirtualTable)

    @property
    def _verdict(self) -> Verdict | None:
        """The chosen shop's; None = the spelling is chosen, or there is no report."""
        verdicts = self._report.verdicts if self._report else ()
        return verdicts[self._chosen] if self._chosen < len(verdicts) else None

    @property
    def _messages(self) -> Sequence[Message]:
        if self._report is None:
            return ()
        return self._verdict.messages if self._verdict else self._typos or ()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense now."""
        del parameters
        if action == "source":
            return bool(self._messages)
        if action == "go_on":
            return False  # only a ticket has a status to go on to
        if action in ("turn", "typos", "save"):
            return self._report is not None
        return action != "again" or self._progress is None

    @work(exclusive=True, group="check")
    async def _check(self) -> None:
        self._stop, self._trouble = Cancelled(), ""
        stop = self._stop
        try:
            self._report = await asyncio.to_thread(
                epub_check.check,
                self.desk.home,
                self._path,
                self._shops,
                on_progress=self._took_a_step,
                cancelled=stop,
            )
        except UserError as error:
            self._trouble = str(error)
        except Stopped:
            return
        finally:
            # Leaving the screen cancels this worker, but not the thread.
            stop.set()
            self._progress = None
        self._typos, self._chosen = None, self._first_refusal()
        if self.is_attached:
            self._show()

    def _took_a_step(self, progress: Progress) -> None:
        self._progress = progress

    def _first_refusal(self) -> int:
        verdicts = self._report.verdicts if self._report else ()
        refusing = (place for place, each in enumerate(verdicts) if not each.passed)
        return next(refusing, 0)

    def _tell(self) -> None:
        if self._progress is not None and self._report is None:
            self.query_one("#state", Static).update(progress_line(self._progress))

    def _show(self) -> None:
        report = self._report
        self.query_one("#head", Static).update(words.head(self._path.name, report), layout=False)
        typos = None if self._typos is None else len(self._typos)
        verdicts = report.verdicts if report else ()
        tabs = words.tabs(verdicts, typos, self._chosen)
        self.query_one("#tabs", Static).update(tabs, layout=False)
        told = verdict_line(self._verdict) if self._verdict else ""
        self.query_one("#verdict", Static).update(told, layout=False)
        self._table.show(Rows(self._messages), 0)
        self.set_class(not self._messages, "nothing")
        if report is not None and not self._messages:
            self.query_one("#state", Static).update(words.empty(self._verdict))
        elif self._trouble:
            self.query_one("#state", Static).update(self._trouble)
        self.refresh_bindings()

    def _detail(self) -> None:
        if self.is_mounted:
            told = words.in_full(self._table.current if self._messages else None)
            self.query_one("#detail", Static).update(told)
            self.query_one("#below").scroll_home(animate=False)

    @on(VirtualTable.RowOpened)
    def _opened(self) -> None:
        self.action_source()

    def action_source(self) -> None:
        """Show the message's file at its line, beside the ticket's text."""
        if self._messages:
            place = self._table.cursor
            self.app.push_screen(SourceScreen(self._path, self._messages, place, self._complaint))

    def action_turn(self, by: int) -> None:
        """Show what another shop says, or the spelling."""
        verdicts = self._report.verdicts if self._report else ()
        self._chosen = (self._chosen + by) % max(len(verdicts) + (self._typos is not None), 1)
        self._show()

    def action_typos(self) -> None:
        """Look for misspelled words: in the chapters the ticket names, else in all."""
        self._spell()

    @work(exclusive=True, group="spell")
    async def _spell(self) -> None:
        try:
            wanted = await asyncio.to_thread(epub_chapters.flagged, self._path, self._complaint)
            found = await asyncio.to_thread(epub_chapters.typos, self._path, wanted)
        except UserError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        if self.is_attached and self._report is not None:
            self._typos, self._chosen = found, len(self._report.verdicts)
            self._show()

    def action_save(self) -> None:
        """Write the report as text and JSON into the home."""
        assert self._report is not None
        place = epub_check.save(self.desk.home, self._report)
        self.notify(_("Written: {path} (and .json)").format(path=place), markup=False)

    def action_again(self) -> None:
        """Check the file as it is now."""
        self._report = None
        self._show()
        self.query_one("#state", Static).update("")
        self._check()

    def action_back(self) -> None:
        """End the check, and give the report to who asked for it."""
        self._stop.set()
        self.dismiss(self._report)
