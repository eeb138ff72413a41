"""Choose a view by its number, or one that was saved; how many tickets each has is counted live."""

import asyncio
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from mkt_tui.desk import views
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.views import Choice
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.filters import Filter
from mkt_tui.i18n import N_, _
from mkt_tui.widgets.modal import Modal

_COUNT_EVERY = 3.0


class ViewsMenu(Modal[str | None]):
    """Ends with the filter of the chosen view as text, or None."""

    DEFAULT_CSS = """
    ViewsMenu { align: center middle; }
    ViewsMenu Vertical { width: 60; max-width: 95%; height: auto; max-height: 85%; }
    ViewsMenu OptionList {
        height: auto; max-height: 20; text-wrap: nowrap; text-overflow: ellipsis;
    }
    ViewsMenu Input { display: none; }
    ViewsMenu.naming Input { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,V", "back", N_("Back")),
        Binding("n", "name", N_("Save filter")),
        Binding("h", "share", N_("Share")),
        Binding("x", "remove", N_("Remove")),
        Binding("j", "app.simulate_key('down')", show=False),
        Binding("k", "app.simulate_key('up')", show=False),
        *(Binding(key, f"choose('{key}')", title, show=False)
          for key, (title, _text) in views.BUILT_IN.items()),
    ]  # fmt: skip

    def __init__(self, desk: Desk, current: Filter) -> None:
        super().__init__()
        self._desk = desk
        self._current = current
        self._choices: list[Choice] = views.choices(desk)
        self._counts: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """List the views above the line for a name."""
        with Vertical():
            yield OptionList(*map(self._option, self._choices))
            yield Input(placeholder=_("Name of the view"), max_length=40, compact=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to share and to remove only views that somebody saved."""
        del parameters
        if action in ("share", "remove"):
            return (choice := self._marked) is not None and choice.saved is not None
        return True

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        self.refresh_bindings()

    def on_mount(self) -> None:
        """Count, now and again."""
        self.query_one(OptionList).focus()
        self._count()
        self.set_interval(_COUNT_EVERY, self._count)

    def _option(self, choice: Choice) -> Option:
        line = Text(no_wrap=True, overflow="ellipsis")
        line.append(f" {choice.key or '·'}  ", "bold")
        line.append(choice.title)
        line.append(f"  {self._counts.get(choice.text, '…')}", "bold")
        if choice.saved:
            line.append(f"  {choice.text}", "dim")
            if choice.saved.shared:
                line.append("  " + _("shared by {owner}").format(owner=choice.saved.owner))
        return Option(line)

    @work(exclusive=True, group="count")
    async def _count(self) -> None:
        for choice in list(self._choices):
            try:
                found = await asyncio.to_thread(views.count, self._desk, choice)
            except UserError:
                found = None
            many = found is not None and found > views.MOST
            told = "?" if found is None else f"{views.MOST}+" if many else str(found)
            if self.is_attached and self._counts.get(choice.text) != told:
                self._counts[choice.text] = told
                self._write(choice)

    def _write(self, choice: Choice) -> None:
        if choice in self._choices:
            place = self._choices.index(choice)
            line = self._option(choice).prompt
            self.query_one(OptionList).replace_option_prompt_at_index(place, line)

    def _read(self) -> None:
        self._choices = views.choices(self._desk)
        listing = self.query_one(OptionList)
        kept = listing.highlighted
        listing.clear_options().add_options(map(self._option, self._choices))
        listing.highlighted = kept
        self._count()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._choices[event.option_index].text)

    def action_choose(self, key: str) -> None:
        """Choose by number."""
        self.dismiss(views.BUILT_IN[key][1])

    def action_back(self) -> None:
        """Leave the name, or the menu."""
        if self.has_class("naming"):
            self.remove_class("naming")
            self.query_one(OptionList).focus()
        else:
            self.dismiss(None)

    def action_name(self) -> None:
        """Ask for the name of the filter in force."""
        self.add_class("naming")
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def _named(self, event: Input.Submitted) -> None:
        try:
            views.save(self._desk, event.value, self._current)
        except UserError as error:
            self.notify(str(error), severity="error", markup=False)
        self.action_back()
        self._read()

    @property
    def _marked(self) -> Choice | None:
        place = self.query_one(OptionList).highlighted
        return None if place is None else self._choices[place]

    def action_share(self) -> None:
        """Share the view under the cursor, or take it back."""
        if (choice := self._marked) and choice.saved:
            views.share(self._desk, choice.saved)
            self._read()

    def action_remove(self) -> None:
        """Forget the view under the cursor."""
        if (choice := self._marked) and choice.saved:
            views.remove(self._desk, choice.saved)
            self._read()
