"""The Textual application: the screens' frame, the palette, hang-ups, the sync child."""

import asyncio
import gc
import os
import signal
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual import on, work
from textual.actions import ActionParseResult
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.events import DescendantFocus
from textual.filter import LineFilter
from textual.screen import Screen
from textual.widgets._toast import ToastRack

from mkt_tui.background import BackgroundSync
from mkt_tui.cache.database import Database
from mkt_tui.desk import presence
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import UserError
from mkt_tui.i18n import N_, _
from mkt_tui.logs import write_bug
from mkt_tui.screens.queue import QueueScreen
from mkt_tui.typed_ahead import TypedAhead
from mkt_tui.widgets.key_bar import described, key_name
from mkt_tui.widgets.literal import Literal

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

    from mkt_tui.screens.go import Destination

BUG: Final = 70
_FAREWELL: Final = 3.0


class DeskApp(TypedAhead[None]):
    """The desk of one agent.

    Args:
        sync: Keeps the cache fed while the desk is open; None leaves that to a service.
    """

    TITLE = "mkt-tui"
    # Textual cannot break a line into no columns at all.
    DEFAULT_CSS = "OptionList { min-width: 8; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", N_("Quit"), show=False, priority=True),
        Binding("f1", "app.help", N_("Help")),
        Binding("g", "go", N_("Go to"), show=False),
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
        self.call_after_refresh(self._give_memory_back)
        gc.set_threshold(10_000, 20, 100)
        if self._desk.settings.keys or self._desk.settings.key_style:
            self._use_own_keys()
        if self._sync:
            self.call_after_refresh(self._keep_in_sync)
        self.call_after_refresh(self._be_present)
        self.call_after_refresh(self._tell_of_words)
        self.set_interval(presence.TELL_EVERY, self._be_present)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Let no cursor blink: it sends its line twice a second for as long as somebody thinks."""
        if getattr(event.widget, "cursor_blink", False):
            event.widget.cursor_blink = False  # type: ignore[attr-defined]  # Input's, TextArea's

    def _give_memory_back(self) -> None:
        from mkt_tui import memory  # ctypes is not needed for the first paint

        memory.give_back()

    def _keep_in_sync(self) -> None:
        if self._sync:
            self.run_worker(self._sync.keep_running(), group="sync", exit_on_error=False)

    def _use_own_keys(self) -> None:
        """Let the keys of the settings work, and say what of them cannot."""
        from mkt_tui import own_keys  # loads every screen, so only for who has keys of their own

        style, own = self._desk.settings.key_style, self._desk.settings.keys
        for trouble in own_keys.troubles(style, own):
            self.notify(trouble, severity="warning", timeout=15, markup=False)
        self._name_keys(self.screen)
        self.screen_change_signal.subscribe(self, self._name_keys)
        self.set_keymap(own_keys.keymap(style, own))

    def _name_keys(self, screen: Screen[object]) -> None:
        from mkt_tui import own_keys

        def name() -> None:
            for node in (self, screen, *screen.query("*")):
                own_keys.name_keys(node)
            screen.refresh_bindings()

        name()
        # What a screen holds is there only when it has been laid out.
        screen.call_after_refresh(name)

    @work(exclusive=True, group="presence", exit_on_error=False)
    async def _be_present(self) -> None:
        """Let colleagues see that this desk is open: tickets may be dealt out to it."""
        with suppress(UserError):
            await asyncio.to_thread(presence.come, self._desk)

    @work(exit_on_error=False)
    async def _tell_of_words(self) -> None:
        """Name the files of words that an earlier desk could not save."""
        from mkt_tui.desk import rescue

        for path in await asyncio.to_thread(rescue.left, self._desk.home):
            told = _("Words that could not be saved are in {path}. Delete it when you have them.")
            self.notify(told.format(path=path), severity="warning", timeout=30, markup=False)

    def _fatal_error(self) -> None:
        """Keep the words, log where the bug is, and leave one sentence on the terminal.

        Textual would print a traceback with the values of all variables: customers' data.
        """
        with suppress(UserError):
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

    async def action_quit(self) -> None:
        """Leave the desk; what was typed a moment ago is kept first."""
        told = [
            _("Your words could not be saved in the cache; they are in {path}").format(path=path)
            for path in self._keep_words()
        ]
        self.exit(message=Text("\n".join(told)) if told else None)

    def _keep_words(self) -> list[Path]:
        """Save what is being written; return the files of words that the cache could not take."""
        files = []
        for screen in self.screen_stack:
            keep: Callable[[], Path | None] | None = getattr(screen, "keep_at_once", None)
            if keep and (path := keep()):
                files.append(path)
        return files

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

    def action_go(self) -> None:
        """Offer the places to go to."""
        from mkt_tui.screens.go import DESTINATIONS, Destination  # only when it is asked for
        from mkt_tui.widgets.letter_menu import Entry, LetterMenu

        entries = [Entry(each.letter, _(each.words), each) for each in DESTINATIONS]
        menu: LetterMenu[Destination] = LetterMenu(_("Go to"), entries)
        self.push_screen(menu, self._gone)

    def _gone(self, chosen: "Destination | None") -> None:
        from mkt_tui.screens.go import FIRST_ROW

        if chosen is FIRST_ROW:
            self._press("home")
        elif chosen is not None:
            self.run_worker(self._go_to(chosen), exclusive=True, group="go")

    async def _go_to(self, chosen: "Destination") -> None:
        """Leave every screen over the queue as Esc would, so that what they hold is kept."""
        while len(self.screen_stack) > 1:
            left = self.screen
            leave = getattr(left, "action_leave", None)
            if leave is not None:
                await leave()
                if self.screen is left:
                    return
            else:
                await self.pop_screen()
        if chosen.open is not None:
            try:
                screen = chosen.open(self._desk)
            except UserError as error:
                self.notify(str(error), severity="error", markup=False)
            else:
                await self.push_screen(screen)

    @on(QueueScreen.News)
    def _alert(self, event: QueueScreen.News) -> None:
        """Tell whoever looks elsewhere, in the way the settings say."""
        match self._desk.settings.notify:
            case "bell":
                self.bell()
            case "osc9":
                self.tell_terminal(event.words)

    def tell_terminal(self, words: str) -> None:
        """Let the terminal show a notice of its own (OSC 9); never words from outside."""
        if self._driver is not None:
            self._driver.write(f"\x1b]9;mkt-tui: {words}\a")

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: "SeverityLevel" = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Tell something; what is still being told is told anew, not a second time below it."""
        same = (message, title)
        for each in [each for each in self._notifications if (each.message, each.title) == same]:
            self._unnotify(each, refresh=False)
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    def hush(self) -> None:
        """Take away what was told of the last act, before it lies over the next one's question."""
        for each in [each for each in self._notifications if each.severity == "information"]:
            self._unnotify(each, refresh=False)
        # Textual shows what changed on the uppermost screen only.
        for rack in (each for screen in self.screen_stack for each in screen.query(ToastRack)):
            rack.show(self._notifications)

    def action_help_quit(self) -> None:
        """Say how to leave, in the agent's language."""
        self.notify(_("Ctrl+Q leaves the desk; drafts are kept."), markup=False)

    def action_help(self) -> None:
        """Show the keys that work now."""
        from mkt_tui.screens.help import HelpScreen  # only when it is asked for

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen), self._press)

    def _press(self, key: str | None) -> None:
        if key:
            self.call_after_refresh(self.simulate_key, key)

    def action_command_palette(self) -> None:
        """Find an act by its name."""
        from mkt_tui.widgets.palette import Palette  # only when it is asked for

        if not isinstance(self.screen, Palette):
            asked = _("Search for an act …")
            self.push_screen(Palette(placeholder=asked, id="--command-palette"))

    def search_themes(self) -> None:
        """Choose the colours."""
        from textual.theme import ThemeProvider  # only when it is asked for

        from mkt_tui.widgets.palette import Palette

        asked = _("Search for colours …")
        self.push_screen(Palette(providers=[ThemeProvider], placeholder=asked))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Fill the palette with what the keys of the screen do, in the agent's language."""
        from mkt_tui.screens.go import DESTINATIONS
        from mkt_tui.screens.help import acts

        for active, *_others in acts(screen):
            binding = active.binding
            run = partial(self.run_action, binding.action, active.node)
            yield SystemCommand(described(active), key_name(binding.key), run)
        for each in DESTINATIONS:
            words = _("Go to {place}").format(place=_(each.words))
            yield SystemCommand(words, f"g {each.letter}", partial(self._gone, each))
        yield SystemCommand(_("Theme"), _("Change the colours"), self.action_change_theme)
        yield SystemCommand(_("Quit"), _("Leave the desk; drafts are kept"), self.action_quit)


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
