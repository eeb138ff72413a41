"""The order monitor: nine reports with their counts, and the orders of one of them (M18)."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from mkt_tui.cache import order_records, parcels
from mkt_tui.desk import erp, monitor
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.monitor import Case, Question
from mkt_tui.desk.order_line import order_line
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.monitor import Report
from mkt_tui.i18n import N_, _
from mkt_tui.screens import monitor_words as words
from mkt_tui.screens.monitor_acts import MonitorActs
from mkt_tui.screens.watch import Watch
from mkt_tui.widgets.ask_line import AskLine
from mkt_tui.widgets.changing_lines import ChangingLines
from mkt_tui.widgets.key_bar import KeyBar
from mkt_tui.widgets.rows import Rows
from mkt_tui.widgets.virtual_table import VirtualTable

MOST: Final = 2_000
_LOOK_EVERY: Final = 5.0
_MINUTE: Final = 60.0


class MonitorScreen(MonitorActs):
    """Counts above, the orders of the chosen report below."""

    DEFAULT_CSS = """
    MonitorScreen #head {
        height: 1; background: $primary-darken-2; color: $text; text-wrap: nowrap;
    }
    MonitorScreen #counts { height: 5; background: $surface; }
    MonitorScreen #empty { height: 1fr; padding: 1 2; display: none; }
    MonitorScreen.nothing #empty { display: block; }
    MonitorScreen.nothing #table { display: none; }
    MonitorScreen #detail { height: 2; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,o", "app.pop_screen", N_("Back")),
        *(
            Binding(str(each.number), f"report({each.number})", N_("Report"), show=each.number == 1)
            for each in Report
        ),
        Binding("enter,right", "open", N_("Open")),
        Binding("h", "horizon", N_("Horizon")),
        Binding("x", "export", N_("Export CSV")),
        Binding("question_mark", "app.help", N_("Help")),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._question = Question()
        self._report = Report.SHIP_LATE
        self._counts: dict[Report, int] | None = None
        self._watch = Watch(desk.database, self._complain)

    def compose(self) -> ComposeResult:
        """Lay out title, counts, list, detail and keys."""
        yield Static(id="head", markup=False)
        yield Static(id="counts", markup=False)
        yield VirtualTable[Case](
            Rows[Case](), words.columns(), words.colour, chosen=self._show_detail, id="table"
        )
        yield Static(id="empty", markup=False)
        yield ChangingLines(id="detail")
        yield KeyBar()

    def on_mount(self) -> None:
        """Count in a thread, and again when the cache or the hour has changed."""
        self._table.focus()
        self._look()
        self.set_interval(_LOOK_EVERY, self._look)
        self.set_interval(_MINUTE, self.changed)

    @property
    def _table(self) -> "VirtualTable[Case]":
        return self.query_one("#table", VirtualTable)

    @property
    def case(self) -> Case | None:
        """The order under the cursor."""
        return self._table.current if self.is_mounted else None

    def on_resize(self) -> None:
        """Share the width anew."""
        self._show_counts()

    def on_screen_resume(self) -> None:
        """Show what was done elsewhere."""
        self.changed()

    def _look(self) -> None:
        if self._watch.changed():
            self.changed()

    def changed(self) -> None:
        """Read counts and list anew, keeping the cursor on its order."""
        self._read()

    @work(exclusive=True, group="read")
    async def _read(self) -> None:
        try:
            counted = await asyncio.to_thread(monitor.counts, self.desk, self._question)
            found = await asyncio.to_thread(
                monitor.cases, self.desk, self._question, self._report, MOST
            )
        except UserError as error:
            self._complain(error)
            return
        if self.is_attached and self.query(VirtualTable):
            self._counts = counted
            self._show(found)

    def _complain(self, error: UserError) -> None:
        self.notify(str(error), severity="error", markup=False)

    def _show(self, found: list[Case]) -> None:
        before, cursor = self.case, self._table.cursor
        places = {(each.channel.id, each.order): place for place, each in enumerate(found)}
        kept = places.get((before.channel.id, before.order)) if before else None
        self._table.show(Rows(found), cursor if kept is None else kept)
        self.set_class(not found, "nothing")
        if not found:
            told = words.empty(self.desk, self._report)
            self.query_one("#empty", Static).update(told)
        self._show_counts()
        self._show_detail()
        self.refresh_bindings()

    def _show_counts(self) -> None:
        zone = self.desk.settings.zone
        head = words.head(self._question, self.desk.clock(), zone)
        if self._counts and self._counts[self._report] > MOST:
            head += "  " + _("the first {number} shown").format(number=MOST)
        self.query_one("#head", Static).update(head, layout=False)
        counted = words.counts(self._counts, self._report, self.size.width)
        self.query_one("#counts", Static).update(counted, layout=False)

    def _show_detail(self) -> None:
        lines = words.detail(self.case, self.desk.settings.zone)
        self.query_one("#detail", ChangingLines).show(lines)

    def action_report(self, number: int) -> None:
        """Show the report of that number."""
        self._report = list(Report)[number - 1]
        self._table.show(Rows[Case](), 0)
        self.changed()

    @on(VirtualTable.RowOpened)
    def _opened(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Show the order under the cursor in full."""
        if case := self.case:
            self.app.push_screen(CaseScreen(self.desk, self._question, case))

    def action_horizon(self) -> None:
        """Ask how many hours ahead a deadline is near (M4)."""

        def chosen(answer: str | None) -> None:
            if answer is None:
                return
            if not (answer.strip().isdecimal() and 0 < int(answer) <= 8760):
                told = _("Write a number of hours, such as 24.")
                self.notify(told, severity="error", markup=False)
                return
            watch = replace(self._question.watch, horizon=timedelta(hours=int(answer)))
            self._question = replace(self._question, watch=watch)
            self.changed()

        hours = int(self._question.watch.horizon.total_seconds() // 3600)
        self.app.push_screen(
            AskLine(_("A deadline is near within how many hours?"), str(hours), 4), chosen
        )

    def action_export(self) -> None:
        """Write the report as CSV and JSON into the home."""
        place = monitor.export(self.desk, self._question, self._report)
        self.notify(_("Written: {path} (and .json)").format(path=place), markup=False)


class CaseScreen(MonitorActs):
    """One order of a report in full, with the same keys."""

    DEFAULT_CSS = """
    CaseScreen VerticalScroll { height: 1fr; padding: 1 2; }
    CaseScreen Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.pop_screen", N_("Back")),
        Binding("question_mark", "app.help", N_("Help")),
    ]

    def __init__(self, desk: Desk, question: Question, case: Case) -> None:
        super().__init__()
        self.desk = desk
        self._question = question
        self._case = case

    @property
    def case(self) -> Case:
        """The order at hand."""
        return self._case

    def compose(self) -> ComposeResult:
        """Show the words above the keys."""
        with VerticalScroll():
            yield Static(id="case", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the case."""
        self.query_one(VerticalScroll).focus()
        self._show()

    def on_screen_resume(self) -> None:
        """Show what was done elsewhere."""
        self.changed()

    def changed(self) -> None:
        """Read the case anew; one that has left its report stays as it was last."""
        self._case = monitor.refreshed(self.desk, self._case)
        self._show()

    def _show(self) -> None:
        case = self._case
        zone = self.desk.settings.zone
        compared = erp.compare(self.desk, case.channel, case.order)
        found = order_records.orders(self.desk.database, case.order, case.channel.id)
        known = parcels.of_order(self.desk.database, case.channel.id, case.order)
        status = [order_line(each, zone, known) for each in found]
        self.query_one("#case", Static).update(words.case(self.desk, case, compared, status, zone))
