"""The order monitor: in which control report an order is at an instant (seed S2, M1-M10).

Pure rules over what is known of an order. An event later than the instant asked for has not
happened yet, so the same facts answer for any instant of the past. An order is in one report or
in none; the first that applies of the technical ones goes before the deadlines, for an order
whose link is broken cannot be trusted to tell how late it is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from mkt_tui.domain.orders import OrderSnapshot, OrderStatus


class Report(StrEnum):
    """The nine reports, in the order of their numbers 1 to 9."""

    NOT_CREATED = "not_created"
    NOT_TRANSMITTED = "not_transmitted"
    SHIP_LATE = "ship_late"
    SHIP_AT_RISK = "ship_at_risk"
    TRANSIT_DUE = "transit_due"
    TRANSIT_AT_RISK = "transit_at_risk"
    TRANSIT_LATE = "transit_late"
    ERP_DUPLICATES = "erp_duplicates"
    DESYNCHRONISED = "desynchronised"

    @property
    def number(self) -> int:
        """The number by which the screen and the command line reach it."""
        return list(Report).index(self) + 1


class Cause(StrEnum):
    """Which party must be set in motion (M15); the list is closed."""

    TECHNOLOGY = "technology"
    DISPATCH = "dispatch"
    TRANSPORT = "transport"
    OTHER = "other"


class Stage(StrEnum):
    """Where an order stands at an instant, by its events alone."""

    WAITING = "waiting"
    TO_SHIP = "to_ship"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    GONE = "gone"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Watch:
    """What the reports ask.

    Attributes:
        horizon: How far ahead a deadline counts as near (M4: "in so many hours").
        moved_within: How fresh the carrier's last movement must be for a parcel to arrive in time.
        grace: How long creating and transmitting an order may take before it counts as failed.
    """

    horizon: timedelta = timedelta(hours=48)
    moved_within: timedelta = timedelta(hours=72)
    grace: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Milestones:
    """The instants of an order that the deadlines ask for; None = not told, or not yet.

    Attributes:
        moves: The movements the carrier told of, the hand-over included.
        gone: Cancelled or refused, at whatever instant.
    """

    approved_at: datetime | None = None
    ship_by: datetime | None = None
    shipped_at: datetime | None = None
    moves: tuple[datetime, ...] = ()
    promised_at: datetime | None = None
    delivered_at: datetime | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class ErpCopy:
    """An order as the seller's own system holds it."""

    erp_id: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class ErpLink:
    """How an order is tied to the seller's own system.

    Attributes:
        read_at: When that system was read.
        copies: What it holds of this order.
        duplicates: Whether more than one copy is reported (Magento only, M8).
        accepted: The copy and the marketplace's stage that a person has linked again (M10).
    """

    read_at: datetime
    copies: tuple[ErpCopy, ...] = ()
    duplicates: bool = False
    accepted: tuple[ErpCopy, Stage] | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one order; `diverged_at` = when an act changed the marketplace only."""

    milestones: Milestones = Milestones()
    erp: ErpLink | None = None
    diverged_at: datetime | None = None


def stage(known: Milestones, now: datetime) -> Stage:
    """Return where the order stood at `now`."""
    if known.gone:
        return Stage.GONE
    if not _happened(known.approved_at, now):
        return Stage.WAITING
    if _happened(known.delivered_at, now):
        return Stage.DELIVERED
    return Stage.SHIPPED if _happened(known.shipped_at, now) else Stage.TO_SHIP


def is_open(known: Milestones, now: datetime) -> bool:
    """Tell whether the seller still owes something: approved, not gone, not delivered."""
    return stage(known, now) in (Stage.TO_SHIP, Stage.SHIPPED)


def deadline(known: Milestones, now: datetime) -> datetime | None:
    """Return by when the next step is owed; None where nothing is owed or no date is known."""
    return {Stage.TO_SHIP: known.ship_by, Stage.SHIPPED: known.promised_at}.get(stage(known, now))


def report_of(facts: Facts, now: datetime, watch: Watch) -> Report | None:
    """Return the one report the order is in, None when it is healthy or over."""
    return _technical(facts, now, watch) or _by_deadline(facts.milestones, now, watch)


def differs(copy: ErpCopy, at_marketplace: Stage) -> bool:
    """Tell whether the two systems contradict each other (M10).

    An ERP's last word is often "shipped"; a word of it that nobody has mapped proves nothing.
    """
    if copy.stage is Stage.OTHER or copy.stage is at_marketplace:
        return False
    return (copy.stage, at_marketplace) != (Stage.SHIPPED, Stage.DELIVERED)


def milestones(order: OrderSnapshot) -> Milestones:
    """Return the instants that the reports ask for.

    An order that is being shipped was approved, though no date of it came: it counts from its
    creation, for an order without a date must not stay unseen (M14).
    """
    shipped = order.tracking.shipped_at or _first(order, "shipped")
    moves = [each.at for each in order.history if each.what == "moved"]
    moves += [shipped] if shipped else []
    return Milestones(
        approved_at=_approved(order),
        ship_by=order.transport.ship_by,
        shipped_at=shipped,
        moves=tuple(sorted(moves)),
        promised_at=order.tracking.promised_until,
        delivered_at=order.tracking.delivered_at or _first(order, "closed"),
        gone=order.status in GONE,
    )


GONE: Final = (OrderStatus.CANCELLED, OrderStatus.REFUSED)
_APPROVED: Final = (OrderStatus.TO_SHIP, OrderStatus.SHIPPED, OrderStatus.DELIVERED)


def _approved(order: OrderSnapshot) -> datetime | None:
    told = order.billing.paid_at or _first(order, "paid")
    if told or order.status not in _APPROVED:
        return told
    return _first(order, "accepted") or order.created_at


def _first(order: OrderSnapshot, what: str) -> datetime | None:
    return min((each.at for each in order.history if each.what == what), default=None)


def _technical(facts: Facts, now: datetime, watch: Watch) -> Report | None:
    known, link = facts.milestones, facts.erp
    if link and link.read_at <= now:
        if is_open(known, now) and link.duplicates and len(link.copies) > 1:
            return Report.ERP_DUPLICATES
        if _contradicted(known, link):
            return Report.DESYNCHRONISED
        if is_open(known, now) and not link.copies and _should_be_there(known, link, watch):
            return Report.NOT_TRANSMITTED
    return Report.DESYNCHRONISED if _happened(facts.diverged_at, now) else None


def _contradicted(known: Milestones, link: ErpLink) -> bool:
    # Compared as both stood when the ERP was read: what came later it could not know.
    there = stage(known, link.read_at)
    return any(differs(copy, there) and link.accepted != (copy, there) for copy in link.copies)


def _should_be_there(known: Milestones, link: ErpLink, watch: Watch) -> bool:
    return known.approved_at is not None and known.approved_at + watch.grace <= link.read_at


def _by_deadline(known: Milestones, now: datetime, watch: Watch) -> Report | None:
    due = deadline(known, now)
    if due is None or due > now + watch.horizon:
        return None
    if stage(known, now) is Stage.TO_SHIP:
        return Report.SHIP_LATE if now > due else Report.SHIP_AT_RISK
    if now > due:
        return Report.TRANSIT_LATE
    moved = max((at for at in (*known.moves, known.shipped_at) if at and at <= now), default=None)
    fresh = moved is not None and now - moved <= watch.moved_within
    return Report.TRANSIT_DUE if fresh else Report.TRANSIT_AT_RISK


def _happened(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now
