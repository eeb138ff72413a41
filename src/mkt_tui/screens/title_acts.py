"""The ways out of a publisher's ticket, step by step, over the screen that asked (P11, P12)."""

import asyncio
from pathlib import Path
from typing import Any, ClassVar, Final

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.suggester import Suggester
from textual.widgets import Input, Static

from mkt_tui.cache.complaints import Override
from mkt_tui.desk import acting, attaching, checked_files, correcting
from mkt_tui.desk.checked_files import Checked
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.publisher import TitleTicket
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.operations import Operation
from mkt_tui.domain.text import clean_line
from mkt_tui.domain.ticket_operations import CorrectTitle
from mkt_tui.i18n import N_, _
from mkt_tui.screens.epub_check import EpubCheckScreen
from mkt_tui.widgets.ask_line import AskLine
from mkt_tui.widgets.confirm_line import ConfirmLine
from mkt_tui.widgets.letter_menu import Entry, LetterMenu
from mkt_tui.widgets.modal import Modal

_CORRECTED: Final = "corrected"
_MANAGER: Final = "manager"
_DISPUTE: Final = "dispute"
_AGAIN: Final = "again"
_EVERYWHERE: Final = "everywhere"


class TitleActs:
    """What is done with one ticket; every act ends with a question that names it whole."""

    def __init__(self, app: App[Any], desk: Desk, ticket: TitleTicket) -> None:
        self._app, self._desk, self._ticket = app, desk, ticket
        self._everywhere = False

    async def choose(self) -> None:
        """Let the agent choose the way out, and go it."""
        entries = [
            Entry("c", _("Corrected: a new file, or a reason"), _CORRECTED),
            Entry("m", _("Give it to the account manager"), _MANAGER),
            Entry("d", _("Dispute: opened by mistake"), _DISPUTE),
            Entry("a", _("The same file again, for the shops that failed"), _AGAIN),
        ]
        if others := len(correcting.mended_along(self._ticket)):
            told = _("Corrected at all shops: this ticket and {count} more of the title")
            entries.insert(1, Entry("t", told.format(count=others), _EVERYWHERE))
        menu = LetterMenu(_("Status of {code}").format(code=self._ticket.row.code), entries)
        chosen = await self._app.push_screen_wait(menu)
        ways = {
            _CORRECTED: self.correct,
            _MANAGER: self.assign,
            _DISPUTE: self.dispute,
            _AGAIN: self.again,
            _EVERYWHERE: self.correct_everywhere,
        }
        if chosen is not None:
            try:
                await ways[chosen]()
            except UserError as error:
                self._app.notify(str(error), severity="error", markup=False)

    async def check(self) -> bool:
        """Check a file; True when the agent went from its report straight to the status."""
        path = await self._path(_("File to check (Tab completes)"))
        if not path:
            return False
        return await self._checked(path)

    async def show_last(self) -> None:
        """Show the last report of this ticket again."""
        last = checked_files.last(self._desk, self._ticket)
        if last is None:
            self._app.notify(
                _("No file was checked for this ticket yet: k checks one."), markup=False
            )
            return
        screen = TicketCheckScreen(self._desk, self._ticket, Path(last.path), last.report)
        await self._app.push_screen_wait(screen)

    async def correct(self) -> None:
        """Corrected: by the file that was checked, by another one, or with a reason in writing."""
        last = checked_files.last(self._desk, self._ticket)
        if last is None:
            path = await self._path(_("Corrected file (empty: write why none is needed)"))
            if path is None:
                return
            if path:
                await self._checked(path)
                last = checked_files.last(self._desk, self._ticket)
                if last is None:
                    await self._correct_unchecked(path)
                    return
        if last is None:
            await self._correct_by_words()
        else:
            await self._correct_by_file(last)

    async def correct_everywhere(self) -> None:
        """Corrected, for all shops that complain of the title: by one file (P6)."""
        self._everywhere = True
        await self.correct()

    async def assign(self) -> None:
        """Give it to the account manager, with a word."""
        text = await self._app.push_screen_wait(
            AskLine(_("A word to the account manager"), "", 900)
        )
        if text is not None:
            await self._send(correcting.assign(self._desk, self._ticket, text))

    async def dispute(self) -> None:
        """Say that the ticket is a mistake, the last check's report attached."""
        text = await self._app.push_screen_wait(AskLine(_("Why is the ticket a mistake?"), "", 900))
        if text is not None:
            last = checked_files.last(self._desk, self._ticket)
            report = last.report.to_json().encode() if last else None
            await self._send(correcting.dispute(self._desk, self._ticket, text, report))

    async def again(self) -> None:
        """Send the same file once more."""
        await self._send(correcting.again(self._desk, self._ticket))

    async def _correct_by_words(self) -> None:
        if self._everywhere:
            told = _("Corrected at all shops needs a file.")
            self._app.notify(told, severity="warning", markup=False)
            return
        reason = await self._app.push_screen_wait(AskLine(_("Why is no new file needed?"), "", 900))
        if reason is not None:
            await self._send(correcting.correct(self._desk, self._ticket, None, reason))

    async def _correct_by_file(self, last: Checked) -> None:
        override = None
        if not last.report.passed:
            asked = _("The check failed. Why is the file sent all the same? (Esc: not at all)")
            override = await self._override(asked, last.report.to_json())
            if override is None:
                return
        await self._correct_by(last.path, override, last.report.sha256)

    async def _correct_unchecked(self, path: str) -> None:
        """A machine without Java checks nothing: a person may take the file upon himself."""
        asked = _("It was not checked. Why is the file sent all the same? (Esc: not at all)")
        override = await self._override(asked, None)
        if override is not None:
            await self._correct_by(path, override, None)

    async def _override(self, asked: str, report: str | None) -> Override | None:
        reason = await self._app.push_screen_wait(AskLine(asked, "", 900))
        if reason and reason.strip():
            return Override(clean_line(reason), report)
        told = _("Not declared corrected: the file has not passed its check.")
        self._app.notify(told, severity="warning", markup=False)
        return None

    async def _correct_by(self, path: str, override: Override | None, checked: str | None) -> None:
        file = await asyncio.to_thread(correcting.chosen, self._desk, self._ticket, path, checked)
        await self._send(correcting.correct(self._desk, self._ticket, file), override)

    async def _checked(self, path: str) -> bool:
        place = checked_files.place(path)
        screen = TicketCheckScreen(self._desk, self._ticket, place)
        report = await self._app.push_screen_wait(screen)
        if report is not None:
            checked_files.keep(self._desk, self._ticket, str(place), report)
        return report is not None and screen.goes_on

    async def _path(self, question: str) -> str | None:
        path = await self._app.push_screen_wait(AskPath(question))
        return None if path is None else path.strip()

    async def _send(self, act: Operation, override: Override | None = None) -> None:
        if not await self._app.push_screen_wait(Question(self._words(act))):
            return
        if self._everywhere and isinstance(act, CorrectTitle):
            await self._send_all(act, override)
        else:
            await asyncio.to_thread(correcting.send, self._desk, self._ticket, act, override)
        hold = int(self._desk.settings.hold_seconds)
        told = _("Queued: it leaves with the next look of the sync.")
        if hold:
            told = _("Leaves in {seconds} s: z takes it back.").format(seconds=hold)
        self._app.notify(told, markup=False)

    async def _send_all(self, act: CorrectTitle, override: Override | None) -> None:
        results = await asyncio.to_thread(
            correcting.send_all, self._desk, self._ticket, act, override
        )
        lines = [
            f"{'x' if each.trouble else '✓'} {clean_line(each.shop)} {each.code}"
            + (f": {each.trouble}" if each.trouble else "")
            for each in results
        ]
        troubled = any(each.trouble for each in results)
        self._app.notify(
            "\n".join(lines), severity="warning" if troubled else "information", markup=False
        )

    def _words(self, act: Operation) -> Text:
        """Name the act, the title and the shops that will see it."""
        asked = acting.confirmation(self._ticket.channel, act)
        row = self._ticket.row
        words = Text()
        words.append(f"{asked.deed}\n", "bold")
        shops = [row, *correcting.mended_along(self._ticket)] if self._everywhere else [row]
        named = ", ".join(f"{clean_line(each.shop)} {each.code}" for each in shops)
        words.append(f"{clean_line(row.title)} · {named}\n")
        words.append(f"{asked.there} {asked.not_here}")
        return words


class TicketCheckScreen(EpubCheckScreen):
    """The check of a file for a ticket's shop; from its report one key leads to the status."""

    def __init__(self, desk: Desk, ticket: TitleTicket, path: Path, report: Any = None) -> None:
        row = ticket.row
        described = next((each.body for each in ticket.notes if each.author == "customer"), "")
        shops = correcting.shops(ticket)
        super().__init__(desk, path, shops, f"{row.subject}\n{described}", report)
        self.goes_on = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Go on from a report only: the key must not end a check that is under way."""
        if action == "go_on":
            return self._report is not None
        return super().check_action(action, parameters)

    def action_go_on(self) -> None:
        """End with the report and go on to the status, once there is one."""
        self.goes_on = True
        self.action_back()


class AskPath(AskLine):
    """Asks for a file on this server; Tab completes its path."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", N_("Complete"), priority=True)
    ]

    def __init__(self, question: str) -> None:
        super().__init__(question, "", 2_000)

    def on_mount(self) -> None:
        """Suggest paths."""
        self.query_one(Input).suggester = _Paths()

    def action_complete(self) -> None:
        """Take the suggested path over."""
        line = self.query_one(Input)
        if found := attaching.completion(line.value):
            line.value = found
            line.cursor_position = len(found)


class _Paths(Suggester):
    """Paths on this server."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        return await asyncio.to_thread(attaching.completion, value)


class Question(Modal[bool]):
    """The last question before something leaves: y or n."""

    DEFAULT_CSS = """
    Question { align: center bottom; background: $background 30%; }
    Question Vertical { height: auto; }
    """

    def __init__(self, words: Text) -> None:
        super().__init__()
        self._words = words

    def compose(self) -> ComposeResult:
        """Put the question."""
        with Vertical():
            yield Static(markup=False)
            yield ConfirmLine()

    def on_mount(self) -> None:
        """Ask."""
        self.query_one(ConfirmLine).ask(self._words)

    def on_confirm_line_answered(self, event: ConfirmLine.Answered) -> None:
        """End with the answer."""
        self.dismiss(event.yes)
