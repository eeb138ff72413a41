"""Where an order stands, in one line: approved, shipped, which tracking, where it is (M12)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from mkt_tui.cache.queries import OrderRecord
from mkt_tui.desk.formats import day
from mkt_tui.i18n import _


def order_line(order: OrderRecord, zone: ZoneInfo) -> str:
    """Return what is known of the order's way; what no date came of is left out."""
    tracking, paid = order.tracking, order.billing.get("paid_at")
    parcel = " ".join(filter(None, (tracking.get("carrier"), tracking.get("number"))))
    moved = [each["at"] for each in order.history if each["what"] == "moved"]
    parts = (
        (_("approved {day}"), paid),
        (_("to ship by {day}"), order.transport.get("ship_by")),
        (_("shipped {day}"), tracking.get("shipped_at")),
        (_("moved {day}"), max(moved, default=None)),
        (_("promised {day}"), tracking.get("promised_until")),
        (_("delivered {day}"), tracking.get("delivered_at")),
    )
    told = [words.format(day=day(datetime.fromisoformat(at), zone)) for words, at in parts if at]
    return ", ".join([*told, *([parcel] if parcel else [])])
