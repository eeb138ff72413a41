"""Enter an order of a portal by hand, a line for each item (T31-T33)."""

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, Static

from mkt_tui.desk import importing_orders
from mkt_tui.desk.order_entries import ITEM_TITLES, TITLES
from mkt_tui.domain.channels import Channel
from mkt_tui.i18n import N_, _
from mkt_tui.screens.entry_form import EntryForm


class OrderEntryScreen(EntryForm):
    """The form of an order: what the portal's list tells, who bought and paid, what was bought."""

    HEADING = N_("Enter an order of a portal")
    FIRST = "order"
    FIELDS: ClassVar = {"channel": N_("Channel"), **TITLES}
    HINTS: ClassVar = {
        "opened": N_("11/03/2026 14:30; empty = now"),
        "status": N_("the portal's word: delivered, cancelled …"),
        "situation": N_("up to date, or not up to date; empty = not told"),
        "erp": N_("integrated, or not integrated; empty = not told"),
        "total": N_("what the customer pays, such as 129,90"),
        "instalments": N_("how many, such as 3"),
    }
    DEFAULT_CSS = """
    OrderEntryScreen > Vertical { height: 95%; max-height: 32; }
    OrderEntryScreen .fields { height: 1fr; }
    OrderEntryScreen .item Input { margin-right: 1; }
    OrderEntryScreen .item .quantity { width: 7; }
    OrderEntryScreen .item .sku { width: 16; }
    OrderEntryScreen .item .price { width: 13; margin-right: 0; }
    """

    def after(self, name: str) -> ComposeResult:
        """Yield the line of the first item; the next one comes when something stands in it."""
        if name == "instalments":
            yield self._item(1)

    def _item(self, number: int) -> Horizontal:
        title = Static(_("Item {number}").format(number=number), classes="name", markup=False)
        fields = (
            Input(placeholder=_(hint), classes=name, compact=True)
            for name, hint in ITEM_TITLES.items()
        )
        return Horizontal(title, *fields, classes="item")

    @on(Input.Changed, ".item Input")
    def _grow(self) -> None:
        lines = self.query(".item")
        if any(self._values(lines.last(Horizontal)).values()):
            self.query_one(".fields", VerticalScroll).mount(
                self._item(len(lines) + 1), after=lines.last()
            )

    def _values(self, line: Horizontal) -> dict[str, str]:
        return {name: line.query_one(f".{name}", Input).value.strip() for name in ITEM_TITLES}

    def enter(self, channel: Channel, told: Mapping[str, str]) -> str:
        """Put it among the orders."""
        items = [self._values(each) for each in self.query(".item").results(Horizontal)]
        first, *others = [each for each in items if any(each.values())] or [{}]
        lines = [{**told, **first}, *({"order": told["order"], **each} for each in others)]
        entered = importing_orders.enter(self._desk, channel, lines)
        words = N_("Order {number} is in the list (g o).")
        if entered.known:
            words = N_("Order {number} was known; what you entered is in it (g o).")
        return _(words).format(number=entered.order.number)
