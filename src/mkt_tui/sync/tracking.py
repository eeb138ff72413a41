"""From the carriers into the cache: where the parcels are, and which number is the right one.

A carrier that gives a shipment another number than the marketplace was told is believed once
(C13): the parcel keeps both numbers, and the order at the marketplace is corrected by one
operation, which is queued in the transaction that changes the number.
"""

from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from mkt_tui.adapters import registry
from mkt_tui.adapters.acts import TracksOrders
from mkt_tui.adapters.base import Adapter
from mkt_tui.adapters.carriers.base import Carrier, ShowsParcels, TracksParcels
from mkt_tui.cache import parcels
from mkt_tui.cache.database import Database
from mkt_tui.cache.parcels import Look
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import Refused, UserError
from mkt_tui.domain.parcels import Parcel, ParcelReport, correction, next_look
from mkt_tui.secret_references import read_secret

TRACKING: Final = "tracking"
_AT_ONCE: Final = 100
_NO_CARRIER: Final = timedelta(days=1)
_AFTER_ERROR: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A carrier that is open, and the words by which marketplaces name it."""

    carrier: Carrier
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Target:
    """The channel whose orders are followed, and whether it takes another number for one."""

    channel: Channel
    takes_numbers: bool


@dataclass(frozen=True, slots=True)
class Tracking:
    """Asks carriers where the parcels of one channel after another are.

    Args:
        carriers: The accounts of the settings.
    """

    database: Database
    carriers: tuple[Channel, ...]
    clock: Callable[[], datetime]

    async def parcels(self, channel: Channel, adapter: Adapter) -> int:
        """Ask for the channel's parcels that are due; return of how many there is news.

        Raises:
            UserError: A carrier could not be asked, the first of them; its parcels are due again
                later, and the others' were asked for.
        """
        due = parcels.due(self.database, channel.id, self.clock(), _AT_ONCE)
        if not due or not self.carriers:
            return 0
        target = _Target(channel, isinstance(adapter, TracksOrders))
        done, troubles = 0, list[UserError]()
        async with AsyncExitStack() as stack:
            left = list(due)
            for account in self.carriers:
                try:
                    opened = await self._open(stack, account)
                except UserError as error:
                    troubles.append(error)
                    continue
                mine = [each for each in left if _carries(opened, each)]
                left = [each for each in left if each not in mine]
                if isinstance(opened.carrier, TracksParcels):
                    done += await self._ask(target, opened.carrier, mine, troubles)
                else:
                    self._show(opened.carrier, mine)
        for parcel in left:
            parcels.put_off(self.database, parcel.id, None, self.clock() + _NO_CARRIER)
        if troubles:
            raise troubles[0]
        return done

    async def _open(self, stack: AsyncExitStack, account: Channel) -> _Opened:
        kind = registry.load_carrier(account.adapter)
        filled = replace(account, base_url=account.base_url or kind.BASE_URL)
        carrier = kind(filled, partial(read_secret, account.secret, account.name))
        await stack.enter_async_context(carrier)
        told = account.options.get("names")
        names = [each.strip().casefold() for each in told.split(",")] if told else kind.NAMES
        return _Opened(carrier, (*names, account.name.casefold()))

    async def _ask(
        self,
        target: _Target,
        carrier: TracksParcels,
        mine: Iterable[Parcel],
        troubles: list[UserError],
    ) -> int:
        done, stopped = 0, None
        for parcel in mine:
            try:
                if stopped:
                    raise stopped
                report = await carrier.track(parcel)
            except UserError as error:
                if error is not stopped:
                    troubles.append(error)
                # One parcel may be refused; a carrier that cannot be asked is so for all.
                stopped = None if isinstance(error, Refused) else error
                parcels.put_off(self.database, parcel.id, error, self.clock() + _AFTER_ERROR)
                continue
            done += self._note(target, carrier, parcel, report)
        return done

    def _show(self, carrier: Carrier, mine: Iterable[Parcel]) -> None:
        """Note the pages of parcels whose carrier has nobody to ask, so nobody was asked."""
        for parcel in mine:
            again = self.clock() + _NO_CARRIER
            parcels.show_page(self.database, parcel.id, _page(carrier, parcel.number), again)

    def _note(
        self,
        target: _Target,
        carrier: TracksParcels,
        parcel: Parcel,
        report: ParcelReport | None,
    ) -> bool:
        now = self.clock()
        state = report.state if report else parcel.state
        number = correction(parcel, report) if report else None
        shown = number or parcel.number
        return parcels.note(
            self.database,
            Look(
                parcel,
                report,
                number,
                url=_page(carrier, shown),
                at=now,
                again=next_look(parcel, state, now),
                tells_marketplace=target.takes_numbers,
            ),
            target.channel,
        )


def _page(carrier: object, number: str) -> str | None:
    return carrier.page(number) if isinstance(carrier, ShowsParcels) else None


def _carries(opened: _Opened, parcel: Parcel) -> bool:
    word = (parcel.carrier or "").casefold()
    return any(name in word for name in opened.names)
