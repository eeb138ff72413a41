"""What forms of things entered by hand share: one line a field; what is wrong is said, all stays."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Static

from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import UserError
from mkt_tui.i18n import N_, _
from mkt_tui.widgets.modal import Modal


class EntryForm(Modal[str | None]):
    """Ends with the sentence that tells what was entered; None when left.

    Args:
        channels: The portals it may be of; its field names the first one.
        told: What the other fields begin with.
    """

    HEADING: ClassVar[str]
    FIELDS: ClassVar[Mapping[str, str]]
    HINTS: ClassVar[Mapping[str, str]]
    FIRST: ClassVar[str]

    DEFAULT_CSS = """
    EntryForm { align: center middle; }
    EntryForm > Vertical {
        width: 78; max-width: 98%; height: auto; max-height: 95%;
        border: round $primary; background: $surface; padding: 0 1;
    }
    EntryForm .fields { height: auto; scrollbar-size-vertical: 1; }
    EntryForm Horizontal { height: 1; }
    EntryForm .name { width: 14; color: $text-muted; }
    EntryForm Input { width: 1fr; background: $boost; }
    EntryForm #title { text-style: bold; }
    EntryForm #trouble { color: $text-error; height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+d", "keep", N_("Enter it"), priority=True),
        Binding("enter,down", "app.focus_next", N_("Next field"), priority=True),
        Binding("up", "app.focus_previous", N_("Previous field"), priority=True, show=False),
        Binding("escape", "leave", N_("Back")),
    ]

    def __init__(self, desk: Desk, channels: Sequence[Channel], told: Mapping[str, str]) -> None:
        super().__init__()
        self._desk, self._channels, self._told = desk, channels, told
        self._typed = self._leaving = False

    def compose(self) -> ComposeResult:
        """One line a field."""
        with Vertical():
            yield Static(_(self.HEADING), id="title", markup=False)
            with VerticalScroll(classes="fields", can_focus=False):
                for name in self.FIELDS:
                    yield self._line(name)
                    yield from self.after(name)
            yield Static(_("^D enters it, Enter goes on, Esc leaves."), markup=False)
            yield Static(id="trouble", markup=False)

    def after(self, name: str) -> ComposeResult:
        """Yield what stands below a field."""
        del name
        yield from ()

    def _line(self, name: str) -> Horizontal:
        names = ", ".join(each.name for each in self._channels)
        hint = _(self.HINTS[name]) if name in self.HINTS else ""
        return Horizontal(
            Static(_(self.FIELDS[name]), classes="name", markup=False),
            Input(
                self._told.get(name, ""),
                placeholder=names if name == "channel" else hint,
                id=name,
                compact=True,
            ),
        )

    def on_mount(self) -> None:
        """Begin where something must be written; the channel is known."""
        self.query_one(f"#{self.FIRST}", Input).focus()

    @on(Input.Changed)
    def _note(self) -> None:
        self._typed = any(
            each.value != self._told.get(each.id or "", "") for each in self.query(Input)
        )
        self._leaving = False

    def action_leave(self) -> None:
        """Leave; what was typed is not lost by one key."""
        if self._leaving or not self._typed:
            self.dismiss(None)
            return
        self._leaving = True
        told = _("Esc once more leaves, and what you typed is lost.")
        self.query_one("#trouble", Static).update(told)

    @abstractmethod
    def enter(self, channel: Channel, told: Mapping[str, str]) -> str:
        """Enter it, and return what is told of it.

        Raises:
            UserError: A value cannot be meant so; nothing was entered.
        """

    def action_keep(self) -> None:
        """Enter it, or say why not."""
        told = {name: self.query_one(f"#{name}", Input).value for name in self.FIELDS}
        try:
            entered = self.enter(self._desk.channel(told.pop("channel").strip()), told)
        except UserError as error:
            self.query_one("#trouble", Static).update(Text(str(error)))
        else:
            self.dismiss(entered)
