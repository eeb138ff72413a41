"""One channel: how it stands, what it can do, and what its owner may change (C2-C7, A15)."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import ClassVar, Final

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from mkt_tui.desk import capabilities, channel_options, channel_setup, channel_sight, channels
from mkt_tui.desk.channel_setup import Changes
from mkt_tui.desk.channel_sight import Sight
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import ORDERS_SINCE
from mkt_tui.domain.errors import NotAllowed, UserError
from mkt_tui.i18n import N_, _
from mkt_tui.screens import channels_words as words
from mkt_tui.screens.ask import AskScreen
from mkt_tui.widgets.confirm_line import ConfirmLine
from mkt_tui.widgets.exact import ExactScreen
from mkt_tui.widgets.key_bar import KeyBar
from mkt_tui.widgets.steady import put

_LOOK_EVERY: Final = 2.0


class ChannelScreen(ExactScreen[None]):
    """What is changed is planned until it is saved with w and confirmed."""

    DEFAULT_CSS = """
    ChannelScreen #head {
        height: 1; background: $primary-darken-2; color: $text; text-wrap: nowrap;
    }
    ChannelScreen #said { height: auto; max-height: 4; background: $surface; padding: 0 1; }
    ChannelScreen #facts, ChannelScreen #matrix { height: auto; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "test", N_("Test")),
        Binding("p", "personal", N_("Personal data")),
        Binding("space", "switch", N_("On or off")),
        Binding("w", "save", N_("Save")),
        Binding("k", "key", N_("New key")),
        Binding("o", "options", N_("Address and options")),
        Binding("M", "ask", N_("Write to the marketplace")),
        Binding("R", "rename", N_("Rename")),
        Binding("j,down", "scroll(1)", N_("Down"), show=False),
        Binding("up", "scroll(-1)", N_("Up"), show=False),
        Binding("question_mark", "app.help", N_("Help")),
        Binding("escape,q", "back", N_("Back")),
    ]

    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__()
        self._desk = desk
        self._called = name
        self._planned = Changes()
        self._sight: Sight | None = None
        self._leaving = False

    def compose(self) -> ComposeResult:
        """Lay out the title, what was said last, the facts, the question and the keys."""
        yield Static(id="head", markup=False)
        yield Static(id="said", markup=False)
        with VerticalScroll(can_focus=True):
            yield Static(id="facts", markup=False)
            yield Static(id="matrix", markup=False)
        yield ConfirmLine()
        yield KeyBar()

    def on_mount(self) -> None:
        """Say first that nothing is read yet, where that is so (C3)."""
        self.query_one(VerticalScroll).focus()
        self._show_matrix()
        self._show()
        self._say_state()
        self.set_interval(_LOOK_EVERY, self._show)

    def _show_matrix(self) -> None:
        try:
            found = capabilities.of(self._desk.channel(self._called))
        except UserError as error:
            self.query_one("#matrix", Static).update(Text(f"  {error}", "red"))
        else:
            self.query_one("#matrix", Static).update(words.matrix(found))

    def _show(self) -> None:
        try:
            found = channel_sight.look(self._desk)
        except UserError as error:
            self._say(Text(str(error), "bold red"))
            return
        self._sight = next((each for each in found if each.channel.name == self._called), None)
        if self._sight is None:
            self._say(Text(_("{channel} is removed.").format(channel=self._called), "bold red"))
            return
        put(self.query_one("#head", Static), self._head(self._sight), layout=False)
        put(self.query_one("#facts", Static), self._facts(self._sight))

    def _head(self, sight: Sight) -> str:
        state = words.sync(sight)
        told = _("{channel}  {adapter}, {country}   sync: {state}")
        head = told.format(
            channel=sight.channel.name,
            adapter=sight.channel.adapter,
            country=sight.channel.country,
            state=state,
        )
        return f" {head}" + ("" if self._planned.nothing else "   * " + _("not saved"))

    def _facts(self, sight: Sight) -> Text:
        zone = self._desk.settings.zone
        whose = words.called(sight)
        planned = words.changes(self._planned)
        text = Text()
        if planned:
            _section(text, _("To be saved with w"), planned, "bold yellow")
        _section(text, _("Marketplace"), filter(None, (whose, sight.channel.base_url)))
        if options := channel_options.written(channel_options.settable(self._desk, sight.channel)):
            _section(text, _("Options"), options)
        _section(text, _("Sync"), [*words.health(sight, zone), *words.problems(sight)])
        since = sight.channel.options.get(ORDERS_SINCE)
        if since:
            _section(text, _("Orders since"), [since])
        _section(text, _("Personal data of customers"), words.personal(sight.channel.personal_data))
        return text.append(_("What can be done where"), "bold")

    def _say(self, told: Text) -> None:
        self.query_one("#said", Static).update(told)

    def _say_state(self) -> None:
        if self._sight and not self._sight.channel.enabled:
            told = words.off(self._sight.channel) + " " + _("Space, then w switches it on.")
            self._say(Text(told, "bold yellow"))
        else:
            self._say(Text())

    def action_scroll(self, lines: int) -> None:
        """Move through the facts."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    @work(exclusive=True, group="test")
    async def action_test(self) -> None:
        """Ask the marketplace one harmless question with the key (C2)."""
        channel = self._desk.channel(self._called)
        self._say(Text(_("Asking {channel} …").format(channel=channel.name)))
        try:
            await asyncio.to_thread(channel_setup.check, channel)
        except UserError as error:
            channels.tested(self._desk, channel, error)
            self._say(Text(f"✗ {error}", "bold red"))
            return
        channels.tested(self._desk, channel, None)
        told = _("{channel} answers and accepts the key.").format(channel=channel.name)
        state = "" if channel.enabled or channel.by_hand else " " + words.off(channel)
        self._say(Text(f"✓ {told}{state}", "bold green"))

    def action_personal(self) -> None:
        """Choose the account for personal data and match its modules (C5-C7)."""
        from mkt_tui.screens.channel_personal import PersonalDataScreen  # only when asked for

        data = self._desk.channel(self._called).personal_data
        if not data.modules:
            raise NotAllowed(
                what=_("{channel} wants no account of its own for personal data").format(
                    channel=self._called
                ),
                remedy=_("Nothing is to be done."),
            )
        known = channel_setup.personal_accounts(self._desk)
        self.app.push_screen(PersonalDataScreen(data, known), self._personal_chosen)

    def _personal_chosen(self, chosen: tuple[str, tuple[str, ...]] | None) -> None:
        if chosen is not None:
            account, modules = chosen
            self._plan(replace(self._planned, account=account, modules=modules))

    def action_options(self) -> None:
        """Plan another address, or other options of the adapter."""
        from mkt_tui.screens.channel_options import ChannelOptionsScreen  # only when asked for

        channel = self._desk.channel(self._called)
        self.app.push_screen(ChannelOptionsScreen(self._desk, channel, self._planned), self._take)

    def _take(self, changes: Changes | None) -> None:
        if changes is not None:
            self._plan(changes)

    def action_switch(self) -> None:
        """Plan to switch order sync on, from a day on, or off (C4)."""
        channel = self._desk.channel(self._called)
        if channel.by_hand:
            raise NotAllowed(
                what=_("{channel} is a portal: people read it").format(channel=channel.name),
                remedy=_("There is nothing to switch."),
            )
        if self._planned.enabled is not None:
            self._plan(replace(self._planned, enabled=None, since=None))
        elif channel.enabled:
            self._plan(replace(self._planned, enabled=False))
        else:
            question = _("Read orders of {channel} from which day on? Empty = all there are.")
            ask = AskScreen(question.format(channel=channel.name), "2026-01-31", self._day)
            self.app.push_screen(ask, self._day_chosen)

    def _day(self, text: str) -> tuple[date | None]:
        if not text.strip():
            return (None,)
        try:
            return (date.fromisoformat(text.strip()),)
        except ValueError as error:
            raise NotAllowed(
                what=_("That is no day: {value}").format(value=text.strip()),
                remedy=_("Write it like 2026-01-31."),
            ) from error

    def _day_chosen(self, chosen: tuple[date | None] | None) -> None:
        if chosen is not None:
            self._plan(replace(self._planned, enabled=True, since=chosen[0]))

    def _plan(self, changes: Changes) -> None:
        self._planned = changes
        self._show()
        self._say(Text(_("Not saved yet: w saves it."), "bold yellow"))
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def action_save(self) -> None:
        """Ask once more, naming the channel and what changes."""
        if self._planned.nothing:
            self._say(Text(_("There is nothing to save.")))
            return
        told = ", ".join(words.changes(self._planned))
        question = _("{channel}: {changes}?").format(channel=self._called, changes=told)
        self.query_one(ConfirmLine).ask(Text(question))

    @on(ConfirmLine.Answered)
    def _answered(self, event: ConfirmLine.Answered) -> None:
        self.query_one(VerticalScroll).focus()
        if self._leaving:
            self._leaving = False
            if event.yes:
                self.dismiss()
        elif event.yes:
            self._apply()

    def _apply(self) -> None:
        try:
            channel = channel_setup.apply(self._desk, self._called, self._planned)
        except UserError as error:
            self._say(Text(str(error), "bold red"))
            return
        self._planned = Changes()
        self._show()
        self._show_matrix()
        if channel.enabled:
            told = _("Saved. Order sync of {channel} is on.").format(channel=channel.name)
            self._say(Text(told, "bold green"))
        else:
            self._say(Text(_("Saved.") + " " + words.off(channel), "bold yellow"))

    def action_key(self) -> None:
        """Put another key in place of the one there is; it is not shown."""
        from mkt_tui.screens.channel_key import KeyScreen  # only when it is asked for

        channel = self._desk.channel(self._called)
        names = channel_setup.key_names(channel.adapter)
        self.app.push_screen(KeyScreen(self._desk, channel, names), self._key_changed)

    def _key_changed(self, changed: bool | None) -> None:
        if changed:
            self._show()
            self._say(Text(_("The new key is kept. t tests it."), "bold green"))

    def action_ask(self) -> None:
        """Begin a conversation with the marketplace, about no order."""
        from mkt_tui.screens.first_message import begin_with  # heavy: the editor

        begin_with(self.app, self._desk, self._desk.channel(self._called))

    def action_rename(self) -> None:
        """Call the channel otherwise (T49)."""

        def take(text: str) -> str:
            return channel_setup.rename(self._desk, self._called, text).name

        question = _("New name of {channel}").format(channel=self._called)
        self.app.push_screen(AskScreen(question, self._called, take), self._renamed)

    def _renamed(self, name: str | None) -> None:
        if name is not None:
            self._called = name
            self._show()

    def action_back(self) -> None:
        """Leave; what is not saved is asked for first."""
        if self._planned.nothing:
            self.dismiss()
        else:
            self._leaving = True
            self.query_one(ConfirmLine).ask(Text(_("Leave without saving?")))


def _section(text: Text, title: str, lines: object, style: str = "bold") -> None:
    assert hasattr(lines, "__iter__")
    text.append(title + "\n", style)
    for each in lines:
        text.append(f"  {each}\n")
