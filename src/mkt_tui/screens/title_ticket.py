"""A publisher's ticket: what is wrong, what was done, the two ways out of it (P9-P13, J10)."""

import asyncio
from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.widgets import Static

from mkt_tui.desk import conversation, correcting, publisher
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.publisher import TitleTicket
from mkt_tui.desk.publisher_words import defect_word
from mkt_tui.domain.errors import NotFound, UserError
from mkt_tui.domain.publishing import Stage
from mkt_tui.i18n import N_, _
from mkt_tui.screens import title_ticket_words as words
from mkt_tui.screens.work_keys import WORK
from mkt_tui.widgets.ask_line import AskLine
from mkt_tui.widgets.exact import ExactScreen
from mkt_tui.widgets.key_bar import KeyBar
from mkt_tui.widgets.letter_menu import Entry, LetterMenu

_LOOK_EVERY: Final = 1.0
_WIDE: Final = 110


class TitleTicketScreen(ExactScreen[None]):
    """Facts, then description and notes; beside each other where there is room."""

    DEFAULT_CSS = """
    TitleTicketScreen #head {
        height: 1; background: $primary-darken-2; color: $text; text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    TitleTicketScreen #page { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    TitleTicketScreen #both { height: auto; layout: vertical; }
    TitleTicketScreen #both Static { height: auto; width: 1fr; }
    TitleTicketScreen.wide #both { layout: horizontal; }
    TitleTicketScreen.wide #talk { margin-left: 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "status", N_("Status")),
        Binding("k", "check", N_("Check file")),
        Binding("n", "note", N_("Note")),
        Binding("e", "kind", N_("Kind")),
        Binding("end,G", "scroll('end')", N_("Notes")),
        Binding("i", "sibling", N_("Next shop")),
        Binding("o", "report", N_("Last check")),
        Binding("z", "recall", N_("Undo send")),
        Binding("y", "copy", N_("Copy ISBN")),
        *WORK,
        Binding("question_mark", "app.help", N_("Help")),
        Binding("escape,q", "dismiss", N_("Back")),
        Binding("down", "scroll('down')", N_("Down"), show=False),
        Binding("up", "scroll('up')", N_("Up"), show=False),
        Binding("pagedown,space", "scroll('page_down')", N_("Next page"), show=False),
        Binding("pageup", "scroll('page_up')", N_("Previous page"), show=False),
        Binding("home", "scroll('home')", N_("Start"), show=False),
    ]

    def __init__(self, desk: Desk, ticket_id: int) -> None:
        super().__init__()
        self.desk = desk
        self.ticket: TitleTicket = publisher.load(desk, ticket_id)
        self._version = -1

    def compose(self) -> ComposeResult:
        """Lay out head, page and keys."""
        yield Static(id="head", markup=False)
        with VerticalScroll(id="page", can_focus=False), Container(id="both"):
            yield Static(id="facts", markup=False)
            yield Static(id="talk", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show it, and again when something changed."""
        self._version = self.desk.database.version()
        self.set_interval(_LOOK_EVERY, self._look)

    def on_resize(self) -> None:
        """Share the width anew."""
        self.set_class(self.size.width >= _WIDE, "wide")
        self._show()

    def on_screen_resume(self) -> None:
        """Show what was done elsewhere."""
        if self.is_mounted and self.query("#facts"):
            self.renew()

    def _look(self) -> None:
        try:
            version = self.desk.database.version()
        except UserError:
            return
        if version != self._version:
            self._version = version
            self.renew()

    @work(exclusive=True, group="read")
    async def renew(self) -> None:
        """Read the ticket anew."""
        try:
            self.ticket = await asyncio.to_thread(publisher.load, self.desk, self.ticket.row.id)
        except NotFound:
            self.dismiss()
            return
        except UserError as error:
            self._complain(error)
            return
        if self.is_attached and self.query("#facts"):
            self._show()

    def _show(self) -> None:
        wide = self.has_class("wide")
        width = (self.size.width - 4) // 2 if wide else self.size.width - 3
        self.query_one("#head", Static).update(words.head(self.ticket), layout=False)
        self.query_one("#facts", Static).update(words.facts(self.ticket, self.desk, width))
        self.query_one("#talk", Static).update(words.talk(self.ticket, self.desk, width))
        self.refresh_bindings()

    def _complain(self, error: UserError) -> None:
        self.app.notify(str(error), severity="error", markup=False)

    def action_scroll(self, where: str) -> None:
        """Move the page; its end are description and notes (P9)."""
        page = self.query_one("#page", VerticalScroll)
        if where == "end":
            self._scroll_to_talk(page)
        else:
            getattr(page, f"scroll_{where}")(animate=False)

    def _scroll_to_talk(self, page: VerticalScroll) -> None:
        """Show the beginning of the description, then the end of the notes."""
        talk = self.query_one("#talk", Static).virtual_region
        beginning = min(talk.y, page.max_scroll_y)
        end = max(min(talk.bottom - page.size.height, page.max_scroll_y), beginning)
        page.scroll_to(y=end if page.scroll_y == beginning else beginning, animate=False)

    @work(exclusive=True, group="act")
    async def action_status(self) -> None:
        """Choose the way out: the manager, corrected, a dispute (P11)."""
        from mkt_tui.screens.title_acts import TitleActs  # only when it is asked for

        await TitleActs(self.app, self.desk, self.ticket).choose()
        self.renew()

    @work(exclusive=True, group="act")
    async def action_check(self) -> None:
        """Check a file as the shops would (P1)."""
        from mkt_tui.screens.title_acts import TitleActs

        acts = TitleActs(self.app, self.desk, self.ticket)
        if await acts.check():
            await acts.choose()
        self.renew()

    @work(exclusive=True, group="act")
    async def action_report(self) -> None:
        """Show the last check's report again, beside the ticket's words."""
        from mkt_tui.screens.title_acts import TitleActs

        await TitleActs(self.app, self.desk, self.ticket).show_last()

    def action_note(self) -> None:
        """Write a note that the shop's team and the manager read (P10)."""
        from mkt_tui.screens.conversation import open_ticket  # heavy: the editor

        open_ticket(self.app, self.desk, self.ticket.row.id, composing=True)

    def action_kind(self) -> None:
        """Say what is really wrong: one of the list, and words of one's own (P3)."""
        entries = [
            Entry(str(place), defect_word(each), each)
            for place, each in enumerate(publisher.DEFECTS, 1)
        ]

        def chosen(defect: object) -> None:
            for each in publisher.DEFECTS:
                if each is defect:
                    self._ask_words(each.value)

        self.app.push_screen(LetterMenu(_("What is wrong?"), entries), chosen)

    def _ask_words(self, value: str) -> None:
        def told(note: str | None) -> None:
            if note is not None:
                defect = next(each for each in publisher.DEFECTS if each.value == value)
                correcting.choose_defect(self.desk, self.ticket, defect, note)
                self.renew()

        known = self.ticket.row.defect_note or ""
        self.app.push_screen(AskLine(_("In your words (may stay empty)"), known, 300), told)

    def action_sibling(self) -> None:
        """Go to the next shop's ticket of the same title (P6)."""
        own = self.ticket.row.id
        ids = sorted([own, *(each.id for each in self.ticket.siblings)])
        following = ids[(ids.index(own) + 1) % len(ids)]
        if following == own:
            self.notify(_("No other shop has a ticket on this title."), markup=False)
        else:
            self.ticket = publisher.load(self.desk, following)
            self._show()
            self.action_scroll("home")

    def action_work(self, act: str) -> None:
        """Forward it, assign it, put it off, note something on it, as with every ticket."""
        from mkt_tui.screens.work import Work  # only when it is asked for

        row = conversation.load(self.desk, self.ticket.row.id).ticket
        Work(self, self.desk, row, (), self._worked).begin(act)

    def _worked(self) -> None:
        self.renew()

    def action_recall(self) -> None:
        """Take back what was sent last, while it has not left."""
        told = _("Taken back: nothing of it has left.")
        if not correcting.recall(self.desk):
            told = _("There is nothing to take back any more.")
        self.notify(told, markup=False)
        self.renew()

    def action_copy(self) -> None:
        """Hand the ISBN to the terminal's clipboard."""
        self.app.copy_to_clipboard(self.ticket.row.isbn)
        told = _("Sent to the terminal's clipboard: {codes}").format(codes=self.ticket.row.isbn)
        self.notify(told, markup=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense now."""
        del parameters
        if action in ("status", "note"):
            return self.ticket.row.stage is not Stage.CLOSED
        if action == "sibling":
            return bool(self.ticket.siblings)
        return True
