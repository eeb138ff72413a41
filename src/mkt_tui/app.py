"""The Textual application: the screens' frame, the palette, hang-ups, the sync child."""

import asyncio
import gc
import os
import signal
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import ClassVar, Final

from rich.text import Text
from textual import work
from textual.actions import ActionParseResult
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.filter import LineFilter
from textual.screen import Screen

from mkt_tui.background import BackgroundSync
from mkt_tui.cache.database import Database
from mkt_tui.desk import presence
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import CacheProblem, UserError
from mkt_tui.i18n import N_, _
from mkt_tui.logs import write_bug
from mkt_tui.screens.queue import QueueScreen
from mkt_tui.widgets.literal import Literal

BUG: Final = 70
_FAREWELL: Final = 3.0


class DeskApp(App[None]):
    """The desk of one agent.

    Args:
        sync: Keeps the cache fed while the desk is open; None leaves that to a service.
    """

    TITLE = "mkt-tui"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", N_("Quit"), show=False, priority=True),
        Binding("f1", "help", N_("Help"), show=False),
    ]

    def __init__(self, desk: Desk, sync: BackgroundSync | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._sync = sync
        self._literal = Literal()

    def get_default_screen(self) -> QueueScreen:
        """Start on the queue (T1)."""
        return QueueScreen(self._desk)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Put the last wall before the terminal after all other filters."""
        return [*super().get_line_filters(), self._literal]

    async def on_mount(self) -> None:
        """Be ready for a hang-up; start the sync child when the first frame is out."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM):
            loop.add_signal_handler(number, self._hang_up)
        # What a desk is made of stays; looking through it for rubbish stops the keys for 0.1 s.
        self.call_after_refresh(gc.freeze)
        gc.set_threshold(10_000, 20, 100)
        if self._sync:
            self.call_after_refresh(self._keep_in_sync)
        self.call_after_refresh(self._be_present)
        self.set_interval(presence.TELL_EVERY, self._be_present)

    def _keep_in_sync(self) -> None:
        if self._sync:
            self.run_worker(self._sync.keep_running(), group="sync", exit_on_error=False)

    @work(exclusive=True, group="presence", exit_on_error=False)
    async def _be_present(self) -> None:
        """Let colleagues see that this desk is open: tickets may be dealt out to it."""
        with suppress(UserError):
            await asyncio.to_thread(presence.come, self._desk)

    def _fatal_error(self) -> None:
        """Keep the words, log where the bug is, and leave one sentence on the terminal.

        Textual would print a traceback with the values of all variables: customers' data.
        """
        self._keep_words()
        if isinstance(self._exception, Exception):
            write_bug(self._exception)
        told = _("This is a bug of mkt-tui. Please report it with the end of {path}.").format(
            path=self._desk.home.log_file
        )
        self._exit_renderables.append(Text(told))
        self._close_messages_no_wait()

    def _hang_up(self) -> None:
        """The terminal is gone or we are asked to end: keep the words, then go."""
        self._keep_words()
        # Textual may wait for ever to write its farewell to a terminal that is gone.
        last_resort = threading.Timer(_FAREWELL, os._exit, (0,))
        last_resort.daemon = True
        last_resort.start()
        self.exit()

    def _keep_words(self) -> None:
        for screen in self.screen_stack:
            keep: Callable[[], None] | None = getattr(screen, "keep_at_once", None)
            if keep:
                try:
                    keep()
                except CacheProblem:
                    continue

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Carry out what a key or the palette asks for; what goes wrong is said, not a crash."""
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except UserError as error:
            self.notify(str(error), severity="error", markup=False)
            return True

    def action_help(self) -> None:
        """Show the keys that work now."""
        from mkt_tui.screens.help import HelpScreen  # only when it is asked for

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def action_command_palette(self) -> None:
        """Find an act by its name."""
        from textual.command import CommandPalette  # only when it is asked for

        if not isinstance(self.screen, CommandPalette):
            asked = _("Search for an act …")
            self.push_screen(CommandPalette(placeholder=asked, id="--command-palette"))

    def search_themes(self) -> None:
        """Choose the colours."""
        from textual.command import CommandPalette  # only when it is asked for
        from textual.theme import ThemeProvider

        asked = _("Search for colours …")
        self.push_screen(CommandPalette(providers=[ThemeProvider], placeholder=asked))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Fill the palette with what the keys of the screen do, in the agent's language."""
        for active in screen.active_bindings.values():
            binding = active.binding
            if active.enabled and binding.description and binding.show:
                run = partial(self.run_action, binding.action, active.node)
                yield SystemCommand(_(binding.description), binding.key, run)
        yield SystemCommand(_("Theme"), _("Change the colours"), self.action_change_theme)
        yield SystemCommand(_("Quit"), _("Leave the desk; drafts are kept"), self.exit)


def run_desk(desk: Desk) -> None:
    """Open the desk on this terminal and return when the agent leaves it.

    Raises:
        SystemExit: With code 70 when a bug ended it.
    """
    app = DeskApp(desk, BackgroundSync(desk.home, Database(desk.database.place)))
    try:
        app.run(mouse=desk.settings.mouse)
    finally:
        with suppress(UserError):
            presence.leave(desk)
    if app.return_code:
        raise SystemExit(BUG)
