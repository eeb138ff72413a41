"""The columns of the list of orders (T31, C11, C17)."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from rich.style import Style

from mkt_tui.cache.order_list import OrderRow
from mkt_tui.desk import formats
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.orders import Told, in_erp, is_up_to_date, told
from mkt_tui.desk.sheet_sections import status_word
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.orders import OrderStatus
from mkt_tui.i18n import N_, _, language
from mkt_tui.widgets.columns import Column

_TOUCHED: Final = Style(color="#ffffff", bgcolor="#af0000", bold=True)
_OPEN: Final = Style(color="yellow")
_GLYPHS: Final = {
    OrderStatus.WAITING: "?",
    OrderStatus.TO_SHIP: "□",
    OrderStatus.SHIPPED: "→",
    OrderStatus.DELIVERED: "√",
    OrderStatus.REFUSED: "x",
    OrderStatus.CANCELLED: "x",
}
# T31: whether our acts arrived there, and whether the seller's own system holds the order.
_ERP: Final = {None: "–", 0: N_("not there"), 1: N_("integrated"), 2: N_("! differs")}
_KEPT: Final = 512


class OrderCells:
    """Turns an order into the words of its row."""

    def __init__(self, desk: Desk, channels: Mapping[int, Channel], marked: set[int]) -> None:
        self._zone = desk.settings.zone
        self.channels = channels
        self._marked = marked
        self._told: dict[tuple[int, int], Told] = {}

    def columns(self) -> tuple[Column[OrderRow], ...]:
        """Return the columns in the order of the screen."""
        return (
            Column("", self._glyph, 4, 4, 0, lead=True),
            Column(N_("Status"), lambda row: status_word(row.status) or "", 9, 11, 3),
            Column(N_("Date"), self._day, 5, 5, 4),
            Column(N_("MktPlace"), self._channel, 5, 12, 5, short=self._short_channel),
            Column(N_("Mkt order"), lambda row: row.number, 13, 34, 1),
            Column(N_("Name"), lambda row: row.customer or "", 12, 22, 6),
            Column(N_("Items"), lambda row: str(self.told(row).items), 5, 5, 11, right=True),
            Column(N_("Total"), self._total, 10, 13, 2, right=True),
            Column(N_("Shipping"), self._shipping, 8, 11, 12, right=True),
            Column(N_("Fee"), self._fee, 10, 12, 8, right=True),
            Column(N_("Tickets"), self._tickets, 7, 7, 7, right=True),
            Column(N_("Tracking number"), lambda row: self.told(row).tracking or "", 13, 22, 9),
            Column(N_("Site order"), lambda row: row.site_number or _("none"), 9, 12, 10),
            Column(N_("Situation"), self._situation, 8, 14, 14),
            Column(N_("ERP"), lambda row: _(_ERP[in_erp(row, self.told(row))]), 7, 14, 15),
            Column(N_("By"), lambda row: row.touched_by or "", 6, 10, 13),
        )

    def colour(self, row: OrderRow) -> Style | None:
        """Return red for an order somebody acted on from here (C17), yellow for open tickets."""
        if row.touched_at is not None:
            return _TOUCHED
        return _OPEN if row.open_tickets else None

    def told(self, row: OrderRow) -> Told:
        """Return what the row's sections hold, read once."""
        key = (row.id, row.updated_at)
        if key not in self._told:
            if len(self._told) >= _KEPT:
                self._told.clear()
            self._told[key] = told(row)
        return self._told[key]

    def _glyph(self, row: OrderRow) -> str:
        mark = "*" if row.id in self._marked else " "
        touched = "!" if row.touched_at is not None else " "
        glyph = _GLYPHS.get(OrderStatus(row.status)) if row.status in set(OrderStatus) else None
        return f"{mark}{touched}{glyph or '·'}"

    def _day(self, row: OrderRow) -> str:
        return formats.short_day(row.created_at, self._zone)

    def _total(self, row: OrderRow) -> str:
        return self._money(self.told(row).total, row)

    def _shipping(self, row: OrderRow) -> str:
        return self._money(self.told(row).shipping, row)

    def _fee(self, row: OrderRow) -> str:
        return self._money(self.told(row).fee, row)

    def _situation(self, row: OrderRow) -> str:
        return _("up to date") if is_up_to_date(row, self.told(row)) else _("not yet")

    def _money(self, minor: int | None, row: OrderRow) -> str:
        return "" if minor is None else _amount(minor, row.currency, language())

    def _tickets(self, row: OrderRow) -> str:
        return f"{row.open_tickets}/{row.tickets}" if row.tickets else ""

    def _channel(self, row: OrderRow) -> str:
        return self.channels[row.channel_id].name if row.channel_id in self.channels else "?"

    def _short_channel(self, row: OrderRow) -> str:
        return self.channels[row.channel_id].short if row.channel_id in self.channels else "?"


@lru_cache(maxsize=4096)
def _amount(minor: int, currency: str, _language: str) -> str:
    # 50 µs each without the cache, and a page draws a hundred of them.
    return formats.money(minor, currency)
