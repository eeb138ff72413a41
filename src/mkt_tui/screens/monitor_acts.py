"""What an agent does about an order in a report: the same keys in the list and on the case."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from mkt_tui.desk import erp, monitor, notices, sheet
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.monitor import LONGEST_NOTE, Case
from mkt_tui.domain.monitor import Cause, Report
from mkt_tui.i18n import N_, _
from mkt_tui.screens.cause_menu import CauseMenu
from mkt_tui.widgets.ask_line import AskLine
from mkt_tui.widgets.exact import ExactScreen


class MonitorActs(ExactScreen[None]):
    """A screen with a case at hand; `changed` is called when something about it has changed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "cause", N_("Cause")),
        Binding("n", "note", N_("Note")),
        Binding("t", "message", N_("Message")),
        Binding("f", "owner", N_("Owner")),
        Binding("p", "order", N_("Order")),
        Binding("r", "relink", N_("Link again")),
        Binding("y", "copy", N_("Copy order")),
    ]

    desk: Desk

    @property
    def case(self) -> Case | None:
        """The order the keys are about."""
        raise NotImplementedError

    def changed(self) -> None:
        """Show what is known now."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell which keys work now: without an order none of these, and linking in its report."""
        del parameters
        if action == "relink":
            return self.case is not None and self.case.report is Report.DESYNCHRONISED
        return action not in _ACTS or self.case is not None

    def action_cause(self) -> None:
        """Say which party must be set in motion (M15)."""
        if case := self.case:

            def chosen(cause: Cause | None) -> None:
                if cause:
                    monitor.set_cause(self.desk, case, cause)
                    self.changed()

            self.app.push_screen(CauseMenu(), chosen)

    def action_note(self) -> None:
        """Write a note; it stays on the order."""
        if case := self.case:

            def written(note: str | None) -> None:
                if note is not None:
                    monitor.set_note(self.desk, case, note)
                    self.changed()

            question = _("Note on order {number} (Enter keeps it)").format(number=case.order)
            self.app.push_screen(AskLine(question, case.note, LONGEST_NOTE), written)

    def action_owner(self) -> None:
        """Say who sees to it."""
        if case := self.case:

            def named(owner: str | None) -> None:
                if owner is not None:
                    monitor.set_owner(self.desk, case, owner)
                    self.changed()

            question = _("Who sees to order {number}? (empty: nobody)").format(number=case.order)
            self.app.push_screen(AskLine(question, case.owner or self.desk.agent, 100), named)

    def action_message(self) -> None:
        """Open a prepared message to the customer as a reply, or as a first message (M16)."""
        if case := self.case:
            if first := notices.begin(self.desk, case):
                from mkt_tui.screens.first_message import FirstMessage, tell  # heavy: the editor

                screen = FirstMessage(self.desk, case.channel, first)
                self.app.push_screen(screen, lambda sent: tell(self.app, sent))
                return
            from mkt_tui.screens.conversation import open_ticket  # heavy: the editor

            ticket = notices.prepare(self.desk, case)
            open_ticket(self.app, self.desk, ticket, composing=True)

    def action_order(self) -> None:
        """Open the order's print view (T9)."""
        if case := self.case:
            from mkt_tui.screens.order import OrderScreen  # only when it is asked for

            record = sheet.find(self.desk, case.order, case.channel.name)
            self.app.push_screen(OrderScreen(self.desk, record))

    def action_relink(self) -> None:
        """Take the two systems as they stand for belonging together (M10)."""
        if case := self.case:
            erp.relink(self.desk, erp.compare(self.desk, case.channel, case.order))
            self.notify(_("Linked again as they stand now."), markup=False)
            self.changed()

    def action_copy(self) -> None:
        """Hand the order's number to the terminal's clipboard."""
        if case := self.case:
            self.app.copy_to_clipboard(case.order)
            told = _("Sent to the terminal's clipboard: {codes}").format(codes=case.order)
            self.notify(told, markup=False)


_ACTS = frozenset(each.action for each in MonitorActs.BINDINGS if isinstance(each, Binding))
