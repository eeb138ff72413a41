"""What can be done from here at a channel, function by function, and why not what cannot (A15)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mkt_tui.domain.channels import PORTAL, Channel
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.i18n import N_, _


class Place(StrEnum):
    """Where something is done."""

    HERE = "here"
    PORTAL = "portal"
    INTEGRATOR = "integrator"


@dataclass(frozen=True, slots=True)
class Capability:
    """One function at one channel; `reason` says why it is not done here."""

    name: str
    title: str
    place: Place
    reason: str = ""


_TITLES: Final = {
    "tickets": N_("Read tickets"),
    "news": N_("Hear of new tickets at once"),
    Kind.REPLY: N_("Reply"),
    "files": N_("Send files with replies"),
    "find_sent": N_("Settle doubtful replies by itself"),
    Kind.THREAD: N_("Begin a conversation"),
    Kind.OPERATOR_THREAD: N_("Write to the marketplace, about no order"),
    Kind.CLOSE: N_("Close tickets"),
    Kind.HAND: N_("Hand tickets to the marketplace"),
    "orders": N_("Read orders"),
    Kind.DECIDE: N_("Accept or refuse orders"),
    Kind.TRACK: N_("Correct tracking"),
    Kind.SHIP: N_("Tell that orders were sent"),
    Kind.CANCEL: N_("Cancel orders"),
    Kind.REFUND: N_("Refund"),
    Kind.DOCUMENT: N_("Send documents of orders"),
    "documents": N_("List and fetch documents of orders"),
    Kind.DELETE_DOCUMENT: N_("Delete documents of orders"),
    "parcels": N_("Send an order in several parcels"),
    "shipments": N_("Correct and send parcels one by one"),
    "listings": N_("Read offers with their stock"),
    Kind.INCIDENT: N_("End incidents"),
    "returns": N_("Read returns"),
    Kind.RETURN: N_("Accept, refuse, receive, judge and close returns"),
    Kind.DELIVER: N_("Declare orders delivered"),
    Kind.EXCHANGE: N_("Tell of exchanges and returns"),
    Kind.CORRECT: N_("Correct titles"),
    Kind.ASSIGN: N_("Give tickets to the account manager"),
    Kind.DISPUTE: N_("Dispute tickets"),
    "find_done": N_("Settle doubtful acts by itself"),
}
# Nobody's API is used for these: features.md, A15.
_ELSEWHERE: Final = (
    (
        "products",
        N_("Products and stock"),
        Place.INTEGRATOR,
        N_("the integrator or ERP does it"),
    ),
    ("promotions", N_("Promotions"), Place.PORTAL, N_("each portal has rules of its own")),
    ("settings", N_("Settings of the account"), Place.PORTAL, N_("no API changes them")),
)
# What an adapter tells by an attribute of its class.
_SAID: Final = {"files": "SENDS_FILES", "parcels": "SHIPS_PARCELS"}
_BY_HAND: Final[Mapping[str, str]] = {
    "tickets": N_("people read them there; they are entered or imported here (+)"),
    Kind.REPLY: N_("people answer there, and note it here (W)"),
    "orders": N_("people read them there; they are entered or imported here (E)"),
}
# No shop's marketplace is without these: they are a publisher's.
_OF_PUBLISHERS: Final = {Kind.CORRECT, Kind.ASSIGN, Kind.DISPUTE}


def of(channel: Channel) -> list[Capability]:
    """Return the matrix of a channel.

    Raises:
        UserError: Its adapter is missing or broken.
    """
    found = list(_by_hand() if channel.adapter == PORTAL else _by_adapter(channel))
    return found + [
        Capability(name, _(title), place, _(why)) for name, title, place, why in _ELSEWHERE
    ]


def _by_hand() -> Iterator[Capability]:
    for name, title in _TITLES.items():
        if name in _OF_PUBLISHERS:
            continue
        why = _BY_HAND.get(name) or N_("people work in the portal; this channel asks no API")
        yield Capability(name, _(title), Place.PORTAL, _(why))


def _by_adapter(channel: Channel) -> Iterator[Capability]:
    from mkt_tui.adapters import acts, base, registry  # they bring HTTP
    from mkt_tui.desk.act_words import kind_name

    adapter = registry.load(channel.adapter)
    ways: dict[str, type] = {kind: way for kind, (way, _method) in acts.WAYS.items()}
    ways |= {
        "tickets": base.ListsTickets,
        "news": base.HearsNews,
        "files": base.Replies,
        "parcels": ways[Kind.SHIP],
        "find_sent": base.FindsSent,
        "orders": base.ListsOrders,
        "documents": base.HoldsDocuments,
        "listings": base.ListsListings,
        "returns": base.ListsReturns,
        "shipments": base.ListsShipments,
        "find_done": acts.FindsDone,
    }
    reasons = getattr(adapter, "UNAVAILABLE", {})
    needs = getattr(adapter, "NEEDS", {})
    for name, title in _TITLES.items():
        option = needs.get(name)
        able = _is(adapter, ways[name]) and _says(adapter, _SAID.get(name))
        if not able:
            if name in _OF_PUBLISHERS:
                continue
            why = reasons.get(name) or N_("its API does not offer it, or it is not documented")
            yield Capability(name, _(title), Place.PORTAL, _(why))
        elif option and not channel.options.get(option):
            why = _("set the channel's option {name}").format(name=option)
            yield Capability(name, _(title), Place.PORTAL, why)
        else:
            yield Capability(name, _(title), Place.HERE)
    # What few can, such as a publisher's portal, is told of those alone.
    if _is(adapter, base.TellsReturnable):
        yield Capability("returnable", _("Look up what may be sent back"), Place.HERE)
    for kind in Kind:
        if kind not in _TITLES and _is(adapter, ways[kind]):
            yield Capability(kind, kind_name(kind), Place.HERE)


def _says(adapter: type, attribute: str | None) -> bool:
    return attribute is None or bool(getattr(adapter, attribute, False))


def _is(adapter: type, way: type) -> bool:
    return issubclass(adapter, way)


def place_name(place: Place) -> str:
    """Return where it is done in one word."""
    return {
        Place.HERE: _("here"),
        Place.PORTAL: _("portal"),
        Place.INTEGRATOR: _("integrator"),
    }[place]
