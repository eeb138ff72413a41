"""Portals of marketplaces without an API: their addresses, and which links may be shown (T14, T29).

Only links to a host that the shop itself named for the channel are ever offered to a terminal:
the host of the channel's address, and those of its option `hosts` (by commas). The option `link`
is the address of one order or protocol, with {order} or {code} in it.
"""

from collections.abc import Mapping
from string import Formatter
from typing import Final
from urllib.parse import quote, urlsplit

from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import SettingsWrong
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import N_

ANSWER: Final = "portal-answer-"
"""How the code of a message begins that is our answer on a portal."""

_FIELDS: Final = frozenset({"order", "code"})


def check(channel: Channel) -> None:
    """See that the channel's address and link can be offered.

    Raises:
        SettingsWrong: One is no https address, or leads to a host that is not named.
    """
    if not is_allowed(channel, channel.base_url):
        raise SettingsWrong(
            what=N_("The address of a portal must be like https://host"), remedy=N_("Correct it.")
        )
    template = channel.options.get("link")
    if template is None:
        return
    try:
        named = {name for _text, name, _spec, _conversion in Formatter().parse(template) if name}
        usable = named <= _FIELDS and is_allowed(channel, _filled(template, "1", "1"))
    except (ValueError, KeyError, IndexError):
        usable = False
    if not usable:
        raise SettingsWrong(
            what=N_("The option link leads to a host that this channel does not name"),
            remedy=N_(
                "Write it like https://host/…/{order} with the portal's host, or add"
                " --option hosts=HOST."
            ),
        )


def is_allowed(channel: Channel, url: str) -> bool:
    """Tell whether a link may be offered: https, to a host that the shop named."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    safe = clean_line(url) == url and " " not in url and "@" not in parts.netloc
    return safe and parts.scheme == "https" and bool(host) and host in _hosts(channel)


def link(channel: Channel, order: str | None, code: str) -> str:
    """Return where the portal shows the order or the protocol, else the portal's own address."""
    template = channel.options.get("link", "")
    if not template or ("{order}" in template and not order):
        return channel.base_url
    found = _filled(template, order or "", code)
    return found if is_allowed(channel, found) else channel.base_url


def _filled(template: str, order: str, code: str) -> str:
    values: Mapping[str, str] = {"order": quote(order, safe=""), "code": quote(code, safe="")}
    return template.format_map(values)


def _hosts(channel: Channel) -> set[str]:
    own = urlsplit(channel.base_url).hostname
    named = channel.options.get("hosts", "").split(",")
    return {each.strip().lower() for each in (own or "", *named) if each.strip()}
