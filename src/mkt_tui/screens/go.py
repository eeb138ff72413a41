"""The go-to menu: g and a letter; a part of the program adds its line here."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from textual.screen import Screen

from mkt_tui.desk.desk import Desk
from mkt_tui.i18n import N_


class Destination(NamedTuple):
    """A place to go to; `open` makes its screen, None = the queue, the bottom of all screens."""

    letter: str
    words: str
    open: Callable[[Desk], Screen[Any]] | None


def _orders(desk: Desk) -> Screen[Any]:
    from mkt_tui.screens.orders import OrdersScreen  # only when it is asked for

    return OrdersScreen(desk)


def _monitor(desk: Desk) -> Screen[Any]:
    from mkt_tui.screens.monitor import MonitorScreen

    return MonitorScreen(desk)


def _returns(desk: Desk) -> Screen[Any]:
    from mkt_tui.screens.returns import ReturnsScreen

    return ReturnsScreen(desk)


def _channels(desk: Desk) -> Screen[Any]:
    from mkt_tui.screens.channels import ChannelsScreen

    return ChannelsScreen(desk)


def _publisher(desk: Desk) -> Screen[Any]:
    from mkt_tui.screens.publisher import PublisherScreen

    return PublisherScreen(desk)


def _titles(desk: Desk) -> Screen[Any]:
    from mkt_tui.screens.titles import TitlesScreen

    return TitlesScreen(desk)


def _items(desk: Desk) -> Screen[Any]:
    from mkt_tui.screens.items import ItemsScreen

    return ItemsScreen(desk)


FIRST_ROW: Final = Destination("g", N_("First row"), None)
DESTINATIONS: Final = [
    FIRST_ROW,
    Destination("q", N_("Queue"), None),
    Destination("o", N_("Orders"), _orders),
    Destination("m", N_("Monitor"), _monitor),
    Destination("r", N_("Returns"), _returns),
    Destination("i", N_("Items and stock"), _items),
    Destination("c", N_("Channels"), _channels),
    Destination("b", N_("Publisher queue"), _publisher),
    Destination("t", N_("Titles"), _titles),
]
