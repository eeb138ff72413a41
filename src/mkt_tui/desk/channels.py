"""Adding, switching and removing sales channels (C1-C4); every change leaves an audit row.

A channel begins disabled: nothing is asked of its marketplace before somebody enables it. A portal,
of which nothing is ever asked, needs no such step.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from mkt_tui import secret_store
from mkt_tui.cache import channels
from mkt_tui.cache.audit import Act
from mkt_tui.desk.desk import Desk
from mkt_tui.domain import portals
from mkt_tui.domain.channels import PORTAL, Channel
from mkt_tui.domain.errors import NotAllowed, NotFound, SettingsWrong, UserError
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _, ngettext
from mkt_tui.secret_references import check_reference

_LONGEST_NAME: Final = 60
# A mailbox is a channel too.
_SCHEMES: Final = frozenset({"http", "https", "imap", "imaps", "sftp"})

# Where most sellers of a country with several zones are; deadlines are told in that zone.
_MAIN_ZONES: Final[Mapping[str, str]] = {
    "AQ": "Antarctica/McMurdo",
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "FM": "Pacific/Pohnpei",
    "GL": "America/Nuuk",
    "ID": "Asia/Jakarta",
    "KI": "Pacific/Tarawa",
    "KZ": "Asia/Almaty",
    "MH": "Pacific/Majuro",
    "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PF": "Pacific/Tahiti",
    "PG": "Pacific/Port_Moresby",
    "PS": "Asia/Hebron",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "UM": "Pacific/Midway",
    "US": "America/New_York",
    "UZ": "Asia/Tashkent",
}


@dataclass(frozen=True, slots=True)
class NewChannel:
    """What its owner says of a channel; `secret` is a reference, never the secret itself."""

    name: str
    adapter: str
    country: str
    base_url: str
    secret: str
    options: Mapping[str, str] = field(default_factory=dict)


def add(desk: Desk, wanted: NewChannel, adapters: Collection[str]) -> Channel:
    """Keep a new, disabled channel and return it.

    Args:
        adapters: The names of the installed adapters; the desk itself knows none.

    Raises:
        NotAllowed: The name is taken or cannot be one.
        NotFound: There is no such adapter or country.
        SettingsWrong: The address or the secret's reference cannot be used.
    """
    channel = _checked(wanted, adapters)
    with desk.database.transaction():
        _check_free(desk, channel.name)
        channels.add_channel(desk.database, channel, desk.clock(), desk.agent)
        desk.record(Act("channel.added", channel=channel.name, detail=f"adapter={channel.adapter}"))
    return desk.channel(channel.name)


def set_enabled(desk: Desk, name: str, *, enabled: bool) -> Channel:
    """Switch the channel's synchronisation on or off; nothing happens if it is so already.

    Raises:
        NotFound: There is no channel of that name.
        NotAllowed: It is a portal.
    """
    with desk.database.transaction():
        switch(desk, desk.channel(name), enabled=enabled)
    return desk.channel(name)


def switch(desk: Desk, channel: Channel, *, enabled: bool) -> None:
    """Switch the channel within the caller's transaction; see `set_enabled`."""
    if channel.by_hand:
        raise NotAllowed(
            what=_("{channel} is a portal: people read it").format(channel=channel.name),
            remedy=_("There is nothing to switch."),
        )
    if channel.enabled != enabled:
        channels.set_enabled(desk.database, channel.id, enabled=enabled)
        act = "channel.enabled" if enabled else "channel.disabled"
        desk.record(Act(act, channel=channel.name))


def remove(desk: Desk, name: str) -> Channel:
    """Forget the channel with its tickets and orders, and return what it was.

    Raises:
        NotFound: There is no channel of that name.
        NotAllowed: Drafts or replies of it have not been delivered.
    """
    with desk.database.transaction():
        channel = desk.channel(name)
        check_removable(desk, channel)
        channels.remove_channel(desk.database, channel.id)
        desk.record(Act("channel.removed", channel=channel.name))
    for each in (channel.secret, *(f"store:{value}" for value in channel.options.values())):
        secret_store.forget(desk.home.secrets, each)
    return channel


def check_removable(desk: Desk, channel: Channel) -> None:
    """See that no agent's words would be lost with the channel.

    Raises:
        NotAllowed: Some would; says how many.
    """
    unsent = channels.unsent_words(desk.database, channel.id)
    if unsent:
        raise NotAllowed(
            what=ngettext(
                "{channel} holds {count} draft or reply that was not delivered",
                "{channel} holds {count} drafts or replies that were not delivered",
                unsent,
            ).format(channel=channel.name, count=unsent),
            remedy=_("Send or empty them first."),
        )


def tested(desk: Desk, channel: Channel, error: UserError | None) -> None:
    """Write down that somebody tested the channel, and how it went."""
    outcome = type(error).__name__ if error else "ok"
    desk.record(Act("channel.tested", channel=channel.name, detail=outcome))


def main_zone(country: str) -> str:
    """Return the IANA zone that deadlines of a channel in `country` are computed in.

    Args:
        country: An ISO 3166 code of two letters, in capitals.

    Raises:
        NotFound: There is no such country.
    """
    # Babel's tables cost 40 ms, which only the adding of a channel needs.
    from babel.core import get_global

    zones = [] if country == "ZZ" else get_global("territory_zones").get(country, [])
    if len(country) != 2 or not zones:
        raise NotFound(
            kind=_("country"), name=country, remedy=_("Write its ISO code, such as BR, IT or PT.")
        )
    return _MAIN_ZONES.get(country) or str(zones[0])


def checked_name(desk: Desk, name: str, own: Channel | None = None) -> str:
    """Return the name as a channel may have it; `own` is the channel that is to have it.

    Raises:
        NotAllowed: It is taken by another one or cannot be one.
    """
    name = _usable(name)
    _check_free(desk, name, own)
    return name


def _usable(name: str) -> str:
    name = clean_line(name)
    if not name or len(name) > _LONGEST_NAME:
        raise NotAllowed(
            what=_("A channel's name has between 1 and {most} characters").format(
                most=_LONGEST_NAME
            ),
            remedy=_("Choose another name."),
        )
    return name


def _checked(wanted: NewChannel, adapters: Collection[str]) -> Channel:
    name = _usable(wanted.name)
    by_hand = wanted.adapter == PORTAL
    if not by_hand:
        check_reference(wanted.secret, name)
    if wanted.adapter not in adapters:
        raise NotFound(
            kind=_("adapter"),
            name=wanted.adapter,
            remedy=_("Installed adapters: {names}.").format(names=", ".join(sorted(adapters))),
        )
    country = wanted.country.strip().upper()
    channel = Channel(
        id=0,
        name=name,
        adapter=wanted.adapter,
        country=country,
        base_url=checked_address(wanted.base_url.strip()),
        secret="" if by_hand else wanted.secret,
        zone=main_zone(country),
        enabled=by_hand,
        options=dict(wanted.options),
    )
    if by_hand:
        portals.check(channel)
    return channel


def _check_free(desk: Desk, name: str, own: Channel | None = None) -> None:
    taken = [each.name for key, each in desk.channels().items() if own is None or key != own.id]
    same = next((each for each in taken if each.casefold() == name.casefold()), None)
    if same is not None:
        raise NotAllowed(
            what=_("There is a channel {name} already").format(name=same),
            remedy=_("Choose another name."),
        )


def checked_address(address: str) -> str:
    """Return the address as a channel may have it.

    Raises:
        SettingsWrong: It cannot be one.
    """
    try:
        parts = urlsplit(address)
        usable = parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or clean_line(address) != address or " " in address:
        raise _address_wrong(_("it must be like https://host or http://host:port"))
    # What is refused here could hold a password, so it is not repeated.
    if "@" in parts.netloc:
        raise _address_wrong(_("it must hold no user name or password"))
    if parts.query or parts.fragment:
        raise _address_wrong(_("it must hold no ? or #"))
    return address.rstrip("/")


def _address_wrong(detail: str) -> SettingsWrong:
    return SettingsWrong(
        what=_("The address cannot be used ({detail})").format(detail=detail),
        remedy=_("Correct it."),
    )
