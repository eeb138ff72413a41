"""Where a reply is written: the recipient above the words, a draft row behind them (T26-T28)."""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

from textual import on, work
from textual.app import ComposeResult, SuspendNotSupported
from textual.containers import Vertical
from textual.timer import Timer
from textual.widgets import Static, TextArea

from mkt_tui.cache.drafts import Draft
from mkt_tui.desk import attaching, claiming, replying, rescue, spelling
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import CacheProblem, UserError
from mkt_tui.domain.ticket_operations import File
from mkt_tui.i18n import _
from mkt_tui.screens import conversation_words as words
from mkt_tui.screens.checks import Checks
from mkt_tui.screens.macro_chooser import MacroChooser
from mkt_tui.screens.spell_chooser import SpellChooser
from mkt_tui.widgets.editor import Editor

# Short of the second that may be lost, with room for a slow disk.
_SAVE_AFTER: Final = 0.6
# A disk that is full now may have room again without another key being pressed.
_TRY_AGAIN_AFTER: Final = 3.0


class Composer(Vertical):
    """The words of one agent on one ticket; closed until `begin`.

    Every change is on the disk within a second, and the ticket is claimed while the composer is
    open. One lock keeps saving and sending apart, so a draft cannot outlive its sending.
    """

    DEFAULT_CSS = """
    Composer { height: 40%; min-height: 6; display: none; }
    Composer.open { display: block; }
    Composer #audience {
        height: 1; padding: 0 0 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis;
    }
    Composer TextArea, Composer TextArea:focus { height: 1fr; border: none; padding: 0 1; }
    """

    def __init__(self, desk: Desk, conversation: Conversation) -> None:
        super().__init__()
        self._desk = desk
        self._one_at_a_time = asyncio.Lock()
        self._timer: Timer | None = None
        self._take(conversation)

    def _take(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._ticket_id = conversation.ticket.id
        self._saved = draft = conversation.draft
        self._seen = draft.seen if draft else conversation.newest
        self._audience = replying.first_audience(conversation)
        self._files = draft.files if draft else ()
        self._sent = False
        self._told = ""

    def turn_to(self, conversation: Conversation) -> None:
        """Be for another ticket; what was written on the last one has been kept."""
        self.close()
        self._take(conversation)

    def close(self) -> None:
        """Save and claim no more."""
        self._stop_saving()
        self.remove_class("open")

    def compose(self) -> ComposeResult:
        """Lay out nothing: an editor costs as much as the rest of the ticket."""
        return ()

    def on_mount(self) -> None:
        """Keep the claim alive."""
        self.set_interval(claiming.RENEW_EVERY, self._claim)

    @property
    def is_open(self) -> bool:
        """Whether the agent is writing."""
        return self.has_class("open")

    @property
    def editor(self) -> Editor:
        """Where the words are."""
        return self.query_one(Editor)

    @property
    def draft(self) -> Draft | None:
        """The words and their recipient; None while closed."""
        if self._audience is None or not self.is_open or not self.query(Editor):
            return None
        return Draft(self.editor.text, self._audience, self._seen, self._files)

    def begin(self) -> bool:
        """Open it; False when the thread lets nobody be written to."""
        if self._audience is None:
            return False
        self.add_class("open")
        self._claim()
        self._make_editor()
        self.editor.focus()
        self.editor.move_cursor(self.editor.document.end)
        return True

    def _make_editor(self) -> None:
        """Put the recipient above the editor; the editor of the last ticket does for this one."""
        words = self._saved.text if self._saved else ""
        if self.query(Editor):
            self.editor.begin(words)
            self.query_one(MacroChooser).turn_to(self._conversation)
            self.query_one(Checks).turn_to(self._conversation)
        else:
            editor = Editor(words)
            chooser = MacroChooser(self._desk, self._conversation, editor)
            meant = SpellChooser(self._desk, editor, self._check_soon)
            editor.beside = (chooser, meant)
            checks = Checks(self._desk, self._conversation, editor, meant)
            line = Static(id="audience", markup=False)
            self.mount(line, editor, chooser, meant, checks)
        self._show_audience()
        self._check_soon()

    def change_audience(self, step: int) -> None:
        """Go to the next recipient the thread allows."""
        audiences = self._conversation.audiences
        if self._audience is not None:
            place = audiences.index(self._audience) + step
            self._audience = audiences[place % len(audiences)]
            self._show_audience()
            self._save_soon()
            self._check_soon()

    async def edit_outside(self) -> None:
        """Write on in the agent's own editor; the words so far are kept first."""
        from mkt_tui.desk import outside_editor  # only when it is asked for

        command = outside_editor.command(self._desk)
        await self.keep()
        editor, trouble = self.editor, None
        before = written = editor.text
        try:
            # The terminal is the editor's until it ends, so nothing else may go on meanwhile.
            with self.app.suspend():
                try:
                    written = outside_editor.edit(self._desk, before, command)
                except UserError as error:
                    # Textual takes the terminal back only where nothing is raised.
                    trouble = error
        except SuspendNotSupported:
            return
        editor.focus()
        if trouble:
            raise trouble
        if written != before:
            editor.replace(written, (0, 0), editor.document.end)
        if before.strip() and not written.strip():
            told = _("The editor left no words: Ctrl+Z brings yours back.")
            self.notify(told, severity="warning", markup=False)

    def attach(self) -> None:
        """Ask for a file to go with the reply."""
        from mkt_tui.screens.attach import AttachScreen  # only when it is asked for

        def read(typed: str) -> File:
            assert self._audience is not None
            return attaching.read(
                self._desk, self._conversation, self._audience, self._files, typed
            )

        def chosen(found: File | str | None) -> None:
            if isinstance(found, File):
                self._files = (*self._files, found)
            elif found is not None:
                self._files = self._files[:-1]
            self._show_audience()

        self.app.push_screen(AttachScreen(read), chosen)

    def next_problem(self) -> None:
        """Go to the next thing that the marketplace would not take, or that is misspelled."""
        self.query_one(Checks).next()

    @property
    def misspelled(self) -> list[str]:
        """The words that no dictionary has, as far as the text was looked at."""
        return self.query_one(Checks).misspelled

    async def keep(self) -> bool:
        """Save the draft as it is now; False = it cannot be, which is said and tried again."""
        async with self._one_at_a_time:
            draft = self.draft
            if draft is None or draft == self._saved:
                return True
            try:
                await asyncio.to_thread(replying.keep, self._desk, self._ticket_id, draft)
            except UserError as error:
                self.complain(error)
                self._save_soon(_TRY_AGAIN_AFTER)
                return False
            self._saved = draft
            self._trouble_over()
            return True

    def complain(self, error: UserError) -> None:
        """Say once why nothing is saved, not at every try; a mark stays beside the recipient."""
        if str(error) != self._told:
            self._told = str(error)
            self.notify(self._told, severity="error", markup=False)
            self._show_audience()

    async def try_again(self) -> None:
        """The cache can be read again: save once more what may have been saved into nothing."""
        if self._told:
            self._saved = None
            if await self.keep():
                self._trouble_over()

    def _trouble_over(self) -> None:
        if self._told:
            self._told = ""
            self._show_audience()

    def keep_at_once(self) -> Path | None:
        """Save the draft without the event loop: the desk ends.

        Returns:
            The file that holds the words where the cache cannot take them.
        """
        draft = self.draft
        if draft is None or (draft == self._saved and not self._told):
            return None
        try:
            replying.keep(self._desk, self._ticket_id, draft)
        except CacheProblem:
            return rescue.keep(self._desk, self._conversation, draft)
        return None

    async def send(self, conversation: Conversation, known: Collection[str]) -> None:
        """Put the reply into the outbox.

        Raises:
            UserError: See `replying.send`; the words are still here.
        """
        draft = self.draft
        assert draft is not None
        hold = timedelta(seconds=self._desk.settings.hold_seconds)
        async with self._one_at_a_time:
            self._stop_saving()
            try:
                await asyncio.to_thread(
                    replying.send, self._desk, conversation, draft, known=known, hold=hold
                )
            except UserError:
                self._save_soon()
                raise
            self._saved, self._sent = draft, True

    def _stop_saving(self) -> None:
        if self._timer:
            self._timer.stop()
            self._timer = None

    async def leave(self) -> bool:
        """Keep the draft and let the ticket go; False = the words would be lost."""
        self._told = ""
        if not await self.keep() or not await self._still_there():
            return False
        if self._files and not self._sent:
            told = _("The files are not kept with a draft: attach them again before you send.")
            self.notify(told, severity="warning", markup=False)
        if self.is_open:
            await asyncio.to_thread(spelling.let_go)
            with suppress(UserError):
                await asyncio.to_thread(claiming.release, self._desk, self._ticket_id)
        return True

    async def _still_there(self) -> bool:
        """See that the words saved before are still where they were saved."""
        if self._sent or self.draft is None:
            return True
        try:
            await asyncio.to_thread(self._desk.database.version)
        except UserError as error:
            self.complain(error)
            return False
        return True

    @work(exclusive=True, group="claim", exit_on_error=False)
    async def _claim(self) -> None:
        """Let colleagues see who is writing; it never stands in the way of the draft."""
        if self.is_open:
            with suppress(UserError):
                await asyncio.to_thread(claiming.take, self._desk, self._ticket_id)

    @on(TextArea.Changed)
    def _changed(self) -> None:
        self.query_one(MacroChooser).look()
        self._save_soon()
        self._check_soon()

    @on(TextArea.SelectionChanged)
    def _moved(self) -> None:
        self.query_one(MacroChooser).look()

    def _check_soon(self) -> None:
        if self._audience is not None:
            self.query_one(Checks).look_soon(self._audience)

    def _save_soon(self, seconds: float = _SAVE_AFTER) -> None:
        if self._timer is None:
            self._timer = self.set_timer(seconds, self._save_now)

    async def _save_now(self) -> None:
        self._timer = None
        await self.keep()

    def _show_audience(self) -> None:
        if self.query("#audience"):
            audiences = self._conversation.audiences
            line = words.audience(self._audience, audiences, self._files, saved=not self._told)
            self.query_one("#audience", Static).update(line)
