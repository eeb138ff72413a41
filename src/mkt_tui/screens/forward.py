"""Forward tickets: type the beginning of a colleague's name, Enter (T21, J2)."""

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Click
from textual.widgets import Input, Static

from mkt_tui.cache.agents import Agent
from mkt_tui.desk import presence, sharing
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.sharing import Result
from mkt_tui.domain.errors import UserError
from mkt_tui.i18n import N_, _, ngettext
from mkt_tui.screens.act_dialogs import leave
from mkt_tui.widgets.modal import Modal


class ForwardScreen(Modal[list[Result] | None]):
    """Forwards the tickets; stays, with all that was typed, while none of them can be.

    Ends with how it went per ticket; None when left.
    """

    DEFAULT_CSS = """
    ForwardScreen { align: center middle; }
    ForwardScreen Vertical {
        width: 66; max-width: 95%; height: auto; max-height: 95%; background: $surface;
        border: round $primary; padding: 0 1;
    }
    ForwardScreen Static { height: auto; }
    ForwardScreen #agents { max-height: 12; margin: 1 0; }
    ForwardScreen #trouble { color: $text-error; }
    ForwardScreen Input { background: $boost; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", N_("Back")),
        Binding("enter", "forward", N_("Forward"), priority=True),
        Binding("tab", "app.focus_next", N_("Name or note"), priority=True),
    ]

    def __init__(self, desk: Desk, tickets: Sequence[int]) -> None:
        super().__init__()
        self._desk = desk
        self._tickets = tickets
        self._agents = presence.everybody(desk)
        self._shown = self._agents

    def compose(self) -> ComposeResult:
        """Ask for names and a note, above the colleagues there are."""
        count = len(self._tickets)
        title = ngettext("Forward {count} ticket to", "Forward {count} tickets to", count)
        with Vertical():
            yield Static(title.format(count=count), markup=False)
            asked = _("name, or several: each ticket to whom has least")
            yield Input(placeholder=asked, id="name", compact=True)
            yield Static(id="agents", markup=False)
            yield Static(_("Note for colleagues (never sent):"), markup=False)
            yield Input(placeholder=_("may be left empty"), id="note", compact=True)
            yield Static(id="trouble", markup=False)

    def on_mount(self) -> None:
        """Show everybody."""
        self.query_one("#name", Input).focus()
        self._narrow()

    @on(Input.Changed, "#name")
    def _narrow(self) -> None:
        typed = self.query_one("#name", Input).value.replace(",", " ").split()
        last = typed[-1].casefold() if typed else ""
        self._shown = [each for each in self._agents if each.name.casefold().startswith(last)]
        self.query_one("#agents", Static).update(_lines(self._shown, self._desk.agent))
        self.query_one("#trouble", Static).update("")

    @on(Click, "#agents")
    def _clicked(self, event: Click) -> None:
        """Take the colleague who was clicked; those named before stay."""
        if 0 <= event.y < len(self._shown):
            line = self.query_one("#name", Input)
            named, _comma, _begun = line.value.rpartition(",")
            line.value = ", ".join(each for each in (named, self._shown[event.y].name) if each)
            line.focus()

    def action_leave(self) -> None:
        """Leave; a note is thrown away only when the agent says so."""
        leave(self, self.query_one("#note", Input).value)

    def action_forward(self) -> None:
        """Forward, or say what is wrong with the names or with each of the tickets."""
        try:
            to = presence.chosen(self._desk, self.query_one("#name", Input).value)
            note = self.query_one("#note", Input).value
            results = sharing.forward(self._desk, self._tickets, to, note)
        except UserError as error:
            self._refuse(str(error))
            return
        if any(each.done for each in results):
            self.dismiss(results)
        else:
            self._refuse("\n".join(sorted({each.told for each in results})))

    def _refuse(self, why: str) -> None:
        self.query_one("#trouble", Static).update(Text(why))


def _lines(agents: Sequence[Agent], me: str) -> Text:
    words = Text(no_wrap=True, overflow="ellipsis")
    for each in agents:
        sign, state = _state(each)
        words.append(f"{sign} {each.name:<16}", "bold" if each.present else "")
        count = ngettext("{count} open", "{count} open", each.open).format(count=each.open)
        you = _("you") if each.name == me else ""
        words.append(f" {count:<10} {state} {you}\n", "dim")
    if not agents:
        words.append(_("No agent has such a name. To add one: mkt-tui agent add NAME"), "dim")
    words.rstrip()
    return words


def _state(agent: Agent) -> tuple[str, str]:
    if agent.away:
        return "z", _("away")
    return ("●", _("present")) if agent.present else ("○", _("no desk open"))
