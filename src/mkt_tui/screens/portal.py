"""A portal's ticket: the number to look for, where, step by step, and that it was answered (J8)."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Digits, Static

from mkt_tui.cache.queries import QueueRow
from mkt_tui.desk import portals, sharing
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.portals import Guide
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.tickets import Audience
from mkt_tui.i18n import N_, _
from mkt_tui.screens.portal_answer import PortalAnswerScreen
from mkt_tui.widgets.modal import Modal

if TYPE_CHECKING:
    from mkt_tui.screens.entry_form import EntryForm

_LARGE = frozenset("0123456789-+,.")
_WIDE = 3
_SECONDS = 15


def words(guide: Guide, *, numbered: bool = True) -> Text:
    """Return the number, the link and the steps; the link is shown whole, and can be clicked."""
    told = Text.assemble((f"{guide.runbook.title}\n", "bold underline"))
    if numbered:
        told.append(f"{guide.runbook.copied}: ", "dim")
        told.append(f"{guide.number}\n", "bold reverse")
    told.append(f"{guide.link}\n\n", Style(color="cyan", underline=True, link=guide.link))
    for number, step in enumerate(guide.runbook.steps, 1):
        told.append(f"{number}. ", "bold")
        told.append(f"{step}\n")
    return told


class PortalActs:
    """What is done with a portal's tickets, over the screen where they were chosen.

    Args:
        row: The ticket under the cursor, if there is one.
        marked: The marked tickets, which may be answered together; empty = that one alone.
        after: Called when something was done.
    """

    def __init__(
        self,
        screen: Screen[Any],
        desk: Desk,
        row: QueueRow | None,
        marked: Sequence[int],
        after: Callable[[], None],
    ) -> None:
        self._app = screen.app
        self._desk = desk
        self._row = row
        self._marked = marked
        self._after = after

    def begin(self, act: str) -> None:
        """Begin the act of that name: copy, show, answered, enter, order."""
        try:
            if act in ("enter", "order"):
                {"enter": self.enter, "order": self.enter_order}[act]()
            elif self._row is not None:
                {"copy": self.copy, "show": self.show, "answered": self.answered}[act](self._row)
        except UserError as error:
            self._app.notify(str(error), severity="warning", markup=False)

    def copy(self, row: QueueRow) -> None:
        """Hand the number to the terminal's clipboard, and show it whole where that is refused."""
        guide = portals.guide(self._desk, row)
        self._app.copy_to_clipboard(guide.number)
        told = _("Sent to the terminal's clipboard: {codes}").format(codes=guide.number)
        self._app.notify(told, title=guide.runbook.copied, timeout=_SECONDS, markup=False)

    def show(self, row: QueueRow) -> None:
        """Show how to answer."""
        self._app.push_screen(PortalScreen(self, row, portals.guide(self._desk, row)))

    def answered(self, row: QueueRow, done: Callable[[], object] | None = None) -> None:
        """Ask what was answered, if it is to be kept; Enter alone will do."""
        self._ask(row, self._marked or [row.id], "", done)

    def _ask(
        self, row: QueueRow, tickets: Sequence[int], words: str, done: Callable[[], object] | None
    ) -> None:
        def given(answer: tuple[str, Audience] | None) -> None:
            if answer is None:
                return
            results = portals.answered(self._desk, tickets, *answer)
            self._tell(results)
            if any(each.done for each in results):
                if done:
                    done()
            elif answer[0].strip():
                # Refused words are not lost.
                self._ask(row, tickets, answer[0], done)

        audiences = portals.audiences(self._desk, row)
        asked = PortalAnswerScreen(row.code, len(tickets), audiences, words)
        self._app.push_screen(asked, given)

    def enter(self) -> None:
        """Enter a protocol by hand."""
        from mkt_tui.screens.portal_entry import PortalEntryScreen  # only when it is asked for

        self._enter(PortalEntryScreen, {})

    def enter_order(self) -> None:
        """Enter an order by hand: that of the ticket, where it is a portal's and not known yet."""
        from mkt_tui.screens.order_entry import OrderEntryScreen  # only when it is asked for

        row = self._row
        told = {"order": row.order_number or "", "customer": row.customer or ""} if row else {}
        self._enter(OrderEntryScreen, told)

    def _enter(self, form: "type[EntryForm]", told: Mapping[str, str]) -> None:
        by_hand = [each for each in self._desk.channels().values() if each.by_hand]
        if not by_hand:
            self._app.notify(
                _("No channel is a portal. Add one: mkt-tui channel add --adapter portal"),
                severity="warning",
                markup=False,
            )
            return
        here = self._row.channel_id if self._row else None
        found = next((each for each in by_hand if each.id == here), None)
        first = {"channel": (found or by_hand[0]).name}

        def entered(words: str | None) -> None:
            if words is not None:
                self._app.notify(words, markup=False)
                self._after()

        # What another marketplace's ticket says is not of this portal.
        self._app.push_screen(
            form(self._desk, by_hand, {**told, **first} if found else first), entered
        )

    def _tell(self, results: Sequence[sharing.Result]) -> None:
        bad = not all(each.done for each in results)
        severity: Any = "warning" if bad else "information"
        self._app.notify(sharing.summary(results), severity=severity, markup=False)
        self._after()


class PortalScreen(Modal[None]):
    """The number in large, the link whole, the steps; answered from here too."""

    DEFAULT_CSS = """
    PortalScreen VerticalScroll { padding: 0 1; background: $surface; }
    PortalScreen Static, PortalScreen Digits { height: auto; }
    PortalScreen #copied { color: $text-muted; }
    PortalScreen Digits { color: $text-primary; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", N_("Copy delivery number")),
        Binding("a,W", "answered", N_("Answered on the portal")),
        Binding("escape,q,l", "dismiss", N_("Back")),
    ]

    def __init__(self, acts: PortalActs, row: QueueRow, guide: Guide) -> None:
        super().__init__()
        self._acts, self._row, self._guide = acts, row, guide

    def compose(self) -> ComposeResult:
        """Show the number first; the rest scrolls."""
        with VerticalScroll():
            yield Static(self._guide.runbook.copied, id="copied", markup=False)
            yield Static(Text(self._guide.number, "bold"), id="number", markup=False)
            if self._fits(self._guide.number):
                yield Digits(self._guide.number)
            yield Static(words(self._guide, numbered=False), markup=False)

    def _fits(self, number: str) -> bool:
        return set(number) <= _LARGE and len(number) * _WIDE <= self.app.size.width - 4

    def action_copy(self) -> None:
        """Copy the number."""
        self._acts.copy(self._row)

    def action_answered(self) -> None:
        """Note that it was answered."""
        self._acts.answered(self._row, self.dismiss)
