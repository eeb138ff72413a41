"""The keys of tickets that are answered on a portal."""

from typing import Final

from textual.binding import Binding

from mkt_tui.i18n import N_

PORTAL_KEYS: Final = (
    Binding("c", "portal('copy')", N_("Copy delivery number"), show=False),
    Binding("l", "portal('show')", N_("Portal"), show=False),
    Binding("W", "portal('answered')", N_("Answered on the portal"), show=False),
    Binding("plus", "portal('enter')", N_("Enter a protocol"), show=False),
    Binding("E", "portal('order')", N_("Enter an order"), show=False),
)
