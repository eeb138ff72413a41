"""How often each operation that we use may be called, by its own description.

Source: the official OpenAPI file of the seller API ("Call Frequency" of each operation), which a
contract test holds this to. An operation that names an occasion instead of a number ("at each order
refund") is called on that occasion only: `least` is None. Only lists are read by themselves; where
one is of pages, a look at it is all of them.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Frequency(NamedTuple):
    """How often an operation may be called.

    Attributes:
        maximum: The document's own words.
        least: Seconds between two looks that nobody asked for; None = it names an occasion.
        stream: Which list we read by it, "" for none.
    """

    maximum: str
    least: float | None = None
    stream: str = ""


FREQUENCIES: Final[Mapping[str, Frequency]] = {
    # The list keeps the minute, with orders that tickets name as its last page; a single order is asked
    # for while an act on it is carried out or settled, which is taken for "synchronous".
    "OR11": Frequency(
        "Asynchronous: once per minute - Synchronous: at each order page display", 60.0, "orders"
    ),
    "RT11": Frequency("Every 5 minutes", 300.0, "returns"),
    # Read by itself against the letter, for there is no other way to hear of customers: how often is
    # the channel's option `tickets_every`.
    "M11": Frequency(
        "Synchronous only - At each page that includes an inbox display", None, "tickets"
    ),
    # Read by itself, hourly, against the letter: how often is the option `listings_every`.
    "OF21": Frequency("On each shop's offers page view", None, "listings"),
    "M10": Frequency(
        "Synchronous only - At each page that includes a message thread display",
    ),
    "M12": Frequency("Synchronous only - At each thread answer"),
    "M13": Frequency("Synchronous only - At each message attachment download"),
    "M14": Frequency("Synchronous only - At each thread answer"),
    "OR21": Frequency("At each new order on the Marketplace"),
    "OR23": Frequency(
        "At each order tracking information update"
        " (as soon as the seller gets the tracking number from the carrier)"
    ),
    "OR24": Frequency("Each time the tracking number is entered (OR23)"),
    "OR28": Frequency("At each refund request"),
    "OR29": Frequency("At each order cancelation"),
    "OR30": Frequency("At each order (or order line) cancelation"),
    "OR43": Frequency("At each new thread posted on an order"),
    "OR64": Frequency("At each incident resolution on an order line"),
    "OR72": Frequency("At each document list page display"),
    "OR73": Frequency("At each document download"),
    "OR74": Frequency("At each document upload on an order"),
    "OR76": Frequency("At each order document deletion"),
    "RE01": Frequency("Each time a page must display a list of reasons"),
    "RT21": Frequency(""),
    "RT25": Frequency(""),
    "RT26": Frequency(""),
    "RT27": Frequency(""),
    "RT12": Frequency("At each customer return request"),
    "ST06": Frequency("On each shipment deletion"),
    "ST07": Frequency(""),
    "ST01": Frequency("On each new shipment"),
    "ST11": Frequency("at each shipment page display"),
    "ST23": Frequency("On each shipment tracking info update"),
    "ST24": Frequency("On each shipment shipping"),
}

LEAST: Final[Mapping[str, float]] = {
    each.stream: each.least for each in FREQUENCIES.values() if each.stream and each.least
}
"""Seconds between two looks at a list, by its name."""
