"""Any carrier that has a tracking page: its address is made from the number."""

from collections.abc import Callable
from typing import Self
from urllib.parse import quote

from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import SettingsWrong
from mkt_tui.i18n import _


class TrackingPage:
    """A carrier of which only the page is known: `base_url` with {number} in it.

    Raises:
        SettingsWrong: The address has no place for the number, or is no web address.
    """

    NAMES: tuple[str, ...] = ()
    BASE_URL: str = ""

    def __init__(self, account: Channel, _secret: Callable[[], str]) -> None:
        self._address = account.base_url
        if "{number}" not in self._address or not self._address.startswith(("https://", "http://")):
            raise SettingsWrong(
                what=_("The carrier {name} has no address with {{number}} in it").format(
                    name=account.name
                ),
                remedy=_("Set base_url in the carrier's section of settings.toml."),
            )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    def page(self, number: str) -> str:
        """Return the address of the parcel's page."""
        return self._address.replace("{number}", quote(number, safe=""))
