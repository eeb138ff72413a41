"""The order sheet's parcels (Acompanhamento, Transporte): numbers, carriers, where they are."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mkt_tui.cache.parcels import ParcelRecord
from mkt_tui.desk.sheet_view import Line, View, lines
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.parcels import ParcelState
from mkt_tui.i18n import N_, _, ngettext

_STATE_WORDS: Final = {
    ParcelState.ANNOUNCED: N_("announced to the carrier"),
    ParcelState.PICKED_UP: N_("picked up"),
    ParcelState.IN_TRANSIT: N_("on its way"),
    ParcelState.AT_DEPOT: N_("at the delivery depot"),
    ParcelState.OUT_FOR_DELIVERY: N_("out for delivery"),
    ParcelState.READY_FOR_PICKUP: N_("ready to be collected"),
    ParcelState.FAILED_ATTEMPT: N_("not delivered, another attempt follows"),
    ParcelState.HELD: N_("held"),
    ParcelState.PARTLY_DELIVERED: N_("partly delivered"),
    ParcelState.DELIVERED: N_("delivered"),
}


def tracking(
    view: View, parcels: Sequence[ParcelRecord], rules: Mapping[str, str]
) -> tuple[Line, ...]:
    """Return where the order stands on its way; a number that was put right shows as such."""
    data = view.record.tracking
    promised = (view.instant(data.get(each)) for each in ("promised_from", "promised_until"))
    right = {each.first_number: each for each in parcels if each.first_number}
    corrected = right.get(str(data.get("number")))
    return lines(
        (_("Carrier"), data.get("carrier")),
        (_("Tracking number"), _number(corrected) if corrected else data.get("number")),
        (_("Tracking page"), (corrected.url if corrected else None) or data.get("url")),
        (_("Promised"), " – ".join(each for each in promised if each) or rules.get("promised_at")),
        (_("Shipped"), view.instant(data.get("shipped_at"))),
        (_("Delivered"), view.instant(data.get("delivered_at"))),
        (_("Situation"), _yes_or_no(data.get("up_to_date"), _("up to date"), _("not yet"))),
        (_("ERP"), _yes_or_no(data.get("in_erp"), _("integrated"), _("not there"))),
    )


def _yes_or_no(told: bool | None, yes: str, no: str) -> str | None:
    return None if told is None else yes if told else no


def transport(
    view: View, parcels: Sequence[ParcelRecord], rules: Mapping[str, str]
) -> tuple[Line, ...]:
    """Return how the order travels, parcel by parcel with what their carriers tell."""
    data = view.record.transport
    days = data.get("days_to_ship")
    return lines(
        (_("Method"), data.get("method")),
        (_("Zone"), data.get("zone")),
        (_("Ship by"), view.instant(data.get("ship_by")) or rules.get("ship_by")),
        (_("Time to ship"), None if days is None else _days(days)),
        (_("Ships from"), data.get("ships_from")),
        *(pair for each in parcels for pair in _parcel(view, each)),
    )


def _days(days: int) -> str:
    return ngettext("{number} day", "{number} days", days).format(number=days)


def _number(parcel: ParcelRecord) -> str:
    if parcel.first_number is None:
        return parcel.number
    return _("{number} (first {old})").format(number=parcel.number, old=parcel.first_number)


def _parcel(view: View, parcel: ParcelRecord) -> list[tuple[str, str | None]]:
    head = " · ".join(each for each in (parcel.carrier, _number(parcel), _state(parcel)) if each)
    return [
        (_("Parcel"), head),
        (_("Tracking page"), parcel.url if parcel.url != view.record.tracking.get("url") else None),
        (_("Expected"), view.moment(parcel.promised_at) if not parcel.delivered_at else None),
        (_("Delivered"), view.moment(parcel.delivered_at)),
        (_("Carrier asked"), _asked(view, parcel)),
        *((view.instant(each["at"]) or "", _event(each)) for each in parcel.events),
    ]


def state_word(state: ParcelState) -> str:
    """Return where a parcel is, in words."""
    return _(_STATE_WORDS[state])


def _state(parcel: ParcelRecord) -> str:
    known = parcel.state in set(ParcelState)
    return state_word(ParcelState(parcel.state)) if known and parcel.state else ""


def _asked(view: View, parcel: ParcelRecord) -> str | None:
    if parcel.error:
        return str(UserError.from_json(parcel.error))
    if parcel.looked_at is None:
        return None
    told = view.moment(parcel.looked_at)
    unknown = _("not known to it yet")
    return f"{told} · {unknown}" if parcel.state is None else told


def _event(event: Mapping[str, Any]) -> str:
    state = state_word(ParcelState(event["state"]))
    words = ", ".join(each for each in (event.get("text"), event.get("place")) if each)
    return f"{state}: {words}" if words else state
