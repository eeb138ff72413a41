"""Acts on parcels that the marketplace knows one by one and that have not left.

Prepared, sent, deleted, or told to leave from another place.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.desk import order_acts, shipping
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.order_operations import (
    HandleParcel,
    Parcel,
    ParcelStep,
    Prepared,
    Share,
    ShipOrder,
)
from mkt_tui.domain.orders import Shipment
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _

_LONGEST_CODE = 255


def can_prepare(desk: Desk, record: OrderRecord) -> bool:
    """Tell whether parcels of the order can be prepared and changed from here now."""
    offers = {each.kind: each.obstacle for each in order_acts.offers(desk, record)}
    return offers[Kind.PARCEL] is None


def left(record: OrderRecord, told: Sequence[Shipment]) -> tuple[Share, ...]:
    """Return the pieces of the order that are in none of its parcels."""
    packed: Counter[str] = Counter()
    for each in (one for one in told if not one.cancelled):
        packed.update(dict(each.pieces))
    rest = (
        Share(each.line, each.quantity - packed[each.line]) for each in shipping.ordered(record)
    )
    return tuple(each for each in rest if each.quantity > 0)


def prepare(
    desk: Desk, record: OrderRecord, parcels: Sequence[Parcel], told: Sequence[Shipment]
) -> HandleParcel:
    """Return the act that prepares parcels; one that names no pieces holds all that is left.

    Raises:
        NotAllowed: A parcel lacks its carrier or number, a number is there already, or nothing is
            left to put into it.
    """
    known = {each.number for each in told if not each.cancelled}
    if twice := [each.number for each in parcels if each.number in known]:
        raise NotAllowed(
            what=_("The marketplace has a parcel {number} already").format(
                number=clean_line(twice[0])
            ),
            remedy=_("Look at its parcels."),
        )
    rest = left(record, told)
    if not rest:
        raise NotAllowed(
            what=_("Every piece of the order is in a parcel"), remedy=_("Look at its parcels.")
        )
    checked = shipping.checked(parcels)
    full = [each if each.shares else replace(each, shares=rest) for each in checked]
    return HandleParcel(_new(), record.number, ParcelStep.PREPARE, desk.clock(), tuple(full))


def send(desk: Desk, record: OrderRecord, prepared: Sequence[Shipment]) -> ShipOrder:
    """Return the act that declares parcels sent which were prepared at the marketplace.

    Raises:
        NotAllowed: There is none, or one of them has been sent.
    """
    if not prepared:
        raise _none_unsent()
    told = tuple(map(_unsent, prepared))
    return ShipOrder(_new(), record.number, (), desk.clock(), told)


def delete(desk: Desk, record: OrderRecord, prepared: Shipment) -> HandleParcel:
    """Return the act that deletes a parcel.

    Raises:
        NotAllowed: It has been sent.
    """
    unsent = _unsent(prepared)
    return HandleParcel(_new(), record.number, ParcelStep.DELETE, desk.clock(), shipment=unsent)


def move(desk: Desk, record: OrderRecord, prepared: Shipment, warehouse: str) -> HandleParcel:
    """Return the act that says from where a parcel leaves.

    Args:
        warehouse: The marketplace's code of the place.

    Raises:
        NotAllowed: It has been sent, or no place is named.
    """
    unsent, code = _unsent(prepared), clean_line(warehouse, _LONGEST_CODE)
    if not code:
        raise NotAllowed(
            what=_("A warehouse is named by its code at the marketplace"),
            remedy=_("Its portal lists them; type the code of one."),
        )
    step, now = ParcelStep.MOVE, desk.clock()
    return HandleParcel(_new(), record.number, step, now, shipment=unsent, warehouse=code)


def _unsent(each: Shipment) -> Prepared:
    if each.sent:
        raise _none_unsent()
    return Prepared(each.code, clean_line(" ".join(filter(None, (each.carrier, each.number)))))


def _none_unsent() -> NotAllowed:
    return NotAllowed(
        what=_("No parcel is prepared that was not sent"), remedy=_("Look at its parcels.")
    )


def _new() -> str:
    return str(uuid4())
