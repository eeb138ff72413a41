"""The keys of tickets that are answered on a portal."""

from typing import Final

from textual.binding import Binding

from mkt_tui.i18n import N_

PORTAL: Final = N_("Portal")
PORTAL_KEYS: Final = (
    Binding("l", "portal('show')", PORTAL, show=False),
    Binding("W", "portal('answered')", N_("Answered on the portal")),
    Binding("c", "portal('copy')", N_("Copy delivery number")),
    # Without a description: on other tickets they only say why they do nothing.
    Binding("l,W,c", "no_portal", show=False),
    Binding("plus", "portal('enter')", N_("Enter a protocol"), show=False),
    Binding("E", "portal('order')", N_("Enter an order"), show=False),
)
