"""What a carrier may be able to do; see `adapters.base`, whose rules hold here as well.

A carrier's account is configured in the settings and handed over as a `Channel`: an address, a
reference to a secret, and options. Carriers are found through the entry-point group
`mkt_tui.carriers`.
"""

from collections.abc import Callable
from typing import Protocol, Self, runtime_checkable

from mkt_tui.domain.channels import Channel
from mkt_tui.domain.parcels import Parcel, ParcelReport


class Carrier(Protocol):
    """What every carrier is: made from an account and its secret, opened, closed.

    Attributes:
        NAMES: Pieces of the words by which marketplaces name it, in small letters.
        BASE_URL: Where it is asked unless the settings say otherwise.
    """

    NAMES: tuple[str, ...]
    BASE_URL: str

    def __init__(self, account: Channel, secret: Callable[[], str]) -> None: ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *_: object) -> None: ...


@runtime_checkable
class TracksParcels(Protocol):
    """Tells where parcels are."""

    async def track(self, parcel: Parcel) -> ParcelReport | None:
        """Return what the carrier knows of the parcel, None when it does not know it yet.

        Raises:
            ChannelError: Why it could not be asked.
        """
        ...


@runtime_checkable
class ShowsParcels(Protocol):
    """Has a page on each parcel."""

    def page(self, number: str) -> str:
        """Return the address of the parcel's page."""
        ...
