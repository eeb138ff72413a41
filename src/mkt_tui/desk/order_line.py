"""Where an order stands, in one line: approved, invoiced, shipped, which tracking, where it is (M12)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.cache.parcels import ParcelRecord
from mkt_tui.desk import formats
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import N_, language, translator

_STEPS: Final = {
    "approved": N_("approved {day}"),
    "ship_by": N_("to ship by {day}"),
    "invoiced": N_("invoiced"),
    "shipped": N_("shipped {day}"),
    "moved": N_("moved {day}"),
    "promised": N_("promised {day}"),
    "delivered": N_("delivered {day}"),
}


def order_line(
    order: OrderRecord,
    zone: ZoneInfo,
    parcels: Sequence[ParcelRecord] = (),
    spoken: str | None = None,
) -> str:
    """Return what is known of the order's way; what no date came of is left out.

    Args:
        parcels: What their carriers tell: the newest movement says where the order is.
        spoken: The language it is told in (one of `i18n.LANGUAGES`), None = the agent's own.
    """
    tracking = order.tracking
    locale = spoken or language()
    tell = translator(locale)
    newest = max((each for parcel in parcels for each in parcel.events), key=_at, default=None)
    moved = [each["at"] for each in order.history if each["what"] == "moved"]
    moved += [newest["at"]] if newest else []
    shipped = tracking.get("shipped_at")
    days = {
        "approved": order.billing.get("paid_at"),
        # What has left need not be told by when it had to.
        "ship_by": None if shipped else order.transport.get("ship_by"),
        "shipped": shipped,
        "moved": max(moved, default=None),
        "promised": None if tracking.get("delivered_at") else tracking.get("promised_until"),
        "delivered": tracking.get("delivered_at"),
    }
    told = []
    for step, words in _STEPS.items():
        if at := days.get(step):
            day = formats.day(datetime.fromisoformat(at), zone, locale)
            told.append(tell(words).format(day=day))
        elif step == "invoiced" and order.billing.get("has_invoice"):
            told.append(tell(words))
    place = newest and (newest.get("place") or newest.get("text"))
    number = next((each.number for each in parcels), tracking.get("number"))
    parcel = " ".join(filter(None, (tracking.get("carrier"), number)))
    return clean_line(", ".join([*told, *filter(None, (place, parcel))]))


def _at(event: dict[str, str]) -> str:
    return event["at"]
