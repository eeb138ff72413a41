"""Reasons that several marketplaces share, why something is not done from here (A15).

Each is what the contract pages say; which page, and how sure it is, stands in docs/channels.md.
"""

from typing import Final

from mkt_tui.i18n import N_

OFFERS: Final = N_(
    "its API lists offers; the integrator keeps them, and they are not read from here"
)
NO_PAPERS: Final = N_("it takes the invoice and shows no documents")
TITLES_ONLY: Final = N_("a publisher's portal knows titles, no orders")
ANSWERS_ONLY: Final = N_("answers go to those who wrote")
SET_ASIDE: Final = N_("mails are not closed; set the ticket aside here")

OF_ORDERS: Final = (
    "orders", "decide", "track", "ship", "cancel", "refund", "document", "documents",
    "delete_document", "parcels", "shipments", "listings", "incident", "returns", "return",
    "deliver", "exchange",
)  # fmt: skip
"""What is done with orders, by the names of `desk.capabilities`."""
