"""What the queue and a ticket do to tickets: forward, assign, put off, note; on one or on many."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from textual.screen import Screen

from mkt_tui.cache.queries import QueueRow
from mkt_tui.desk import linking, presence, sharing, snoozing, ticket_acts
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.sharing import Result
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.i18n import _, ngettext
from mkt_tui.screens.act_dialogs import AskScreen as YesNo
from mkt_tui.screens.ask import AskScreen
from mkt_tui.screens.forward import ForwardScreen
from mkt_tui.screens.note import NoteScreen
from mkt_tui.screens.results import ResultsScreen
from mkt_tui.widgets.letter_menu import Entry, LetterMenu

TimedAct: TypeAlias = Callable[[Desk, Sequence[int], datetime], list[Result]]
"""What is done to tickets until a time."""


class Work:
    """The acts on the tickets an agent has chosen, over the screen where they were chosen.

    Args:
        row: The ticket under the cursor, which a note is for.
        marked: The marked tickets, which the other acts are for; empty = that one alone.
        after: Called when something was done.
    """

    def __init__(
        self,
        screen: Screen[Any],
        desk: Desk,
        row: QueueRow,
        marked: Sequence[int],
        after: Callable[[], None],
    ) -> None:
        self._app = screen.app
        self._desk = desk
        self._row = row
        self._tickets = marked or [row.id]
        self._after = after

    def begin(self, act: str) -> None:
        """Begin the act of that name: forward, assign, snooze, note."""
        {
            "forward": self.forward,
            "assign": self.assign,
            "snooze": self.snooze,
            "note": self.note,
        }[act]()

    def forward(self) -> None:
        """Ask to whom."""

        def forwarded(results: list[Result] | None) -> None:
            if results is not None:
                self._tell(results)

        self._app.push_screen(ForwardScreen(self._desk, self._tickets), forwarded)

    def assign(self) -> None:
        """Offer what can be done with whose they are, and what they wait for."""
        away = presence.is_away(self._desk)
        acts: list[Entry[Callable[[], None]]] = [
            Entry("a", _("Assign to me"), self._each(sharing.take)),
            Entry("x", _("Let go: nobody has it"), self._each(sharing.let_go)),
            Entry("f", _("Forward …"), self.forward),
            Entry("n", _("Mark: needs no reply"), self._each(snoozing.no_reply)),
            Entry("r", _("Needs no reply, but remind me …"), self._remind),
            Entry("o", _("Open again"), self._each(sharing.reopen)),
            self._link_entry(),
            Entry("u", _("Unlink"), self._each(linking.unlink)),
            Entry("d", _("Deal out what nobody has …"), self._ask_deal),
            Entry("w", _("I am back") if away else _("I am away: give me none"), self._away),
        ]
        self._app.push_screen(LetterMenu(self._title(), acts + self._elsewhere()), self._run)

    def _link_entry(self) -> Entry[Callable[[], None]]:
        if len(self._tickets) > 1:
            return Entry("l", _("Link with each other"), self._each(linking.link))
        return Entry("l", _("Link with another ticket …"), self._ask_link)

    def _ask_link(self) -> None:
        def found(other: QueueRow | None) -> None:
            if other is not None:
                self._run(lambda: self._tell(linking.link(self._desk, [*self._tickets, other.id])))

        question = _("Link with the ticket of this code, whatever its channel")
        read = lambda code: linking.ticket_of(self._desk, code)  # noqa: E731
        self._app.push_screen(AskScreen(question, "", read), found)

    def _elsewhere(self) -> list[Entry[Callable[[], None]]]:
        """Offer what the marketplace itself takes of the ticket under the cursor."""
        channel = self._desk.channels().get(self._row.channel_id)
        able = ticket_acts.offered(channel) if channel else frozenset()
        acts: list[Entry[Callable[[], None]]] = []
        if Kind.HAND in able:
            acts.append(Entry("m", _("Hand to the marketplace …"), self._hand))
        if Kind.CLOSE in able:
            acts.append(Entry("c", _("Close at the marketplace …"), self._close))
        return acts

    def snooze(self) -> None:
        """Ask until when."""
        back = Entry("b", _("Bring it back now"), self._each(snoozing.wake))
        acts = [*self._times(snoozing.snooze, _("Put off until")), back]
        self._app.push_screen(LetterMenu(self._title(), acts), self._run)

    def _remind(self) -> None:
        """Ask when a ticket that needs no reply is to come back."""
        acts = self._times(snoozing.no_reply, _("Come back at"))
        self._app.push_screen(LetterMenu(self._title(), acts), self._run)

    def _times(self, act: TimedAct, question: str) -> list[Entry[Callable[[], None]]]:
        """Return the times that an act until then is offered for."""
        now, desk = self._desk.clock(), self._desk

        def until(wanted: datetime) -> Callable[[], None]:
            return lambda: self._tell(act(desk, self._tickets, wanted))

        monday = snoozing.tomorrow(desk, snoozing.to_monday(desk))
        return [
            Entry("1", _("For an hour"), until(now + timedelta(hours=1))),
            Entry("2", _("For two hours"), until(now + timedelta(hours=2))),
            Entry("4", _("For four hours"), until(now + timedelta(hours=4))),
            Entry("t", _("Until tomorrow at 8"), until(snoozing.tomorrow(desk))),
            Entry("m", _("Until Monday at 8"), until(monday)),
            Entry("o", _("Until another time …"), lambda: self._ask_until(act, question)),
        ]

    def note(self) -> None:
        """Write a note on the ticket under the cursor."""

        def kept(named: list[str] | None) -> None:
            if named is None:
                return
            told = _("Note kept; told: {names}").format(names=", ".join(named))
            self._app.notify(told if named else _("Note kept."), markup=False)
            self._after()

        self._app.push_screen(NoteScreen(self._desk, self._row.id, self._row.code), kept)

    def _title(self) -> str:
        count = len(self._tickets)
        return ngettext("{count} ticket", "{count} tickets", count).format(count=count)

    def _run(self, act: Callable[[], None] | None) -> None:
        if act is None:
            return
        try:
            act()
        except UserError as error:
            self._app.notify(str(error), severity="error", markup=False)

    def _each(self, act: Callable[[Desk, Sequence[int]], list[Result]]) -> Callable[[], None]:
        return lambda: self._tell(act(self._desk, self._tickets))

    def _ask_until(self, act: TimedAct, question: str) -> None:
        def chosen(wanted: datetime | None) -> None:
            if wanted is not None:
                self._tell(act(self._desk, self._tickets, wanted))

        example = _("45m, 2h30, 3d, 14:30, 3/11 14:30")
        read = lambda words: snoozing.until(self._desk, words)  # noqa: E731
        self._app.push_screen(AskScreen(question, example, read), chosen)

    def _hand(self) -> None:
        def said(words: str | None) -> None:
            if words is not None:
                self._tell(ticket_acts.hand(self._desk, self._tickets, words))

        question = _("Why it goes to the marketplace (only it reads this; Enter sends)")
        self._app.push_screen(AskScreen(question, "", ticket_acts.words), said)

    def _close(self) -> None:
        def sure(word: bool | None) -> None:
            if word:
                self._tell(ticket_acts.close(self._desk, self._tickets))

        lines = [
            _("Close at the marketplace: {tickets}?").format(tickets=self._title()),
            _("It takes no message any more, and nothing opens it again from here."),
        ]
        self._app.push_screen(YesNo(lines), sure)

    def _ask_deal(self) -> None:
        """Ask first: it hands on the whole house's work, and no key takes it back."""

        def sure(word: bool | None) -> None:
            if word:
                self._run(self._deal)

        count, names = sharing.to_deal(self._desk)
        if not count:
            self._app.notify(_("Every open ticket is somebody's."), markup=False)
            return
        asked = ngettext(
            "Deal out {count} ticket that nobody has?",
            "Deal out {count} tickets that nobody has?",
            count,
        ).format(count=count)
        among = _("Each to whom has least of: {names}").format(names=", ".join(names))
        self._app.push_screen(YesNo([asked, among]), sure)

    def _deal(self) -> None:
        given = sharing.deal(self._desk)
        words = ngettext("{count} ticket dealt out", "{count} tickets dealt out", len(given))
        self._app.notify(words.format(count=len(given)), markup=False)
        self._after()

    def _away(self) -> None:
        away = not presence.is_away(self._desk)
        presence.set_away(self._desk, away=away)
        told = _("You are away: nobody forwards you tickets.") if away else _("You are back.")
        self._app.notify(told, markup=False)
        if away and (held := sharing.held(self._desk)):
            self._ask_let_go(held)
        self._after()

    def _ask_let_go(self, held: Sequence[int]) -> None:
        """Ask what becomes of what somebody waits for while its agent is away."""

        def sure(word: bool | None) -> None:
            if word:
                self._tell(sharing.let_go(self._desk, held))

        asked = ngettext(
            "You have {count} ticket that somebody waits for. Let it go?",
            "You have {count} tickets that somebody waits for. Let them go?",
            len(held),
        ).format(count=len(held))
        told = _("Nobody has them then, and colleagues can take them. Your drafts stay yours.")
        self._app.push_screen(YesNo([asked, told]), sure)

    def _tell(self, results: Sequence[Result]) -> None:
        """Say how it went: in a sentence where all went well, else ticket by ticket."""
        if all(each.done for each in results):
            self._app.notify(sharing.summary(results), markup=False)
        elif len(results) == 1:
            self._app.notify(sharing.summary(results), severity="warning", markup=False)
        else:
            self._app.push_screen(ResultsScreen(results))
        self._after()
