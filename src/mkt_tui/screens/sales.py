"""The sales report: a chart of the months, and lines by title, shop or month (P14)."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar, Final

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from mkt_tui.desk import formats, sales
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.sales import By, SalesLine, SalesReport, Wanted
from mkt_tui.domain.errors import NotAllowed, UserError
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import N_, _
from mkt_tui.screens.ask import AskScreen
from mkt_tui.widgets.columns import Column
from mkt_tui.widgets.exact import ExactScreen
from mkt_tui.widgets.key_bar import KeyBar
from mkt_tui.widgets.rows import Rows
from mkt_tui.widgets.virtual_table import VirtualTable

_TITLES: Final = {By.TITLE: N_("by title"), By.SHOP: N_("by shop"), By.MONTH: N_("by month")}
_CHART: Final = 11
_SMALL: Final = 8


class SalesScreen(ExactScreen[None]):
    """What was sold in a period; the last three months to begin with."""

    DEFAULT_CSS = """
    SalesScreen #head {
        height: 1; background: $primary-darken-2; color: $text; text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    SalesScreen #chart { height: 11; padding: 0 1; }
    SalesScreen.low #chart { height: 8; }
    SalesScreen #totals { height: 1; background: $surface; }
    SalesScreen #empty { height: 1fr; padding: 1 2; display: none; }
    SalesScreen.nothing #empty { display: block; }
    SalesScreen.nothing #table, SalesScreen.nothing #chart { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "by('title')", N_("By title")),
        Binding("h", "by('shop')", N_("By shop")),
        Binding("m", "by('month')", N_("By month")),
        Binding("p", "period", N_("Period")),
        Binding("slash,F", "narrow", N_("Filter")),
        Binding("0", "clear", N_("All")),
        Binding("x", "export", N_("Export CSV, XLSX")),
        Binding("question_mark", "app.help", N_("Help")),
        Binding("escape,q,S", "dismiss", N_("Back")),
    ]

    def __init__(self, desk: Desk, isbn: str | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._wanted = sales.usual(desk, isbn)
        self._found: SalesReport | None = None

    def compose(self) -> ComposeResult:
        """Lay out head, chart, lines, totals and keys."""
        yield Static(id="head", markup=False)
        yield Static(id="chart", markup=False)
        yield VirtualTable[SalesLine](Rows(), _columns(), lambda _row: None, id="table")
        yield Static(id="empty", markup=False)
        yield Static(id="totals", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Add up in a thread."""
        self.query_one(VirtualTable).focus()
        self.read()

    def on_resize(self) -> None:
        """Draw the chart for the room there is."""
        self.set_class(self.size.height < 30, "low")
        self._draw()

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Add up anew."""
        wanted = self._wanted
        try:
            found = await asyncio.to_thread(sales.report, self._desk, wanted)
        except UserError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        if self.is_attached and wanted == self._wanted:
            self._found = found
            self._show(found)

    def _show(self, found: SalesReport) -> None:
        self.set_class(not found.lines, "nothing")
        if not found.lines:
            self.query_one("#empty", Static).update(
                _("Nothing was sold then, or the portal has not told it yet.")
            )
        self.query_one(VirtualTable).show(Rows(found.lines), 0)
        self.query_one("#head", Static).update(self._head(), layout=False)
        told = "  ".join(_amount(each) for each in found.totals)
        units = sum(each.units or 0 for each in found.totals)
        line = _("Total: {amounts} · {units} copies").format(amounts=told, units=units)
        self.query_one("#totals", Static).update(Text(f" {line}", "bold"), layout=False)
        self._draw()

    def _draw(self) -> None:
        if self._found is None or not self._found.months:
            return
        from mkt_tui.screens.sales_chart import chart  # it brings the plots

        height = _SMALL if self.has_class("low") else _CHART
        width = max(self.size.width - 2, 20)
        currency = self._found.totals[0].currency
        drawn = chart(self._found.months, currency, width, height)
        self.query_one("#chart", Static).update(drawn, layout=False)

    def _head(self) -> Text:
        wanted = self._wanted
        words = Text(" ")
        words.append(_("Sales report"), "bold")
        words.append(f"   {wanted.since} – {wanted.until} · {_(_TITLES[wanted.by])}")
        narrowed = " ".join(each for each in (wanted.shop, wanted.isbn) if each)
        if narrowed:
            words.append(f"   [{narrowed}]", "bold yellow")
        return words

    def action_by(self, by: str) -> None:
        """Change what the lines stand for."""
        self._use(replace(self._wanted, by=By(by)))

    def action_clear(self) -> None:
        """Drop shop and title."""
        self._use(replace(self._wanted, shop=None, isbn=None))

    def action_period(self) -> None:
        """Ask for the days."""
        self._ask(
            _("From which day to which day?"),
            f"{self._wanted.since} {self._wanted.until}",
            lambda typed: _period(self._wanted, typed),
        )

    def action_narrow(self) -> None:
        """Ask for a shop or an ISBN."""
        self._ask(_("A shop, or an ISBN"), "kobo", lambda typed: _narrowed(self._wanted, typed))

    def action_export(self) -> None:
        """Write the report as CSV and XLSX into the home."""
        place = sales.export(self._desk, self._wanted)
        told = _("Written: {path} (and .xlsx)").format(path=place)
        self.notify(told, markup=False)

    def _ask(self, question: str, example: str, read: Callable[[str], Wanted]) -> None:
        def told(wanted: Wanted | None) -> None:
            if wanted is not None:
                self._use(wanted)

        self.app.push_screen(AskScreen(question, example, read), told)

    def _use(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self.read()


def _columns() -> tuple[Column[SalesLine], ...]:
    return (
        Column(N_("Name"), lambda row: clean_line(row.name), 20, 60, 0),
        Column(N_("ISBN"), lambda row: row.key if row.key != row.name else "", 13, 14, 3),
        Column(
            N_("Units"), lambda row: "—" if row.units is None else str(row.units), 7, 8, 2,
            right=True,
        ),
        Column(N_("Amount"), _amount, 12, 16, 1, right=True),
    )  # fmt: skip


def _amount(line: SalesLine) -> str:
    return formats.money(line.amount, line.currency)


def _period(wanted: Wanted, typed: str) -> Wanted:
    parts = typed.split()
    if len(parts) != 2:
        raise NotAllowed(
            what=_("Two days are needed"), remedy=_("Write them such as 2026-01-01 2026-03-31.")
        )
    since, until = sorted(map(sales.day, parts))
    return replace(wanted, since=since, until=until)


def _narrowed(wanted: Wanted, typed: str) -> Wanted:
    from mkt_tui.domain.publishing import isbn13

    text = typed.strip()
    if isbn := isbn13(text):
        return replace(wanted, isbn=isbn)
    return replace(wanted, shop=text or None)
