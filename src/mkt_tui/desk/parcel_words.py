"""Acts on parcels that have not left, in words."""

from mkt_tui.domain.order_operations import HandleParcel, ParcelStep, Prepared
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _


def act(wanted: HandleParcel) -> str:
    """Return what is done, as the beginning of a question."""
    name = _name(wanted.shipment)
    if wanted.step is ParcelStep.PREPARE:
        numbers = ", ".join(clean_line(each.number) for each in wanted.parcels)
        return _("Prepare parcels that leave later ({parcels})").format(parcels=numbers)
    if wanted.step is ParcelStep.DELETE:
        return _("Delete the prepared parcel {parcel}").format(parcel=name)
    warehouse = clean_line(wanted.warehouse)
    told = _("Tell that parcel {parcel} leaves from {warehouse}")
    return told.format(parcel=name, warehouse=warehouse)


def deed(wanted: HandleParcel) -> str:
    """Return what is done, with its order."""
    words = _("Order {number}: {act}")
    return words.format(number=wanted.order_number, act=act(wanted))


def _name(parcel: Prepared | None) -> str:
    return clean_line(parcel.name or parcel.code) if parcel else "-"
