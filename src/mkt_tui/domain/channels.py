"""Sales channels: a shop's account at a marketplace (C1-C4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from mkt_tui.domain.errors import SettingsWrong
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import N_, _

PERSONAL_MODULES: Final[Mapping[str, tuple[str, ...]]] = {"amazon": ("orders", "invoices")}
"""Marketplaces that give personal data to an account of their own only, and what it opens: buyer
and recipient of orders, tax registrations."""


TOLD_THERE: Final[Mapping[str, str]] = {
    "amazon": N_(
        "Amazon's own clock goes on until you choose 'No response needed' in Seller Central."
    )
}
"""What a person must still do at a marketplace when a ticket needs no reply, by adapter."""

PORTAL: Final = "portal"
"""The adapter of marketplaces without an API."""

ORDERS_SINCE: Final = "orders_since"
"""The option that says from which day on orders are read (C4), such as 2026-01-31."""


# A day, in seconds.
_LONGEST_PERIOD: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What stands between a channel and its customers' personal data.

    Attributes:
        account: The account with the provider of personal data; None = not activated (C5).
        modules: What such an account opens; empty where no account is needed.
        matched: The modules that this channel was matched with (C7).
    """

    account: str | None
    modules: tuple[str, ...]
    matched: frozenset[str]

    @property
    def unmatched(self) -> tuple[str, ...]:
        """The modules that are still closed, all of them without an account."""
        return tuple(each for each in self.modules if not self.allows(each))

    def allows(self, module: str) -> bool:
        """Tell whether `module` is open."""
        needed = module in self.modules
        return not needed or (self.account is not None and module in self.matched)


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as configured; `secret` is a reference such as env:NAME, never the secret itself.

    Attributes:
        options: The adapter's own settings by name, such as a shop id.
        zone: IANA name of the zone its deadlines are computed in.
    """

    id: int
    name: str
    adapter: str
    country: str
    base_url: str
    secret: str
    zone: str
    enabled: bool = False
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def personal_data(self) -> "PersonalData":
        """Whose word opens the customers' personal data (C5-C7)."""
        matched = self.options.get("personal_modules", "").split(",")
        return PersonalData(
            account=self.options.get("personal_account") or None,
            modules=PERSONAL_MODULES.get(self.adapter, ()),
            matched=frozenset(each.strip() for each in matched),
        )

    @property
    def orders_since(self) -> datetime | None:
        """From when on orders are read, midnight in the channel's zone, as UTC; None = all.

        Raises:
            SettingsWrong: The option is no date.
        """
        text = self.options.get(ORDERS_SINCE)
        try:
            since = datetime.fromisoformat(text) if text else None
        except ValueError as error:
            raise SettingsWrong(
                what=_("The option {name} of channel {channel} lacks or cannot be used").format(
                    name=ORDERS_SINCE, channel=self.name
                ),
                remedy=_("Set it to something like {example}.").format(example="2026-01-31"),
            ) from error
        if since is None:
            return None
        local = since if since.tzinfo else since.replace(tzinfo=ZoneInfo(self.zone))
        return local.astimezone(UTC)

    def every(self, stream: str) -> float | None:
        """Return how many seconds apart a list is read here; None = as the settings say.

        Raises:
            SettingsWrong: The option is no such number.
        """
        text = self.options.get(f"{stream}_every")
        if not text:
            return None
        seconds = float(text) if text.isascii() and text.isdigit() else 0.0
        if not 0 < seconds <= _LONGEST_PERIOD:
            raise SettingsWrong(
                what=_("The option {name} of channel {channel} lacks or cannot be used").format(
                    name=f"{stream}_every", channel=self.name
                ),
                remedy=_("Set it to something like {example}.").format(example="900"),
            )
        return seconds

    @property
    def ready(self) -> bool:
        """Whether all is matched that its account for personal data needs (C7)."""
        data = self.personal_data
        return data.account is None or not data.unmatched

    @property
    def by_hand(self) -> bool:
        """Whether people read and answer it on its portal (T29)."""
        return self.adapter == PORTAL

    @property
    def short(self) -> str:
        """A code of up to five letters for narrow screens (T13): CARR, LEROY, VIAVA."""
        return short_name(self.name)


def short_name(name: str) -> str:
    """Return the first five letters or digits of `name` in capitals, blanks left out."""
    return "".join(char for char in clean_line(name) if char.isalnum())[:5].upper()
